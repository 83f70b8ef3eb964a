/// The decision whether a candidate may replace a base, over the rows of a table measured twice (method 17).
///
/// A first measurement flags the rows that look different by more than the margin; only those are measured
/// again, with fresh blocks. A row counts when both measurements say so in the same direction. A false alarm
/// has to happen twice, so the second look costs little and buys much.
public struct RegressionGate: Equatable, Sendable {
  /// What the gate says of a table.
  public enum Outcome: String, Sendable {
    /// Nothing changed by more than the margin, as far as the data can say.
    case pass
    /// At least one row became worse, twice.
    case regression
    /// At least one row became better, twice, and none worse.
    case improvement
    /// A row that was flagged was not confirmed, or could not be decided.
    case inconclusive
  }

  /// Rows of the first measurement that look different by more than the margin: what to measure again.
  public let flagged: [Int]
  private let first: [PairedComparison]

  /// Looks at the first measurement, row by row of the table. Holm's correction is not applied here: it
  /// would hide what the second look is there to sort out.
  public init(first: [PairedComparison]) {
    self.first = first
    flagged = first.indices.filter { Self.side(of: first[$0]) != 0 }
  }

  /// Decides with the second measurement of the flagged rows, in their order. `nil` stands for a row that
  /// could not be measured again.
  public func outcome(second: [PairedComparison?]) -> Outcome {
    precondition(second.count == flagged.count, "one second measurement for each flagged row")
    var worse = false
    var better = false
    var open = false
    for (row, again) in zip(flagged, second) {
      let side = Self.side(of: first[row])
      switch again.map(Self.side(of:)) {
      case side: if side < 0 { worse = true } else { better = true }
      default: open = true
      }
    }
    if worse { return .regression }
    if open { return .inconclusive }
    return better ? .improvement : .pass
  }

  /// −1 for worse, +1 for better, 0 when the interval holds "no difference" or the estimate lies within the
  /// margin.
  private static func side(of row: PairedComparison) -> Int {
    guard let interval = row.interval, interval.lower > 0 || interval.upper < 0 else { return 0 }
    let ratio = row.ratio
    let isBeyond = ratio > 1 + row.margin || ratio < 1 / (1 + row.margin)
    guard isBeyond else { return 0 }
    return (ratio > 1) == (row.direction == .faster) ? 1 : -1
  }
}
