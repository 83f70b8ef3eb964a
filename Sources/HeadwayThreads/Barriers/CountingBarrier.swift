import HeadwayTrace
import Synchronization

/// A barrier made of a counter of missing participants and a numbered gate; the `futex`, `spin` and
/// `spin_then_block` kinds differ only in how long they poll.
///
/// The last to arrive rewinds the counter, then opens the gate: the rewound counter is visible to whoever
/// sees the new generation, so nobody can count twice or into the wrong episode.
public final class CountingBarrier: Barrier {
  /// How many threads meet here.
  public let participants: Int
  /// The record of arrivals.
  public let arrivals: BarrierArrivals
  /// How long a participant polls before it sleeps.
  public let polling: Polling
  @usableFromInline let lines: CacheLines
  @usableFromInline let gate: Gate
  @usableFromInline let missing: BarrierCounter

  /// Makes a barrier; `participants` must be at least 1.
  public init(participants: Int, polling: Polling) {
    precondition(participants > 0, "a barrier needs a participant")
    self.participants = participants
    self.polling = polling
    lines = CacheLines(2 + participants)
    // The arrivals' slots share the counter's line: an arrival writes both.
    arrivals = BarrierArrivals(
      ledger: ArrivalLedger(lines, shared: 0, firstParticipant: 2, participants: participants))
    missing = BarrierCounter(lines.word(line: 0, slot: 3), count: UInt32(participants))
    gate = Gate(lines.word(line: 1))
  }

  /// Whether a participant polls before it sleeps.
  @inlinable public var polls: Bool { polling.polls }

  /// Arrives, and returns once everybody has.
  @inlinable
  public func meet(generation: UInt32, mayPoll: Bool, willSleep: () -> Void) {
    if missing.arrive() {
      missing.rewind()
      gate.open(to: generation &+ 1)
    } else if !(mayPoll && polling.until({ gate.hasPassed(generation) })) {
      if mayPoll { willSleep() }
      gate.sleep(past: generation)
    }
  }
}

/// The number of participants still missing at a barrier.
@usableFromInline
struct BarrierCounter: @unchecked Sendable {
  // @unchecked Sendable: a constant pointer to an atomic that the barrier's lines keep alive.
  @usableFromInline let word: AtomicWord
  @usableFromInline let count: UInt32

  init(_ word: AtomicWord, count: UInt32) {
    self.word = word
    self.count = count
    word.pointee.store(count, ordering: .relaxed)  // Before the barrier is shared.
  }

  /// Counts an arrival; true for the last. Acquiring and releasing: each arrival publishes its
  /// participant's writes, and the last one gathers them all through the chain of subtractions.
  @inlinable func arrive() -> Bool {
    word.pointee.subtract(1, ordering: .acquiringAndReleasing).newValue == 0
  }

  /// Makes the counter whole again. Relaxed: the gate's release publishes it.
  @inlinable func rewind() { word.pointee.store(count, ordering: .relaxed) }
}
