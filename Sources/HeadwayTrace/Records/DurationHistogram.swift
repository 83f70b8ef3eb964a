/// How many intervals of each length: fixed buckets in nanoseconds, so that histograms of different threads,
/// runs and machines add up.
///
/// Eight buckets an octave (the layout of HdrHistogram with three bits of mantissa): below 16 ns a bucket a
/// nanosecond, above it a bucket is at most an eighth as wide as its lower bound. What is longer than 34
/// minutes falls into the last bucket; ``longestNs`` is exact.
///
/// Representation: the counts by bucket, only as far as the last one that is not empty.
public struct DurationHistogram: Equatable, Sendable {
  /// Buckets of the layout.
  @inlinable public static var bucketCount: Int { 312 }

  /// Intervals by bucket, without the empty ones at the end.
  public private(set) var counts: [Int] = []
  /// The longest interval; zero when there is none.
  public private(set) var longestNs = Nanoseconds.zero

  /// Without any interval.
  public init() {}

  /// From counts by bucket, as the probes keep them.
  public init(counts: some Sequence<Int>, longestNs: Nanoseconds) {
    self.counts = Array(counts.prefix(Self.bucketCount)).map { max($0, 0) }
    self.longestNs = longestNs
    while self.counts.last == 0 { self.counts.removeLast() }
  }

  /// Intervals counted.
  public var total: Int { counts.reduce(0, +) }

  /// The bucket of an interval: its three bits after the leading one, and where that stands.
  @inlinable
  public static func bucket(ofNanoseconds length: UInt64) -> Int {
    if length < 16 { return Int(length) }
    let shift = 60 - length.leadingZeroBitCount
    return min(shift * 8 + Int(length >> UInt64(shift)), bucketCount - 1)
  }

  /// The lengths that a bucket holds, in nanoseconds.
  public static func range(ofBucket index: Int) -> ClosedRange<UInt64> {
    if index < 16 { return UInt64(max(index, 0))...UInt64(max(index, 0)) }
    let shift = UInt64(index / 8 - 1)
    let lower = UInt64(index % 8 + 8) << shift
    return lower...(lower + (1 << shift) - 1)
  }

  /// Counts an interval; one below zero counts as zero.
  public mutating func add(_ interval: Nanoseconds) {
    let length = UInt64(max(interval.count, 0))
    let bucket = Self.bucket(ofNanoseconds: length)
    while counts.count <= bucket { counts.append(0) }
    counts[bucket] += 1
    longestNs = max(longestNs, Nanoseconds(Int64(clamping: length)))
  }

  /// Adds another histogram's intervals.
  public static func += (left: inout Self, right: Self) {
    while left.counts.count < right.counts.count { left.counts.append(0) }
    for (index, count) in right.counts.enumerated() { left.counts[index] += count }
    left.longestNs = max(left.longestNs, right.longestNs)
  }

  /// The smallest length that at least `probability` of the intervals do not exceed, up to the width of its
  /// bucket: the bucket's middle, and never more than the longest interval. `nil` without intervals.
  public func quantile(_ probability: Double) -> Nanoseconds? {
    let all = total
    guard all > 0 else { return nil }
    let rank = min(max(Int((probability * Double(all)).rounded(.up)), 1), all)
    var passed = 0
    for (index, count) in counts.enumerated() {
      passed += count
      guard passed >= rank else { continue }
      let range = Self.range(ofBucket: index)
      return min(
        Nanoseconds(Int64(clamping: range.lowerBound + (range.upperBound - range.lowerBound) / 2)), longestNs)
    }
    return longestNs
  }
}

/// As two lists, `bucket` and `count`, of the buckets that are not empty: most are.
extension DurationHistogram: Codable {
  private enum CodingKeys: String, CodingKey {
    case bucket, count, longestNs
  }

  /// Reads what ``encode(to:)`` wrote; refuses lists that do not match and buckets that do not exist.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let buckets = try container.decode([Int].self, forKey: .bucket)
    let numbers = try container.decode([Int].self, forKey: .count)
    guard buckets.count == numbers.count, buckets.allSatisfy((0..<Self.bucketCount).contains),
      numbers.allSatisfy({ $0 >= 0 && $0 < 1 << 48 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .bucket, in: container, debugDescription: "its buckets and counts do not match")
    }
    var counts = [Int](repeating: 0, count: (buckets.max() ?? -1) + 1)
    for (bucket, number) in zip(buckets, numbers) { counts[bucket] += number }
    self.init(counts: counts, longestNs: try container.decode(Nanoseconds.self, forKey: .longestNs))
  }

  /// Writes the buckets that are not empty.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let filled = counts.indices.filter { counts[$0] > 0 }
    try container.encode(filled, forKey: .bucket)
    try container.encode(filled.map { counts[$0] }, forKey: .count)
    try container.encode(longestNs, forKey: .longestNs)
  }
}
