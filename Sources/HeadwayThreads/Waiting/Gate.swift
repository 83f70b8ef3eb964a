import Synchronization

/// A numbered gate: threads wait until its generation has moved on; whoever moves it wakes them all with
/// at most one system call, and with none when nobody sleeps.
///
/// One word holds `generation << 1 | somebodySleeps`, so that announcing sleep and moving on are ordered
/// by the word itself: either the opener's exchange returns the sleeper's bit, or the sleeper sees the new
/// generation. The generation wraps after 2³¹: a waiter must not miss exactly that many openings.
@usableFromInline
struct Gate: @unchecked Sendable {
  // @unchecked Sendable: the pointer is constant and its word atomic; the holder keeps the block alive.
  @usableFromInline let word: AtomicWord

  @usableFromInline init(_ word: AtomicWord) { self.word = word }

  /// The generation now. Relaxed: only for a caller whose own action must come before the next opening.
  @inlinable var generation: UInt32 { word.pointee.load(ordering: .relaxed) >> 1 }

  /// Whether the gate has left `generation`. The acquiring load pairs with the exchange in ``open(to:)``.
  @inlinable func hasPassed(_ generation: UInt32) -> Bool {
    word.pointee.load(ordering: .acquiring) & ~1 != generation << 1
  }

  /// Moves the gate on and wakes all sleepers. The releasing exchange publishes what the opener wrote to
  /// whoever sees the new generation.
  @inlinable func open(to generation: UInt32) {
    let before = word.pointee.exchange(generation << 1, ordering: .acquiringAndReleasing)
    if before & 1 != 0 { Futex.wake(word) }
  }

  /// Sleeps until the gate has left `generation`.
  @usableFromInline func sleep(past generation: UInt32) {
    let quiet = generation << 1
    while true {
      let current = word.pointee.load(ordering: .acquiring)
      if current & ~1 != quiet { return }
      if current == quiet {
        // Acquiring, as a failed exchange may be the one that sees the new generation.
        let announced = word.pointee.compareExchange(
          expected: quiet, desired: quiet | 1, ordering: .acquiring)
        if !announced.exchanged { continue }
      }
      Futex.sleep(on: word, while: quiet | 1)
    }
  }
}
