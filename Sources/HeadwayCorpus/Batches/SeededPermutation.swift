/// A seeded permutation of 0 ..< count that is computed, not stored: O(1) memory, random access.
///
///     let order = SeededPermutation(count: 10, key: 7)
///     order[0]   // somewhere in 0 ..< 10; all ten places differ
///
/// A balanced Feistel network over the smallest even number of bits that holds `count`, with cycle walking:
/// a value that falls outside the range is permuted again until it falls inside (Black and Rogaway,
/// "Ciphers with Arbitrary Finite Domains", 2002). The range holds at least a quarter of the network's
/// values (plus a constant), so four applications are expected at most. Not meant to be secret.
public struct SeededPermutation: Sendable {
  /// Length of the permutation, at least 1.
  public let count: Int

  private static let rounds: UInt64 = 6
  private let key: UInt64
  private let halfBits: UInt64
  private let halfMask: UInt64

  /// The permutation of 0 ..< count that belongs to a key.
  public init(count: Int, key: UInt64) {
    precondition(count >= 1, "a permutation of \(count) elements")
    self.count = count
    self.key = key
    let bits = UInt64(Int.bitWidth - (count - 1).leadingZeroBitCount)
    halfBits = max(1, (bits + 1) / 2)
    halfMask = (1 << halfBits) - 1
  }

  /// Where the permutation sends `index`.
  public subscript(index: Int) -> Int {
    precondition(index >= 0 && index < count, "element \(index) of \(count)")
    var value = UInt64(index)
    repeat { value = permuted(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func permuted(_ value: UInt64) -> UInt64 {
    var left = value >> halfBits
    var right = value & halfMask
    for round in 0..<Self.rounds {
      let mixed = mix(key &+ round &* 0x9E37_79B9_7F4A_7C15 ^ right &* 0xD6E8_FEB8_6659_FD93)
      (left, right) = (right, left ^ (mixed & halfMask))
    }
    return left << halfBits | right
  }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): spreads every bit over the word.
func mix(_ value: UInt64) -> UInt64 {
  var word = value &+ 0x9E37_79B9_7F4A_7C15
  word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
  word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
  return word ^ word >> 31
}
