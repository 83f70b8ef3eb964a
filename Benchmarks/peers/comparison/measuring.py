"""One sample: a process, its steps, and what counts of them."""

from .places import Unavailable
from .workloads import Workload


def settle(sample: dict, workload: Workload, warmup: float, measure: float) -> dict:
    """Adds the throughput to a sample: the steps that begin after `warmup` seconds, for `measure` seconds or
    as long as the workload needs.

    The same rule for every program; the untimed first steps, in which compilers work, are not in the list.
    """
    measure = workload.measured(measure)
    begin, end, elapsed = warmup * 1e9, (warmup + measure) * 1e9, 0
    kept = []
    for duration in sample["steps_ns"]:
        if begin <= elapsed < end:
            kept.append(duration)
        elapsed += duration
    # One step of a second is as exact as many short ones: what is asked for is time.
    enough = 5 if sum(kept) < len(kept) * 1e9 else 2
    if len(kept) < enough or sum(kept) < measure * 0.3e9:
        raise Unavailable(f"only {len(kept)} steps in {sum(kept) / 1e9:.2f} s after the warm-up")
    if not sample["last_loss"] < sample["first_loss"]:
        raise Unavailable(f"its loss went from {sample['first_loss']:.3f} to {sample['last_loss']:.3f}")
    sample["kept_steps"] = len(kept)
    sample["tokens_per_second"] = workload.tokens * len(kept) * 1e9 / sum(kept)
    return sample


def failure(title: str, sample: dict, reason) -> str:
    """The line about a sample that does not count."""
    return f"{title}, {sample['workload']}, {sample['threads']} threads, block {sample['block'] + 1}: {reason}"


def judge_again(record: dict, workloads: dict[str, Workload]) -> dict:
    """Applies today's rule to every sample of a record that has its steps."""
    for sample in record["samples"]:
        if "steps_ns" not in sample:
            continue
        title = record["titles"][sample["program"]]
        if "failure" in sample:
            record["failures"].remove(failure(title, sample, sample.pop("failure")))
        try:
            settle(sample, workloads[sample["workload"]], record["warmup"], record["measure"])
        except Unavailable as reason:
            sample["failure"] = str(reason)
            record["failures"].append(failure(title, sample, reason))
    return record
