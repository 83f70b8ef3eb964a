/// The shift between two samples that were not measured side by side: the median of the m·n differences
/// y − x, with the exact interval from the Mann–Whitney distribution (method 15).
///
/// For stored runs from different sweeps only: nothing pairs the samples, so whatever drifted between
/// them is part of the shift, and a report must say "drift not controlled".
public struct HodgesLehmannShift: Equatable, Sendable {
  /// The median of the pairwise differences, second minus first.
  public let estimate: Double
  private let differences: [Double]
  private let counts: [Int]

  /// Estimates by how much `second` lies above `first`; `nil` when either is empty.
  public init?(first: [Double], second: [Double]) {
    differences = first.flatMap { base in second.map { $0 - base } }.sorted()
    guard let middle = Quantiles.quantile(0.5, ofSorted: differences) else { return nil }
    estimate = middle
    counts = [first.count, second.count]
  }

  /// The exact interval of at least the given confidence; `nil` when the samples are too small for it.
  public func interval(confidence: Double = 0.95) -> Interval? {
    let distribution = RankSum(counts[0], counts[1])
    guard let rank = distribution.intervalRank(confidence: confidence) else { return nil }
    return Interval(
      lower: differences[rank - 1], upper: differences[differences.count - rank],
      coverage: 1 - 2 * distribution.probability(atMost: rank - 1))
  }
}
