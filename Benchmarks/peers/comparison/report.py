"""From raw samples to tables: a pure function of what was measured."""

from . import statistics
from .workloads import WORKLOADS


def digits(value, count=3):
    """Three digits that count, with thousands separators."""
    if value is None:
        return "–"
    if abs(value) >= 10 ** (count - 1):
        scale = 10 ** max(0, len(str(int(abs(value)))) - count)
        return f"{round(value / scale) * scale:,.0f}"
    return f"{value:.{count - len(str(int(abs(value))))}f}"


def with_bounds(triple, form="{:.2f}"):
    """An estimate and its interval."""
    estimate, lower, upper = triple
    if estimate is None:
        return "–"
    text = form.format(estimate) + "×"
    return text if lower is None else f"{text} [{form.format(lower)}, {form.format(upper)}]"


class Cell:
    """All samples of one workload on one number of threads."""

    def __init__(self, record, workload, threads):
        self.workload, self.threads = WORKLOADS[workload], threads
        self.rates, self.memory = {}, {}
        for sample in record["samples"]:
            if (sample["workload"], sample["threads"]) == (workload, threads) and "tokens_per_second" in sample:
                self.rates.setdefault(sample["program"], {})[sample["block"]] = sample["tokens_per_second"]
                self.memory.setdefault(sample["program"], []).append(sample["peak_rss_bytes"])
        machines = [
            m for m in record["machines"] if m["workload"] == workload and "result" in m]
        self.flops = None
        self.ceilings = {"peak": None, "products": None}
        if machines:
            step = machines[0]["result"]["step"]
            self.flops = sum(entry["matrix_flops"] for entry in step["operations"]) / step["tokens"]
            for name, rates in self.read_ceilings(machines).items():
                self.ceilings[name] = statistics.median(rates) if rates else None

    def read_ceilings(self, machines):
        """GFLOP/s of the multiply-adds and tokens/s of the products, one for each block."""
        peak, products = [], []
        for machine in machines:
            for entry in machine["result"]["ceilings"]:
                if entry["kind"] == "multiply_add" and entry["threads"] == self.threads:
                    peak.append(entry["rate"]["median"])
            for entry in machine["result"]["products"]:
                if entry["threads"] == self.threads:
                    products.append(entry["tokens_per_second"]["median"])
        return {"peak": peak, "products": products}

    def rate(self, program):
        """The median tokens per second."""
        return statistics.median(list(self.rates[program].values()))

    def best(self, is_headway):
        """The fastest program of one side by its median; None where that side has no sample."""
        names = [name for name in self.rates if name.startswith("headway") == is_headway]
        return max(names, key=self.rate) if names else None

    def ratio(self, program, other):
        """program / other over the blocks that both completed."""
        blocks = sorted(self.rates[program].keys() & self.rates[other].keys())
        return statistics.ratio_interval(
            [self.rates[program][b] for b in blocks], [self.rates[other][b] for b in blocks])

    def gflops(self, program):
        """GFLOP/s in matrix products, attention counted causally, the same for every program."""
        return None if self.flops is None else self.flops * self.rate(program) / 1e9

    def share_of(self, ceiling, program):
        """What the program reaches of a ceiling."""
        limit = self.ceilings[ceiling]
        value = self.gflops(program) if ceiling == "peak" else self.rate(program)
        return None if limit is None or value is None else value / limit


def verdict(triple, target):
    """Whether a ratio reaches its target, as far as the interval settles it."""
    estimate, lower, upper = triple
    if lower is None:
        return "too few blocks"
    return "met" if lower >= target else "missed" if upper < target else "open"


def summary_rows(cells):
    """Headway against the best other program, and the targets."""
    rows = []
    for cell in cells:
        ours, theirs = cell.best(True), cell.best(False)
        if ours is None:
            continue
        ratio = cell.ratio(ours, theirs) if theirs else (None, None, None)
        target = cell.workload
        peak = max((value for value in cell.memory[ours] if value), default=None)
        rows.append([
            f"{target.name}, {cell.threads} thread{'s' if cell.threads > 1 else ''}", digits(cell.rate(ours)),
            ours.removeprefix("headway-"), theirs or "–", digits(cell.rate(theirs)) if theirs else "–",
            with_bounds(ratio), f"{target.target_ratio:.2f}×", verdict(ratio, target.target_ratio),
            "–" if peak is None else f"{peak / 1e6:.0f} MB", f"{target.target_bytes / 1e6:.0f} MB",
            "–" if peak is None else "met" if peak <= target.target_bytes else "missed",
        ])
    return rows


def table(header, rows):
    """A Markdown table; every column but the first is right-aligned."""
    lines = ["| " + " | ".join(header) + " |", "|:--" + "|--:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def percent(value):
    """A share in per cent."""
    return "–" if value is None else f"{value * 100:.0f} %"


def program_rows(cell, titles):
    """Every program of a cell, fastest first."""
    ours = cell.best(True)
    rows = []
    for name in sorted(cell.rates, key=cell.rate, reverse=True):
        values = list(cell.rates[name].values())
        memory = [value for value in cell.memory[name] if value]
        rows.append([
            titles.get(name, name), digits(cell.rate(name)), f"{digits(min(values))} – {digits(max(values))}",
            str(len(values)), f"{statistics.median(memory) / 1e6:.0f} MB" if memory else "–",
            digits(cell.gflops(name)), percent(cell.share_of("peak", name)),
            percent(cell.share_of("products", name)),
            with_bounds(cell.ratio(ours, name)) if ours and name != ours else "–",
        ])
    return rows


def markdown(record) -> str:
    """The whole report."""
    titles = record["titles"]
    cells = [Cell(record, w, t) for w in record["workloads"] for t in record["threads"]]
    cells = [cell for cell in cells if cell.rates]
    longer = "".join(
        f", of {name} {seconds:g} s" for name in record["workloads"]
        if (seconds := WORKLOADS[name].measured(record["measure"])) > record["measure"])
    lines = [
        "# Training throughput beside other programs", "",
        f"{record['started']}, {record['machine']}; {record['complete_blocks']} complete blocks, seed "
        f"{record['seed']}; each sample is a process pinned to as many CPUs as it has threads, "
        f"{record['measure']} s{longer}, after {record['warmup']} s of warm-up.", "",
        table(
            ["workload", "Headway, tokens/s", "kernels", "best peer", "tokens/s", "Headway ÷ best peer [95 %]",
             "target", "", "peak memory", "target", ""], summary_rows(cells)), "",
    ]
    for cell in cells:
        w = cell.workload
        lines += [
            f"## {w.name}, {cell.threads} thread{'s' if cell.threads > 1 else ''}", "",
            f"V {w.vocabulary}, d {w.width}, L {w.layers}, H {w.heads}, {w.sequences} × {w.length} tokens. "
            f"Multiply-add peak {digits(cell.ceilings['peak'])} GFLOP/s; OpenBLAS's products alone "
            f"{digits(cell.ceilings['products'])} tokens/s.", "",
            table(
                ["program", "tokens/s", "range", "samples", "peak memory", "GFLOP/s", "of the peak",
                 "of OpenBLAS", "Headway ÷ it [95 %]"], program_rows(cell, titles)), "",
        ]
    lines += ["Tokens/s are medians over blocks; ratios are Hodges–Lehmann estimates on logarithms, paired by "
              "block, with exact signed-rank intervals. GFLOP/s count matrix products, attention causally.", ""]
    lines += ["## Versions", ""] + [f"- {titles.get(k, k)}: {v}" for k, v in sorted(record["versions"].items())]
    lines += ["", "## Not measured", ""] + [f"- {line}" for line in record["failures"]]
    if not record["failures"]:
        lines.append("Nothing: every program gave every sample.")
    return "\n".join(lines) + "\n"
