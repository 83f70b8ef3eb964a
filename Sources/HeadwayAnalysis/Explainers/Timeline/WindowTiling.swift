import HeadwayTrace

/// Fills the window of one thread: between its intervals it is in no state, not yet there, or gone.
struct WindowTiling {
  let begin: Instant
  let end: Instant
  let unattributed: Int
  let notStarted: Int
  let exited: Int
  let stretches: [ThreadStretch]
  private var intervals: [StateInterval] = []
  private var cursor: Instant
  private var stretch = 0

  init(
    begin: Instant, end: Instant, unattributed: Int, notStarted: Int, exited: Int, stretches: [ThreadStretch]
  ) {
    self.begin = begin
    self.end = end
    self.unattributed = unattributed
    self.notStarted = notStarted
    self.exited = exited
    self.stretches = stretches
    cursor = begin
  }

  mutating func append(_ interval: StateInterval) {
    fill(upTo: interval.start)
    intervals.append(interval)
    cursor = interval.end
  }

  /// The intervals.
  mutating func finished() -> [StateInterval] {
    fill(upTo: end)
    return intervals
  }

  private mutating func fill(upTo limit: Instant) {
    while cursor < limit {
      while stretch < stretches.count, let ended = stretches[stretch].ended, ended <= cursor { stretch += 1 }
      var context = unattributed
      var next = limit
      if !stretches.isEmpty {
        if stretch == stretches.count {
          context = exited
        } else if stretches[stretch].began > cursor {
          context = stretch == 0 ? notStarted : exited
          next = min(limit, stretches[stretch].began)
        } else {
          next = min(limit, stretches[stretch].ended ?? limit)
        }
      }
      intervals.append(StateInterval(context: context, start: cursor, end: next, onCpuNs: .zero))
      cursor = next
    }
  }
}
