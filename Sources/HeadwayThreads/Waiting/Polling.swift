import CHeadwayLinux

/// How long a waiting thread looks again before it sleeps.
///
/// Polling pays only while every thread of the group has a CPU of its own: with more threads than CPUs a
/// polling thread holds the CPU that the awaited thread needs.
public struct Polling: Hashable, Sendable {
  /// Looks before sleeping; 0 sleeps at once, `Int.max` never sleeps.
  public let looks: Int
  /// Gives up the time slice after this many looks, a power of two: on a busy machine the awaited thread
  /// may have to run on this very CPU.
  @usableFromInline let looksPerYield: Int

  @usableFromInline init(looks: Int, looksPerYield: Int = 64) {
    self.looks = looks
    self.looksPerYield = looksPerYield
  }

  /// Sleeps at once.
  public static let never = Polling(looks: 0)
  /// Never sleeps; yields the CPU now and then.
  public static let forever = Polling(looks: .max)

  /// Polls for about the price of falling asleep and being woken (about ten microseconds) if there are
  /// CPUs for all; otherwise sleeps at once.
  public static func bounded(threads: Int, usableCPUs: Int) -> Polling {
    threads <= usableCPUs ? Polling(looks: 500) : never
  }

  /// Whether there is a polling phase at all.
  @inlinable public var polls: Bool { looks > 0 }

  /// Looks until the condition holds (true) or the looks are used up (false).
  @inlinable func until(_ condition: () -> Bool) -> Bool {
    var looked = 0
    while looked < looks {
      if condition() { return true }
      looked &+= 1
      if looked & (looksPerYield &- 1) == 0 { headway_yield() } else { headway_pause() }
    }
    return false
  }
}

/// The CPUs that this process may run on, at least 1. Counts the affinity mask, not a cgroup's quota.
public func usableCPUCount() -> Int { max(1, Int(headway_affinity_count())) }
