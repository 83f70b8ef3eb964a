/// A small deterministic generator of random numbers: the same seed gives the same sequence on every
/// machine and in every version.
///
///     var generator = SplitMix64(seed: 7)
///     let order = [0, 1, 2].shuffled(using: &generator)
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Equatable, Sendable {
  private var state: UInt64

  /// Starts the sequence of `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in 0 ..< `bound`, every one equally likely (rejection, no modulo bias).
  ///
  /// The standard library's `shuffled(using:)` may change its use of a generator between versions; what
  /// must be repeatable goes through here.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "a bound must be positive")
    let range = UInt64(bound)
    let limit = UInt64.max - (UInt64.max % range + 1) % range
    var bits = next()
    while bits > limit { bits = next() }
    return Int(bits % range)
  }

  /// A uniformly random order of 0 ..< `count` (Fisher–Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, below(last + 1))
    }
    return order
  }
}
