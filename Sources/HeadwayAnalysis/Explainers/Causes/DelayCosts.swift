import HeadwayTrace

/// What delayed the team: its waits, charged to the thread and context that made it wait (method 4, after Böhme,
/// Geimer, Wolf and Arnold).
///
/// At a barrier the wait of j for the last arriver L is compared over the time since the barrier that j went
/// through before: `t[c]` is a thread's time per context that it did not wait, `W` what L itself waited. With
/// `d[c] = max(0, t_L[c] − t_j[c])` and `s = min(wait_j / (Σ d[c] + W), 1)`, the cost of (L, c) grows by `s · d[c]`;
/// the share `s · W` is passed on to those who made L wait, and so on.
///
/// At a queue, a latch or a lock the blocker is charged with what it did while j waited for it, and what it waited
/// meanwhile is passed on. Waking up is nobody's delay and counted apart.
///
/// Invariant: `direct + propagated + unexplained` is the team's waiting up to the openings, and with the wake-ups
/// all of its waiting.
package struct DelayCosts: Sendable {
  /// Levels through which a delay is followed.
  private static let depthLimit = 24
  /// Amounts below which a delay is not followed further, in nanoseconds.
  private static let least = 1.0
  /// Levels from which on only larger parts of a wait are followed, and how large: many threads that meet in many
  /// groups would otherwise branch without end.
  private static let branchLimit = (depth: 4, share: 0.001)

  private let timeline: Timeline
  /// The length of the wait that is being explained, in nanoseconds.
  private var whole = 0.0
  private(set) var direct: CauseTable
  private(set) var propagated: CauseTable
  /// Waiting whose cause nothing in the trace shows, in nanoseconds.
  package private(set) var unexplained = 0.0
  /// Waiting after what was waited for had happened.
  package private(set) var wakeupNs = Nanoseconds.zero
  /// All of the team's waiting.
  package private(set) var waitedNs = Nanoseconds.zero

  /// Explains the waits of a timeline.
  package init(_ timeline: Timeline) {
    self.timeline = timeline
    direct = CauseTable(threads: timeline.threads.count, contexts: timeline.contexts.count)
    propagated = direct
    for thread in timeline.team { explainWaits(of: thread) }
  }

  private mutating func explainWaits(of thread: Int) {
    let row = timeline.threads[thread]
    for wait in row.waits where wait.cause != .creation {
      waitedNs += wait.end - wait.start
      wakeupNs += wait.end - wait.opened
    }
    for index in row.waits.indices where row.waits[index].cause != .creation {
      let wait = row.waits[index]
      let length = Double((wait.opened - wait.start).count)
      guard length > 0 else { continue }
      whole = length
      explain(thread, index, from: wait.start, to: wait.opened, amount: length, depth: 0)
    }
  }

  /// Distributes `amount` nanoseconds of somebody's loss over the causes of a part of a wait.
  private mutating func explain(
    _ thread: Int, _ index: Int, from start: Instant, to end: Instant, amount: Double, depth: Int
  ) {
    let wait = timeline.threads[thread].waits[index]
    let isWorthwhile = depth < Self.branchLimit.depth || amount >= Self.branchLimit.share * whole
    guard depth < Self.depthLimit, amount >= Self.least, isWorthwhile, let blocker = wait.blocker else {
      unexplained += amount
      return
    }
    switch wait.cause {
    case .barrier(let number, let participant):
      let episode = timeline.episodes[number]
      guard let last = episode.last.map({ episode.participants[$0] }) else {
        unexplained += amount
        return
      }
      explain(episode.participants[participant], last: last, amount: amount, depth: depth)
    case .site, .unrecorded, .creation:
      // What the blocker did in just this part of the wait.
      let split = TimeSplit(timeline.threads[blocker], from: start, to: end, contexts: timeline.contexts)
      charge(split, of: blocker, amount: amount, over: Double((end - start).count), depth: depth)
    }
  }

  /// The excess of the last arriver over a waiter since they last met.
  private mutating func explain(
    _ waiter: BarrierEpisode.Participant, last: BarrierEpisode.Participant, amount: Double, depth: Int
  ) {
    let from = max(waiter.previousRelease, timeline.begin)
    let contexts = timeline.contexts
    let own = TimeSplit(
      timeline.threads[waiter.thread], from: from, to: max(waiter.arrival, from), contexts: contexts)
    var late = TimeSplit(
      timeline.threads[last.thread], from: from, to: max(last.arrival, from), contexts: contexts)
    late.keepExcess(over: own)
    charge(late, of: last.thread, amount: amount, over: late.length, depth: depth)
  }

  /// Charges a loss to the contexts of a thread in proportion to their times, and passes on what it waited.
  private mutating func charge(
    _ split: TimeSplit, of thread: Int, amount: Double, over length: Double, depth: Int
  ) {
    guard length > 0 else {
      unexplained += amount
      return
    }
    let scale = min(amount / length, 1)
    for (context, time) in split.times.enumerated() where time > .zero {
      if depth == 0 {
        direct[thread, context] += Double(time.count) * scale
      } else {
        propagated[thread, context] += Double(time.count) * scale
      }
    }
    for part in split.waits {
      explain(
        thread, part.wait, from: part.from, to: part.to, amount: Double((part.to - part.from).count) * scale,
        depth: depth + 1)
    }
    unexplained += max(amount - length * scale, 0)
  }
}

extension TimeSplit {
  /// Reduces the times to what they are above another thread's.
  mutating func keepExcess(over other: TimeSplit) {
    for context in times.indices { times[context] = max(times[context] - other.times[context], .zero) }
  }

  /// All of it, in nanoseconds.
  var length: Double { Double(times.reduce(waited) { $0 + $1 }.count) }
}
