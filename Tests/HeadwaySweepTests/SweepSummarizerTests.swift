import Foundation
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A sweep as literals: the throughputs of every arm, block by block.
struct LiteralSweep {
  var recorded: RecordedSweep

  /// `rates` holds an arm's tokens/s by block; `nil` is a run that failed.
  init(_ lines: String = "", axes: String, rates: [[Double?]]) throws {
    let profile = try Profile(yaml: "corpus: { sources: [.] }\naxes: \(axes)\n\(lines)", path: "test.yaml")
    let plan = try SweepPlan(profile: profile, context: .literal)
    var runs: [MeasuredRun] = []
    for (position, arm) in plan.arms.enumerated() where position < rates.count {
      for (block, rate) in rates[position].enumerated() {
        guard let rate else { continue }
        var record = RunRecord(
          arm: arm.id, block: block, position: position, directory: "runs/\(arm.id)/\(block)")
        record.stealShare = 0
        record.foreignShare = 0
        let configuration = try #require(arm.configuration)
        let summary = RunSummary.literal(
          configuration: configuration, tokensPerSecond: rate, steps: configuration.steps)
        runs.append(MeasuredRun(record: record, summary: summary))
      }
    }
    let count = rates.map(\.count).max() ?? 0
    let blocks = (0..<count).map { BlockRecord(block: $0, passes: 1, keptPass: 0, disturbances: []) }
    recorded = RecordedSweep(plan: plan, runs: runs, blocks: blocks)
  }

  /// Changes the summary of one run.
  mutating func change(_ arm: Int, block: Int, _ body: (inout RunSummary) -> Void) {
    let id = recorded.plan.arms[arm].id
    for index in recorded.runs.indices
    where recorded.runs[index].record.arm == id && recorded.runs[index].record.block == block {
      guard var summary = recorded.runs[index].summary else { continue }
      body(&summary)
      recorded.runs[index].summary = summary
    }
  }

  var summary: SweepSummary { SweepSummarizer.summarize(recorded) }
}

private func isClose(_ left: Double?, _ right: Double) -> Bool {
  left.map { abs($0 - right) < 1e-9 * max(1, abs(right)) } ?? false
}

@Suite struct SweepSummarizerTests {
  private static let steady = [Double?](repeating: 1_000, count: 7)

  @Test func speedupEfficiencyAndOverheadArePairedByBlock() throws {
    // The machine drifts by a factor of two; the ratios within a block do not.
    let drift = [1.0, 1.1, 1.3, 1.4, 1.6, 1.8, 2.0]
    let summary = try LiteralSweep(
      axes: "{ threads: [1, 2] }",
      rates: [drift.map { 1_000 * $0 }, drift.map { 1_600 * $0 }, drift.map { 1_250 * $0 }]
    ).summary
    let (one, two) = (summary.cells[0], summary.cells[1])
    #expect(one.isBaseline && one.speedup == nil && one.verdict == nil)
    #expect(isClose(two.speedup?.value, 1.6) && isClose(two.speedup?.lower, 1.6))
    #expect(isClose(two.speedup?.upper, 1.6) && two.speedup?.sampleCount == 7)
    #expect(two.verdict == .faster)
    #expect(isClose(two.efficiency?.value, 0.8) && isClose(two.efficiency?.upper, 0.8))
    #expect(one.efficiency == Estimate(value: 1, lower: nil, upper: nil, sampleCount: 7))
    #expect(summary.overhead?.cell == "1 thread" && isClose(summary.overhead?.ratio.value, 0.8))
    // The third smallest of the geometric means 1, √1.1, 1.1, √1.3, …
    #expect(isClose(one.tokensPerSecond?.lower, 1_100))
    #expect(two.samples.map(\.tokensPerSecond) == drift.map { 1_600 * $0 })
    #expect(summary.blocks == BlockCount(complete: 7, planned: 7, disturbed: 0))
    #expect(!summary.partial && summary.warnings.isEmpty && summary.excluded.isEmpty)
    #expect(summary.machine == .literal && summary.command == "headway sweep test.yaml" && summary.seed == 1)
  }

  /// Log ratios 0.1 … 0.7: centre 0.4; the third smallest and largest Walsh averages are 0.2 and 0.6.
  @Test func theIntervalIsTheExactOne() throws {
    let ratios = (1...7).map { 1_000 * exp(Double($0) / 10) }
    let cell = try LiteralSweep(axes: "{ threads: [1, 2] }", rates: [Self.steady, ratios]).summary.cells[1]
    #expect(isClose(cell.speedup?.value, exp(0.4)))
    #expect(isClose(cell.speedup?.lower, exp(0.2)) && isClose(cell.speedup?.upper, exp(0.6)))
    #expect(isClose(cell.tokensPerSecond?.value, 1_000 * exp(0.4)))
  }

  @Test func aBlockThatMissesARunIsLeftOutOfItsPairsOnly() throws {
    var second = [Double?](repeating: 1_600, count: 7)
    second[3] = nil
    let summary = try LiteralSweep(
      axes: "{ threads: [1, 2] }", rates: [Self.steady, second, Self.steady]
    ).summary
    #expect(summary.cells[1].speedup?.sampleCount == 6)
    #expect(summary.cells[0].tokensPerSecond?.sampleCount == 7)
    #expect(summary.blocks.complete == 6)
    #expect(summary.cells[1].samples.map(\.block) == [0, 1, 2, 4, 5, 6])
  }

  @Test func fewBlocksHaveEstimatesAndNoIntervals() throws {
    let summary = try LiteralSweep(
      axes: "{ threads: [1, 2] }", rates: [Array(Self.steady.prefix(5)), Array(repeating: 3_000, count: 5)]
    ).summary
    #expect(isClose(summary.cells[1].speedup?.value, 3) && summary.cells[1].speedup?.lower == nil)
    #expect(summary.cells[1].verdict == .inconclusive)
    #expect(
      summary.warnings == [
        "fewer than 6 blocks carry no 95 % interval, so no cell is called faster or slower"
      ])
  }

  @Test func holmTakesVerdictsBackThatTheTableCannotCarry() throws {
    let six = (0..<4).map { [Double?](repeating: 1_000 * Double($0 + 1), count: 6) }
    let summary = try LiteralSweep(axes: "{ threads: [1, 2, 3, 4] }", rates: six).summary
    #expect(summary.cells.dropFirst().allSatisfy { $0.verdict == .inconclusive })
    #expect(summary.warnings.count == 1 && summary.warnings[0].contains("before 7"))
    let seven = (0..<4).map { [Double?](repeating: 1_000 * Double($0 + 1), count: 7) }
    let enough = try LiteralSweep(axes: "{ threads: [1, 2, 3, 4] }", rates: seven).summary
    #expect(enough.cells.dropFirst().allSatisfy { $0.verdict == .faster } && enough.warnings.isEmpty)
  }

  @Test func efficiencyComparesACellWithItsOwnKind() throws {
    let rates: [[Double?]] = [1_000, 500, 3_000, 2_000].map { Array(repeating: $0, count: 6) }
    let cells = try LiteralSweep(axes: "{ threads: [2, 4], scheduling: [barrier, queue] }", rates: rates)
      .summary.cells
    #expect(cells.map(\.threads) == [2, 2, 4, 4])
    #expect(isClose(cells[2].efficiency?.value, 1.5) && isClose(cells[3].efficiency?.value, 2))
    let none = try LiteralSweep(axes: "{ scheduling: [barrier, queue] }", rates: [rates[0], rates[1]])
    #expect(none.summary.cells.allSatisfy { $0.efficiency == nil })
    #expect(none.summary.cells[1].verdict == .slower)
    #expect(none.summary.overhead == nil)
  }

  @Test func sharesAreMediansOverRuns() throws {
    var sweep = try LiteralSweep(axes: "{ threads: [1] }", rates: [[1, 1, 1]])
    for (block, useful) in [60, 90, 80].enumerated() {
      sweep.change(0, block: block) { $0.setBooks(usefulMs: Int64(useful), of: 100) }
    }
    let shares = try #require(sweep.summary.cells[0].shares)
    #expect(isClose(shares.useful, 0.8) && isClose(shares.categories["useful"], 0.8))
    #expect(isClose(shares.categories["blocked"], 0.2) && isClose(shares.unknown, 0))
    #expect(isClose(shares.categories.values.reduce(0, +), 1))
    #expect(try LiteralSweep(axes: "{ threads: [1] }", rates: [[1]]).summary.cells[0].shares == nil)
  }

  @Test func anEmptySweepSaysSo() throws {
    var sweep = try LiteralSweep(axes: "{ threads: [1, 2] }", rates: [])
    sweep.recorded.cutShort = "the sweep was killed before its end"
    let summary = sweep.summary
    #expect(summary.partial && summary.checks.isEmpty && summary.findings.isEmpty)
    #expect(summary.cells.allSatisfy { $0.tokensPerSecond == nil && $0.verdict == nil })
    #expect(
      summary.warnings == [
        "the sweep was killed before its end; what was measured until then is here", "no run was measured",
      ])
  }

  @Test func warningsOfRunsAreCounted() throws {
    var sweep = try LiteralSweep(axes: "{ threads: [1] }", rates: [[1, 1, 1]])
    sweep.change(0, block: 0) { $0.warnings = ["b", "a"] }
    sweep.change(0, block: 2) { $0.warnings = ["b", "b"] }
    sweep.recorded.excluded = [ExcludedRun(cell: "1 thread", block: 0, reason: "r", lastLines: [])]
    sweep.recorded.runs[1].record.stealShare = nil
    let warnings = sweep.summary.warnings
    #expect(warnings[0] == "1 run is not in the figures; each is listed with its reason")
    #expect(warnings[1].hasPrefix("in 1 of 3 runs the machine's other load could not be told"))
    #expect(warnings.suffix(2) == ["in 2 of 3 runs: b", "in 1 of 3 runs: a"])
  }
}

extension RunSummary {
  /// Books of one worker that was useful for a part of the window and blocked for the rest.
  mutating func setBooks(usefulMs: Int64, of windowMs: Int64, closureError: Double = 0) {
    let categories = [
      "useful_ns": Nanoseconds.milliseconds(usefulMs),
      "blocked_ns": .milliseconds(windowMs - usefulMs),
    ]
    books = Books(
      wallNs: .milliseconds(windowMs), threadCount: 1, categories: categories, unknownShare: 0,
      closureError: closureError)
    threads = [
      ThreadBook(
        name: "worker-0", role: .worker, wallNs: .milliseconds(windowMs), cpuNs: .milliseconds(usefulMs),
        runDelayNs: nil, voluntarySwitches: nil, involuntarySwitches: nil, states: [:],
        categories: categories, tasks: 1, tokens: 1)
    ]
  }
}
