/// An interval of time in nanoseconds. A point in time is an ``Instant``; the two never mix.
public struct Nanoseconds: Hashable, Comparable, Codable, Sendable {
  /// The signed number of nanoseconds.
  public var count: Int64

  /// Wraps a bare number of nanoseconds, at the first line after a system call or a file read.
  public init(_ count: Int64) { self.count = count }

  /// No time at all.
  public static let zero = Nanoseconds(0)

  /// The interval in seconds.
  public var seconds: Double { Double(count) / 1e9 }

  /// Decodes a bare integer.
  public init(from decoder: any Decoder) throws {
    count = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Encodes a bare integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(count)
  }

  /// Orders intervals by length.
  public static func < (left: Self, right: Self) -> Bool { left.count < right.count }
  /// The sum of two intervals.
  public static func + (left: Self, right: Self) -> Self { Self(left.count + right.count) }
  /// The difference of two intervals; may be negative.
  public static func - (left: Self, right: Self) -> Self { Self(left.count - right.count) }
  /// Lengthens an interval.
  public static func += (left: inout Self, right: Self) { left.count += right.count }
  /// The ratio of two intervals; `nan` when the divisor is zero.
  public static func / (left: Self, right: Self) -> Double { Double(left.count) / Double(right.count) }
}

/// A point on the run's monotonic clock, in nanoseconds since the trace's origin.
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the trace's origin.
  public var sinceOrigin: Nanoseconds

  /// The instant `sinceOrigin` after the trace's origin.
  public init(_ sinceOrigin: Nanoseconds) { self.sinceOrigin = sinceOrigin }

  /// Orders instants in time.
  public static func < (left: Self, right: Self) -> Bool { left.sinceOrigin < right.sinceOrigin }
  /// The interval from `right` to `left`.
  public static func - (left: Self, right: Self) -> Nanoseconds { left.sinceOrigin - right.sinceOrigin }
  /// The instant an interval later.
  public static func + (left: Self, right: Nanoseconds) -> Self { Self(left.sinceOrigin + right) }
}
