import Foundation

/// A gate that threads wait at until somebody opens it: what tests use instead of sleeping.
///
/// Lock-protected; `@unchecked Sendable` because `isOpen` is read and written under `condition` only.
public final class EventGate: @unchecked Sendable {
  private let condition = NSCondition()
  private var isOpen = false

  /// A closed gate.
  public init() {}

  /// Opens the gate for good, and lets everybody through.
  public func open() {
    condition.withLock {
      isOpen = true
      condition.broadcast()
    }
  }

  /// Waits until the gate is open. The deadline is for a broken test only: `false` when it passed first.
  @discardableResult
  public func wait(atMost seconds: Double = 60) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    return condition.withLock {
      while !isOpen {
        guard condition.wait(until: deadline) else { return isOpen }
      }
      return true
    }
  }
}
