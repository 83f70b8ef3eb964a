import Foundation

/// What each factor of a ``FactorialDesign`` does to a time or a rate, and each pair of them beyond that
/// (method 16).
///
/// On logs, per block, the effect of a term is the contrast q = Σ x·y / runs with x = ±1; switching the factor
/// on multiplies the measured value by exp(2q). Estimates and intervals are Hodges–Lehmann's over blocks.
public struct FactorialEffects: Equatable, Sendable {
  /// The effect of one factor, or of two together beyond what each does alone.
  public struct Effect: Equatable, Sendable {
    /// Positions of the factors: one, or two.
    public let factors: [Int]
    /// What switching on multiplies the value by; for two factors, what having both on multiplies it by beyond
    /// the two alone, to the power ½.
    public let factor: Double
    /// The exact 95 % interval of ``factor``; absent below 6 blocks.
    public let interval: Interval?
    /// The share of the variation between runs and blocks that this term explains, 0 … 1.
    public let share: Double
  }

  /// One for every factor, then one for every pair, in order.
  public let effects: [Effect]
  /// The share of the variation that neither the terms nor the blocks explain.
  public let unexplained: Double

  /// Analyses values above zero, by block, then by the design's run; `nil` when a block is incomplete or there
  /// is none. The design must not confound its terms: full, or of resolution V.
  public init?(_ design: FactorialDesign, values blocks: [[Double]]) {
    guard !blocks.isEmpty, design.resolution.map({ $0 >= 5 }) ?? true,
      blocks.allSatisfy({ $0.count == design.runs.count && $0.allSatisfy { $0 > 0 && $0.isFinite } })
    else { return nil }
    let logs = blocks.map { row in
      let values = row.map { log($0) }
      let mean = values.reduce(0, +) / Double(values.count)
      return values.map { $0 - mean }
    }
    let singles = (0..<design.factorCount).map { [$0] }
    let pairs = (0..<design.factorCount).flatMap { left in
      ((left + 1)..<max(design.factorCount, left + 1)).map { [left, $0] }
    }
    let total = logs.joined().reduce(0) { $0 + $1 * $1 }
    let cells = Double(design.runs.count)
    effects = (singles + pairs).compactMap { factors in
      let signs = design.runs.map { run in factors.count { !run[$0] } % 2 == 0 ? 1.0 : -1.0 }
      let contrasts = logs.map { row in zip(row, signs).reduce(0) { $0 + $1.0 * $1.1 } / cells }
      guard let centre = HodgesLehmann(contrasts.map { 2 * $0 }) else { return nil }
      let mean = contrasts.reduce(0, +) / Double(contrasts.count)
      return Effect(
        factors: factors, factor: exp(centre.estimate), interval: centre.interval()?.mapped { exp($0) },
        share: total > 0 ? cells * Double(logs.count) * mean * mean / total : 0)
    }
    unexplained = max(0, 1 - effects.reduce(0) { $0 + $1.share })
  }
}
