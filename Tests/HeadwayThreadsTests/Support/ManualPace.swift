import Foundation
import HeadwayProbes
import HeadwayTrace

/// The time of a watchdog whose looks a test asks for, one by one.
///
/// `@unchecked Sendable`: everything is read and written under `condition` only.
final class ManualPace: WatchPace, @unchecked Sendable {
  private let condition = NSCondition()
  private var time = Nanoseconds(1_000_000_000)
  private var asked = 0
  private var finished = -1
  private var isEnding = false

  /// Lets the watchdog look once, `elapsed` after its last look, and returns when it has.
  func look(after elapsed: Nanoseconds) {
    condition.withLock {
      time = time + elapsed
      asked += 1
      condition.broadcast()
      while finished < asked { condition.wait() }
    }
  }

  func awaitLook() -> Bool {
    condition.withLock {
      finished += 1
      condition.broadcast()
      while finished == asked && !isEnding { condition.wait() }
      return !isEnding
    }
  }

  func now() -> Nanoseconds { condition.withLock { time } }

  func end() {
    condition.withLock {
      isEnding = true
      condition.broadcast()
    }
  }
}
