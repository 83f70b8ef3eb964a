/// When one thread completed its tasks: counts over equal periods from the window's begin.
///
/// The periods are the same for every thread of a run; the last one may reach beyond the window's end.
public struct ThreadProgress: Codable, Equatable, Sendable {
  /// The length of a period.
  public var periodNs: Nanoseconds
  /// Tasks completed in each period.
  public var tasks: [Int]
  /// When the thread ended for good, from the window's begin; absent when it was there at the window's end.
  public var endedNs: Nanoseconds?
  /// Pairs a period with its counts.
  public init(periodNs: Nanoseconds, tasks: [Int], endedNs: Nanoseconds? = nil) {
    self.periodNs = periodNs
    self.tasks = tasks
    self.endedNs = endedNs
  }
}
