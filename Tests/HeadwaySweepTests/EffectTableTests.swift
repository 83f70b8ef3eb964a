import Foundation
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct EffectTableTests {
  private func isClose(_ left: Double?, _ right: Double) -> Bool {
    left.map { abs($0 - right) < 1e-9 * max(1, abs(right)) } ?? false
  }

  /// The machine drifts by a factor of two over the blocks.
  private func drifting(_ rate: Double) -> [Double?] { (0..<6).map { rate * (1 + 0.2 * Double($0)) } }

  @Test func axesWithTwoValuesAreSwitches() throws {
    // Queue: 1.5 times; prefetch: 1.2 times; both together 1.1 times that, at both numbers of threads.
    let rates = [1.0, 2.0].flatMap { scale in [1, 1.2, 1.5, 1.5 * 1.2 * 1.1].map { 1_000 * scale * $0 } }
    let summary = try LiteralSweep(
      axes: "{ threads: [1, 2], scheduling: [barrier, queue], prefetch: [off, on] }",
      rates: rates.map(drifting)
    ).summary
    let tables = try #require(summary.effects)
    #expect(tables.map(\.scope) == ["1 thread", "2 threads"])
    let rows = tables[0].rows
    #expect(
      rows.map { $0.settings.map(\.axis) } == [["scheduling"], ["prefetch"], ["scheduling", "prefetch"]])
    #expect(rows[0].from == ["barrier"] && rows[0].settings[0].value == "queue")
    #expect(isClose(rows[0].factor.value, 1.5 * 1.1.squareRoot()))
    #expect(isClose(rows[0].leftOut?.value, 1.5 * 1.1) && isClose(rows[0].ladder?.value, 1.5))
    #expect(
      isClose(rows[1].ladder?.value, 1.2 * 1.1) && isClose(rows[0].average?.value, 1.5 * 1.1.squareRoot()))
    #expect(isClose(rows[2].factor.value, 1.1.squareRoot()) && rows[2].ladder == nil)
    #expect(isClose(rows[0].perDoubling?.value, 1) && rows[0].factor.sampleCount == 6)
    #expect(tables[0].unexplained < 1e-9 && !tables[0].isFraction)
  }

  @Test func anEffectThatGrowsWithTheThreadsIsSeen() throws {
    // The queue brings nothing at 1 thread, 1.1 times at 2 and 1.21 times at 4: 1.1 times a doubling.
    let rates: [Double] = [1_000, 1_000, 2_000, 2_200, 4_000, 4_840]
    let summary = try LiteralSweep(
      axes: "{ threads: [1, 2, 4], scheduling: [barrier, queue] }", rates: rates.map(drifting)
    ).summary
    let tables = try #require(summary.effects)
    #expect(tables.count == 3 && isClose(tables[0].rows[0].perDoubling?.value, 1.1))
    #expect(isClose(tables[2].rows[0].factor.value, 1.21))
  }

  @Test func togglesBeyondFourAreAFraction() throws {
    let lines = """
      toggles: { prefetch: [off, on], scheduling: [barrier, queue], reduction: [serial, segmented],
        optimizer: [serial, segmented], topology: [flat, kissing] }
      """
    let profile = try Profile(yaml: "corpus: { sources: [.] }\n\(lines)", path: "p")
    let cells = try profile.cells()
    #expect(cells.count == 16 && Set(cells.map(\.id)).count == 16)
    let queue = { (cell: PlannedCell) in cell.configuration?.scheduling == .queue }
    #expect(
      cells.count(where: queue) == 8 && cells.count { queue($0) && $0.configuration?.prefetch == 1 } == 4)
    let sweep = try LiteralSweep(
      lines, axes: "{ threads: [2] }", rates: cells.map { drifting(queue($0) ? 3_000 : 1_000) })
    let table = try #require(sweep.summary.effects?.first)
    #expect(table.isFraction && table.rows.count == 5 + 10)
    let row = try #require(table.rows.first { $0.settings.map(\.axis) == ["scheduling"] })
    #expect(isClose(row.factor.value, 3) && row.share > 0.999 && row.ladder == nil)
    #expect(isClose(table.rows.first?.factor.value, 1))
  }

  @Test func nothingSwitchedNothingSaid() throws {
    let rates = [drifting(1_000), drifting(2_000)]
    #expect(try LiteralSweep(axes: "{ threads: [1, 2] }", rates: rates).summary.effects == nil)
    var holes = [drifting(1_000), drifting(2_000)]
    holes[1] = Array(repeating: nil, count: 6)
    #expect(try LiteralSweep(axes: "{ scheduling: [barrier, queue] }", rates: holes).summary.effects == nil)
  }

  @Test func aLawIsFittedWithinTheCPUsOnly() throws {
    let counts = [1.0, 2, 3, 4, 5, 6]
    var sweep = try LiteralSweep(
      axes: "{ threads: [1, 2, 3, 4, 5, 6] }",
      rates: counts.map { drifting(1_000 * $0 / (1 + 0.1 * ($0 - 1))) })
    sweep.recorded.plan.context.machine.usableCpus = 5
    let series = try #require(sweep.summary.scaling?.first)
    #expect(series.threads == [1, 2, 3, 4, 5] && series.laws.map(\.form) == ["linear", "amdahl", "usl"])
    #expect(isClose(series.sigma?.value, 0.1) && series.peakThreads == nil)
    #expect(series.reason == "no peak seen up to 5 threads")
    let band = try #require(series.band)
    #expect(band.first?.threads == 1 && band.last?.threads == 5)
    #expect(Set([1.0, 2, 3, 4, 5]).isSubset(of: band.map(\.threads)))
    for point in band {
      #expect(
        isClose(
          point.value.value, (series.laws.last?.gamma ?? 0) * point.threads / (1 + 0.1 * (point.threads - 1)))
      )
      #expect(
        (point.value.lower ?? .infinity) <= point.value.value * (1 + 1e-9)
          && (point.value.upper ?? 0) >= point.value.value * (1 - 1e-9)
      )
    }
    #expect(series.serialFractions.map(\.threads) == [2, 3, 4, 5])
    #expect(series.serialFractions.allSatisfy { isClose($0.value.value, 0.1) })
    sweep.recorded.plan.context.machine.usableCpus = 2
    let short = try #require(sweep.summary.scaling?.first)
    #expect(short.band == nil && short.laws.isEmpty && short.reason?.contains("the sweep has 2") == true)
  }

  @Test(arguments: [
    ("toggles: { prefetch: [off, on, 4] }", "a toggle has two values"),
    ("axes: { prefetch: [off, on] }\ntoggles: { prefetch: [off, on] }", "prefetch is an axis already"),
    (
      "toggles: { width: [64, 128], layers: [1, 2], heads: [1, 2], batch_size: [1, 2], steps: [1, 2], "
        + "threads: [1, 2], prefetch: [off, on], bias: [true, false], grain: [batch, sequence] }",
      "9 toggles are too many"
    ),
  ])
  func aWrongToggleIsNamed(lines: String, expected: String) throws {
    let error = try #require(
      refusal { _ = try Profile(yaml: "corpus: { sources: [.] }\n\(lines)", path: "test.yaml") })
    #expect("\(error)".contains(expected) && error.isUsage, "\(error)")
  }
}
