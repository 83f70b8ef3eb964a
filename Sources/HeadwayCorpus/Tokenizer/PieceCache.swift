/// Remembers the ids of short pieces: direct-mapped, fixed in size, so that it never allocates in use.
///
/// A piece of up to 15 bytes is its own key (its bytes and length in 16 bytes), hence a hit is exact.
struct PieceCache {
  private static let slotBits: UInt64 = 13
  private var slots = [Slot](repeating: Slot(), count: 1 << Self.slotBits)

  /// A short piece: its bytes, little-endian, with its length in the highest byte. Never zero.
  struct Key: Equatable {
    var low: UInt64
    var high: UInt64

    /// The key of a piece; `nil` when it is longer than 15 bytes or empty.
    @inline(__always)
    init?(_ piece: UnsafeBufferPointer<UInt8>) {
      guard piece.count <= 15, piece.count > 0 else { return nil }
      low = 0
      high = UInt64(piece.count) << 56
      // In bounds: both loops stay below `piece.count`.
      for place in 0..<min(8, piece.count) { low |= UInt64(piece[place]) << UInt64(8 * place) }
      for place in 8..<max(8, piece.count) { high |= UInt64(piece[place]) << UInt64(8 * (place - 8)) }
    }

    @inline(__always) init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

    @inline(__always) var slot: Int {
      let hash = (low ^ high &* 0xD6E8_FEB8_6659_FD93) &* 0x9E37_79B9_7F4A_7C15
      return Int(truncatingIfNeeded: hash >> (64 - PieceCache.slotBits))
    }
  }

  private struct Slot {
    var key = Key(low: 0, high: 0)
    var count = 0
    var tokens = SIMD8<UInt16>()
  }

  /// Appends the ids of a piece when they are known.
  @inline(__always)
  func append(_ key: Key, to tokens: inout [UInt16]) -> Bool {
    let slot = slots[key.slot]
    guard slot.key == key else { return false }
    for place in 0..<slot.count { tokens.append(slot.tokens[place]) }
    return true
  }

  /// Remembers the ids of a piece, when there are no more than fit.
  mutating func store(_ key: Key, _ tokens: ArraySlice<UInt16>) {
    guard tokens.count <= 8 else { return }
    var slot = Slot(key: key, count: tokens.count)
    for (place, token) in tokens.enumerated() { slot.tokens[place] = token }
    slots[key.slot] = slot
  }
}
