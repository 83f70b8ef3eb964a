import CHeadwayLinux
import Synchronization

/// The kernel's wait queue of one word.
///
/// The word is an ``AtomicWord``; that `Atomic<UInt32>` has the layout of `UInt32` is guaranteed by the
/// Synchronization module (it is its own raw storage), so its address may be given to the kernel.
@usableFromInline
enum Futex {
  /// Sleeps while the word has the expected value. May return for no reason: the caller checks again.
  @usableFromInline static func sleep(on word: AtomicWord, while expected: UInt32) {
    _ = headway_futex_wait(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), expected, -1)
  }

  /// Wakes up to `count` sleepers of the word with one system call.
  @usableFromInline static func wake(_ word: AtomicWord, count: Int = .max) {
    _ = headway_futex_wake(
      UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), Int32(clamping: count))
  }
}
