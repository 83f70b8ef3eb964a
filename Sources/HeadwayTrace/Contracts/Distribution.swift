/// The percentiles of a set of intervals and the histogram that they come from. A percentile is known up to
/// the width of its bucket, an eighth of it; the longest interval is exact.
public struct Distribution: Codable, Equatable, Sendable {
  /// Intervals counted.
  public var count: Int
  /// The 50th percentile.
  public var p50: Nanoseconds
  /// The 90th percentile.
  public var p90: Nanoseconds
  /// The 99th percentile.
  public var p99: Nanoseconds
  /// The longest interval.
  public var longest: Nanoseconds
  /// The counts by length.
  public var histogram: DurationHistogram

  /// Reads the percentiles off a histogram; `nil` for one without intervals.
  public init?(_ histogram: DurationHistogram) {
    guard let p50 = histogram.quantile(0.5), let p90 = histogram.quantile(0.9),
      let p99 = histogram.quantile(0.99)
    else { return nil }
    self.count = histogram.total
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
    self.longest = histogram.longestNs
    self.histogram = histogram
  }
}
