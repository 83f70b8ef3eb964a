import HeadwayTrace

/// How long a window would have taken if synchronising cost nothing: everybody does what it did for as long as it
/// did, a barrier lets all go at its last arrival, and a waiter goes on at the very act that it waited for.
///
/// Each thread has a clock of its own that runs while the thread does not wait. An opening sets the clocks of those
/// who waited to the latest of all arrivals, an act sets the waiter's to the blocker's, where that is later. The
/// length is the latest clock at the end: the critical path without wake-ups. Waits of which nobody knows what
/// ended them take the time that they took.
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

  private let timeline: Timeline
  /// What each thread's clock is behind the real one.
  private var saved: [Nanoseconds]
  /// The clock at which each waiting thread will go on.
  private var target: [Nanoseconds]

  /// The length of the window without the cost of synchronising; at most its real length.
  static func length(of timeline: Timeline) -> Nanoseconds {
    var clocks = IdealLength(timeline)
    return clocks.run()
  }

  private init(_ timeline: Timeline) {
    self.timeline = timeline
    saved = Array(repeating: .zero, count: timeline.threads.count)
    target = saved
  }

  private mutating func run() -> Nanoseconds {
    for happening in happenings() {
      switch happening.what {
      case .goesOn(let thread): saved[thread] = (happening.at - timeline.begin) - target[thread]
      case .acts(let thread, let wait): act(endingWait: wait, of: thread)
      case .opens(let episode): open(timeline.episodes[episode])
      }
    }
    return timeline.threads.indices.map { clockAtEnd(of: $0) }.max() ?? .zero
  }

  private func clock(of thread: Int, at instant: Instant) -> Nanoseconds {
    max(instant - timeline.begin, .zero) - saved[thread]
  }

  private mutating func act(endingWait index: Int, of thread: Int) {
    let wait = timeline.threads[thread].waits[index]
    guard let blocker = wait.blocker else { return }
    target[thread] = max(clock(of: thread, at: wait.start), clock(of: blocker, at: wait.opened))
    if wait.end == wait.opened { saved[thread] = (wait.end - timeline.begin) - target[thread] }
  }

  private mutating func open(_ episode: BarrierEpisode) {
    let opening = episode.participants.map { clock(of: $0.thread, at: max($0.arrival, timeline.begin)) }.max()
    guard let opening else { return }
    for crossing in episode.participants {
      target[crossing.thread] = opening
      if crossing.departure <= episode.release {
        saved[crossing.thread] = (episode.release - timeline.begin) - opening
      }
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
