/// An event of a trace, decoded.
public enum TraceEvent: Equatable, Sendable {
  /// A thread was in a state.
  case span(StateSpan)
  /// A thread performed a short operation.
  case operation(OperationSpan)
  /// A thread crossed a barrier.
  case crossing(BarrierCrossing)
  /// A thread waited at a site that is no barrier.
  case wait(Wait)
  /// A step was done.
  case step(StepMark)
  /// A thread took a row up.
  case began(thread: Int, threadID: ThreadID, at: Instant)
  /// A thread gave a row up.
  case ended(thread: Int, at: Instant)
  /// A thread entered a state that others lie in.
  case entered(StateEntry)
  /// A thread completed work.
  case completed(Completion)
  /// What a thread was doing when it last used the chunk that has just been read.
  case current(thread: Int, CurrentState)
}

/// What a pass over a trace's events left out.
public struct TraceOmissions: Equatable, Sendable {
  /// Records that name a thread, state or site that the file does not define, or half a crossing.
  public var undefinedRecords = 0
  /// Chunks that ended before they should have.
  public var cutChunks = 0
}
