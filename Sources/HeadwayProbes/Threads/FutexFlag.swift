import CHeadwayLinux
import Synchronization

/// A flag that is raised once and that one thread can sleep on.
final class FutexFlag: @unchecked Sendable {
  // @unchecked Sendable: `word` never changes; what it points to is accessed through `Atomic` and by the
  // kernel only. `Atomic<UInt32>` has the layout of `UInt32`, which the Synchronization module guarantees.
  private let word: UnsafeMutablePointer<Atomic<UInt32>>

  init() {
    word = .allocate(capacity: 1)
    word.initialize(to: Atomic(0))
  }

  deinit { word.deallocate() }

  /// Raises the flag and wakes whoever sleeps on it. Releasing: pairs with the acquiring load of a waiter.
  func raise() {
    guard word.pointee.exchange(1, ordering: .acquiringAndReleasing) == 0 else { return }
    _ = headway_futex_wake(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), .max)
  }

  /// Sleeps until the flag is raised.
  func wait() { while !wait(atMostNs: UInt64(Int64.max)) {} }

  /// Sleeps until the flag is raised or the time is over; whether it is raised. Acquiring: see ``raise()``.
  func wait(atMostNs timeout: UInt64) -> Bool {
    let end = headway_monotonic_ns().addingReportingOverflow(timeout)
    let deadline = end.overflow ? UInt64.max : end.partialValue
    while word.pointee.load(ordering: .acquiring) == 0 {
      let now = headway_monotonic_ns()
      guard now < deadline else { return false }
      // At most an hour at a time: the kernel's clock has less room than a number of nanoseconds.
      let rest = Int64(min(deadline - now, 3_600_000_000_000))
      _ = headway_futex_wait(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self), 0, rest)
    }
    return true
  }
}
