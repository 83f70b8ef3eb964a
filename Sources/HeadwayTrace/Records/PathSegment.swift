/// A stretch of a run's critical path on one thread: the chain of work and waits that decided how long it took.
public struct PathSegment: Equatable, Sendable {
  /// The thread's position in the trace.
  public var thread: Int
  /// What the thread was doing: a state's name, or that it did not exist.
  public var state: String
  /// The beginning.
  public var start: Instant
  /// The end, not part of it.
  public var end: Instant
  /// Assembles a segment.
  public init(thread: Int, state: String, start: Instant, end: Instant) {
    self.thread = thread
    self.state = state
    self.start = start
    self.end = end
  }
}
