import Foundation
import HeadwayStatistics
import HeadwayTestSupport
import Testing

/// Whether the intervals and verdicts keep what they promise, on simulated sweeps with what real ones have. The rates
/// are those that docs/methods.md prints: a test compares them with the page.
@Suite struct SimulationTests {
  /// A line of the page's table: its beginning, the rate for each weather, and the number of trials.
  private func expectOnPage(_ what: String, trials: Int, _ rate: (SimulatedMachine.Weather) -> Double) throws
    -> [Double]
  {
    let rates = SimulatedMachine.Weather.allCases.map(rate)
    let cells = rates.map { String(format: "%.1f %%", $0 * 100) }.joined(separator: " | ")
    let page = try String(contentsOf: packageRoot.appending(path: "docs/methods.md"), encoding: .utf8)
    let line = "| \(cells) | \(trials) |"
    let found = page.split(separator: "\n").contains { $0.hasPrefix("| \(what) |") && $0.hasSuffix(line) }
    #expect(found, "docs/methods.md should have: | \(what) | … \(line)")
    return rates
  }

  @Test(arguments: [6, 8, 10, 15]) func nominalIntervalsCoverTheTruth(blocks: Int) throws {
    let rates = try expectOnPage(
      "95 % intervals that hold the truth, \(blocks) blocks", trials: SimulatedRates.sweeps
    ) { SimulatedRates.coverage($0, blocks: blocks) }
    for rate in rates { #expect(rate >= 0.93 && rate <= 0.975, "\(rate)") }
  }

  /// The level of ten blocks is 4.88 %; the standard error of so many trials is 0.11 %.
  @Test func equalArmsSeldomAlarm() throws {
    let rates = try expectOnPage(
      "A program beside itself called faster or slower, 10 blocks", trials: SimulatedRates.comparisons
    ) { SimulatedRates.falseAlarms($0, blocks: 10) }
    for rate in rates { #expect(rate < 0.05, "\(rate)") }
  }

  @Test func aTableOfEqualCellsSeldomAlarms() throws {
    let rates = try expectOnPage(
      "Sweeps of 20 equal cells with any of them called so, 12 blocks", trials: SimulatedRates.tables
    ) { SimulatedRates.falseTables($0, blocks: 12) }
    for rate in rates { #expect(rate < 0.05, "\(rate)") }
  }

  @Test func theConfirmedGateSeldomFailsOverTwentyRows() throws {
    let rates = try expectOnPage(
      "Gates over 20 equal rows that fail, 12 blocks a look", trials: SimulatedRates.tables
    ) { SimulatedRates.gates($0, blocks: 12, effect: 0, ending: .regression) }
    for rate in rates { #expect(rate < 0.01, "\(rate)") }
  }

  @Test func theGateSeesARealRegression() throws {
    let rates = try expectOnPage(
      "Gates over 20 rows, all slower by 10 %, that fail", trials: SimulatedRates.tables
    ) { SimulatedRates.gates($0, blocks: 12, effect: log(1.1), ending: .regression) }
    for rate in rates { #expect(rate > 0.9, "\(rate)") }
  }
}

@Suite struct RegressionGateTests {
  private func row(_ centre: Double, spread: Double = 0.01) throws -> PairedComparison {
    try #require(
      PairedComparison(
        logRatios: (0..<8).map { centre + spread * (Double($0) - 3.5) / 3.5 }, margin: 0.02, higherIs: .faster
      ))
  }

  @Test func onlyWhatRepeatsCounts() throws {
    let slower = try row(-0.1)
    let faster = try row(0.1)
    let same = try row(0)
    #expect(RegressionGate(first: [same, same]).flagged == [])
    #expect(RegressionGate(first: [same]).outcome(second: []) == .pass)
    let gate = RegressionGate(first: [same, slower, faster])
    #expect(gate.flagged == [1, 2])
    #expect(gate.outcome(second: [slower, faster]) == .regression)
    #expect(gate.outcome(second: [same, faster]) == .inconclusive)
    #expect(gate.outcome(second: [faster, faster]) == .inconclusive)
    #expect(gate.outcome(second: [nil, faster]) == .inconclusive)
    #expect(gate.outcome(second: [slower, nil]) == .regression)
    #expect(RegressionGate(first: [faster]).outcome(second: [faster]) == .improvement)
  }

  @Test func aDifferenceWithinTheMarginIsNotFlagged() throws {
    #expect(RegressionGate(first: [try row(0.015, spread: 0.001)]).flagged == [])
    #expect(RegressionGate(first: [try row(0.1, spread: 0.3)]).flagged == [])
  }
}
