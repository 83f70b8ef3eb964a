import Foundation
import HeadwayFiles
import HeadwayProbes
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A machine on which other processes use a share of each run's time, run after run; the last share stays.
private final class PlannedActivity {
  private var shares: [Double]
  private var now = SystemActivity(
    times: .init(busy: 0, idle: 0, steal: 0), ticksPerSecond: 100, ownCpuNs: 0, throttledPeriods: nil)
  private var isAfter = false

  init(_ shares: [Double]) { self.shares = shares }

  func read() -> SystemActivity? {
    if isAfter {
      // A thousand seconds.
      let share = shares.count > 1 ? shares.removeFirst() : shares[0]
      now.times.busy += UInt64(100_000 * share)
      now.times.idle += UInt64(100_000 * (1 - share))
    }
    isAfter.toggle()
    return now
  }
}

@Suite(.serialized) struct SweepBlockTests {
  private func sweep(_ lines: String, shares: [Double]) throws -> FakeSweep {
    let sweep = try FakeSweep(lines)
    let machine = PlannedActivity(shares)
    try sweep.run(activity: machine.read)
    return sweep
  }

  @Test func aDisturbedBlockIsMeasuredAgainWhole() throws {
    // The third run of five is disturbed, and then never again.
    let sweep = try sweep("blocks: { minimum: 2, maximum: 2 }", shares: [0, 0, 0.4, 0])
    let records = try sweep.records()
    #expect(records.map(\.pass) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    #expect(records[5].directory.hasSuffix("/0-attempt-2"))
    let recorded = try sweep.read()
    #expect(recorded.blocks[0] == BlockRecord(block: 0, passes: 2, keptPass: 1, disturbances: []))
    #expect(recorded.runs.count == 10)
    #expect(recorded.runs.filter { $0.record.block == 0 }.allSatisfy { $0.record.pass == 1 })
    #expect(
      recorded.excluded.map(\.reason) == [
        "other processes used 40 % of the machine, so the whole block was measured twice and this pass left out"
      ])
    let summary = SweepSummarizer.summarize(recorded)
    #expect(summary.blocks == BlockCount(complete: 2, planned: 2, disturbed: 1))
    #expect(sweep.observer.planned == [10, 15])
  }

  @Test func ofTwoDisturbedPassesTheQuieterCounts() throws {
    let sweep = try sweep(
      "blocks: { minimum: 1, maximum: 1 }", shares: [0.2, 0, 0, 0, 0, 0, 0.3, 0, 0, 0])
    let recorded = try sweep.read()
    let kept = try #require(recorded.blocks.first)
    #expect(kept.keptPass == 0 && kept.passes == 2 && kept.disturbances.count == 1)
    #expect(recorded.runs.count == 5 && recorded.runs.allSatisfy { $0.record.pass == 0 })
    let summary = SweepSummarizer.summarize(recorded)
    #expect(summary.blocks == BlockCount(complete: 0, planned: 1, disturbed: 1))
    #expect(summary.warnings.contains { $0.hasPrefix("block 1 was disturbed in both passes") })
  }

  /// Whatever moment a kill hits: the journal is cut at every line and within lines.
  @Test func aJournalCutAnywhereIsReadUpToThere() throws {
    let sweep = try FakeSweep("blocks: { minimum: 2, maximum: 2 }")
    try sweep.run()
    let bytes = try StoredFile.read(sweep.directory.journalPath, remedy: "")
    let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
    #expect(ends.count == 5 + 1 + 5 + 1 + 1)
    for (line, end) in ends.enumerated() where line > 0 {
      try AtomicFile.write(bytes[..<ends[line - 1]] + Data("\n".utf8), to: sweep.directory.journalPath)
      let whole = try sweep.read()
      #expect(whole.warnings.isEmpty)
      #expect(whole.cutShort == "the sweep was killed before its end")
      for cut in [ends[line - 1] + 2, (ends[line - 1] + end) / 2, end - 1] {
        try AtomicFile.write(bytes[..<cut], to: sweep.directory.journalPath)
        let torn = try sweep.read()
        #expect(torn.runs.count == whole.runs.count && torn.blocks == whole.blocks)
        #expect(torn.warnings.count == 1 && torn.warnings[0].contains("the last line was cut off"))
        let summary = SweepSummarizer.summarize(torn)
        #expect(summary.partial && summary.cells.count == 4)
      }
    }
  }

  @Test func aRunWhoseFilesAreGoneIsExcluded() throws {
    let sweep = try FakeSweep("blocks: { minimum: 1, maximum: 1 }")
    try sweep.run()
    try FileManager.default.removeItem(atPath: sweep.directory.resolve("runs/threads-2_scheduling-queue/0"))
    let recorded = try sweep.read()
    #expect(recorded.runs.count == 4)
    #expect(recorded.excluded.map(\.cell) == ["2 threads, queue"])
    #expect(recorded.excluded[0].reason.contains("there is no such directory"))
  }
}
