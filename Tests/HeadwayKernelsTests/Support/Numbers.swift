import HeadwayKernels

/// A seeded generator (SplitMix64), so that every failure repeats.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// `count` values, uniform in ±`limit`.
  mutating func values<Scalar: KernelScalar>(_ count: Int, limit: Double = 1) -> [Scalar] {
    (0..<count).map { _ in Scalar(Double.random(in: -limit...limit, using: &self)) }
  }

  /// `count` targets in 0 ..< `vocabulary`.
  mutating func targets(_ count: Int, vocabulary: Int) -> [Int32] {
    (0..<count).map { _ in Int32.random(in: 0..<Int32(vocabulary), using: &self) }
  }
}

/// The largest |a − b| of two equally long arrays; NaN if any element is.
func largestDifference<Scalar: KernelScalar>(_ a: [Scalar], _ b: [Scalar]) -> Double {
  precondition(a.count == b.count)
  var largest = 0.0
  for (left, right) in zip(a, b) {
    let difference = abs(Double(left) - Double(right))
    if difference.isNaN { return .nan }
    largest = max(largest, difference)
  }
  return largest
}
