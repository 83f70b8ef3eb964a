/// A simultaneous reading of the fast clock and of the monotonic clock.
public struct ClockSync: Hashable, Sendable {
  /// The fast clock's counter.
  public var ticks: UInt64
  /// The monotonic clock, in nanoseconds since its own origin (the boot, on Linux).
  public var monotonicNs: UInt64
  /// Pairs two readings of one moment.
  public init(ticks: UInt64, monotonicNs: UInt64) {
    self.ticks = ticks
    self.monotonicNs = monotonicNs
  }
}

/// How fast the fast clock runs: `nanoseconds` for every `ticks`, as an exact fraction.
///
/// Conversions round down and never overflow: what does not fit is clamped to the ends of `Int64`.
public struct ClockRate: Hashable, Sendable {
  /// The numerator.
  public let nanoseconds: UInt64
  /// The denominator, above zero.
  public let ticks: UInt64

  /// One nanosecond a tick.
  public static let nanosecondTicks = ClockRate(nanoseconds: 1, ticks: 1)

  private init(nanoseconds: UInt64, ticks: UInt64) {
    self.nanoseconds = nanoseconds
    self.ticks = ticks
  }

  /// The rate between two readings; `nil` unless both clocks advanced from the first to the second.
  public init?(from first: ClockSync, to second: ClockSync) {
    guard second.ticks > first.ticks, second.monotonicNs > first.monotonicNs else { return nil }
    self.init(nanoseconds: second.monotonicNs - first.monotonicNs, ticks: second.ticks - first.ticks)
  }

  /// A rate from the counter's frequency in Hz; `nil` for zero.
  public init?(ticksPerSecond: UInt64) {
    guard ticksPerSecond > 0 else { return nil }
    self.init(nanoseconds: 1_000_000_000, ticks: ticksPerSecond)
  }

  /// The counter's frequency in Hz, rounded down.
  public var ticksPerSecond: UInt64 {
    let product = ticks.multipliedFullWidth(by: 1_000_000_000)
    guard product.high < nanoseconds else { return .max }
    return nanoseconds.dividingFullWidth(product).quotient
  }

  /// The length of `count` ticks.
  public func nanoseconds(ofTicks count: UInt64) -> Nanoseconds {
    let product = count.multipliedFullWidth(by: nanoseconds)
    guard product.high < ticks else { return Nanoseconds(.max) }
    return Nanoseconds(Int64(clamping: ticks.dividingFullWidth(product).quotient))
  }

  /// The point `counter` on the clock whose origin is the counter value `origin`; before it, negative.
  public func instant(ofTicks counter: UInt64, origin: UInt64) -> Instant {
    counter >= origin
      ? Instant(nanoseconds(ofTicks: counter - origin))
      : Instant(Nanoseconds(-nanoseconds(ofTicks: origin - counter).count))
  }
}
