import CHeadwayLinux
import HeadwayTrace
import Synchronization

/// When a watchdog looks, and what time it is then: the kernel's clock, or a test's.
package protocol WatchPace: AnyObject, Sendable {
  /// Waits until the next look is due; `false` once ``end()`` has been called. On the watchdog's thread.
  func awaitLook() -> Bool
  /// Now, on a monotonic clock. On the watchdog's thread.
  func now() -> Nanoseconds
  /// Lets ``awaitLook()`` return at once. From any thread.
  func end()
}

/// Looks at equal intervals of the kernel's monotonic clock, asleep in between.
final class RegularPace: WatchPace, @unchecked Sendable {
  // @unchecked Sendable: a constant pointer to an atomic, which this object frees when nobody holds it.
  private let ending: UnsafeMutablePointer<Atomic<UInt32>>
  private let interval: UInt64

  init(interval: Nanoseconds) {
    self.interval = UInt64(max(1, interval.count))
    ending = .allocate(capacity: 1)
    ending.initialize(to: Atomic(0))
  }

  deinit {
    ending.deinitialize(count: 1)
    ending.deallocate()
  }

  func awaitLook() -> Bool {
    let due = headway_monotonic_ns() + interval
    // Relaxed: the word is the whole message, and the join orders what came before the end.
    while ending.pointee.load(ordering: .relaxed) == 0 {
      let now = headway_monotonic_ns()
      if now >= due { return true }
      // `Atomic<UInt32>` has the layout of `UInt32`; the kernel checks the word before it sleeps.
      let word = UnsafeRawPointer(ending).assumingMemoryBound(to: UInt32.self)
      _ = headway_futex_wait(word, 0, Int64(due - now))
    }
    return false
  }

  func now() -> Nanoseconds { Nanoseconds(Int64(clamping: headway_monotonic_ns())) }

  func end() {
    ending.pointee.store(1, ordering: .relaxed)
    _ = headway_futex_wake(UnsafeRawPointer(ending).assumingMemoryBound(to: UInt32.self), 1)
  }
}
