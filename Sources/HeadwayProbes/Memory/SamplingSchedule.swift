/// When to sample next, and when the dear part of a sample may be taken: a pure machine fed with instants in
/// nanoseconds.
///
///     period   |————|————|————|————|
///     sample   *    *    *~~~~~~~  *       a late sample skips the instants that it missed
package struct SamplingSchedule: Equatable, Sendable {
  /// The dear part takes at most one part in this many of the time; what is left of a thousandth of a core
  /// is for the cheap part.
  package static let costDivisor: UInt64 = 2_000

  /// When the next sample is due.
  package private(set) var nextNs: UInt64
  private let periodNs: UInt64
  private var dearFromNs: UInt64

  /// A schedule whose first sample is due at once.
  package init(startNs: UInt64, periodNs: UInt64) {
    precondition(periodNs > 0, "samples without a distance")
    nextNs = startNs
    dearFromNs = startNs
    self.periodNs = periodNs
  }

  /// How long to wait from now; zero when the sample is due.
  package func wait(fromNs now: UInt64) -> UInt64 { nextNs > now ? nextNs - now : 0 }

  /// Notes that the due sample was taken, and plans the next after `now`.
  package mutating func sampled(atNs now: UInt64) {
    let missed = now > nextNs ? (now - nextNs) / periodNs : 0
    nextNs += (missed + 1) * periodNs
  }

  /// Whether the dear part may be taken now.
  package func mayBeDear(atNs now: UInt64) -> Bool { now >= dearFromNs }

  /// Notes what the dear part cost, which puts off the next one.
  package mutating func wasDear(fromNs start: UInt64, toNs end: UInt64) {
    dearFromNs = end + (end > start ? end - start : 0) * Self.costDivisor
  }
}
