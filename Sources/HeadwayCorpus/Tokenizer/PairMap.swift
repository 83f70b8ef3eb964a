/// Values for pairs of token ids: open addressing with linear probing, no removal.
///
/// Exists because merging looks a pair up for every two neighbours of the text, where `Dictionary` spends
/// most of its time hashing. Complexity: expected O(1) a look-up, load at most one half.
struct PairMap<Value> {
  private(set) var count = 0
  private var keys: [UInt64]
  private var values: [Value]
  private let filler: Value

  /// An empty map; `filler` occupies unused places and is never returned.
  init(minimumCapacity: Int = 0, filler: Value) {
    var capacity = 16
    while capacity < 2 * minimumCapacity { capacity *= 2 }
    keys = Array(repeating: 0, count: capacity)
    values = Array(repeating: filler, count: capacity)
    self.filler = filler
  }

  /// The value of a pair, if there is one.
  subscript(pair: TokenPair) -> Value? {
    let place = self.place(of: pair)
    return keys[place] == 0 ? nil : values[place]
  }

  /// Changes the value of a pair, starting from `initial` when it has none.
  mutating func update(_ pair: TokenPair, from initial: Value, _ change: (inout Value) -> Void) {
    var place = self.place(of: pair)
    if keys[place] == 0 {
      if 2 * (count + 1) > keys.count {
        grow()
        place = self.place(of: pair)
      }
      keys[place] = key(pair)
      values[place] = initial
      count += 1
    }
    change(&values[place])
  }

  /// Calls `body` for every pair, in no particular order.
  func forEach(_ body: (TokenPair, Value) -> Void) {
    for place in keys.indices where keys[place] != 0 {
      body(TokenPair(rawValue: UInt32(truncatingIfNeeded: keys[place] - 1)), values[place])
    }
  }

  // 0 marks an unused place, so keys are one above the pair.
  private func key(_ pair: TokenPair) -> UInt64 { UInt64(pair.rawValue) + 1 }

  private func place(of pair: TokenPair) -> Int {
    let mask = keys.count - 1
    let wanted = key(pair)
    // Fibonacci hashing: the product's high half depends on every bit of the pair.
    var place = Int(truncatingIfNeeded: (wanted &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while keys[place] != 0 && keys[place] != wanted { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    var larger = PairMap(minimumCapacity: keys.count, filler: filler)
    forEach { pair, value in larger.update(pair, from: value) { _ in } }
    self = larger
  }
}

extension PairMap: Sendable where Value: Sendable {}

/// Two neighbouring tokens.
struct TokenPair: Hashable, Comparable {
  /// The left id in the high half, the right one in the low half: the order of pairs is lexicographic.
  var rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }
  init(_ left: UInt16, _ right: UInt16) { rawValue = UInt32(left) << 16 | UInt32(right) }

  var left: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
  var right: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
