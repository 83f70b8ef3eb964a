import HeadwayExport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The text exposition: its form over everything, its figures on small summaries.
@Suite struct MetricsTests {
  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Every line is a help, a type or a sample of the family announced before it; no family or sample comes
  /// twice.
  private func expectWellFormed(_ lines: [String]) {
    let sample = /([a-z_]+)(\{(?:[a-z_0-9]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (NaN|[+-]Inf|-?[0-9.e+-]+)/
    var family = ""
    var families: Set<String> = []
    var seen: Set<String> = []
    for line in lines {
      if line.hasPrefix("# HELP ") {
        family = String(line.split(separator: " ")[2])
        #expect(families.insert(family).inserted, "\(family) once")
      } else if line.hasPrefix("# TYPE ") {
        #expect(line == "# TYPE \(family) gauge" || line == "# TYPE \(family) summary")
      } else if let match = line.wholeMatch(of: sample) {
        let name = String(match.1)
        #expect([family, family + "_sum", family + "_count"].contains(name), "\(line) in \(family)")
        #expect(seen.insert(name + (match.2.map(String.init) ?? "")).inserted, "\(line) once")
      } else {
        Issue.record("no line of the format: \(line)")
      }
    }
    #expect(families.count > 5)
  }

  @Test func everythingIsWellFormed() {
    let run = lines(RunMetrics(MaximalContracts.run).text())
    expectWellFormed(run)
    expectWellFormed(lines(SweepMetrics(MaximalContracts.sweep).text()))
    expectWellFormed(lines(RunMetrics(.literal()).text()))
    #expect(run.contains { $0.hasPrefix("headway_program_info{name=\"odd \\\"name\\\\\\n\"") })
  }

  @Test func figuresAreThoseOfTheSummary() {
    var summary = RunSummary.literal(tokensPerSecond: 1_234.5, stepMs: 10, steps: 4)
    summary.throughput.warmupSteps = 1
    summary.memory = MemorySummary(peakRssBytes: 1_000, components: ["weights": 400, "program": 500])
    let text = lines(RunMetrics(summary).text())
    for line in [
      "headway_tokens_per_second 1234.5", "headway_steps 4", "headway_step_duration_seconds_count 3",
      "headway_step_duration_seconds_sum 0.03", "headway_step_duration_seconds{quantile=\"0.5\"} 0.01",
      "headway_memory_component_bytes{component=\"weights\"} 400", "headway_memory_unaccounted_bytes 100",
      "headway_peak_resident_bytes 1000", "headway_train_loss 1.25", "headway_run_completed 1",
    ] {
      #expect(text.contains(line), "\(line)")
    }
    #expect(text.contains { $0.hasPrefix("headway_run_info{") && $0.contains("threads=\"2\"") })
  }

  @Test("what was not measured has no sample")
  func absent() {
    let text = lines(RunMetrics(.literal()).text())
    for name in [
      "peak_resident", "window_seconds", "validation_loss", "tasks_per_second", "stalls", "program",
    ] {
      #expect(!text.contains { $0.contains("headway_" + name) }, "\(name)")
    }
  }

  @Test func numbersThatAreNoneAreWrittenAsTheFormatSays() {
    var sweep = MaximalContracts.sweep
    sweep.cells[0].tokensPerSecond = Estimate(
      value: .nan, lower: -.infinity, upper: .infinity, sampleCount: 0)
    let text = lines(SweepMetrics(sweep).text())
    let id = sweep.cells[0].id
    #expect(text.contains("headway_cell_tokens_per_second{cell=\"\(id)\"} NaN"))
    #expect(text.contains("headway_cell_tokens_per_second_lower{cell=\"\(id)\"} -Inf"))
    #expect(text.contains("headway_cell_tokens_per_second_upper{cell=\"\(id)\"} +Inf"))
  }
}
