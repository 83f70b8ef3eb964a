import Foundation
import HeadwayStatistics
import Testing

/// Whether the intervals and verdicts keep what they promise, on simulated sweeps with what real ones have:
/// a machine that drifts, neighbours that slow single runs down, and noise that is not normal.
@Suite struct SimulationTests {
  /// One sweep of two arms: the log ratio of each block.
  private struct Machine {
    var generator: SplitMix64
    /// The true log ratio of the arms.
    var effect: Double
    var level = 0.0

    mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// A run's log time: the machine's level, skewed noise, and in one of ten runs a spike.
    mutating func run() -> Double {
      level += 0.01 * (uniform() - 0.45)  // Drift, upward on the whole.
      let noise = -0.02 * log(1 - uniform())
      let spike = uniform() < 0.1 ? 0.3 * uniform() : 0
      return level + noise + spike
    }

    /// The arms in a random order in every block, as the driver runs them.
    mutating func block() -> Double {
      let isBaseFirst = generator.below(2) == 0
      let first = run()
      let second = run()
      return isBaseFirst ? second + effect - first : first + effect - second
    }

    mutating func blocks(_ count: Int) -> [Double] { (0..<count).map { _ in block() } }
  }

  private static let sweeps = 4_000

  @Test(arguments: [6, 8, 10, 15]) func nominalIntervalsCoverTheTruth(blocks: Int) throws {
    var held = 0
    for seed in 0..<Self.sweeps {
      var machine = Machine(generator: SplitMix64(seed: UInt64(seed)), effect: 0.07)
      let estimate = try #require(HodgesLehmann(machine.blocks(blocks)))
      let interval = try #require(estimate.interval())
      held += interval.lower <= 0.07 && 0.07 <= interval.upper ? 1 : 0
    }
    let coverage = Double(held) / Double(Self.sweeps)
    #expect(coverage >= 0.93 && coverage <= 0.98, "coverage \(coverage) with \(blocks) blocks")
  }

  @Test func equalArmsSeldomAlarm() throws {
    var alarms = 0
    for seed in 0..<Self.sweeps {
      var machine = Machine(generator: SplitMix64(seed: UInt64(seed) &* 7_919), effect: 0)
      let comparison = try #require(PairedComparison(logRatios: machine.blocks(10), margin: 0))
      alarms += comparison.verdict == .faster || comparison.verdict == .slower ? 1 : 0
    }
    let rate = Double(alarms) / Double(Self.sweeps)
    #expect(rate < 0.05, "false alarms: \(rate)")
  }

  @Test func theConfirmedGateSeldomFailsOverTwentyRows() throws {
    var failures = 0
    let gates = 1_000
    for seed in 0..<gates {
      var machine = Machine(generator: SplitMix64(seed: UInt64(seed) &* 104_729), effect: 0)
      func row() throws -> PairedComparison {
        try #require(
          PairedComparison(logRatios: machine.blocks(10), margin: 0.02, higherIs: .slower))
      }
      let gate = RegressionGate(first: try (0..<20).map { _ in try row() })
      let outcome = gate.outcome(second: try gate.flagged.map { _ in try row() })
      failures += outcome == .regression ? 1 : 0
    }
    #expect(Double(failures) / Double(gates) < 0.01, "\(failures) of \(gates) gates failed without cause")
  }

  @Test func theGateSeesARealRegression() throws {
    var found = 0
    for seed in 0..<200 {
      var machine = Machine(generator: SplitMix64(seed: UInt64(seed) &* 31), effect: 0.2)
      func row() throws -> PairedComparison {
        try #require(
          PairedComparison(logRatios: machine.blocks(10), margin: 0.02, higherIs: .slower))
      }
      let gate = RegressionGate(first: [try row()])
      found += gate.outcome(second: try gate.flagged.map { _ in try row() }) == .regression ? 1 : 0
    }
    #expect(found >= 180, "\(found) of 200 regressions of 22 % were found")
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
