import Foundation
import HeadwayFiles

/// Random numbers addressed by a counter: the value at an index depends on the key and the index alone,
/// so that no order of evaluation can change it.
///
/// The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)
/// read at a position; normal deviates come in pairs from the Box–Muller transform of two positions.
package struct CounterGenerator: Sendable {
  private let key: UInt64

  /// A stream of its own for each pair of seed and name.
  package init(seed: UInt64, stream: String) {
    var hash = ContentHash()
    hash.combine(stream.utf8)
    key = Self.mix(seed &+ Self.mix(hash.value))
  }

  /// 64 uniform bits at a position.
  package func bits(at index: UInt64) -> UInt64 {
    Self.mix(key &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// A uniform number in (0, 1] at a position, on a grid of 2⁻⁵³.
  package func uniform(at index: UInt64) -> Double {
    Double((bits(at: index) >> 11) + 1) * 0x1p-53
  }

  /// A standard normal deviate at a position.
  package func normal(at index: UInt64) -> Double {
    let pair = index & ~1
    let radius = (-2 * log(uniform(at: pair))).squareRoot()
    let angle = 2 * Double.pi * uniform(at: pair + 1)
    return radius * (index & 1 == 0 ? cos(angle) : sin(angle))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension ParameterLayout {
  /// Writes the seeded starting weights, GPT-2's way: N(0, 0.02²) for matrices, scaled by 1/√(2L) for the
  /// two projections that add to the residual stream of each block, gains 1 and biases 0. Gaps become 0.
  ///
  /// - Parameter weights: ``count`` elements, overwritten.
  package func initialise<Scalar: BinaryFloatingPoint>(
    _ weights: UnsafeMutablePointer<Scalar>, seed: UInt64
  ) {
    weights.update(repeating: 0, count: count)
    for tensor in tensors {
      let values = UnsafeMutableBufferPointer(start: weights + tensor.offset, count: tensor.count)
      switch tensor.start {
      case .zeros: break
      case .ones: values.update(repeating: 1)
      case .normal: fill(values, deviation: 0.02, seed: seed, stream: tensor.name)
      case .residual:
        let deviation = 0.02 / Double(2 * shape.layers).squareRoot()
        fill(values, deviation: deviation, seed: seed, stream: tensor.name)
      }
    }
  }

  private func fill<Scalar: BinaryFloatingPoint>(
    _ values: UnsafeMutableBufferPointer<Scalar>, deviation: Double, seed: UInt64, stream: String
  ) {
    let generator = CounterGenerator(seed: seed, stream: stream)
    for index in values.indices {
      values[index] = Scalar(deviation * generator.normal(at: UInt64(index)))
    }
  }
}
