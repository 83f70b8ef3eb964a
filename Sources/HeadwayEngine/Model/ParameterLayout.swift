/// One parameter tensor: what it is called, its shape, and where it lies in the flat buffers.
package struct ParameterTensor: Hashable, Sendable {
  /// What the tensor starts as; see `WeightInitialisation`.
  package enum Start: Hashable, Sendable {
    /// N(0, 0.02²).
    case normal
    /// N(0, (0.02 / √(2L))²): projections that add to the residual stream.
    case residual
    /// All ones: gains of norms.
    case ones
    /// All zeros: biases.
    case zeros
  }

  /// The Hugging Face GPT-2 name, without the `transformer.` prefix.
  package let name: String
  /// Row-major shape; linear weights are (inputs, outputs).
  package let shape: [Int]
  /// What the tensor starts as.
  package let start: Start
  /// First element in the flat buffer; a multiple of 16 elements, so 64 bytes in `Float`.
  package fileprivate(set) var offset = 0

  /// Elements.
  package var count: Int { shape.reduce(1, *) }
  /// Whether weight decay applies: matrices are decayed, vectors are not.
  package var isDecayed: Bool { shape.count > 1 }
}

/// Where every parameter lies in the one flat buffer that weights, gradients and moments share.
///
/// The single list of the model's tensors: the forward and backward pass, the initialisation, the
/// optimizer and the checkpoint all read it. Matrices come first, then vectors, so that decay applies to
/// one contiguous range. Both ranges end on a multiple of ``chunk``; the gaps hold zeros and stay zero.
///
/// `h.N` tensors carry the same name as in Hugging Face's GPT-2; `lm_head` is tied to `wte`.
package struct ParameterLayout: Sendable {
  /// Elements that are summed, reduced and updated as one piece: a 4 KiB page of `Float`s. Segments of
  /// the parameters start on multiples of it, so that no two workers write to one cache line and every
  /// vectorised loop splits a range in the same places whoever runs it.
  package static let chunk = 1024

  /// The parameters of one block, as indices into ``ParameterLayout/tensors``; biases may be absent.
  package struct Block: Sendable {
    /// First norm: gain (C), bias (C).
    package let norm1: (gain: Int, bias: Int?)
    /// Query, key and value side by side: weight (C, 3C), bias (3C).
    package let attention: (weight: Int, bias: Int?)
    /// Attention's output projection: weight (C, C), bias (C).
    package let attentionProjection: (weight: Int, bias: Int?)
    /// Second norm: gain (C), bias (C).
    package let norm2: (gain: Int, bias: Int?)
    /// Expansion of the MLP: weight (C, 4C), bias (4C).
    package let expansion: (weight: Int, bias: Int?)
    /// Projection of the MLP: weight (4C, C), bias (C).
    package let projection: (weight: Int, bias: Int?)
  }

  /// The sizes of the model.
  package let shape: ModelShape
  /// Every tensor, in the model's order.
  package let tensors: [ParameterTensor]
  /// Token embedding and head (V, C), an index into ``tensors``.
  package let tokenEmbedding: Int
  /// Position embedding (T, C), an index into ``tensors``.
  package let positionEmbedding: Int
  /// The blocks, in order.
  package let blocks: [Block]
  /// Final norm: gain (C), bias (C).
  package let finalNorm: (gain: Int, bias: Int?)
  /// Elements of the flat buffer, gaps included; a multiple of ``chunk``.
  package let count: Int
  /// Elements at the start of the buffer that weight decay applies to; a multiple of ``chunk``.
  package let decayedCount: Int

  /// Lays out the parameters of a shape.
  package init(_ shape: ModelShape) {
    var builder = Builder(bias: shape.bias)
    let c = shape.channels
    tokenEmbedding = builder.add("wte.weight", [shape.vocabulary, c], .normal)
    positionEmbedding = builder.add("wpe.weight", [shape.positions, c], .normal)
    var blocks: [Block] = []
    for layer in 0..<shape.layers {
      let prefix = "h.\(layer)."
      let norm1 = builder.norm(prefix + "ln_1", c)
      let attention = builder.linear(prefix + "attn.c_attn", c, 3 * c, .normal)
      let attentionProjection = builder.linear(prefix + "attn.c_proj", c, c, .residual)
      let norm2 = builder.norm(prefix + "ln_2", c)
      let expansion = builder.linear(prefix + "mlp.c_fc", c, 4 * c, .normal)
      let projection = builder.linear(prefix + "mlp.c_proj", 4 * c, c, .residual)
      blocks.append(
        Block(
          norm1: norm1, attention: attention, attentionProjection: attentionProjection, norm2: norm2,
          expansion: expansion, projection: projection))
    }
    finalNorm = builder.norm("ln_f", c)
    let placed = builder.place()
    self.shape = shape
    self.blocks = blocks
    (tensors, decayedCount, count) = placed
  }

  /// Parameters of the model: the elements of all tensors, without gaps.
  package var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Chunks of the flat buffer.
  package var chunkCount: Int { count / Self.chunk }

  /// The chunks of segment `index` of `total`: contiguous, disjoint, covering every chunk, and of sizes
  /// that differ by at most one.
  package func chunks(ofSegment index: Int, of total: Int) -> Range<Int> {
    (index * chunkCount / total)..<((index + 1) * chunkCount / total)
  }
}

/// Collects the tensors, then gives them their places.
private struct Builder {
  let bias: Bool
  var tensors: [ParameterTensor] = []

  mutating func add(_ name: String, _ shape: [Int], _ start: ParameterTensor.Start) -> Int {
    tensors.append(ParameterTensor(name: name, shape: shape, start: start))
    return tensors.count - 1
  }

  mutating func norm(_ name: String, _ c: Int) -> (gain: Int, bias: Int?) {
    (add(name + ".weight", [c], .ones), bias ? add(name + ".bias", [c], .zeros) : nil)
  }

  mutating func linear(
    _ name: String, _ inputs: Int, _ outputs: Int, _ start: ParameterTensor.Start
  ) -> (weight: Int, bias: Int?) {
    (
      add(name + ".weight", [inputs, outputs], start),
      bias ? add(name + ".bias", [outputs], .zeros) : nil
    )
  }

  func place() -> (tensors: [ParameterTensor], decayed: Int, total: Int) {
    func up(_ value: Int, to multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
    var placed = tensors
    var end = 0
    var decayed = 0
    for isDecayed in [true, false] {
      for index in placed.indices where placed[index].isDecayed == isDecayed {
        placed[index].offset = end
        end = up(end + placed[index].count, to: 16)
      }
      end = up(end, to: ParameterLayout.chunk)
      if isDecayed { decayed = end }
    }
    return (placed, decayed, end)
  }
}
