import HeadwayTrace

/// Turns one thread's states, which a trace records when they end, into begins and ends in the order of time
/// that a viewer needs: of two that begin together, the outer one first.
///
/// A state that others lie in is announced before them (``TraceEvent/entered(_:)``), so nothing has to be
/// kept but the announced ones that are open. In recordings without announcements, of version 1 and of
/// importers, the inner states are held until the outermost one ends, at most ``limit`` of them.
struct SliceNesting {
  /// An edge of a slice.
  enum Edge: Equatable {
    /// A state begins.
    case begin(state: Int, at: Instant)
    /// The innermost open state ends, its CPU time known unless its own end was not recorded.
    case end(at: Instant, cpuNs: Nanoseconds?)
  }

  /// States held at once.
  static let limit = 1 << 16

  /// A held state with those inside it, as edges in the order of time.
  private struct Held {
    var depth: Int
    var edges: [Edge]
  }

  private var open: [StateEntry] = []
  private var held: [Held] = []
  private var heldStates = 0
  /// Announced states whose ends were not recorded.
  private(set) var endless = 0

  /// The edges that an announced state adds.
  mutating func enter(_ entry: StateEntry, _ emit: (Edge) -> Void) {
    flush(emit)
    close(downTo: entry.depth, at: entry.at, emit)
    open.append(entry)
    emit(.begin(state: entry.state, at: entry.at))
  }

  /// The edges that a state which ended adds.
  mutating func add(_ span: StateSpan, _ emit: (Edge) -> Void) {
    if let index = open.lastIndex(where: { $0.depth <= span.depth }), open[index].depth == span.depth,
      open[index].state == span.state, open[index].at == span.start
    {
      flush(emit)
      close(downTo: span.depth + 1, at: span.end, emit)
      open.removeLast()
      emit(.end(at: span.end, cpuNs: span.cpuNs))
      return
    }
    let ends = [
      Edge.begin(state: span.state, at: span.start), .end(at: span.end, cpuNs: span.cpuNs),
    ]
    let canLeave = span.depth == 0 || open.last?.depth == span.depth - 1
    if canLeave && held.isEmpty { return ends.forEach(emit) }
    // States end inside out: the deeper ones that were held just before lie in this one.
    let first = held.lastIndex { $0.depth <= span.depth }.map { $0 + 1 } ?? 0
    let inner = held[first...].flatMap(\.edges)
    held.removeSubrange(first...)
    held.append(Held(depth: span.depth, edges: [ends[0]] + inner + [ends[1]]))
    heldStates += 1
    if canLeave || heldStates >= Self.limit { flush(emit) }
  }

  /// The edges that are left at the end of the recording; states that are open then stay open.
  mutating func finish(_ emit: (Edge) -> Void) {
    flush(emit)
    endless += open.count
    open = []
  }

  /// Ends announced states of a depth and below that were not seen to end, where something tells that they
  /// are over.
  private mutating func close(downTo depth: Int, at instant: Instant, _ emit: (Edge) -> Void) {
    while let last = open.last, last.depth >= depth {
      open.removeLast()
      endless += 1
      emit(.end(at: instant, cpuNs: nil))
    }
  }

  /// Hands out what is held.
  private mutating func flush(_ emit: (Edge) -> Void) {
    for state in held { state.edges.forEach(emit) }
    held.removeAll(keepingCapacity: true)
    heldStates = 0
  }
}
