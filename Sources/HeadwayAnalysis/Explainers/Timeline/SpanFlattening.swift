import HeadwayTrace

/// Cuts the nested spans of one thread into intervals of the innermost state.
///
/// Spans come by their start, an enclosing one before those inside it. A span that reaches beyond the one around
/// it, which only a damaged trace has, is cut there. The exclusive CPU time of a span is its own less that of the
/// spans directly inside it, and is shared out over its intervals by their length.
///
/// Complexity: O(spans).
struct SpanFlattening {
  /// A stretch of the innermost state.
  struct Piece {
    var start: Instant
    var end: Instant
    var state: Int
    /// The span that it belongs to, by the order of ``add(_:isWaiting:)``.
    var span: Int
  }

  private struct Open {
    var state: Int
    var end: Instant
    var depth: Int
    var span: Int
  }

  /// The pieces so far, in time.
  private(set) var pieces: [Piece] = []
  /// States with waits directly inside them.
  private(set) var enclosing: Set<Int> = []
  private var walls: [Int64] = []
  private var cpus: [Int64] = []
  private var stack: [Open] = []
  /// Up to where pieces have been cut; at first before any instant.
  private var cursor = Instant(Nanoseconds(.min / 2))

  init(spans: Int) {
    pieces.reserveCapacity(2 * spans)
    walls.reserveCapacity(spans)
    cpus.reserveCapacity(spans)
  }

  /// Adds the span that starts next.
  mutating func add(_ span: StateSpan, isWaiting: Bool) {
    while let top = stack.last, top.depth >= span.depth || top.end <= span.start { close(top) }
    let number = walls.count
    walls.append(0)
    cpus.append(max(span.cpuNs.count, 0))
    var end = span.end
    if let top = stack.last {
      emit(top, upTo: span.start)
      cpus[top.span] -= max(span.cpuNs.count, 0)
      end = min(end, top.end)
      if isWaiting { enclosing.insert(top.state) }
    }
    cursor = max(cursor, span.start)
    stack.append(Open(state: span.state, end: end, depth: span.depth, span: number))
  }

  /// Ends every open span.
  mutating func finish() {
    while let top = stack.last { close(top) }
  }

  /// The part of a piece in which the thread was on a CPU.
  func onCpu(_ piece: Piece, from start: Instant, to end: Instant) -> Nanoseconds {
    let wall = walls[piece.span]
    let length = (end - start).count
    guard wall > 0 else { return .zero }
    let share = min(max(Double(cpus[piece.span]) / Double(wall), 0), 1)
    return Nanoseconds(share == 1 ? length : min(Int64(Double(length) * share), length))
  }

  private mutating func close(_ top: Open) {
    emit(top, upTo: top.end)
    stack.removeLast()
  }

  private mutating func emit(_ open: Open, upTo instant: Instant) {
    guard instant > cursor else { return }
    pieces.append(Piece(start: cursor, end: instant, state: open.state, span: open.span))
    walls[open.span] += (instant - cursor).count
    cursor = instant
  }
}
