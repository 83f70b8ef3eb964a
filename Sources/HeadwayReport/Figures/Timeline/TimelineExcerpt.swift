import HeadwayTrace

/// A few steps of a trace, limited in size: what a page draws as its timeline.
///
/// Everything is cut to the excerpt's ends. What was left out is said in ``omissions``, never silently.
///
///     let excerpt = try TimelineExcerpt(reading: reader, warmupSteps: summary.throughput.warmupSteps)
public struct TimelineExcerpt: Equatable, Sendable {
  /// A row: a thread of the trace.
  public struct Row: Equatable, Sendable {
    /// The thread's position in the trace.
    public var thread: Int
    /// The thread's name.
    public var name: String
    /// What it is for; absent where the recorder did not know.
    public var role: ThreadRole?
    /// When a thread filled the row; the whole excerpt where the trace does not say.
    public var presence: [Stretch]
  }

  /// A piece of time.
  public struct Stretch: Equatable, Sendable {
    /// Its begin.
    public var begin: Instant
    /// Its end, not part of it.
    public var end: Instant
  }

  /// A thread in a state. Spans nest: one of a greater depth lies over those around it.
  public struct Span: Equatable, Sendable {
    /// The row's position in ``rows``.
    public var row: Int
    /// The state's position in ``states``.
    public var state: Int
    /// The part of the span that lies in the excerpt.
    public var time: Stretch
    /// The length of the whole span.
    public var wallNs: Nanoseconds
    /// The CPU time in the whole span.
    public var cpuNs: Nanoseconds
    /// States around it.
    public var depth: Int
  }

  /// A crossing of a barrier by those who are drawn.
  public struct Episode: Equatable, Sendable {
    /// The barrier's name.
    public var site: String
    /// The barrier's generation.
    public var generation: UInt32
    /// The first arrival.
    public var first: Instant
    /// When the barrier opened.
    public var release: Instant
    /// The row that arrived last, and when; absent when it is not drawn.
    public var last: (row: Int, arrival: Instant)?
    /// The first and the last row that took part.
    public var rows: ClosedRange<Int>

    /// Compares by value.
    public static func == (left: Self, right: Self) -> Bool {
      left.site == right.site && left.generation == right.generation && left.first == right.first
        && left.release == right.release && left.rows == right.rows && left.last?.row == right.last?.row
        && left.last?.arrival == right.last?.arrival
    }
  }

  /// A step.
  public struct Step: Equatable, Sendable {
    /// Its number.
    public var index: Int
    /// Its time, which may reach beyond the excerpt.
    public var time: Stretch
  }

  /// A piece of the critical path that lies on a row that is drawn.
  public struct PathPiece: Equatable, Sendable {
    /// The row's position in ``rows``.
    public var row: Int
    /// What the thread was doing.
    public var state: String
    /// The part that lies in the excerpt.
    public var time: Stretch
  }

  /// The time that is shown.
  public var time: Stretch
  /// The rows from top to bottom.
  public var rows: [Row]
  /// The states.
  public var states: [StateDefinition]
  /// The spans by depth, so that later ones lie over earlier ones, then by time and row.
  public var spans: [Span]
  /// The episodes whose opening lies in the excerpt, by time.
  public var episodes: [Episode]
  /// The steps that reach into the excerpt, by time.
  public var steps: [Step]
  /// The critical path through the excerpt, in time; empty where it was not followed.
  public private(set) var path: [PathPiece] = []
  /// What was left out, in sentences.
  public var omissions: [String]

  /// The length of the excerpt.
  public var lengthNs: Nanoseconds { time.end - time.begin }

  /// Draws the critical path in: what of it lies in the excerpt and on its rows. The rest is among the
  /// ``omissions``.
  public mutating func mark(criticalPath segments: [PathSegment]) {
    let rowOfThread = Dictionary(
      rows.enumerated().map { ($0.element.thread, $0.offset) }, uniquingKeysWith: { first, _ in first })
    var hidden = Nanoseconds.zero
    path = segments.compactMap { segment in
      let part = Stretch(begin: max(segment.start, time.begin), end: min(segment.end, time.end))
      guard part.begin < part.end else { return nil }
      guard let row = rowOfThread[segment.thread] else {
        hidden += part.end - part.begin
        return nil
      }
      return PathPiece(row: row, state: segment.state, time: part)
    }
    if hidden > .zero {
      omissions.append(
        "\(Numerals.share(hidden / lengthNs)) of the critical path lies on threads that are not shown")
    }
  }

  /// The excerpt with only those pieces of the path that a closure keeps, as it gives them.
  func cuttingPath(_ keep: (PathPiece) -> PathPiece?) -> TimelineExcerpt {
    var excerpt = self
    excerpt.path = path.compactMap(keep)
    return excerpt
  }

  /// How much of an excerpt is kept.
  public struct Limits: Equatable, Sendable {
    /// Steps in a row.
    public var steps: Int
    /// Rows of threads.
    public var rows: Int
    /// Spans and episodes.
    public var marks: Int
    /// Limits that keep a page under a megabyte.
    public init(steps: Int = 3, rows: Int = 66, marks: Int = 3_000) {
      self.steps = steps
      self.rows = rows
      self.marks = marks
    }
  }
}
