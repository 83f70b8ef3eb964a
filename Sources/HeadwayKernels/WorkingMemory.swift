import Glibc

/// What the operators of a set hold between their calls.
public struct WorkingMemory: Equatable, Sendable {
  /// Bytes taken from the heap.
  public var allocatedBytes = 0
  /// Those of them whose pages exist: a block is touched only as far as the products need it.
  public var residentBytes = 0

  /// None.
  public init() {}

  /// Blocks of one size.
  init(addresses: [UInt], byteCount: Int) {
    allocatedBytes = addresses.count * byteCount
    residentBytes = addresses.reduce(0) { $0 + Self.residentBytes(at: $1, byteCount: byteCount) }
  }

  /// The bytes of a block that lie in pages which exist, as `mincore` says; all of them when it refuses.
  private static func residentBytes(at address: UInt, byteCount: Int) -> Int {
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let start = address / page * page
    let end = address + UInt(byteCount)
    var pages = [UInt8](repeating: 0, count: Int((end - start + page - 1) / page))
    guard mincore(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), &pages) == 0 else {
      return byteCount
    }
    return pages.indices.reduce(0) { sum, index in
      guard pages[index] & 1 == 1 else { return sum }
      let first = max(start + UInt(index) * page, address)
      return sum + Int(min(start + UInt(index + 1) * page, end) - first)
    }
  }
}
