import CHeadwayLinux

/// What the C library says of the heap, all arenas together.
package struct HeapReading: Equatable, Sendable {
  /// Bytes in use, large blocks with a mapping of their own included.
  package var usedBytes: Int
  /// Bytes that were freed and are kept.
  package var idleBytes: Int

  /// Reads the heap now; `nil` where the C library cannot say. Allocates nothing; takes each arena's lock.
  package static func read() -> HeapReading? {
    var used: UInt64 = 0
    var idle: UInt64 = 0
    guard headway_heap(&used, &idle) == 0 else { return nil }
    return HeapReading(usedBytes: Int(clamping: used), idleBytes: Int(clamping: idle))
  }
}
