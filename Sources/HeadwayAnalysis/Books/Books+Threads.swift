import HeadwayTrace

extension Books {
  /// Adds up the books of a run's threads. The closure error is what the sum shows, not what it should be.
  ///
  /// The tool's own threads are left out: they sleep, and n · R is of the program's threads. Their own rows
  /// say what they used.
  package init(threads: [ThreadBook], windowNs: Nanoseconds, foreign: ForeignTime? = nil) {
    let threads = threads.filter { $0.role != .sampler }
    var categories: [String: Nanoseconds] = [:]
    for category in StateCategory.allCases {
      categories[category.rawValue + "_ns"] = threads.reduce(.zero) { $0 + $1.time(category) }
    }
    let expected = Double(threads.count) * Double(windowNs.count)
    let sum = categories.values.reduce(Nanoseconds.zero, +)
    let missing = sum - Nanoseconds(Int64(threads.count) * windowNs.count)
    let unknown = Double((categories["unknown_ns"] ?? .zero).count)
    self.init(
      wallNs: windowNs, threadCount: threads.count, categories: categories,
      unknownShare: ratio(unknown, expected), closureError: ratio(Double(missing.count.magnitude), expected),
      foreign: foreign)
  }
}
