import Foundation
import HeadwayEngine
import HeadwayKernels
import Testing

/// The whole model in each single-precision kernel set against the reference in double precision.
@Suite struct KernelAgreementTests {
  /// Sizes around the kernels' blocks (8 lanes, tiles of 4 to 16 rows) and off them.
  static let shapes: [(shape: ModelShape, sequences: Int, length: Int)] = [
    (ModelShape(vocabulary: 259, positions: 17, channels: 24, layers: 2, heads: 3, bias: true), 2, 17),
    (ModelShape(vocabulary: 300, positions: 33, channels: 64, layers: 2, heads: 4, bias: false), 1, 33),
    (ModelShape(vocabulary: 31, positions: 9, channels: 7, layers: 1, heads: 7, bias: true), 3, 5),
  ]

  @Test(arguments: 0..<shapes.count) func referenceInSinglePrecision(index: Int) throws {
    try agrees(ReferenceKernels<Float>.self, index)
  }

  @Test(.enabled(if: InstructionSet.missing().isEmpty), arguments: 0..<shapes.count)
  func simd(index: Int) throws { try agrees(SIMDKernels.self, index) }

  @Test(.enabled(if: InstructionSet.missing().isEmpty), arguments: 0..<shapes.count)
  func blas(index: Int) throws { try agrees(BLASKernels.self, index) }

  /// Loss and every tensor's gradient. Single precision has a unit roundoff of 6e-8; the longest chain of
  /// sums here (N · C · L of a few thousand terms) multiplies it by about √terms, and the wide weights of
  /// the case amplify it in attention: 1e-4 of a tensor's own norm covers both, and no wrong formula does.
  private func agrees<K: KernelSet>(_: K.Type, _ index: Int) throws where K.Scalar == Float {
    let (shape, sequences, length) = Self.shapes[index]
    let exact = try ModelCase<ReferenceKernels<Double>>(shape, sequences: sequences, length: length)
    let tested = try ModelCase<K>(shape, sequences: sequences, length: length)
    let difference = abs(exact.lossAndGradient() - tested.lossAndGradient())
    #expect(difference < 1e-4)
    for tensor in exact.model.layout.tensors {
      var error = 0.0
      var norm = 0.0
      for element in tensor.offset..<(tensor.offset + tensor.count) {
        let truth = exact.gradients.base[element]
        let found = Double(tested.gradients.base[element])
        error += (found - truth) * (found - truth)
        norm += truth * truth
      }
      #expect(error.squareRoot() < 1e-4 * norm.squareRoot(), "\(K.name) \(tensor.name)")
    }
  }
}
