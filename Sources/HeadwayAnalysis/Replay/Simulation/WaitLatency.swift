/// What it costs to wait for another thread.
///
/// A sleeper runs `wakeNs` after the moment at which it was woken. Whoever wakes pays `wakerNs` of CPU time
/// for each sleeper, one after the other, so the last of many sleepers runs late. A poller goes on `pollNs`
/// after the event, and costs nobody anything.
package struct WaitLatency: Hashable, Sendable {
  /// From being woken to running, in nanoseconds.
  package var wakeNs: Double
  /// CPU time of the waking thread for each sleeper, in nanoseconds.
  package var wakerNs: Double
  /// From the event to the poller's next operation, in nanoseconds.
  package var pollNs: Double

  /// Assembles latencies.
  package init(wakeNs: Double, wakerNs: Double, pollNs: Double) {
    self.wakeNs = wakeNs
    self.wakerNs = wakerNs
    self.pollNs = pollNs
  }

  /// Synchronisation that costs nothing.
  package static let none = WaitLatency(wakeNs: 0, wakerNs: 0, pollNs: 0)
}

/// How long a waiting thread polls before it sleeps. A poller is not given a core of its own: bounded polling
/// happens only where there is a core for every thread, and unbounded polling yields.
package enum WaitPolling: Hashable, Sendable {
  /// Sleeps at once.
  case never
  /// Sleeps after so many nanoseconds.
  case bounded(Double)
  /// Never sleeps.
  case forever

  /// Whether a thread still polls after it has waited so long.
  func polls(after waitedNs: Double) -> Bool {
    switch self {
    case .never: false
    case .bounded(let limit): waitedNs < limit
    case .forever: true
    }
  }

  /// The part of a wait that is spent polling.
  func pollingPart(ofWait waitedNs: Double) -> Double {
    switch self {
    case .never: 0
    case .bounded(let limit): min(waitedNs, limit)
    case .forever: waitedNs
    }
  }
}
