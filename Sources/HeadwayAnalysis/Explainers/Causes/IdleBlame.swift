import HeadwayTrace

/// Who worked while the team stood idle (method 5, after HPCToolkit).
///
/// Between two changes of state of the process, every thread doing useful work takes `idle / active · Δt` of blame
/// on its context, where `idle` counts the team's waiting threads and `active` all working ones. With no thread
/// working the time goes to ``nobodyNs``.
///
/// Invariant: the blame and ``nobodyNs`` sum to ``idleNs``.
///
/// Complexity: O(changes): the blame of an interval is the difference of an integral over time at its two ends.
package struct IdleBlame: Sendable {
  private(set) var table: CauseTable
  /// Idle time while no thread worked, in nanoseconds.
  package private(set) var nobodyNs = Nanoseconds.zero
  /// All of the team's idle time.
  package private(set) var idleNs = Nanoseconds.zero

  /// Blames the idle time of a timeline.
  package init(_ timeline: Timeline) { self.init(timeline, changes: StateChanges(timeline)) }

  init(_ timeline: Timeline, changes: StateChanges) {
    var table = CauseTable(threads: timeline.threads.count, contexts: timeline.contexts.count)
    let isUseful = timeline.contexts.map(\.isUseful)
    let isWaiting = timeline.contexts.map(\.isWaiting)
    let isTeam = timeline.threads.map(\.isTeam)
    var (nobody, idleTime) = (Nanoseconds.zero, Nanoseconds.zero)
    var (idle, active) = (0, 0)
    /// ∫ idle / active dt.
    var integral = 0.0
    var since = [Double](repeating: 0, count: timeline.threads.count)
    changes.sweep(upTo: timeline.end) { from, to in
      let length = Nanoseconds((to - from).count * Int64(idle))
      idleTime += length
      if active > 0 {
        integral += Double(length.count) / Double(active)
      } else {
        nobody += length
      }
    } change: { change in
      let thread = Int(change.thread)
      if change.left >= 0 {
        let left = Int(change.left)
        if isUseful[left] {
          active -= 1
          table[thread, left] += integral - since[thread]
        }
        if isTeam[thread] && isWaiting[left] { idle -= 1 }
      }
      let entered = Int(change.entered)
      if isUseful[entered] {
        active += 1
        since[thread] = integral
      }
      if isTeam[thread] && isWaiting[entered] { idle += 1 }
    }
    for (thread, row) in timeline.threads.enumerated() {
      if let last = row.intervals.last, isUseful[last.context] {
        table[thread, last.context] += integral - since[thread]
      }
    }
    self.table = table
    nobodyNs = nobody
    idleNs = idleTime
  }
}
