/// What it costs a core to turn from one thread with much data to another: its own cache holds the other's.
package struct RefillCost: Equatable, Sendable {
  /// The threads with much data.
  package var threads: Range<Int>
  /// Nanoseconds of the core for each turn between two of them.
  package var coreNs: Double

  /// Describes a cost.
  package init(threads: Range<Int>, coreNs: Double) {
    self.threads = threads
    self.coreNs = coreNs
  }

  /// Turning costs nothing.
  package static let none = RefillCost(threads: 0..<0, coreNs: 0)

  /// A usual second-level cache, in bytes, and what it is filled with by the next level, in bytes per nanosecond. Round
  /// figures: a recorded run says nothing of either. A filled cache is written back while it is filled again, so the
  /// rate is a part of what such a core reads with.
  package static let (cacheBytes, bytesPerNs) = (1_048_576.0, 30.0)

  /// What workers cost that share cores, each of whose tasks moves so many bytes; nothing where each has a core.
  static func usual(workers: Range<Int>, cores: Int, taskBytes: Double) -> RefillCost {
    guard workers.count > cores else { return .none }
    return RefillCost(threads: workers, coreNs: min(taskBytes, cacheBytes) / bytesPerNs)
  }
}
