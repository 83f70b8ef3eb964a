import HeadwayTrace

extension TimelineThread {
  /// Hands out what the thread was doing between two instants, cut to them.
  ///
  /// Complexity: O(log intervals + pieces).
  @inline(__always)
  func forEachPiece(
    from start: Instant, to end: Instant,
    _ body: (_ interval: StateInterval, _ from: Instant, _ to: Instant) -> Void
  ) {
    var index = intervals.partitionPoint { $0.end > start }
    while index < intervals.count, intervals[index].start < end {
      let interval = intervals[index]
      body(interval, max(interval.start, start), min(interval.end, end))
      index += 1
    }
  }

  /// The interval that ends at or after an instant and begins before it.
  func interval(before instant: Instant) -> Int? {
    let index = intervals.partitionPoint { $0.end >= instant }
    return index < intervals.count && intervals[index].start < instant ? index : nil
  }

  /// The wait that an instant ends or lies in, its beginning excluded.
  func wait(reaching instant: Instant) -> Int? {
    let index = waits.partitionPoint { $0.end >= instant }
    return index < waits.count && waits[index].start < instant ? index : nil
  }
}

/// What one thread did between two instants: its time by context, and the parts of its waits in which what it
/// waited for had not happened yet. Waking up counts to the context of the wait.
struct TimeSplit {
  /// Time by context, waits left out.
  var times: [Nanoseconds]
  /// Parts of waits, by their position in the thread's ``TimelineThread/waits``.
  private(set) var waits: [(wait: Int, from: Instant, to: Instant)] = []
  /// The length of ``waits``.
  private(set) var waited = Nanoseconds.zero

  /// Splits the time of a thread.
  init(_ thread: TimelineThread, from start: Instant, to end: Instant, contexts: [TimelineContext]) {
    var times = [Nanoseconds](repeating: .zero, count: contexts.count)
    var parts: [(wait: Int, from: Instant, to: Instant)] = []
    var waited = Nanoseconds.zero
    var next = thread.waits.partitionPoint { $0.end > start }
    thread.forEachPiece(from: start, to: end) { interval, from, to in
      var rest = to - from
      if contexts[interval.context].isWaiting {
        while next < thread.waits.count, thread.waits[next].end <= from { next += 1 }
        var index = next
        while index < thread.waits.count, thread.waits[index].start < to {
          let wait = thread.waits[index]
          let begin = max(from, wait.start)
          let opened = min(to, wait.opened)
          if opened > begin {
            parts.append((index, begin, opened))
            waited += opened - begin
            rest = rest - (opened - begin)
          }
          index += 1
        }
      }
      times[interval.context] += rest
    }
    self.times = times
    self.waits = parts
    self.waited = waited
  }
}

/// Something that a cause is made of: one thread in one context.
struct CauseTable {
  /// Times in nanoseconds, by thread and context.
  private(set) var values: [Double]
  private let width: Int

  init(threads: Int, contexts: Int) {
    values = Array(repeating: 0, count: threads * contexts)
    width = contexts
  }

  subscript(thread: Int, context: Int) -> Double {
    get { values[thread * width + context] }
    set { values[thread * width + context] = newValue }
  }

  /// The sum of all.
  var total: Double { values.reduce(0, +) }

  /// Those above zero, the largest first.
  var ranked: [(thread: Int, context: Int, value: Double)] {
    values.enumerated().filter { $0.element > 0 }.sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
      .map { ($0.offset / width, $0.offset % width, $0.element) }
  }
}
