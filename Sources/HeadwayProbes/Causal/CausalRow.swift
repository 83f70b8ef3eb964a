/// What one thread of a ``CausalProbe`` keeps: the states it is in, and what it has paid so far.
///
/// Written and read by its thread only; in cache lines of its own.
struct CausalRow {
  /// States inside each other that are kept; deeper ones count as the last.
  static let depthCapacity = 32

  /// Ticks that the thread has waited for others' savings, or was credited with for its own.
  var paid: UInt64 = 0
  /// Open states, those beyond ``depthCapacity`` included.
  var depth = 0
  /// When the innermost state began to count.
  var since: UInt64 = 0
  // Invariant: `depthCapacity` numbers, as long-lived as the row.
  let states: UnsafeMutablePointer<UInt16>

  /// The innermost state; `nil` outside of all.
  var innermost: UInt16? { depth > 0 ? states[min(depth, Self.depthCapacity) - 1] : nil }

  mutating func push(_ state: UInt16) {
    if depth < Self.depthCapacity { states[depth] = state }
    depth += 1
  }

  mutating func pop() { depth = max(depth - 1, 0) }

  /// Allocates a row; free it with ``deallocate(_:)``.
  static func allocate() -> UnsafeMutablePointer<CausalRow> {
    let states = UnsafeMutablePointer<UInt16>.allocate(capacity: depthCapacity)
    states.initialize(repeating: 0, count: depthCapacity)
    let row = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
      .bindMemory(to: CausalRow.self, capacity: 1)
    row.initialize(to: CausalRow(states: states))
    return row
  }

  static func deallocate(_ row: UnsafeMutablePointer<CausalRow>) {
    row.pointee.states.deallocate()
    row.deinitialize(count: 1)
    UnsafeMutableRawPointer(row).deallocate()
  }
}
