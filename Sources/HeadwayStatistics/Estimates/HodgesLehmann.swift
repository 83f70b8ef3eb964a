/// Hodges and Lehmann's estimate of the centre of a symmetric distribution, with its exact interval
/// (method 15).
///
/// The estimate is the median of the n(n+1)/2 Walsh averages (xᵢ + xⱼ)/2, i ≤ j. The interval follows
/// from the exact signed-rank distribution; it does not exist below 6 samples for 95 %, and is then
/// absent, not guessed. Ties make it conservative.
///
/// Source: Hodges, Lehmann, "Estimates of location based on rank tests", 1963.
public struct HodgesLehmann: Equatable, Sendable {
  /// The median of the Walsh averages.
  public let estimate: Double
  /// Samples that it rests on.
  public let sampleCount: Int
  private let walsh: [Double]

  /// Estimates the centre of `sample`; `nil` when it is empty. Complexity: O(n² log n).
  public init?(_ sample: [Double]) {
    var averages: [Double] = []
    averages.reserveCapacity(sample.count * (sample.count + 1) / 2)
    for (index, value) in sample.enumerated() {
      for other in sample[index...] { averages.append(0.5 * (value + other)) }
    }
    averages.sort()
    guard let middle = Quantiles.quantile(0.5, ofSorted: averages) else { return nil }
    estimate = middle
    sampleCount = sample.count
    walsh = averages
  }

  /// The exact interval of at least the given confidence; `nil` when there are too few samples for it.
  public func interval(confidence: Double = 0.95) -> Interval? {
    let distribution = SignedRank(count: sampleCount)
    guard let rank = distribution.intervalRank(confidence: confidence) else { return nil }
    return Interval(
      lower: walsh[rank - 1], upper: walsh[walsh.count - rank],
      coverage: 1 - 2 * distribution.probability(atMost: rank - 1))
  }
}
