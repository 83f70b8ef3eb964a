import HeadwayProbes
import Synchronization

/// Who arrived when at a barrier: the release of each episode, and the one participant that made it.
///
/// The release is the maximum of an episode's arrivals, kept in `slot[generation & 1]`. Two slots are
/// enough: whoever arrives at g + 2 has seen everybody arrive at g + 1, and a participant arrives at g + 1
/// only after reading the release of g. The slots need no reset: an arrival is raised to at least the
/// release of g − 1, which stays in the other slot until everybody has arrived at g. So every arrival at
/// g is at or above the release of g − 2 that the slot still holds, even if two CPUs' clocks disagree by
/// some ticks.
///
/// The first arrival is the minimum, kept in `firsts[generation & 3]`, which does need a reset: the
/// participant named the last of g resets the slot of g + 2, before it arrives at g + 1. Nobody is in g + 2
/// by then, and g − 2, which used the slot before, is read. With two slots the reset would race with the
/// arrivals at g + 1.
///
/// The accesses to the slots are relaxed: the barrier itself orders them. Its arrival releases the
/// participant's maximum, its departure acquires everybody's.
@usableFromInline
struct ArrivalLedger: @unchecked Sendable {
  // @unchecked Sendable: constant pointers to atomics; the barrier that owns the ledger keeps `lines`.
  @usableFromInline let slots: (AtomicCounter, AtomicCounter)
  /// First arrivals, one slot after another in the shared line.
  @usableFromInline let firsts: AtomicCounter
  /// Generations whose last arriver has been named.
  @usableFromInline let named: AtomicWord
  /// Arrivals so far of participant 0; those of the others follow, a line each. Each is written by its
  /// participant alone.
  @usableFromInline let firstArrivals: UnsafeMutableRawPointer
  @usableFromInline let participants: Int

  init(_ lines: CacheLines, shared line: Int, firstParticipant: Int, participants: Int) {
    slots = (lines.counter(line: line, slot: 0), lines.counter(line: line, slot: 1))
    named = lines.word(line: line, slot: 2)
    // Slots 4 … 7 of the line: a slot is 8 bytes, as a counter is. Slot 3 is the barrier's own.
    firsts = lines.counter(line: line, slot: 4)
    // Relaxed: before it is shared.
    for slot in 0..<4 { (firsts + slot).pointee.store(Self.never, ordering: .relaxed) }
    let words = (0..<participants).map { lines.word(line: firstParticipant + $0) }
    firstArrivals = UnsafeMutableRawPointer(words[0])
    self.participants = participants
  }

  /// The arrivals of one participant: its line was initialised as a word above.
  @inlinable func arrivals(of participant: Int) -> AtomicWord {
    precondition(participant >= 0 && participant < participants, "no such participant")
    return (firstArrivals + participant * CacheLines.lineBytes)
      .assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  /// The generation at which the participant arrives next. Relaxed: the participant's own word, handed
  /// from a joined thread to the next one by the join.
  @inlinable func generation(of participant: Int) -> UInt32 {
    arrivals(of: participant).pointee.load(ordering: .relaxed)
  }

  /// Later than any arrival. Not `UInt64.max`: the standard library's atomic minimum compares as if signed.
  @inlinable static var never: UInt64 { UInt64(Int64.max) }

  /// Enters an arrival and returns its time, raised to the release before it.
  @inlinable func enter(_ time: Ticks, at generation: UInt32) -> Ticks {
    let (own, other) = generation & 1 == 0 ? (slots.0, slots.1) : (slots.1, slots.0)
    let arrival = max(time.rawValue, other.pointee.load(ordering: .relaxed))
    if own.pointee.load(ordering: .relaxed) < arrival {
      own.pointee.max(arrival, ordering: .relaxed)
    }
    let first = firsts + Int(generation & 3)
    if first.pointee.load(ordering: .relaxed) > arrival { first.pointee.min(arrival, ordering: .relaxed) }
    return Ticks(arrival)
  }

  /// Says that the participant is about to wait; its state has been entered. The releasing store pairs
  /// with the acquiring load in ``count(arrivedAt:)``.
  @inlinable func announce(_ participant: Int, at generation: UInt32) {
    arrivals(of: participant).pointee.store(generation &+ 1, ordering: .releasing)
  }

  /// The release of a generation; call between leaving it and arriving at the next.
  @inlinable func release(of generation: UInt32) -> Ticks {
    Ticks((generation & 1 == 0 ? slots.0 : slots.1).pointee.load(ordering: .relaxed))
  }

  /// The first arrival of a generation, and makes room for the one after the next. Call once, as the
  /// participant that was named the last, before arriving again.
  @inlinable func takeFirst(of generation: UInt32) -> Ticks {
    (firsts + Int((generation &+ 2) & 3)).pointee.store(Self.never, ordering: .relaxed)
    return Ticks((firsts + Int(generation & 3)).pointee.load(ordering: .relaxed))
  }

  /// Whether the caller is the one participant that is named the last of a generation. At least one
  /// arrival equals the release; among equals the first to ask is named.
  @inlinable func nameLast(arrival: Ticks, release: Ticks, generation: UInt32) -> Bool {
    guard arrival == release else { return false }
    let claimed = named.pointee.load(ordering: .relaxed)
    guard claimed != generation &+ 1 else { return false }
    // Relaxed: the word decides by its own order alone. All claims for g − 1 came before any arrival at g.
    return named.pointee.compareExchange(
      expected: claimed, desired: generation &+ 1, ordering: .relaxed
    ).exchanged
  }

  /// How many participants have arrived at a generation that has not been released.
  @usableFromInline func count(arrivedAt generation: UInt32) -> Int {
    (0..<participants).count {
      arrivals(of: $0).pointee.load(ordering: .acquiring) == generation &+ 1
    }
  }
}
