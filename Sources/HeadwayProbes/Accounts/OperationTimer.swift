/// Exclusive wall time of one thread by operation inside its states: a pure machine fed with readings.
///
/// Operations follow one another, so one reading at the end of each is enough: it gets the time since the one
/// before it, or since the last change of state, clipped to the measured window.
///
///     states      —[————— forward —————]—
///     ends              a     b  a
///     booked       aaaaa bbbbb aa            the rest of the state is in no operation
///
/// Representation: totals by slot of the state (those of ``ExclusiveTimer``) and number of the operation; the
/// last number collects those that are too many to be told apart. The owner is one thread; the table belongs to
/// whoever allocated it and must outlive the timer.
@usableFromInline
package struct OperationTimer {
  /// Operations that can be told apart; further ones share the number ``others``.
  @inlinable package static var capacity: Int { 32 }
  /// The number of all operations beyond ``capacity``.
  @inlinable package static var others: Int { 32 }
  /// Operations of a state in the table.
  @inlinable package static var width: Int { 33 }
  /// Elements of the table.
  package static let count = ExclusiveTimer.slotCount * 33

  /// What one operation has been given inside one state.
  @usableFromInline
  package struct Totals: Equatable {
    /// Wall time in ticks.
    @usableFromInline package var ticks: UInt64 = 0
    /// Ends inside the window.
    @usableFromInline package var count: UInt64 = 0
    /// Nothing yet.
    package init() {}
  }

  // Invariant: valid for `count` elements while the timer is in use; upheld by the allocator of the row. Only
  // the owning thread dereferences it while it runs.
  @usableFromInline package let totals: UnsafeMutablePointer<Totals>
  /// Where the next operation begins.
  @usableFromInline package var lastTicks: UInt64 = 0

  /// A timer over a zeroed table.
  package init(totals: UnsafeMutablePointer<Totals>) { self.totals = totals }

  /// A change of state: what the thread did before it belongs to no operation that ends after it.
  @inlinable
  package mutating func begin(at ticks: UInt64) { lastTicks = ticks }

  /// An operation ends inside a state, given by its slot.
  ///
  /// A counter that seems to run backwards (read on another core) books nothing.
  @inlinable
  package mutating func end(
    _ operation: Int, in slot: Int, at ticks: UInt64, windowBegin: UInt64, windowEnd: UInt64
  ) {
    guard ticks > lastTicks else { return }
    let total = totals + (slot &* Self.width &+ min(operation, Self.others))
    let from = max(lastTicks, windowBegin)
    let to = min(ticks, windowEnd)
    if to > from { total.pointee.ticks &+= to &- from }
    if ticks >= windowBegin && ticks <= windowEnd { total.pointee.count &+= 1 }
    lastTicks = ticks
  }
}
