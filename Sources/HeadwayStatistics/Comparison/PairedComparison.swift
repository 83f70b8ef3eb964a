import Foundation

/// Two configurations measured side by side in the same blocks, compared on the log of their ratio
/// (method 15).
///
///     let ratios = blocks.map { log($0.candidate / $0.baseline) }   // of throughputs
///     let comparison = PairedComparison(logRatios: ratios, margin: 0.02, higherIs: .faster)
///
/// With the margin m and δ = ln(1 + m):
/// - `faster` or `slower` when the exact 95 % interval lies wholly beyond ±δ on that side;
/// - `equivalent` when the exact 90 % interval lies inside ±δ (two one-sided tests at 5 %);
/// - `inconclusive` otherwise, with the further blocks that would probably settle it.
///
/// A table of comparisons goes through ``corrected(_:)``.
public struct PairedComparison: Equatable, Sendable {
  /// What the data say.
  public enum Verdict: String, Sendable {
    /// Faster by more than the margin.
    case faster
    /// Slower by more than the margin.
    case slower
    /// Within the margin.
    case equivalent
    /// The data cannot say.
    case inconclusive
  }

  /// What a positive log ratio means: `faster` for throughputs, `slower` for durations.
  public enum Direction: Sendable {
    /// The ratio is of rates.
    case faster
    /// The ratio is of times.
    case slower
  }

  /// The paired differences, one a block: ln(candidate / baseline).
  public let logRatios: [Double]
  /// The margin m below which a difference does not matter, as a share: 0.02 for 2 %.
  public let margin: Double
  /// What a positive log ratio means.
  public let direction: Direction
  /// The Hodges–Lehmann estimate of the log ratio.
  public let estimate: Double
  /// The exact 95 % interval of the log ratio; absent below 6 blocks.
  public let interval: Interval?
  /// The exact 90 % interval of the log ratio, for equivalence; absent below 5 blocks.
  public let equivalenceInterval: Interval?
  /// The exact signed-rank p-value, two-sided, of "the difference is not beyond the margin on the
  /// estimate's side"; with a margin of 0, of "there is no difference".
  public let pValue: Double
  /// ``pValue`` corrected for the other rows of the table; ``pValue`` itself outside a table.
  public private(set) var adjustedP: Double
  /// What the data say.
  public private(set) var verdict: Verdict
  /// Rows of the table that this comparison stands in.
  private var rows = 1

  /// Compares paired blocks; `nil` when there is none.
  public init?(logRatios: [Double], margin: Double, higherIs direction: Direction = .faster) {
    guard let centre = HodgesLehmann(logRatios) else { return nil }
    self.logRatios = logRatios
    self.margin = margin
    self.direction = direction
    estimate = centre.estimate
    interval = centre.interval(confidence: 0.95)
    equivalenceInterval = centre.interval(confidence: 0.90)
    let bound = log1p(margin)
    let excess = estimate >= 0 ? logRatios.map { $0 - bound } : logRatios.map { -$0 - bound }
    pValue = min(1, 2 * SignedRank.oneSidedP(excess))
    adjustedP = pValue
    verdict = .inconclusive
    verdict = decided()
  }

  /// The estimated ratio, candidate / baseline.
  public var ratio: Double { exp(estimate) }
  /// The 95 % interval of the ratio.
  public var ratioInterval: Interval? { interval?.mapped { exp($0) } }

  /// The comparisons of one table, with their p-values corrected (``Holm``) and the verdicts that the
  /// correction no longer carries turned into `inconclusive`.
  public static func corrected(_ table: [PairedComparison]) -> [PairedComparison] {
    zip(table, Holm.adjusted(table.map(\.pValue))).map { row, adjusted in
      var row = row
      row.adjustedP = adjusted
      row.rows = table.count
      row.verdict = row.decided()
      return row
    }
  }

  /// For an inconclusive comparison, how many further blocks would probably settle it if the estimate
  /// stays where it is: an interval narrows with the square root of the blocks. `nil` for a settled
  /// comparison and for one whose estimate lies so near the margin that over 1,000 would be needed.
  public var furtherBlocks: Int? {
    guard verdict == .inconclusive else { return nil }
    let count = logRatios.count
    let bound = log1p(margin)
    let isDifferent = estimate.magnitude > bound
    let fewest = isDifferent ? Holm.fewestBlocks(rows: rows) : 6
    guard let interval = isDifferent ? interval : equivalenceInterval else { return max(fewest - count, 1) }
    let room = (estimate.magnitude - bound).magnitude
    let reach = max(interval.upper - estimate, estimate - interval.lower)
    let needed = Double(count) * (reach / room) * (reach / room)
    guard needed.isFinite, needed < 1_000 else { return nil }
    return max(Int(needed.rounded(.up)), fewest, count + 1) - count
  }

  private func decided() -> Verdict {
    let bound = log1p(margin)
    if let interval, adjustedP <= 0.05 {
      if interval.lower > bound { return direction == .faster ? .faster : .slower }
      if interval.upper < -bound { return direction == .faster ? .slower : .faster }
    }
    if let equivalenceInterval, equivalenceInterval.lower > -bound, equivalenceInterval.upper < bound {
      return .equivalent
    }
    return .inconclusive
  }
}
