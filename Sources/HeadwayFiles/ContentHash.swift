import HeadwayTrace

/// FNV-1a over 64 bits (Fowler, Noll, Vo): tells whether two sequences of bytes are the same.
///
///     var hash = ContentHash()
///     hash.combine("a".utf8)
///     hash.hexadecimal   // af63dc4c8601ec8c
///
/// It names contents that nobody forges; it is no protection against somebody who wants a collision.
public struct ContentHash: Sendable {
  /// The hash so far.
  public var value: UInt64 { state }

  @usableFromInline var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing.
  public init() {}

  /// The hash of files' bytes, one file after the other.
  ///
  /// Read piece by piece rather than mapped: every page of a mapping would count as the process's memory,
  /// 20 MB for the binary of a run alone.
  ///
  /// - Throws: ``InputError`` when one cannot be read.
  public init(ofFiles paths: [String]) throws(InputError) {
    for path in paths {
      let file = try FileDescriptor.reading(path)
      let size = try file.size()
      for start in stride(from: 0, to: size, by: Self.pieceBytes) {
        combine(try file.read(count: min(Self.pieceBytes, size - start), at: start))
      }
    }
  }

  /// Bytes that are in memory at once.
  private static let pieceBytes = 1 << 16

  /// Adds bytes, in order.
  @inlinable public mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// Adds the bits of a number, least significant byte first.
  @inlinable public mutating func combine(_ number: Float) {
    var bits = number.bitPattern
    for _ in 0..<4 {
      combine(CollectionOfOne(UInt8(truncatingIfNeeded: bits)))
      bits >>= 8
    }
  }

  /// The hash as 16 hexadecimal digits.
  public var hexadecimal: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
