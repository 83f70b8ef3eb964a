import HeadwayTrace

/// Samples in a fixed amount of memory: when it is full, every second one goes and from then on only every
/// second is kept, so that the series spans the whole run at equal distances. The largest is kept apart.
package struct MemorySeries: Sendable {
  /// The samples kept, in order.
  package private(set) var kept: [MemorySample] = []
  /// Samples given.
  package private(set) var taken = 0
  /// The first sample with the largest resident set.
  package private(set) var peak: MemorySample?
  private let capacity: Int
  private var stride = 1

  /// A series of at most `capacity` samples, at least two; appending never allocates.
  package init(capacity: Int = 256) {
    precondition(capacity >= 2, "a series of fewer than two samples")
    self.capacity = capacity
    kept.reserveCapacity(capacity)
  }

  /// Adds a sample.
  package mutating func append(_ sample: MemorySample) {
    if let rss = sample.rssBytes, rss > peak?.rssBytes ?? -1 { peak = sample }
    defer { taken += 1 }
    guard taken % stride == 0 else { return }
    if kept.count == capacity {
      for place in 0..<(capacity + 1) / 2 { kept[place] = kept[2 * place] }
      kept.removeLast(capacity / 2)
      stride *= 2
      guard taken % stride == 0 else { return }
    }
    kept.append(sample)
  }
}
