import Foundation
import HeadwayTrace

/// Times steps also where the probe is off: `CLOCK_MONOTONIC`, from an origin of its own.
struct MonotonicClock: Sendable {
  /// Now.
  static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(Nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)))
  }
}
