import CHeadwayVectors

/// The most multiply-adds that a core can do: chains of them on registers, with no memory at all.
///
/// Each chain is x ← x · factor + term in eight lanes. The chains do not depend on each other, so that the
/// multiply-add units are never idle; each depends on itself, so that nothing can be skipped. One lane is
/// computed again by a scalar loop: ``reference(start:rounds:)`` must give the same bits.
///
/// AVX2 instructions on x86-64: a CPU with wider vectors may do more than this in other code.
package enum MultiplyAddPeak {
  /// Floats in all chains.
  package static let lanes = 96

  /// FLOPs of one round: a multiplication and an addition in every lane.
  package static let flopsPerRound = 2 * lanes

  /// Close to 1, so that the chains neither overflow nor come to rest for a long time.
  static let factor: Float = 0.999_999
  static let term: Float = 0.25

  /// Where lane `index` of a run starts.
  package static func start(lane index: Int) -> Float { Float(index + 1) }

  /// Runs on the calling thread.
  ///
  /// - Parameters:
  ///   - lanes: 96 floats, from ``start(lane:)`` at first; advanced by `rounds`.
  package static func run(_ lanes: UnsafeMutablePointer<Float>, rounds: Int) {
    headway_multiply_add_chains(lanes, factor, term, rounds)
  }

  /// The value of one lane after some rounds, by scalar multiply-adds.
  package static func reference(start: Float, rounds: Int) -> Float {
    var value = start
    for _ in 0..<rounds { value = term.addingProduct(value, factor) }
    return value
  }
}
