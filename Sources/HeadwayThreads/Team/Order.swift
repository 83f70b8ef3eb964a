import HeadwayTrace

/// What a coordinating thread asks of those below it: a range of a phase's tasks, or to end. Twelve bytes
/// of plain memory.
@usableFromInline
struct Order: BitwiseCopyable, Sendable {
  @usableFromInline let phase: UInt16
  /// Whether this is no work but the receiver's end.
  @usableFromInline let isStop: Bool
  /// The tasks `first ..< end`.
  @usableFromInline let first: UInt32
  @usableFromInline let end: UInt32

  @inlinable init(phase: UInt16, first: UInt32, end: UInt32, isStop: Bool = false) {
    self.phase = phase
    self.first = first
    self.end = end
    self.isStop = isStop
  }

  /// Tells the receiver to end.
  @usableFromInline static let stop = Order(phase: 0, first: 0, end: 0, isStop: true)

  /// How many tasks it covers.
  @inlinable var count: Int { Int(end) - Int(first) }
}

/// The part of an order that belongs to some of a coordinating thread's workers.
@usableFromInline
struct Share: Hashable, Sendable {
  /// Workers whose part comes before.
  @usableFromInline let before: Int
  /// Workers of this part.
  @usableFromInline let own: Int
  /// All workers below the coordinating thread.
  @usableFromInline let total: Int

  init(before: Int, own: Int, total: Int) {
    (self.before, self.own, self.total) = (before, own, total)
  }

  /// The part: parts of one order follow each other without a gap, each in proportion to its workers.
  @inlinable func part(of order: Order) -> Order {
    let (first, count) = (Int(order.first), order.count)
    return Order(
      phase: order.phase, first: UInt32(first + count * before / total),
      end: UInt32(first + count * (before + own) / total))
  }
}
