import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway export` of a real run and a real sweep, and the published schemas against real summaries.
@Suite(.serialized) struct ExportTests {
  private func schema(_ name: String) throws -> JSONSchema {
    try JSONSchema(contentsOf: packageRoot.appending(path: "docs/schemas/\(name).schema.json"))
  }

  private func train(_ place: Workplace, _ directory: String, _ more: [String]) throws -> JSONValue {
    let run = try place.headway(
      ["train", "--corpus", "text", "--quiet", "--json", "--run-directory", directory] + Workplace.smallModel
        + ["--set", "threads=2"] + more)
    try #require(run.status == 0, "\(run.stderr)")
    return try JSONValue(parsing: run.stdout.utf8)
  }

  private func export(_ place: Workplace, _ directory: String, _ format: String, _ more: String...) throws
    -> CommandOutcome
  {
    try place.headway(["export", directory, "--format", format] + more)
  }

  @Test(.timeLimit(.minutes(3))) func everyFormatOfARun() throws {
    let place = try Workplace()
    let summary = try train(
      place, "run",
      ["--set", "steps=100", "--set", "prefetch=1", "--set", "stack_sampling_hz=1000"]
        + ["--set", "stack_sampling_mode=wall"])
    let outcome = try schema("headway.summary-1").check(summary)
    #expect(outcome.problems.isEmpty, "the summary keeps to its schema")
    #expect(outcome.visited.count > 60)

    for (format, file) in [("perfetto", "run.perfetto-trace"), ("pprof", "run.pb.gz")] {
      let written = try export(place, "run", format, "--output", file)
      #expect(written.status == 0 && written.stdout.isEmpty, "\(written.stderr)")
      #expect(try Data(contentsOf: place.url(file)).count > 1_000)
    }
    for format in ["chrome", "speedscope", "firefox"] {
      let text = try export(place, "run", format)
      try #require(text.status == 0, "\(text.stderr)")
      let document = try JSONValue(parsing: text.stdout.utf8)
      let list = ["chrome": "traceEvents", "speedscope": "profiles", "firefox": "threads"][format] ?? ""
      #expect((document[list]?.elements.count ?? 0) >= 4, "\(format) has the run's threads")
    }
    let folded = try export(place, "run", "folded", "--whole-run").stdout.split(separator: "\n")
    #expect(folded.contains { $0.hasPrefix("worker-0;") } && folded.contains { $0.hasPrefix("main;") })
    #expect(folded.allSatisfy { $0.split(separator: " ").last.flatMap { Int($0) } ?? 0 > 0 })
    let metrics = try export(place, "run", "prometheus").stdout
    #expect(metrics.contains("headway_steps 100\n") && metrics.contains("headway_run_completed 1\n"))
    let threads = try export(place, "run", "csv").stdout.split(separator: "\n")
    #expect(threads.count == 1 + (summary["threads"]?.elements.count ?? 0))
    let steps = try export(place, "run", "csv", "--table", "steps", "--output", "steps.csv")
    #expect(steps.status == 0 && steps.stdout.isEmpty)
    #expect(
      try String(contentsOf: place.url("steps.csv"), encoding: .utf8).split(separator: "\n").count == 101)

    // A trace that turns out to be damaged when half of the export is written.
    var trace = try Data(contentsOf: place.url("run/trace.hwtrace"))
    trace[2 * 65_536] ^= 1
    try trace.write(to: place.url("run/trace.hwtrace"))
    for format in ["perfetto", "chrome"] {
      let damaged = try export(place, "run", format, "--output", "damaged")
      #expect(damaged.status == 1 && damaged.stderr.contains("byte 131072"), "\(damaged.stderr)")
    }
    let left = try place.contents().filter { $0.contains("hwtmp") || $0 == "damaged" }
    #expect(left.isEmpty, "nothing half-written")
  }

  @Test("what cannot be exported is refused in one sentence, and nothing is written")
  func refusals() throws {
    let place = try Workplace()
    _ = try train(place, "run", ["--set", "steps=2", "--set", "probe=counters"])
    func expectRefusal(_ arguments: [String], _ status: Int32, _ words: String...) throws {
      let result = try place.headway(["export"] + arguments + ["--output", "out"])
      #expect(result.status == status && result.stdout.isEmpty, "\(result.stderr)")
      #expect(result.stderr.split(separator: "\n").count == 1, "one sentence: \(result.stderr)")
      for word in words { #expect(result.stderr.contains(word), "\(word) in: \(result.stderr)") }
      #expect(!place.exists("out"))
    }
    for format in ["pprof", "speedscope", "folded", "firefox"] {
      try expectRefusal(["run", "--format", format], 1, "stacks.json", "--set stack_sampling_hz=99")
    }
    for format in ["perfetto", "chrome"] {
      try expectRefusal(["run", "--format", format], 1, "trace.hwtrace", "--set probe=events")
    }
    try expectRefusal(["run", "--format", "jmh"], 64, "jmh", "sweep")
    try expectRefusal(["run", "--format", "perfeto"], 64, "perfeto", "did you mean perfetto?")
    try expectRefusal(["run", "--format", "csv", "--table", "cells"], 64, "--table", "threads")
    try expectRefusal(["run", "--format", "jmh", "--table", "runs"], 64, "--table")
    try expectRefusal(["run", "--format", "csv", "--whole-run"], 64, "--whole-run")
    try expectRefusal(["absent", "--format", "csv"], 1, "absent")
    try place.write("{", to: "run/stacks.json")
    try expectRefusal(["run", "--format", "pprof"], 1, "stacks.json")
    try place.write("no trace", to: "run/trace.hwtrace")
    try expectRefusal(["run", "--format", "perfetto"], 1, "trace.hwtrace")
    let nowhere = try export(place, "run", "csv", "--output", "absent/out.csv")
    #expect(nowhere.status == 1 && nowhere.stderr.contains("absent/out.csv"))
  }

  @Test(.timeLimit(.minutes(3))) func aSweep() throws {
    let place = try Workplace()
    try place.write(
      """
      name: two
      corpus: { sources: [text], vocabulary_size: 300 }
      base:
        { width: 32, layers: 1, heads: 2, batch_size: 2, sequence_length: 16, batches_per_step: 4, steps: 6,
          evaluation_batches: 0 }
      axes: { threads: [1, 2] }
      blocks: { minimum: 2, maximum: 2 }
      """, to: "two.yaml")
    let sweep = try place.headway(["sweep", "two.yaml", "--output", "sweep", "--quiet"])
    try #require(sweep.status == 0, "\(sweep.stderr)")
    let summary = try JSONValue(parsing: Data(contentsOf: place.url("sweep/summary.json")))
    let outcome = try schema("headway.sweep-1").check(summary)
    #expect(outcome.problems.isEmpty, "the sweep's summary keeps to its schema")

    let runs = try export(place, "sweep", "csv").stdout.split(separator: "\n")
    let counted = (summary["cells"]?.elements ?? []).reduce(0) { $0 + ($1["samples"]?.elements.count ?? 0) }
    #expect(runs.count == 1 + counted + (summary["excluded"]?.elements.count ?? 0))
    let entries = try JSONValue(parsing: export(place, "sweep", "jmh").stdout.utf8).elements
    #expect(entries.count == 2 && entries.allSatisfy { $0["mode"]?.text == "thrpt" })
    let metrics = try export(place, "sweep", "prometheus").stdout
    #expect(metrics.contains("headway_cell_tokens_per_second{"))
    let refused = try export(place, "sweep", "perfetto", "--output", "out")
    #expect(refused.status == 64 && refused.stderr.contains("sweep/runs"))
    let directory = try #require(summary["cells"]?[0]?["samples"]?[0]?["directory"]?.text)
    let single = try JSONValue(parsing: Data(contentsOf: place.url("sweep/\(directory)/summary.json")))
    #expect(try schema("headway.summary-1").check(single).problems.isEmpty)
  }
}
