/// For how long a core does one thread's work while others wait for it, and how often cores take threads from each other.
package struct TimeSlices: Equatable, Sendable {
  /// A slice, in nanoseconds; above zero.
  package var sliceNs: Double
  /// Between two ticks, in nanoseconds; above zero.
  package var tickNs: Double
  /// How likely a core that has two threads fewer than another takes one of those that wait there, for each of them.
  package var taking: Double

  /// One of three, which explains best how long the steps of 3 to 8 threads on two cores took under Linux 6.18
  /// (docs/methods.md): with 3, whose one waiting thread could be taken, it mostly was not.
  package static let usuallyTaking = 1.0 / 3

  /// Describes slices.
  package init(sliceNs: Double, tickNs: Double, taking: Double = Self.usuallyTaking) {
    self.sliceNs = sliceNs
    self.tickNs = tickNs
    self.taking = taking
  }

  /// What Linux does on so many cores where nobody set it otherwise: a slice of 0.7 ms times one more than the whole
  /// logarithm of the cores, up to eight (`sysctl_sched_base_slice`, scaled logarithmically), and 250 ticks a second.
  package static func usual(cores: Int) -> TimeSlices {
    let doublings = Int.bitWidth - 1 - max(min(cores, 8), 1).leadingZeroBitCount
    return TimeSlices(sliceNs: 0.7e6 * Double(1 + doublings), tickNs: 4e6)
  }
}
