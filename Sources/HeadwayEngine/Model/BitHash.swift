/// FNV-1a over 64 bits (Fowler, Noll, Vo): tells whether two sequences of bits are the same.
package struct BitHash: Sendable {
  /// The hash so far.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing.
  package init() {}

  /// Adds bytes, in order.
  package mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// Adds the bits of a number, least significant byte first.
  package mutating func combine(_ number: Float) {
    var bits = number.bitPattern
    for _ in 0..<4 {
      value = (value ^ UInt64(bits & 0xFF)) &* 0x100_0000_01B3
      bits >>= 8
    }
  }

  /// The hash as 16 hexadecimal digits.
  package var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
