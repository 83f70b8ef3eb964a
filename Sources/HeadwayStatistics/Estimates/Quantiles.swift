/// Order statistics of a sample.
public enum Quantiles {
  /// The `probability` quantile by linear interpolation between order statistics: R's type 7, NumPy's
  /// default. `nil` for an empty sample.
  ///
  /// Source: Hyndman, Fan, "Sample quantiles in statistical packages", 1996. Complexity: O(n log n).
  public static func quantile(_ probability: Double, of sample: [Double]) -> Double? {
    quantile(probability, ofSorted: sample.sorted())
  }

  /// As ``quantile(_:of:)`` for a sample that is already in ascending order. Complexity: O(1).
  public static func quantile(_ probability: Double, ofSorted sample: [Double]) -> Double? {
    precondition((0...1).contains(probability), "a probability lies in 0 … 1")
    guard let last = sample.indices.last else { return nil }
    let place = probability * Double(last)
    let below = Int(place.rounded(.down))
    let above = min(below + 1, last)
    let weight = place - Double(below)
    return weight == 0 ? sample[below] : sample[below] + weight * (sample[above] - sample[below])
  }

  /// The middle of a sample; `nil` when it is empty.
  public static func median(of sample: [Double]) -> Double? { quantile(0.5, of: sample) }
}
