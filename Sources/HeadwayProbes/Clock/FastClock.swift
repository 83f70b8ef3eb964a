import CHeadwayLinux
import HeadwayTrace

/// The run's fast monotonic clock and what its readings mean.
///
/// It reads the invariant time-stamp counter on x86-64, the virtual counter on AArch64, and
/// `CLOCK_MONOTONIC` where the CPU or the kernel says that the counter is no clock. Its rate is measured
/// against `CLOCK_MONOTONIC`; the longer a clock has lived when ``calibrate()`` is called, the better it
/// is known (about 30 ns over the life).
public struct FastClock: Sendable {
  /// The shortest time between two simultaneous readings that a rate is taken from.
  static let shortestBaselineNs: UInt64 = 1_000_000

  /// Now. The cheapest clock there is: one instruction on most machines.
  @inlinable
  public static func now() -> Ticks { Ticks(headway_ticks()) }

  /// Whether readings are `CLOCK_MONOTONIC` nanoseconds, for want of a trustworthy counter.
  public static var isMonotonicFallback: Bool { headway_clock_is_monotonic() != 0 }

  /// The simultaneous readings at the clock's creation: zero of every ``Instant`` that it gives.
  public let origin: ClockSync
  /// The measured rate.
  public private(set) var rate: ClockRate

  /// Starts a clock, and takes about a millisecond to measure its rate.
  public init() {
    origin = Self.synchronize()
    rate = .nanosecondTicks
    calibrate()
  }

  /// Measures the rate again, over the clock's whole life.
  public mutating func calibrate() {
    guard !Self.isMonotonicFallback else { return }
    var latest = Self.synchronize()
    while latest.monotonicNs < origin.monotonicNs + Self.shortestBaselineNs {
      headway_pause()
      latest = Self.synchronize()
    }
    if let measured = ClockRate(from: origin, to: latest) { rate = measured }
  }

  /// The interval between two readings; zero when `end` is not after `start`.
  public func nanoseconds(from start: Ticks, to end: Ticks) -> Nanoseconds {
    end > start ? rate.nanoseconds(ofTicks: end.rawValue - start.rawValue) : .zero
  }

  /// The point of a reading on the run's clock.
  public func instant(_ reading: Ticks) -> Instant {
    rate.instant(ofTicks: reading.rawValue, origin: origin.ticks)
  }

  /// Reads both clocks at one moment: of a few tries, the one in which they lie closest together.
  public static func synchronize() -> ClockSync {
    var best = ClockSync(ticks: 0, monotonicNs: 0)
    var narrowest = UInt64.max
    for _ in 0..<8 {
      let before = headway_ticks()
      let monotonic = headway_monotonic_ns()
      let after = headway_ticks()
      guard after >= before, after - before < narrowest else { continue }
      narrowest = after - before
      best = ClockSync(ticks: before + narrowest / 2, monotonicNs: monotonic)
    }
    return best
  }
}
