import Foundation
import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// How a run's memory is summed up and shown.
@Suite struct MemoryReportTests {
  private func text(_ memory: MemorySummary) -> String {
    var run = RunSummary.literal()
    run.memory = memory
    // Lines wrap where the width wants: the words are what counts.
    return TerminalReport.render(run: run, width: 200)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func whatIsLeftOverHasItsSign() {
    let parts = ["program": 30_000_000, "weights": 5_000_000]
    #expect(MemorySummary(peakRssBytes: 36_000_000, components: parts).unaccountedBytes == 1_000_000)
    #expect(MemorySummary(peakRssBytes: 33_000_000, components: parts).unaccountedBytes == -2_000_000)
    #expect(MemorySummary(peakRssBytes: nil, components: parts).unaccountedBytes == nil)
    #expect(
      MemorySummary(peakRssBytes: 36_000_000, components: ["weights": 5]).unaccountedBytes == nil,
      "without the program's part nothing is said of the rest")
    #expect(text(MemorySummary(peakRssBytes: 33_000_000, components: parts)).contains("unaccounted −2.00 MB"))
  }

  @Test func theReportNamesTheLargestComponentAndTheAllocations() {
    let parts = ["program": 30_000_000, "weights": 5_000_000]
    var memory = MemorySummary(
      peakRssBytes: 36_000_000, components: parts,
      stepAllocations: StepAllocations(steps: 98, calls: 0, bytes: 0),
      samples: MemorySamples(series: [], taken: 42, peak: nil, readingsFailed: ["smaps_rollup": 3]))
    #expect(memory.largestComponent == "program")
    let shown = text(memory)
    for part in [
      "peak 36.0 MB resident, the largest part program (30.0 MB); 42 samples, smaps_rollup unreadable 3 times",
      "program 30.0 MB, weights 5.00 MB, unaccounted 1.00 MB", "per step: 0 (98 steps after the first two)",
    ] {
      #expect(shown.contains(part), "\(shown)")
    }
    memory.stepAllocations = StepAllocations(steps: 10, calls: 25, bytes: 1_000)
    #expect(text(memory).contains("per step: 2.50, 100 B (10 steps after the first two)"))
    memory.stepAllocations = StepAllocations(steps: 98, calls: 1, bytes: 48)
    #expect(text(memory).contains("1 in the 98 steps after the first two, 48 B in all"))
    memory.stepAllocations = nil
    #expect(!text(memory).contains("per step:"), "what nobody counted is no zero")
  }

  @Test func absentValuesStayAbsentInTheFile() throws {
    let memory = MemorySummary(peakRssBytes: nil, components: [:])
    let document = String(decoding: try HeadwayJSON.document(memory), as: UTF8.self)
    #expect(!document.contains("step_allocations") && !document.contains("unaccounted"))
    #expect(
      try HeadwayJSON.decode(MemorySummary.self, from: Data(document.utf8), subject: "memory") == memory)
  }
}
