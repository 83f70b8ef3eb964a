import HeadwayTrace

/// How long a window would have taken if synchronising cost nothing: everybody does what it did for as long as it
/// did, a barrier lets all go at its last arrival, and a waiter goes on at the very act that it waited for.
///
/// Each thread has a clock of its own that runs while the thread does not wait. An opening sets the clocks of those
/// who waited to the latest of all arrivals, an act sets the waiter's to the blocker's, where that is later. The
/// length is the latest clock at the end: the critical path without wake-ups. Waits of which nobody knows what
/// ended them take the time that they took.
///
/// With a ``Change`` a context takes less time than it did: there the clocks run slower. Then openings cost what they
/// did, so that without any share taken away the length is the window's own.
///
/// Complexity: O(waits · log waits).
struct IdealLength {
  private enum Happening {
    /// A wait ended: the thread goes on, at the clock that was set.
    case goesOn(thread: Int)
    /// A blocker acted.
    case acts(thread: Int, wait: Int)
    /// A barrier opened.
    case opens(episode: Int)

    /// Those who go on come before whatever they do at that moment.
    var rank: Int { if case .goesOn = self { 0 } else { 1 } }
  }

  /// A context that takes less time.
  struct Change {
    /// The position in ``Timeline/contexts``.
    var context: Int
    /// The share of its time that is taken away, 0 … 1.
    var share: Double
  }

  private let timeline: Timeline
  /// Where each thread is in the changed context; empty without a change.
  private let changed: [CoveredTime]
  private let share: Double
  /// What each thread's clock is behind the real one.
  private var saved: [Nanoseconds]
  /// The clock at which each waiting thread will go on.
  private var target: [Nanoseconds]

  /// The length of the window without the cost of synchronising; at most its real length.
  static func length(of timeline: Timeline) -> Nanoseconds {
    var clocks = IdealLength(timeline, nil)
    return clocks.run()
  }

  /// The length of the window with one context that takes less time, and openings that cost what they did.
  static func length(of timeline: Timeline, with change: Change) -> Nanoseconds {
    var clocks = IdealLength(timeline, change)
    return clocks.run()
  }

  private init(_ timeline: Timeline, _ change: Change?) {
    self.timeline = timeline
    share = change?.share ?? 0
    changed =
      change.map { change in
        timeline.threads.map { thread in
          var covered = CoveredTime()
          for interval in thread.intervals where interval.context == change.context {
            covered.add(interval.start, interval.end)
          }
          return covered
        }
      } ?? []
    saved = Array(repeating: .zero, count: timeline.threads.count)
    target = saved
  }

  private mutating func run() -> Nanoseconds {
    for happening in happenings() {
      switch happening.what {
      case .goesOn(let thread): goOn(thread, at: happening.at)
      case .acts(let thread, let wait): act(endingWait: wait, of: thread)
      case .opens(let episode): open(timeline.episodes[episode])
      }
    }
    return timeline.threads.indices.map { clockAtEnd(of: $0) }.max() ?? .zero
  }

  private func clock(of thread: Int, at instant: Instant) -> Nanoseconds {
    pace(of: thread, upTo: instant) - saved[thread]
  }

  /// What passes of a thread's own time, waits included.
  private func pace(of thread: Int, upTo instant: Instant) -> Nanoseconds {
    let passed = max(instant - timeline.begin, .zero)
    guard !changed.isEmpty else { return passed }
    let inside = changed[thread].overlap(timeline.begin, instant)
    return passed - Nanoseconds(Int64(Double(inside.count) * share))
  }

  /// A thread goes on at the clock that was set.
  private mutating func goOn(_ thread: Int, at instant: Instant) {
    saved[thread] = pace(of: thread, upTo: instant) - target[thread]
  }

  /// What a wait still took once it was over, where that counts.
  private func waking(from opened: Instant, to end: Instant) -> Nanoseconds {
    changed.isEmpty ? .zero : max(end - opened, .zero)
  }

  private mutating func act(endingWait index: Int, of thread: Int) {
    let wait = timeline.threads[thread].waits[index]
    guard let blocker = wait.blocker else { return }
    let (own, other) = (clock(of: thread, at: wait.start), clock(of: blocker, at: wait.opened))
    target[thread] = other > own ? other + waking(from: wait.opened, to: wait.end) : own
    if wait.end == wait.opened { goOn(thread, at: wait.end) }
  }

  private mutating func open(_ episode: BarrierEpisode) {
    let opening = episode.participants.map { clock(of: $0.thread, at: max($0.arrival, timeline.begin)) }.max()
    guard let opening else { return }
    for crossing in episode.participants {
      target[crossing.thread] = opening + waking(from: episode.release, to: crossing.departure)
      if crossing.departure <= episode.release { goOn(crossing.thread, at: episode.release) }
    }
  }

  /// A wait that the window cuts short had not gone on by its end.
  private func clockAtEnd(of thread: Int) -> Nanoseconds {
    guard let last = timeline.threads[thread].waits.last, last.end >= timeline.end, last.blocker == nil else {
      return clock(of: thread, at: timeline.end)
    }
    if case .barrier = last.cause { return clock(of: thread, at: timeline.end) }
    return clock(of: thread, at: last.start)
  }

  private func happenings() -> [(at: Instant, what: Happening)] {
    var happenings: [(at: Instant, what: Happening)] = []
    for (index, episode) in timeline.episodes.enumerated()
    where episode.release > timeline.begin && episode.release <= timeline.end {
      happenings.append((episode.release, .opens(episode: index)))
      for crossing in episode.participants where crossing.departure > episode.release {
        happenings.append((min(crossing.departure, timeline.end), .goesOn(thread: crossing.thread)))
      }
    }
    for (thread, row) in timeline.threads.enumerated() {
      for (index, wait) in row.waits.enumerated() where wait.blocker != nil {
        if case .barrier = wait.cause { continue }
        happenings.append((wait.opened, .acts(thread: thread, wait: index)))
        if wait.end > wait.opened { happenings.append((wait.end, .goesOn(thread: thread))) }
      }
    }
    return happenings.sorted { ($0.at, $0.what.rank) < ($1.at, $1.what.rank) }
  }
}
