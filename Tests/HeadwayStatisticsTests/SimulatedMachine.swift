import Foundation
import HeadwayStatistics

/// A machine as it is never quite still: it drifts, neighbours slow single runs down, and the noise is not normal.
struct SimulatedMachine {
  /// What troubles it.
  enum Weather: String, CaseIterable {
    /// Skewed noise alone.
    case quiet
    /// A random walk that rises on the whole, and in one of ten runs a spike of up to 30 %.
    case drift = "drift and spikes"
  }

  let weather: Weather
  private var generator: SplitMix64
  private var level = 0.0

  init(_ weather: Weather, seed: UInt64) {
    self.weather = weather
    generator = SplitMix64(seed: seed)
  }

  private mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

  /// The logarithm of a run's time.
  mutating func run() -> Double {
    let noise = -0.02 * log(1 - uniform())
    if weather == .quiet { return noise }
    level += 0.01 * (uniform() - 0.45)
    let spike = uniform() < 0.1 ? 0.3 * uniform() : 0
    return level + noise + spike
  }

  /// Blocks of a sweep as the driver makes them: each arm once a block, in its seeded, balanced order.
  ///
  /// - Returns: The logarithms of the times, by block and arm.
  mutating func blocks(_ count: Int, arms: Int, seed: UInt64) -> [[Double]] {
    let order = BlockOrder(arms: arms, seed: seed)
    return (0..<count).map { block in
      var times = [Double](repeating: 0, count: arms)
      for arm in order.arms(inBlock: block) { times[arm] = run() }
      return times
    }
  }
}

/// How often the statistics are wrong on simulated sweeps, each rate from the trials of consecutive seeds.
enum SimulatedRates {
  /// Trials of the rates whose trial is one comparison.
  static let sweeps = 4_000
  /// Trials of the rate that lies so close to what is promised that fewer could not tell.
  static let comparisons = 40_000
  /// Trials of the rates whose trial is a table of twenty rows.
  static let tables = 1_000
  static let rows = 20

  /// Share of nominal 95 % intervals of a ratio that hold the truth.
  static func coverage(_ weather: SimulatedMachine.Weather, blocks: Int) -> Double {
    let effect = 0.07
    return share(of: sweeps) { seed in
      var machine = SimulatedMachine(weather, seed: seed)
      let ratios = machine.blocks(blocks, arms: 2, seed: seed).map { $0[1] + effect - $0[0] }
      guard let interval = HodgesLehmann(ratios)?.interval() else { return false }
      return interval.lower <= effect && effect <= interval.upper
    }
  }

  /// Share of comparisons of a program with itself, without a margin, that call it faster or slower.
  static func falseAlarms(_ weather: SimulatedMachine.Weather, blocks: Int) -> Double {
    share(of: comparisons) { seed in
      var machine = SimulatedMachine(weather, seed: seed &* 7_919)
      let ratios = machine.blocks(blocks, arms: 2, seed: seed).map { $0[1] - $0[0] }
      let verdict = PairedComparison(logRatios: ratios, margin: 0)?.verdict
      return verdict == .faster || verdict == .slower
    }
  }

  /// Share of tables of twenty cells and a baseline, all the same program, of which any row is called faster or
  /// slower: Holm's correction, without a margin.
  static func falseTables(_ weather: SimulatedMachine.Weather, blocks: Int) -> Double {
    share(of: tables) { seed in
      var machine = SimulatedMachine(weather, seed: seed &* 15_485_863)
      let times = machine.blocks(blocks, arms: rows + 1, seed: seed)
      let table = (1...rows).compactMap { row in
        PairedComparison(logRatios: times.map { $0[row] - $0[0] }, margin: 0, higherIs: .slower)
      }
      return PairedComparison.corrected(table).contains { $0.verdict == .faster || $0.verdict == .slower }
    }
  }

  /// Share of gates over twenty rows that end as `outcome`, the candidate being slower by `effect` on the logarithm.
  static func gates(
    _ weather: SimulatedMachine.Weather, blocks: Int, effect: Double, ending outcome: RegressionGate.Outcome
  ) -> Double {
    share(of: tables) { seed in
      var machine = SimulatedMachine(weather, seed: seed &* 104_729)
      func look(_ rows: Int, seed: UInt64) -> [PairedComparison] {
        guard rows > 0 else { return [] }
        let times = machine.blocks(blocks, arms: 2 * rows, seed: seed)
        return (0..<rows).compactMap { row in
          PairedComparison(
            logRatios: times.map { $0[2 * row + 1] + effect - $0[2 * row] }, margin: 0.02, higherIs: .slower)
        }
      }
      let gate = RegressionGate(first: look(rows, seed: seed))
      return gate.outcome(second: look(gate.flagged.count, seed: seed &+ 1)) == outcome
    }
  }

  private static func share(of trials: Int, _ happens: (UInt64) -> Bool) -> Double {
    Double((0..<UInt64(trials)).count(where: happens)) / Double(trials)
  }
}
