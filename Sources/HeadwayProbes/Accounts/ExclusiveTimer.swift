/// Exclusive wall and CPU time of one thread by state: a pure machine fed with readings.
///
/// Each interval between two readings goes to the innermost open state, clipped to the measured window; the
/// CPU time of an interval that a window's end cuts is shared in proportion to its wall time. An interval
/// is half-open: a reading at the window's end still belongs to it, whatever follows does not.
///
///     window          |———————————————|
///     states      ——a———[—b—]——a————————
///     booked          aaa bbb aaaaaaaa
///
/// Representation: a fixed table of totals by slot, the last slot being "in no state", and a fixed stack of
/// open states. Deeper nesting than the stack holds stays with the deepest state that was kept.
///
/// The owner is one thread; the tables belong to whoever allocated them and must outlive the timer.
@usableFromInline
package struct ExclusiveTimer {
  /// States that can be told apart; further ones share the slot ``unattributed``.
  @inlinable package static var stateCapacity: Int { 64 }
  /// The slot of time in no state.
  @inlinable package static var unattributed: Int { 64 }
  /// Slots of the table.
  package static let slotCount = 65
  /// Nested states that are kept apart.
  @inlinable package static var depthCapacity: Int { 32 }

  /// What one slot has been given.
  @usableFromInline
  package struct Totals: Equatable {
    /// Wall time in ticks.
    @usableFromInline package var wallTicks: UInt64 = 0
    /// CPU time in nanoseconds.
    @usableFromInline package var cpuNs: UInt64 = 0
    /// Entries inside the window.
    @usableFromInline package var count: UInt64 = 0
    /// Nothing yet.
    package init() {}
  }

  /// A state that has been entered and not yet left.
  @usableFromInline
  package struct OpenState {
    /// Its slot.
    @usableFromInline package var slot: Int
    /// When it was entered.
    @usableFromInline package var ticks: UInt64
    /// The thread's CPU time then.
    @usableFromInline package var cpuNs: UInt64
    @inlinable
    package init(slot: Int, ticks: UInt64, cpuNs: UInt64) {
      self.slot = slot
      self.ticks = ticks
      self.cpuNs = cpuNs
    }
  }

  /// One observation of a thread: both of its clocks, and the window as known at that moment.
  @usableFromInline
  package struct Reading {
    @usableFromInline package var ticks: UInt64
    @usableFromInline package var cpuNs: UInt64
    @usableFromInline package var windowBegin: UInt64
    @usableFromInline package var windowEnd: UInt64
    @inlinable
    package init(ticks: UInt64, cpuNs: UInt64, windowBegin: UInt64, windowEnd: UInt64) {
      self.ticks = ticks
      self.cpuNs = cpuNs
      self.windowBegin = windowBegin
      self.windowEnd = windowEnd
    }
  }

  // Invariant of both pointers: valid for `slotCount` and `depthCapacity` elements while the timer is in
  // use; upheld by the allocator of the row. Only the owning thread dereferences them while it runs.
  @usableFromInline package let totals: UnsafeMutablePointer<Totals>
  @usableFromInline package let stack: UnsafeMutablePointer<OpenState>
  @usableFromInline package var lastTicks: UInt64 = 0
  @usableFromInline package var lastCpuNs: UInt64 = 0
  @usableFromInline package var slot = ExclusiveTimer.unattributed
  /// Open states, those beyond ``depthCapacity`` included.
  @usableFromInline package var depth = 0
  /// Transitions inside the window.
  @usableFromInline package var transitions: UInt64 = 0
  /// Calls of ``leave(at:)`` with nothing to leave.
  @usableFromInline package var unmatchedLeaves: UInt64 = 0
  /// States entered too deep to be kept apart.
  @usableFromInline package var tooDeep: UInt64 = 0

  /// A timer over zeroed tables.
  package init(totals: UnsafeMutablePointer<Totals>, stack: UnsafeMutablePointer<OpenState>) {
    self.totals = totals
    self.stack = stack
  }

  /// Begins a stretch of the thread, in no state. Time before it is not booked.
  package mutating func start(ticks: UInt64, cpuNs: UInt64) {
    lastTicks = ticks
    lastCpuNs = cpuNs
    slot = Self.unattributed
    depth = 0
  }

  /// Enters a state: the one around it stops counting.
  @inlinable
  package mutating func enter(_ slot: Int, at reading: Reading) {
    advance(to: reading)
    if lastTicks >= reading.windowBegin && lastTicks <= reading.windowEnd {
      totals[slot].count &+= 1
      transitions &+= 1
    }
    if depth < Self.depthCapacity {
      stack[depth] = OpenState(slot: slot, ticks: lastTicks, cpuNs: lastCpuNs)
      self.slot = slot
    } else {
      tooDeep &+= 1
    }
    depth &+= 1
  }

  /// Leaves the innermost state, and returns it; `nil` when it was too deep to be kept or there was none.
  @inlinable
  package mutating func leave(at reading: Reading) -> OpenState? {
    advance(to: reading)
    if lastTicks >= reading.windowBegin && lastTicks <= reading.windowEnd { transitions &+= 1 }
    guard depth > 0 else {
      unmatchedLeaves &+= 1
      return nil
    }
    depth &-= 1
    guard depth < Self.depthCapacity else { return nil }
    slot = depth > 0 ? stack[depth &- 1].slot : Self.unattributed
    return stack[depth]
  }

  /// Books the time since the last reading to the innermost state.
  ///
  /// A counter that seems to run backwards (read on another core) books nothing; nor does a CPU clock.
  @inlinable
  package mutating func advance(to reading: Reading) {
    guard reading.ticks > lastTicks else { return }
    let cpuNs = max(reading.cpuNs, lastCpuNs)
    if lastTicks >= reading.windowBegin && reading.ticks <= reading.windowEnd {
      totals[slot].wallTicks &+= reading.ticks &- lastTicks
      totals[slot].cpuNs &+= cpuNs &- lastCpuNs
    } else {
      bookClipped(reading, cpuNs: cpuNs &- lastCpuNs)
    }
    lastTicks = reading.ticks
    lastCpuNs = cpuNs
  }

  /// Books the part of the interval that lies in the window.
  @usableFromInline
  mutating func bookClipped(_ reading: Reading, cpuNs: UInt64) {
    let from = max(lastTicks, reading.windowBegin)
    let to = min(reading.ticks, reading.windowEnd)
    guard to > from else { return }
    totals[slot].wallTicks += to - from
    totals[slot].cpuNs += Self.share(
      of: cpuNs, part: to - from, whole: reading.ticks - lastTicks)
  }

  /// `amount · part / whole`, rounded down, for `part <= whole`.
  static func share(of amount: UInt64, part: UInt64, whole: UInt64) -> UInt64 {
    whole.dividingFullWidth(amount.multipliedFullWidth(by: part)).quotient
  }
}

extension ExclusiveTimer {
  /// Takes over another timer's position, to go on in a copy of its tables.
  package mutating func resume(like other: ExclusiveTimer) {
    lastTicks = other.lastTicks
    lastCpuNs = other.lastCpuNs
    slot = other.slot
    depth = other.depth
  }
}
