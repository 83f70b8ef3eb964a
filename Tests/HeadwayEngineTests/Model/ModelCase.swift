import HeadwayEngine
import HeadwayKernels

/// A tiny model with seeded weights and one task's tokens, for any kernel set.
struct ModelCase<K: KernelSet> where K.Scalar: BitwiseCopyable {
  let model: Model<K>
  let weights: AlignedBuffer<K.Scalar>
  let gradients: AlignedBuffer<K.Scalar>
  let activations: Activations<K.Scalar>
  let tokens: [Int32]
  let targets: [Int32]
  let sequences: Int
  let length: Int

  /// Weights are drawn wide (0.3) and gains and biases off their starting values, so that no gradient is
  /// tiny by construction.
  init(_ shape: ModelShape, sequences: Int, length: Int, seed: UInt64 = 7) throws {
    model = Model(shape)
    weights = try AlignedBuffer(count: model.layout.count, purpose: "weights")
    gradients = try AlignedBuffer(count: model.layout.count, purpose: "gradients")
    activations = try Activations(shape, sequences: sequences, length: length, gradients: true)
    let draw = CounterGenerator(seed: seed, stream: "case")
    for tensor in model.layout.tensors {
      for index in tensor.offset..<(tensor.offset + tensor.count) {
        let centre = tensor.start == .ones ? 1.0 : 0
        weights.base[index] = K.Scalar(Float(centre + 0.3 * draw.normal(at: UInt64(index))))
      }
    }
    func drawToken(_ index: Int) -> Int32 {
      Int32(draw.bits(at: UInt64(1_000_000 + index)) % UInt64(shape.vocabulary))
    }
    tokens = (0..<(sequences * length)).map(drawToken)
    targets = (0..<(sequences * length)).map { drawToken($0 + 10_000) }
    self.sequences = sequences
    self.length = length
  }

  var rows: Int { sequences * length }

  /// Mean loss at the present weights.
  func loss() -> Double {
    model.forward(
      tokens, sequences: sequences, length: length, weights: weights.base, activations: activations)
    return model.loss(
      targets: targets, scale: K.Scalar(1) / K.Scalar(rows), rows: rows, activations: activations)
      / Double(rows)
  }

  /// Mean loss, with its gradient added to `gradients`.
  @discardableResult func lossAndGradient() -> Double {
    let value = loss()
    model.backward(
      tokens, sequences: sequences, length: length, weights: weights.base, gradients: gradients.base,
      activations: activations)
    return value
  }
}
