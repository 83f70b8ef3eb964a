/// When to sample next, and when the dear parts of a sample may be taken: a pure machine fed with instants in
/// nanoseconds.
///
///     period   |————|————|————|————|
///     sample   *    *    *~~~~~~~  *       a late sample skips the instants that it missed
package struct SamplingSchedule: Equatable, Sendable {
  /// A dear part takes at most one part in this many of the time: a fortieth of a per cent of two cores.
  package static let costDivisor: UInt64 = 2_000

  /// What takes the longer, the more there is to look at.
  package enum DearPart: CaseIterable, Sendable {
    /// A walk over the heap's free blocks, each arena's under its lock.
    case heap
    /// A walk over the page tables.
    case proportional
  }

  /// When the next sample is due.
  package private(set) var nextNs: UInt64
  private let periodNs: UInt64
  private var dearFromNs: [DearPart: UInt64]

  /// A schedule whose first sample is due at once.
  package init(startNs: UInt64, periodNs: UInt64) {
    precondition(periodNs > 0, "samples without a distance")
    nextNs = startNs
    // A value for each part, so that none is inserted later: that would allocate.
    dearFromNs = Dictionary(uniqueKeysWithValues: DearPart.allCases.map { ($0, startNs) })
    self.periodNs = periodNs
  }

  /// How long to wait from now; zero when the sample is due.
  package func wait(fromNs now: UInt64) -> UInt64 { nextNs > now ? nextNs - now : 0 }

  /// Notes that the due sample was taken, and plans the next after `now`.
  package mutating func sampled(atNs now: UInt64) {
    let missed = now > nextNs ? (now - nextNs) / periodNs : 0
    nextNs += (missed + 1) * periodNs
  }

  /// Whether a dear part may be taken now.
  package func mayTake(_ part: DearPart, atNs now: UInt64) -> Bool { now >= dearFromNs[part, default: 0] }

  /// Notes what a dear part cost, which puts off the next one.
  package mutating func took(_ part: DearPart, fromNs start: UInt64, toNs end: UInt64) {
    dearFromNs[part] = end + (end > start ? end - start : 0) * Self.costDivisor
  }
}
