import HeadwayKernels
import HeadwayTrace

extension Model {
  /// Computes the logits of `sequences` sequences and keeps what the backward pass needs.
  ///
  /// - Parameters:
  ///   - tokens: (b, t), token numbers in 0 ..< V.
  ///   - sequences: b, at most the arena's.
  ///   - length: t, at most the arena's and at most the learned positions.
  ///   - weights: The flat parameters, read only.
  ///   - activations: The calling thread's arena; its `logits` become (b·t, V).
  ///   - clock: Hears of each operation as it ends.
  package func forward(
    _ tokens: UnsafePointer<Int32>, sequences b: Int, length t: Int, weights: UnsafePointer<Scalar>,
    activations a: Activations<Scalar>, clock: some OperationClock = NoOperationClock()
  ) {
    precondition(b <= a.sequences && t <= a.length && t <= layout.shape.positions)
    let shape = layout.shape
    let c = shape.channels
    let n = b * t
    embed(tokens, sequences: b, length: t, weights: weights, into: layer(0, a))
    clock.ended(.embedding)
    for index in 0..<shape.layers {
      forward(
        layout.blocks[index], a.blocks[index], output: layer(index + 1, a), sequences: b, length: t,
        weights: weights, clock: clock)
    }
    K.layerNormForward(
      a.normedOutput, mean: a.finalMean, rstd: a.finalRstd, x: a.output,
      gain: at(layout.finalNorm.gain, weights), bias: at(layout.finalNorm.bias, weights), rows: n,
      channels: c)
    clock.ended(.layerNorm)
    K.headForward(
      a.logits, h: a.normedOutput, wte: at(layout.tokenEmbedding, weights), rows: n, channels: c,
      vocabulary: shape.vocabulary)
    clock.ended(.head)
  }

  /// (N, C): the residual stream that enters block `index`, or leaves the last one.
  private func layer(_ index: Int, _ a: Activations<Scalar>) -> UnsafeMutablePointer<Scalar> {
    index < layout.shape.layers ? a.blocks[index].input : a.output
  }

  /// x (N, C) = wte[token] + wpe[position].
  private func embed(
    _ tokens: UnsafePointer<Int32>, sequences b: Int, length t: Int, weights: UnsafePointer<Scalar>,
    into x: UnsafeMutablePointer<Scalar>
  ) {
    let c = layout.shape.channels
    let wte = at(layout.tokenEmbedding, weights)
    let wpe = at(layout.positionEmbedding, weights)
    for row in 0..<(b * t) {
      let token = Int(tokens[row])
      precondition(token >= 0 && token < layout.shape.vocabulary, "a token lies outside the vocabulary")
      (x + row * c).update(from: wte + token * c, count: c)
    }
    // Positions of one sequence are contiguous in wpe (T, C) and in x (b, t, C).
    for sequence in 0..<b { K.add(x + sequence * t * c, wpe, count: t * c) }
  }

  /// One block: middle = input + proj(attention(norm1(input))); output = middle + mlp(norm2(middle)).
  private func forward(
    _ p: ParameterLayout.Block, _ a: Activations<Scalar>.Block, output: UnsafeMutablePointer<Scalar>,
    sequences b: Int, length t: Int, weights w: UnsafePointer<Scalar>, clock: some OperationClock
  ) {
    let c = layout.shape.channels
    let n = b * t
    K.layerNormForward(
      a.normed1, mean: a.mean1, rstd: a.rstd1, x: a.input, gain: at(p.norm1.gain, w),
      bias: at(p.norm1.bias, w), rows: n, channels: c)
    clock.ended(.layerNorm)
    K.linearForward(
      a.qkv, x: a.normed1, w: at(p.attention.weight, w), bias: at(p.attention.bias, w), rows: n,
      inputs: c, outputs: 3 * c)
    clock.ended(.attentionInput)
    K.attentionForward(
      a.attended, probabilities: a.probabilities, qkv: a.qkv, batch: b, time: t, channels: c,
      heads: layout.shape.heads)
    clock.ended(.attention)
    K.linearForward(
      a.middle, x: a.attended, w: at(p.attentionProjection.weight, w),
      bias: at(p.attentionProjection.bias, w), rows: n, inputs: c, outputs: c)
    clock.ended(.attentionOutput)
    K.add(a.middle, a.input, count: n * c)
    clock.ended(.residual)
    K.layerNormForward(
      a.normed2, mean: a.mean2, rstd: a.rstd2, x: a.middle, gain: at(p.norm2.gain, w),
      bias: at(p.norm2.bias, w), rows: n, channels: c)
    clock.ended(.layerNorm)
    K.linearForward(
      a.expanded, x: a.normed2, w: at(p.expansion.weight, w), bias: at(p.expansion.bias, w), rows: n,
      inputs: c, outputs: 4 * c)
    clock.ended(.expansion)
    K.geluForward(a.activated, x: a.expanded, count: n * 4 * c)
    clock.ended(.gelu)
    K.linearForward(
      output, x: a.activated, w: at(p.projection.weight, w), bias: at(p.projection.bias, w), rows: n,
      inputs: 4 * c, outputs: c)
    clock.ended(.projection)
    K.add(output, a.middle, count: n * c)
    clock.ended(.residual)
  }
}
