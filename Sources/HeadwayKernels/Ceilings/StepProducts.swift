/// Every matrix product of a training step and nothing else: what is left of the step when norms, activations,
/// softmax, losses and the optimizer cost nothing.
///
/// The products have the shapes, strides and transpositions of the model's operators. Blocks share their
/// operands: the second block finds the first one's weights in the cache, which real training does not. So the
/// time is a lower bound of what the same library needs inside a step.
///
///     let products = StepProducts(channels: 128, layers: 2, heads: 4, vocabulary: 1000, length: 32, sequences: 8)
///     products.dense(BLASProduct.self, sequences: 8, in: memory)
///
/// Glossary: N rows (tokens) of a pass, C channels, D = C / heads, T tokens in a sequence, V vocabulary.
package struct StepProducts: Hashable, Sendable {
  /// C, channels of the residual stream.
  package let channels: Int
  /// Blocks.
  package let layers: Int
  /// Attention heads.
  package let heads: Int
  /// V, rows of the tied head.
  package let vocabulary: Int
  /// T, tokens in a sequence.
  package let length: Int
  /// The most sequences of a call.
  package let sequences: Int

  /// Gathers the sizes.
  package init(channels: Int, layers: Int, heads: Int, vocabulary: Int, length: Int, sequences: Int) {
    self.channels = channels
    self.layers = layers
    self.heads = heads
    self.vocabulary = vocabulary
    self.length = length
    self.sequences = sequences
  }

  /// One linear layer: y (N, M) = x (N, K) · w (K, M).
  struct Linear {
    let inputs: Int
    let outputs: Int
    /// Whether w lies as (M, K): the head reads the embedding.
    let isTied: Bool
    /// How often the step has it.
    let count: Int
  }

  var linears: [Linear] {
    let c = channels
    let blocks = [(c, 3 * c), (c, c), (c, 4 * c), (4 * c, c)].map {
      Linear(inputs: $0.0, outputs: $0.1, isTied: false, count: layers)
    }
    return blocks + [Linear(inputs: c, outputs: vocabulary, isTied: true, count: 1)]
  }

  /// FLOPs of ``dense(_:sequences:in:)``.
  package func denseFlops(sequences b: Int) -> Int {
    linears.reduce(0) { $0 + $1.count * 6 * b * length * $1.inputs * $1.outputs }
  }

  /// FLOPs of ``attention(_:sequences:in:)``: whole squares, twice what a causal kernel must do.
  package func attentionFlops(sequences b: Int) -> Int {
    layers * b * heads * 12 * length * length * (channels / heads)
  }

  /// Floats of working memory that the calls need.
  package var elementCount: Int {
    let rows = sequences * length
    let dense = linears.reduce(0) { sum, linear in
      sum + Self.padded(2 * rows * linear.inputs) + Self.padded(rows * linear.outputs)
        + Self.padded(2 * linear.inputs * linear.outputs)
    }
    let attention = Self.padded(8 * rows * channels) + Self.padded(2 * length * length)
    return max(dense, attention)
  }

  static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
