import HeadwayTrace

/// The changes of state of all threads of a timeline in one order, for sweeps over the whole process.
///
/// Complexity: O(intervals · log intervals) to make.
struct StateChanges {
  /// The beginning of an interval.
  struct Change {
    var at: Instant
    var thread: Int32
    /// The context left; negative at the window's beginning.
    var left: Int32
    /// The context entered.
    var entered: Int32
  }

  /// By time; those of one moment in no order that matters.
  let changes: [Change]

  init(_ timeline: Timeline) {
    var changes: [Change] = []
    changes.reserveCapacity(timeline.threads.reduce(0) { $0 + $1.intervals.count })
    for (thread, row) in timeline.threads.enumerated() {
      var context: Int32 = -1
      for interval in row.intervals {
        changes.append(
          Change(
            at: interval.start, thread: Int32(thread), left: context, entered: Int32(interval.context)))
        context = Int32(interval.context)
      }
    }
    changes.sort { $0.at < $1.at }
    self.changes = changes
  }

  /// Calls `stay` for every stretch without a change, and `change` for every change, in time.
  @inline(__always)
  func sweep(
    upTo end: Instant, stay: (_ from: Instant, _ to: Instant) -> Void, change: (Change) -> Void
  ) {
    guard var now = changes.first?.at else { return }
    for next in changes {
      if next.at > now {
        stay(now, next.at)
        now = next.at
      }
      change(next)
    }
    if end > now { stay(now, end) }
  }
}
