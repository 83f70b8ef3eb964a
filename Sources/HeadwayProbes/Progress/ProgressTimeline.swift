/// How many tasks one thread completed in each period since the window's begin, in a table of fixed size:
/// a pure machine fed with readings.
///
/// When the time reaches the table's end, neighbouring periods are added up and every period is twice as
/// long from then on. So any run fits, and at least half of the table is in use after the first fold:
///
///     period 1    3 2 4 1 | 2
///     period 2    5 5 2 .
///
/// Periods are powers of two of ticks, and therefore those of one thread fit whole into those of another.
/// The owner is one thread; the table belongs to whoever allocated it and must outlive the timeline.
@usableFromInline
package struct ProgressTimeline {
  /// Periods of the table.
  @inlinable package static var capacity: Int { 64 }
  /// The first period: 2^20 ticks, a third of a millisecond on most machines.
  @usableFromInline static let firstShift = 20

  // Invariant: valid for `capacity` elements while the timeline is in use, and zero at first; upheld by the
  // allocator of the row.
  @usableFromInline package let counts: UnsafeMutablePointer<UInt32>
  /// A period is 2^shift ticks.
  @usableFromInline package private(set) var shift = Self.firstShift

  /// A timeline over a zeroed table.
  package init(counts: UnsafeMutablePointer<UInt32>) { self.counts = counts }

  /// Counts tasks completed at `ticks` after the window's begin.
  @usableFromInline
  package mutating func add(_ tasks: Int, at ticks: UInt64) {
    while ticks >> shift >= Self.capacity { fold() }
    let place = Int(ticks >> shift)
    counts[place] = UInt32(clamping: Int(counts[place]) + max(0, tasks))
  }

  private mutating func fold() {
    for place in 0..<Self.capacity {
      let pair = 2 * place
      counts[place] =
        pair < Self.capacity ? UInt32(clamping: Int(counts[pair]) + Int(counts[pair + 1])) : 0
    }
    shift += 1
  }

  /// The counts in periods of 2^`target` ticks, not shorter than this timeline's own, over a window.
  package func counts(shift target: Int, window: UInt64) -> [Int] {
    precondition(target >= shift, "a timeline cannot be refined")
    let periods = Int((window + (1 << target) - 1) >> target)
    var result = [Int](repeating: 0, count: max(1, periods))
    for place in 0..<Self.capacity where counts[place] > 0 {
      result[min(place >> (target - shift), result.count - 1)] += Int(counts[place])
    }
    return result
  }

  /// The shift at which a window fits the table: no timeline of that window has a longer period.
  package static func shift(for window: UInt64) -> Int {
    var shift = firstShift
    while window >> shift >= capacity { shift += 1 }
    return shift
  }
}
