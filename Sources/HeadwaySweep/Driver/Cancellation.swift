import Dispatch
import Synchronization

/// A request to stop a sweep, from any thread: the command's handler of Ctrl-C makes it.
///
/// Not for use inside a signal handler itself: it takes a lock. A dispatch source is the right place.
public final class Cancellation: Sendable {
  private struct State {
    var isCancelled = false
    var wakes: [Int: @Sendable () -> Void] = [:]
    var nextNumber = 0
  }
  private let state = Mutex(State())

  /// Nothing is requested yet.
  public init() {}

  /// Whether the sweep was asked to stop.
  public var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Asks the sweep to stop: the running child is ended, and what was measured is kept.
  public func cancel() {
    let wakes = state.withLock { state in
      state.isCancelled = true
      return Array(state.wakes.values)
    }
    for wake in wakes { wake() }
  }

  /// Calls `wake` when ``cancel()`` is called, until ``forget(_:)``; at once when it was called already.
  func onCancel(_ wake: @escaping @Sendable () -> Void) -> Int {
    let (number, isLate) = state.withLock { state in
      state.nextNumber += 1
      state.wakes[state.nextNumber] = wake
      return (state.nextNumber, state.isCancelled)
    }
    if isLate { wake() }
    return number
  }

  /// Waits until ``cancel()`` is called, or for so many seconds.
  func wait(atMostSeconds seconds: Double) {
    guard seconds > 0 else { return }
    let semaphore = DispatchSemaphore(value: 0)
    let number = onCancel { semaphore.signal() }
    defer { forget(number) }
    _ = semaphore.wait(timeout: .now() + seconds)
  }

  /// Ends a call of ``onCancel(_:)``.
  func forget(_ number: Int) { state.withLock { _ = $0.wakes.removeValue(forKey: number) } }
}
