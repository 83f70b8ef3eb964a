import HeadwayTrace

/// When one thread worked: the spans of its useful states, each without the spans inside it.
///
/// A span is recorded when it ends, after the spans inside it, so those wait here until the span around them
/// claims them. Times are nanoseconds on the trace's clock.
struct ThreadActivity {
  /// One span of a useful state.
  struct Work {
    /// The state's number.
    var state: Int
    /// Where its pieces lie in ``ThreadActivity/pieces``.
    var range: Range<Int>
    /// Wall time of the pieces.
    var wall: Int64
    /// CPU time of the pieces.
    var cpu: Int64
    /// The share of its wall time in which the thread had a CPU, 0 … 1.
    var onCPU: Double { wall > 0 ? min(Double(cpu) / Double(wall), 1) : 0 }
  }

  private struct Child {
    var from: Int64
    var to: Int64
    var cpu: Int64
  }

  /// Levels that are kept apart; the recorder keeps 32.
  private static let depthLimit = 64

  /// The row's name.
  let name: String
  /// What the thread is for.
  let role: ThreadRole
  /// Its working spans in the order of their ends.
  private(set) var works: [Work] = []
  /// The stretches of time that they consist of.
  private(set) var pieces: [(from: Int64, to: Int64)] = []
  /// The end of the last span that was kept.
  private(set) var lastEnd = Int64.min
  private var levels: [[Child]] = []

  init(_ recorded: RecordedThread) {
    name = recorded.name
    role = recorded.role ?? .worker
  }

  /// Forgets the spans that nothing will claim.
  mutating func leaveEverything() {
    for level in levels.indices { levels[level].removeAll() }
  }

  /// Adds a span; only a useful one becomes a work, but every one is time that the span around it lacks.
  mutating func add(_ span: StateSpan, isUseful: Bool, window: Range<Int64>) {
    let (from, to) = (span.start.sinceOrigin.count, span.end.sinceOrigin.count)
    let depth = min(max(span.depth, 0), Self.depthLimit - 1)
    let inside = claim(below: depth)
    if depth > 0 {
      while levels.count <= depth { levels.append([]) }
      levels[depth].append(Child(from: from, to: to, cpu: span.cpuNs.count))
    }
    lastEnd = max(lastEnd, to)
    guard isUseful, from < window.upperBound, to > window.lowerBound else { return }
    let first = pieces.count
    var (cursor, exclusive, wall) = (from, Int64(0), Int64(0))
    for child in inside + [Child(from: to, to: to, cpu: 0)] {
      if child.from > cursor {
        exclusive += child.from - cursor
        let piece = (max(cursor, window.lowerBound), min(child.from, window.upperBound))
        if piece.1 > piece.0 {
          pieces.append((piece.0, piece.1))
          wall += piece.1 - piece.0
        }
      }
      cursor = max(cursor, child.to)
    }
    let cpu = max(span.cpuNs.count - inside.reduce(0) { $0 + $1.cpu }, 0)
    guard wall > 0 else { return }
    let kept = wall == exclusive ? cpu : Int64(Double(cpu) * Double(wall) / Double(exclusive))
    works.append(Work(state: span.state, range: first..<pieces.count, wall: wall, cpu: kept))
  }

  /// Takes the spans that lie in one of this level, in the order of their starts.
  private mutating func claim(below depth: Int) -> [Child] {
    var inside: [Child] = []
    guard depth + 1 < levels.count else { return inside }
    for level in (depth + 1)..<levels.count where !levels[level].isEmpty {
      inside += levels[level]
      levels[level].removeAll(keepingCapacity: true)
    }
    return inside.sorted { $0.from < $1.from }
  }

  /// The pieces of all works, each as high as `height` says of its work.
  func steps(_ height: (Work) -> Double) -> [StepFunction.Piece] {
    works.flatMap { work in pieces[work.range].map { ($0.from, $0.to, height(work)) } }
  }
}
