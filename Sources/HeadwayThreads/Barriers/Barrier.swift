import HeadwayProbes
import HeadwayTrace

/// A barrier of `n` participants: nobody passes before everybody has arrived.
///
/// The participants are numbered 0 … n − 1; each number is used by one thread at a time, and a thread that
/// takes a number over has been ordered after its predecessor (by a join). Waiting through a generic
/// parameter is statically dispatched:
///
///     func cross<B: Barrier>(_ barrier: B) { barrier.wait(participant: 0, at: site, probe: me) }
///
/// Memory: what a participant wrote before arriving is visible to every participant after leaving.
public protocol Barrier: AnyObject, Sendable {
  /// How many threads meet here.
  var participants: Int { get }
  /// Whether participants poll before they sleep; not those that wait at a site where nobody polls.
  var polls: Bool { get }
  /// The record of arrivals behind ``wait(participant:at:probe:)``.
  var arrivals: BarrierArrivals { get }
  /// Arrives, and returns once everybody has.
  ///
  /// - Parameters:
  ///   - generation: How often the caller has been here before.
  ///   - mayPoll: Whether the caller polls as the barrier's kind says, rather than sleep at once.
  ///   - willSleep: Called at most once, when the caller has polled in vain.
  func meet(generation: UInt32, mayPoll: Bool, willSleep: () -> Void)
}

/// The barrier's own bookkeeping; opaque outside this module.
public struct BarrierArrivals: Sendable {
  @usableFromInline let ledger: ArrivalLedger
}

extension Barrier {
  /// Arrives, waits for the others and records the crossing.
  ///
  /// - Parameters:
  ///   - participant: The caller's number, 0 … n − 1.
  ///   - site: Where the wait is booked.
  ///   - probe: The calling thread's handle.
  @inlinable
  public func wait<P: ThreadProbe>(participant: Int, at site: WaitSite, probe: P) {
    let ledger = arrivals.ledger
    let generation = ledger.generation(of: participant)
    // The times are read inside the state, so that a wait does not contain what the probe itself costs.
    let mayPoll = polls && site.polls
    probe.enter(mayPoll ? site.spinning : site.blocked)
    let arrival = P.isRecording ? ledger.enter(probe.now(), at: generation) : Ticks(0)
    ledger.announce(participant, at: generation)
    meet(generation: generation, mayPoll: mayPoll) {
      probe.leave()
      probe.enter(site.blocked)
    }
    let departure = probe.now()
    probe.leave()
    guard P.isRecording else { return }
    let release = ledger.release(of: generation)
    let isLast = ledger.nameLast(arrival: arrival, release: release, generation: generation)
    probe.crossed(
      site.site, generation: site.episode(generation), arrival: arrival, release: release,
      departure: max(departure, release), wasLast: isLast)
    if isLast { probe.spread(site.site, from: ledger.takeFirst(of: generation), to: release) }
  }

  /// How many other participants are waiting for this one; meant for the one that opens every episode.
  package func countWaiting(for participant: Int) -> Int {
    let ledger = arrivals.ledger
    return ledger.count(arrivedAt: ledger.generation(of: participant))
  }
}
