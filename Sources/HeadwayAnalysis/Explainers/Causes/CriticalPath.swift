import HeadwayTrace

/// The chain of work that decided how long the window took (method 6).
///
/// Followed backwards from the thread that worked last: at the end of a wait it goes over to whoever ended it, at
/// the moment of that act; before a thread's creation it goes over to its creator. A wait that nothing explains
/// stays on the path.
///
/// Invariant: the segments tile the window exactly.
package struct CriticalPath: Sendable {
  /// A stretch of the path on one thread, in one context.
  package struct Segment: Equatable, Sendable {
    /// The thread's position in ``Timeline/threads``.
    package var thread: Int
    /// The position in ``Timeline/contexts``.
    package var context: Int
    /// The beginning.
    package var start: Instant
    /// The end, not part of it.
    package var end: Instant
  }

  /// The segments, in time. Neighbours differ in thread or context.
  package private(set) var segments: [Segment] = []
  /// Changes of thread.
  package private(set) var changesOfThread = 0

  private let timeline: Timeline

  /// Follows the path through a timeline.
  package init(_ timeline: Timeline) {
    self.timeline = timeline
    guard var thread = lastWorking() else { return }
    var now = timeline.end
    /// Changes of thread without any time between them: as many as threads would be a circle.
    var stalled = 0
    while now > timeline.begin {
      let row = timeline.threads[thread]
      guard let index = row.wait(reaching: now) else {
        now = followWork(of: thread, from: now)
        stalled = 0
        continue
      }
      let wait = row.waits[index]
      let opened = arrival(at: wait)
      if let blocker = wait.blocker, opened > wait.start, opened <= now, stalled <= timeline.threads.count {
        stalled = opened == now ? stalled + 1 : 0
        append(thread, from: opened, to: now)
        changesOfThread += 1
        (thread, now) = (blocker, opened)
      } else {
        append(thread, from: wait.start, to: now)
        now = wait.start
        stalled = 0
      }
    }
    segments.reverse()
  }

  /// When the blocker acted: at a barrier the last arrival, which is also the opening.
  private func arrival(at wait: TimelineWait) -> Instant {
    guard case .barrier(let number, _) = wait.cause else { return wait.opened }
    let episode = timeline.episodes[number]
    return episode.last.map { min(episode.participants[$0].arrival, wait.opened) } ?? wait.opened
  }

  /// The thread that worked last; of several the one that hands out work.
  private func lastWorking() -> Int? {
    func lastWork(_ thread: Int) -> Instant {
      let work = timeline.threads[thread].intervals.last { timeline.contexts[$0.context].isUseful }
      return work?.end ?? timeline.begin
    }
    let ends = timeline.threads.indices.map { ($0, lastWork($0)) }
    return ends.max { left, right in
      let (main, other) = (timeline.threads[left.0].role == .main, timeline.threads[right.0].role == .main)
      return (left.1, main ? 1 : 0, right.0) < (right.1, other ? 1 : 0, left.0)
    }?.0
  }

  /// Adds the interval before an instant, back to the end of the thread's wait before it.
  private mutating func followWork(of thread: Int, from now: Instant) -> Instant {
    let row = timeline.threads[thread]
    guard let index = row.interval(before: now) else { return timeline.begin }
    let before = row.waits.partitionPoint { $0.end > now } - 1
    let floor = before >= 0 && row.waits[before].end < now ? row.waits[before].end : timeline.begin
    let from = max(row.intervals[index].start, floor, timeline.begin)
    append(thread, context: row.intervals[index].context, from: from, to: now)
    return from
  }

  /// Adds a stretch in which a thread waited, woke up or did not exist.
  private mutating func append(_ thread: Int, from start: Instant, to end: Instant) {
    guard end > start else { return }
    var parts: [(context: Int, from: Instant, to: Instant)] = []
    timeline.threads[thread].forEachPiece(from: start, to: end) { interval, from, to in
      parts.append((interval.context, from, to))
    }
    for part in parts.reversed() { append(thread, context: part.context, from: part.from, to: part.to) }
  }

  private mutating func append(_ thread: Int, context: Int, from start: Instant, to end: Instant) {
    guard end > start else { return }
    if let last = segments.indices.last, segments[last].thread == thread, segments[last].context == context,
      segments[last].start == end
    {
      segments[last].start = start
    } else {
      segments.append(Segment(thread: thread, context: context, start: start, end: end))
    }
  }

  /// Time on the path by thread and context.
  var table: CauseTable {
    var table = CauseTable(threads: timeline.threads.count, contexts: timeline.contexts.count)
    for segment in segments {
      table[segment.thread, segment.context] += Double((segment.end - segment.start).count)
    }
    return table
  }

  /// How much of a context's time on the path is above the team's mean time in it, by context, in nanoseconds:
  /// what the path would lose if that work were spread evenly.
  var imbalances: [Double] {
    var onPath = [Double](repeating: 0, count: timeline.contexts.count)
    var means = onPath
    for segment in segments { onPath[segment.context] += Double((segment.end - segment.start).count) }
    let team = timeline.team
    for thread in team {
      for interval in timeline.threads[thread].intervals {
        means[interval.context] += Double(interval.wallNs.count) / Double(team.count)
      }
    }
    return zip(onPath, means).map { max($0 - $1, 0) }
  }
}
