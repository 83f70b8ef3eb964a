import Glibc

/// Reading of the kernel's short text files without allocating, for threads that are being measured.
enum ProcBytes {
  /// The most bytes of a file that are read.
  static let capacity = 512

  /// Calls `body` with the content of `prefix` + `number` + `suffix`; `nil` when it cannot be read.
  ///
  /// Everything lies on the stack.
  static func read<Result>(
    _ prefix: StaticString, _ number: Int32, _ suffix: StaticString,
    _ body: (UnsafeBufferPointer<UInt8>) -> Result?
  ) -> Result? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer -> Result? in
      guard let base = buffer.baseAddress else { return nil }
      var path = BoundedText(base, capacity: capacity)
      path.append(prefix)
      path.append(UInt32(max(0, number)))
      path.append(suffix)
      let file = base.withMemoryRebound(to: CChar.self, capacity: capacity) {
        open($0, O_RDONLY | O_CLOEXEC)
      }
      guard file >= 0 else { return nil }
      defer { close(file) }
      var count: Int
      repeat { count = Glibc.read(file, base, capacity) } while count < 0 && errno == EINTR
      guard count > 0 else { return nil }
      return body(UnsafeBufferPointer(start: base, count: count))
    }
  }

  /// The number that starts at the first digit at or after `start`, and where it ends; `nil` when there is
  /// none or it does not fit.
  static func number(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (value: UInt64, end: Int)? {
    var place = start
    while place < bytes.count, bytes[place] < 0x30 || bytes[place] > 0x39 { place += 1 }
    guard place < bytes.count else { return nil }
    var value: UInt64 = 0
    while place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39 {
      let (shifted, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = shifted.addingReportingOverflow(UInt64(bytes[place] - 0x30))
      if over || more { return nil }
      value = sum
      place += 1
    }
    return (value, place)
  }
}

/// A zero-terminated text that is written into memory of a fixed size; what does not fit is cut.
private struct BoundedText {
  // Invariant: valid for `capacity` bytes while the text is in use; its maker upholds it.
  private let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var count = 0

  init(_ base: UnsafeMutablePointer<UInt8>, capacity: Int) {
    self.base = base
    self.capacity = capacity
    base[0] = 0
  }

  mutating func append(_ text: StaticString) {
    for place in 0..<text.utf8CodeUnitCount { append(text.utf8Start[place]) }
  }

  mutating func append(_ number: UInt32) {
    var divisor: UInt32 = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      append(0x30 + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }

  private mutating func append(_ byte: UInt8) {
    guard count < capacity - 1 else { return }
    base[count] = byte
    count += 1
    base[count] = 0
  }
}
