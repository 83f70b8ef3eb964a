"""Opens every export of a fresh run and a fresh sweep with the tools it is for.

Prints a line for each tool: opened, failed, or not to be had here with the reason. Exits 1 when one failed.
"""

import collections
import csv
import gzip
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema
import referencing
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from perfetto_checks import Checked, require
from prometheus_client.parser import text_string_to_metric_families

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = [
    "vocabulary_size=300", "width=32", "layers=1", "heads=2", "batch_size=2", "sequence_length=16",
    "batches_per_step=6", "evaluation_batches=2",
]
PROFILE = """
name: two
corpus: { sources: [text], vocabulary_size: 300 }
base: { width: 32, layers: 1, heads: 2, batch_size: 2, sequence_length: 16, batches_per_step: 4, steps: 6 }
axes: { threads: [1, 2] }
blocks: { minimum: 6, maximum: 6 }
"""
PHASES = PROFILE.replace("axes: { threads: [1, 2] }", """phases:
  - { name: "0", set: { scheduling: barrier } }
  - { name: "1", set: { scheduling: queue } }
baseline: { phase: "0" }
overhead_check: false""").replace("minimum: 6, maximum: 6", "minimum: 1, maximum: 1")
failures = 0


class Absent(Exception):
    """A tool that is not to be had here."""


def check(name):
    """Runs a check at once and prints what came of it."""
    def decorate(body):
        global failures
        try:
            print(f"opened   {name}: {body()}")
        except Absent as reason:
            print(f"not here {name}: {reason}")
        except Exception as error:  # noqa: BLE001: each tool has its own, and all mean the same
            failures += 1
            print(f"FAILED   {name}: {type(error).__name__}: {error}")
        return body
    return decorate


binary = pathlib.Path(sys.argv[1]).resolve()
place = pathlib.Path(tempfile.mkdtemp(prefix="headway-exports-"))
(place / "text").mkdir()
for source in (ROOT / "Sources/HeadwayTrace").rglob("*.swift"):
    shutil.copy(source, place / "text" / source.name)
(place / "two.yaml").write_text(PROFILE)


def headway(*arguments):
    outcome = subprocess.run([binary, *arguments], cwd=place, capture_output=True)
    require(outcome.returncode == 0, f"headway {' '.join(arguments)}: {outcome.stderr.decode()}")
    return outcome.stdout


settings = [part for key in MODEL for part in ("--set", key)]
headway(
    "train", "--corpus", "text", "--quiet", "--run-directory", "run", *settings, "--set", "threads=3",
    "--set", "steps=300", "--set", "prefetch=1", "--set", "stack_sampling_hz=999",
    "--set", "stack_sampling_mode=wall")
headway("sweep", "two.yaml", "--output", "sweep", "--quiet")
summary = json.loads((place / "run/summary.json").read_text())
sweep = json.loads((place / "sweep/summary.json").read_text())


def export(directory, form, *more):
    return headway("export", directory, "--format", form, *more)


@check("JSON Schema of the contracts (jsonschema)")
def schemas():
    texts = [json.loads(file.read_text()) for file in sorted((ROOT / "docs/schemas").glob("*.schema.json"))]
    registry = referencing.Registry().with_resources(
        [(text["$id"], referencing.Resource.from_contents(text)) for text in texts])
    validators = {}
    for text in texts:
        jsonschema.Draft202012Validator.check_schema(text)
        validators[text["title"]] = jsonschema.Draft202012Validator(text, registry=registry)
    runs = [json.loads(file.read_text()) for file in sorted((place / "sweep/runs").glob("*/*/summary.json"))]
    compared = json.loads(headway("compare", "sweep/runs/threads-1/0", "sweep/runs/threads-2/0", "--json"))
    (place / "phases.yaml").write_text(PHASES)
    test = json.loads(headway(
        "report", "--system-test", "--quick", "--corpus", "text", "--phases", "phases.yaml", "--output", "tested",
        "--json", *settings, "--set", "threads=2", "--set", "steps=20"))
    for contract in (summary, sweep, *runs, compared, test):
        validators[contract["schema"]].validate(contract)
    return (f"{len(texts)} schemas of draft 2020-12; {len(runs) + 1} runs, a sweep, a comparison and a system test "
            "keep to theirs")


def state_times(slices):
    """Exclusive time in the window by thread and state: slices of one track, in the order of time."""
    window = next((start, end) for track, name, start, end in slices if name == "measured window")
    times = collections.Counter()
    tracks = collections.defaultdict(list)
    for track, name, start, end in slices:
        tracks[track].append((start, end if end is not None else window[1], name))
    for track, rows in tracks.items():
        around = []
        for start, end, name in rows:
            length = max(0, min(end, window[1]) - max(start, window[0]))
            while around and around[-1][0] < end or around and around[-1][0] <= start:
                around.pop()
            times[track, name] += length
            if around:
                times[track, around[-1][1]] -= length
            around.append((end, name))
    return times


def compare_with_books(times):
    compared = 0
    for thread in summary["threads"]:
        for name, state in thread["states"].items():
            if name == "unattributed" or state["wall_ns"] < 5_000_000:
                continue
            found = times[thread["name"], name]
            require(
                abs(found - state["wall_ns"]) <= 0.01 * state["wall_ns"] + 1_000_000,
                f"{thread['name']} {name}: {found} ns against {state['wall_ns']} ns in the books")
            compared += 1
    require(compared >= 4, "enough states were compared")
    return compared


@check("Perfetto (the protobuf classes of PyPI's perfetto)")
def perfetto_proto():
    data = export("run", "perfetto")
    (place / "run.perfetto-trace").write_bytes(data)
    trace = Checked(data)
    require(not trace.endless, "every slice of a run that ended has its end")
    # Of those who cross a barrier all but the last arriver end a flow that he begins.
    crossings = [slice for slice in trace.slices if "generation" in slice.annotations]
    last = [slice for slice in crossings if slice.sources]
    require(trace.sinks and len(crossings) == len(last) + len(trace.sinks), "a flow for everybody who waited")
    totals = {thread["name"]: thread["tasks"] for thread in summary["threads"]}
    for uuid, values in trace.counters.items():
        name = trace.name(uuid)
        if name.startswith("tasks of "):
            require(values[-1][1] >= totals[name.removeprefix("tasks of ")], f"{name}: as many as in the window at least")
    slices = [(trace.name(slice.track), slice.name, slice.start, slice.end) for slice in trace.slices]
    count = compare_with_books(state_times(slices))
    return (f"{len(trace.trace.packet)} packets without an unknown field, {len(slices)} balanced slices on "
            f"{len(trace.tracks)} tracks, {len(trace.sinks)} flows of {len(last)} episodes, "
            f"{sum(map(len, trace.counters.values()))} counter values; {count} states take the time that the books have")


@check("Perfetto and Chrome (trace_processor)")
def trace_processor():
    from perfetto.trace_processor import TraceProcessor, TraceProcessorConfig
    outcomes = []
    (place / "run.chrome.json").write_bytes(export("run", "chrome"))
    for file in ("run.perfetto-trace", "run.chrome.json"):
        try:
            processor = TraceProcessor(
                trace=str(place / file), config=TraceProcessorConfig(bin_path=os.environ.get("TRACE_PROCESSOR")))
        except Exception as error:
            raise Absent(f"trace_processor could not be had ({type(error).__name__}); name one in TRACE_PROCESSOR")
        with processor:
            bad = [(row.name, row.value) for row in processor.query(
                "select name, value from stats where severity in ('error', 'data_loss') and value > 0")]
            require(not bad, f"{file}: {bad}")
            slices = [(row.track, row.name, row.ts, row.ts + row.dur if row.dur >= 0 else None)
                      for row in processor.query(
                "select coalesce(t.name, k.name, 'process') as track, s.name as name, s.ts as ts, s.dur as dur"
                " from slice s join track k on s.track_id = k.id left join thread_track tt on tt.id = k.id"
                " left join thread t using (utid) where tt.id is null or k.name is null or k.type = 'thread_execution'"
                " order by s.ts, s.id")]
            flows = next(iter(processor.query("select count(1) as count from flow"))).count
            backward = next(iter(processor.query(
                "select count(1) as count from flow f join slice a on f.slice_out = a.id"
                " join slice b on f.slice_in = b.id where a.ts > b.ts"))).count
            require(flows > 0 and backward == 0, f"{file}: {flows} flows, {backward} of them backward")
            compared = compare_with_books(state_times(slices)) if "perfetto" in file else 0
            outcomes.append(f"{file}: {len(slices)} slices, {flows} flows, {compared} states as in the books")
    return "; ".join(outcomes)


@check("Chrome's trace events (json)")
def chrome():
    events = json.loads(export("run", "chrome"))["traceEvents"]
    phases = collections.Counter(event["ph"] for event in events)
    starts = {event["id"]: event["ts"] for event in events if event["ph"] == "s"}
    require(set(phases) <= set("XMCsf") and starts, f"phases {phases}")
    require(all(starts[event["id"]] <= event["ts"] for event in events if event["ph"] == "f"),
            "every flow leaves before it arrives")
    return f"{len(events)} events: {dict(phases)}"


def profile_classes():
    """pprof's messages after its published proto/profile.proto."""
    schema = {
        "Profile": "sample_type:ValueType*1 sample:Sample*2 mapping:Mapping*3 location:Location*4 "
                   "function:Function*5 string_table:s*6 time_nanos:i9 duration_nanos:i10 "
                   "period_type:ValueType11 period:i12 comment:i*13 default_sample_type:i14",
        "ValueType": "type:i1 unit:i2",
        "Sample": "location_id:u*1 value:i*2 label:Label*3",
        "Label": "key:i1 str:i2 num:i3 num_unit:i4",
        "Mapping": "id:u1 memory_start:u2 memory_limit:u3 file_offset:u4 filename:i5 build_id:i6 "
                   "has_functions:b7 has_filenames:b8 has_line_numbers:b9 has_inline_frames:b10",
        "Location": "id:u1 mapping_id:u2 address:u3 line:Line*4 is_folded:b5",
        "Line": "function_id:u1 line:i2",
        "Function": "id:u1 name:i2 system_name:i3 filename:i4 start_line:i5",
    }
    field_type = descriptor_pb2.FieldDescriptorProto
    scalars = {"i": field_type.TYPE_INT64, "u": field_type.TYPE_UINT64, "b": field_type.TYPE_BOOL,
               "s": field_type.TYPE_STRING}
    file = descriptor_pb2.FileDescriptorProto(name="profile.proto", package="perftools.profiles", syntax="proto3")
    for name, fields in schema.items():
        message = file.message_type.add(name=name)
        for text in fields.split():
            field, kind, many, number = re.fullmatch(r"(\w+):([A-Za-z]+)(\*?)(\d+)", text).groups()
            added = message.field.add(
                name=field, number=int(number),
                label=field_type.LABEL_REPEATED if many else field_type.LABEL_OPTIONAL)
            if kind in scalars:
                added.type = scalars[kind]
            else:
                added.type, added.type_name = field_type.TYPE_MESSAGE, f".perftools.profiles.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("perftools.profiles.Profile"))


folded_lines = export("run", "folded").decode().splitlines()


@check("folded stacks")
def folded():
    counts = collections.Counter()
    for line in folded_lines:
        stack, count = line.rsplit(" ", 1)
        counts[stack.split(";")[0]] += int(count)
    require(len(counts) >= 4, f"threads {counts}")
    return f"{len(folded_lines)} stacks, {sum(counts.values())} periods of {len(counts)} threads"


def pprof_file():
    path = place / "run.pb.gz"
    path.write_bytes(export("run", "pprof"))
    return path


@check("pprof (protobuf)")
def pprof_proto():
    profile = profile_classes().FromString(gzip.decompress(pprof_file().read_bytes()))
    strings = profile.string_table
    locations = {location.id: location for location in profile.location}
    functions = {function.id for function in profile.function}
    mappings = {mapping.id for mapping in profile.mapping}
    for location in locations.values():
        require(location.mapping_id in mappings | {0}, "a location lies in a mapping")
        require(all(line.function_id in functions for line in location.line), "a line is in a function")
    for sample in profile.sample:
        require(all(number in locations for number in sample.location_id), "a sample has locations")
        require(len(sample.value) == len(profile.sample_type), "a value for each type")
    total = sum(sample.value[0] for sample in profile.sample)
    require(total == sum(int(line.rsplit(" ", 1)[1]) for line in folded_lines), "as many periods as folded")
    labels = {strings[label.key] for sample in profile.sample for label in sample.label}
    require(labels >= {"thread", "role", "state", "activity"}, f"labels {labels}")
    return f"{len(profile.sample)} samples of {total} periods, {len(locations)} locations, labels {sorted(labels)}"


@check("pprof (go tool pprof)")
def pprof_go():
    tool = ([os.environ["PPROF"]] if "PPROF" in os.environ
            else ["go", "tool", "pprof"] if shutil.which("go") else None)
    if tool is None:
        raise Absent("there is no go; name a pprof in PPROF")
    top = subprocess.run([*tool, "-top", "-nodecount=5", str(pprof_file())], capture_output=True, text=True)
    require(top.returncode == 0 and "Showing nodes" in top.stdout, top.stderr)
    tags = subprocess.run([*tool, "-tags", str(pprof_file())], capture_output=True, text=True)
    require(tags.returncode == 0 and "worker-0" in tags.stdout, tags.stderr)
    return top.stdout.splitlines()[-1].strip()


@check("speedscope (the types of its file-format-spec.ts, with jsonschema)")
def speedscope():
    number = {"type": "number"}
    frame = {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {
        "name": {"type": "string"}, "file": {"type": "string"}, "line": number, "col": number}}
    sampled = {"type": "object", "additionalProperties": False,
               "required": ["type", "name", "unit", "startValue", "endValue", "samples", "weights"],
               "properties": {
                   "type": {"const": "sampled"}, "name": {"type": "string"}, "unit": {"const": "nanoseconds"},
                   "startValue": number, "endValue": number,
                   "samples": {"type": "array", "items": {"type": "array", "items": number}},
                   "weights": {"type": "array", "items": number}}}
    schema = {"type": "object", "required": ["$schema", "shared", "profiles"], "additionalProperties": False,
              "properties": {
                  "$schema": {"const": "https://www.speedscope.app/file-format-schema.json"},
                  "name": {"type": "string"}, "exporter": {"type": "string"}, "activeProfileIndex": number,
                  "shared": {"type": "object", "required": ["frames"], "properties": {
                      "frames": {"type": "array", "items": frame}}},
                  "profiles": {"type": "array", "items": sampled}}}
    file = json.loads(export("run", "speedscope"))
    jsonschema.validate(file, schema)
    frames = len(file["shared"]["frames"])
    for profile in file["profiles"]:
        require(len(profile["samples"]) == len(profile["weights"]), "a weight for each sample")
        require(profile["endValue"] - profile["startValue"] == sum(profile["weights"]), "the end is the sum")
        require(all(0 <= frame < frames for stack in profile["samples"] for frame in stack), "frames exist")
    return f"{len(file['profiles'])} profiles, {frames} frames"


@check("Firefox Profiler (its tables, followed)")
def firefox():
    file = json.loads(export("run", "firefox"))
    shared = file["shared"]
    for name, table in shared.items():
        if isinstance(table, dict):
            for column, values in table.items():
                require(column == "length" or len(values) == table["length"], f"{name}.{column}")
    names = set()
    for thread in file["threads"]:
        samples = thread["samples"]
        require(samples["time"] == sorted(samples["time"]), "samples in the order of time")
        for stack in samples["stack"]:
            while stack is not None:
                function = shared["frameTable"]["func"][shared["stackTable"]["frame"][stack]]
                names.add(shared["stringArray"][shared["funcTable"]["name"][function]])
                stack = shared["stackTable"]["prefix"][stack]
    return f"{len(file['threads'])} threads, {len(names)} functions"


@check("Prometheus (prometheus_client)")
def prometheus():
    counted = []
    for directory in ("run", "sweep"):
        text = export(directory, "prometheus").decode()
        families = {family.name: family for family in text_string_to_metric_families(text)}
        require(all(family.documentation for family in families.values()), "every family has its help")
        counted.append(f"{len(families)} families of the {directory}")
        if directory == "run":
            tokens = families["headway_tokens_per_second"].samples[0].value
            require(tokens == summary["throughput"]["tokens_per_second"], "the throughput is the summary's")
    return ", ".join(counted)


@check("Prometheus (promtool)")
def promtool():
    tool = shutil.which("promtool")
    if tool is None:
        raise Absent("there is no promtool")
    for directory in ("run", "sweep"):
        linted = subprocess.run(
            [tool, "check", "metrics"], input=export(directory, "prometheus"), capture_output=True)
        require(linted.returncode == 0, linted.stdout.decode() + linted.stderr.decode())
    return "no complaint"


@check("CSV (csv)")
def tables():
    rows = {}
    for table in ("threads", "states", "barriers", "waits", "steps", "memory"):
        rows[table] = list(csv.DictReader(io.StringIO(export("run", "csv", "--table", table).decode())))
    for table in ("runs", "cells"):
        rows[table] = list(csv.DictReader(io.StringIO(export("sweep", "csv", "--table", table).decode())))
    wall = sum(int(row["wall_ns"]) for row in rows["states"])
    require(wall == sum(state["wall_ns"] for thread in summary["threads"] for state in thread["states"].values()),
            "the states sum to the summary's")
    return ", ".join(f"{len(value)} {key}" for key, value in rows.items())


@check("JMH's JSON (json)")
def jmh():
    entries = json.loads(export("sweep", "jmh"))
    for entry, cell in zip(entries, sweep["cells"], strict=True):
        metric = entry["primaryMetric"]
        low, high = metric["scoreConfidence"]
        require(low <= metric["score"] <= high, "the score lies in its interval")
        require(len(metric["rawData"]) == entry["forks"] == len(cell["samples"]), "a fork for each run")
    return f"{len(entries)} entries"


shutil.rmtree(place)
sys.exit(1 if failures else 0)
