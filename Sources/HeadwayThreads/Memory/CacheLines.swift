import Synchronization

/// An atomic 32-bit word at a fixed address: what a futex needs.
@usableFromInline typealias AtomicWord = UnsafeMutablePointer<Atomic<UInt32>>
/// An atomic 64-bit counter at a fixed address.
@usableFromInline typealias AtomicCounter = UnsafeMutablePointer<Atomic<UInt64>>

/// A block of cache lines that holds atomic words, all zero at first.
///
/// Words that different threads write live in different lines. A line is 128 bytes here, because the
/// hardware fetches 64-byte lines in pairs.
///
/// Invariant of the pointers handed out: they are valid as long as this object lives, distinct
/// `(line, slot)` pairs never overlap, and every access goes through `Atomic`. The types that hold such
/// pointers uphold the first by holding the block too.
@usableFromInline
final class CacheLines: @unchecked Sendable {
  // @unchecked Sendable: `base` never changes, and what it points to is accessed through `Atomic` only.
  @usableFromInline static let lineBytes = 128
  private static let slotsPerLine = lineBytes / 8

  private let base: UnsafeMutableRawPointer
  private let lines: Int

  /// Allocates zeroed lines.
  @usableFromInline init(_ lines: Int) {
    self.lines = lines
    base = .allocate(byteCount: lines * Self.lineBytes, alignment: Self.lineBytes)
    for slot in 0..<(lines * Self.slotsPerLine) {
      (base + slot * 8).bindMemory(to: Atomic<UInt64>.self, capacity: 1).initialize(to: Atomic(0))
    }
  }

  deinit { base.deallocate() }

  /// The 64-bit counter in a slot, 0 … 15, of a line.
  func counter(line: Int, slot: Int = 0) -> AtomicCounter {
    address(line, slot).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// A 32-bit word in a slot, 0 … 15, of a line; the slot then holds nothing else.
  func word(line: Int, slot: Int = 0) -> AtomicWord {
    let word = address(line, slot).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    word.initialize(to: Atomic(0))
    return word
  }

  private func address(_ line: Int, _ slot: Int) -> UnsafeMutableRawPointer {
    precondition(line < lines && slot < Self.slotsPerLine, "no such slot")
    return base + line * Self.lineBytes + slot * 8
  }
}
