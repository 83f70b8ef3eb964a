import Synchronization

/// The open states of one thread, for others to read while it runs.
///
/// Representation: one word for each depth of nesting: the reading at which the state was entered, with its
/// lowest bits replaced by the state's slot plus one; zero where no state is open. So a state and its age
/// cannot be torn apart, at the price of a resolution of 128 ticks. Only the thread that owns the row writes.
@usableFromInline
struct OpenStates {
  /// Bits of a word that hold the slot plus one: enough for 0 … 65.
  @inlinable static var slotMask: UInt64 { 127 }

  /// Bytes of the words, the one behind them included.
  static let byteCount = (ExclusiveTimer.depthCapacity + 1) * MemoryLayout<UInt64>.size

  // Invariant: valid for `ExclusiveTimer.depthCapacity` elements and one more, the counter at the last change
  // of state, as long as the row, whose memory they are part of.
  @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>

  /// No state open, in memory of the row.
  init(in memory: UnsafeMutableRawPointer) {
    words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: ExclusiveTimer.depthCapacity + 1)
    for depth in 0...ExclusiveTimer.depthCapacity { (words + depth).initialize(to: Atomic(0)) }
  }

  /// Says when the states last changed. Releasing, so that who reads the row of a status file from another
  /// process finds the books up to then.
  @inlinable
  func changed(at ticks: UInt64) {
    words[ExclusiveTimer.depthCapacity].store(ticks, ordering: .releasing)
  }

  /// Says that a state was entered; deeper ones than the timer keeps are not shown. Releasing, with the
  /// acquiring loads in ``path()``: whoever sees an inner state sees the states around it.
  @inlinable
  func enter(slot: Int, depth: Int, ticks: UInt64) {
    guard depth < ExclusiveTimer.depthCapacity else { return }
    words[depth].store(ticks & ~Self.slotMask | UInt64(truncatingIfNeeded: slot &+ 1), ordering: .releasing)
  }

  /// Says that the state at a depth was left.
  @inlinable
  func leave(depth: Int) {
    guard depth < ExclusiveTimer.depthCapacity else { return }
    words[depth].store(0, ordering: .releasing)
  }

  /// Forgets open states: a new thread takes the row over. On that thread.
  func clear() {
    for depth in 0..<ExclusiveTimer.depthCapacity { leave(depth: depth) }
  }

  /// The open states as one instant had them, outermost first, with the readings at which they were
  /// entered; `nil` when they changed under every attempt. From any thread.
  ///
  /// Two equal collections in a row are an instant's: a word that was left and written again has another
  /// time in it.
  func path() -> [(slot: Int, ticks: UInt64)]? {
    var last = collect()
    for _ in 0..<8 {
      let next = collect()
      if next == last {
        return next.map { (Int($0 & Self.slotMask) - 1, $0 & ~Self.slotMask) }
      }
      last = next
    }
    return nil
  }

  private func collect() -> [UInt64] {
    var seen: [UInt64] = []
    for depth in 0..<ExclusiveTimer.depthCapacity {
      let word = words[depth].load(ordering: .acquiring)
      if word == 0 { break }
      seen.append(word)
    }
    return seen
  }
}
