import HeadwayKernels
import HeadwayTrace

extension Model {
  /// Adds the gradient of the loss to `gradients`, from the logits' gradient that ``loss`` left and the
  /// activations of the same call of ``forward``.
  ///
  /// - Parameters:
  ///   - tokens: (b, t), as given to ``forward``.
  ///   - gradients: A flat buffer in the parameters' layout, accumulated into.
  ///   - activations: The arena of the forward pass; its backward regions are overwritten.
  ///   - clock: Hears of each operation as it ends.
  package func backward(
    _ tokens: UnsafePointer<Int32>, sequences b: Int, length t: Int, weights: UnsafePointer<Scalar>,
    gradients: UnsafeMutablePointer<Scalar>, activations a: Activations<Scalar>,
    clock: some OperationClock = NoOperationClock()
  ) {
    let shape = layout.shape
    let c = shape.channels
    let n = b * t
    // logits = normedOutput · wteᵀ
    K.headBackward(
      dh: a.narrowGradient, dwte: at(layout.tokenEmbedding, gradients), dlogits: a.logits,
      h: a.normedOutput, wte: at(layout.tokenEmbedding, weights), rows: n, channels: c,
      vocabulary: shape.vocabulary)
    clock.ended(.head)
    // normedOutput = norm(output)
    a.residualGradient.update(repeating: 0, count: n * c)
    K.layerNormBackward(
      dx: a.residualGradient, dgain: at(layout.finalNorm.gain, gradients),
      dbias: at(layout.finalNorm.bias, gradients), dy: a.narrowGradient, x: a.output, mean: a.finalMean,
      rstd: a.finalRstd, gain: at(layout.finalNorm.gain, weights), rows: n, channels: c)
    clock.ended(.layerNorm)
    for index in (0..<shape.layers).reversed() {
      backwardMLP(layout.blocks[index], a.blocks[index], a, rows: n, weights, gradients, clock)
      backwardAttention(
        layout.blocks[index], a.blocks[index], a, sequences: b, length: t, weights, gradients, clock)
    }
    scatter(tokens, sequences: b, length: t, from: a.residualGradient, into: gradients)
    clock.ended(.embedding)
  }

  /// Inverts output = middle + projection(gelu(expansion(norm2(middle)))): the residual gradient of the
  /// output becomes that of `middle`.
  private func backwardMLP(
    _ p: ParameterLayout.Block, _ block: Activations<Scalar>.Block, _ a: Activations<Scalar>, rows n: Int,
    _ w: UnsafePointer<Scalar>, _ g: UnsafeMutablePointer<Scalar>, _ clock: some OperationClock
  ) {
    let c = layout.shape.channels
    K.linearBackward(
      dx: a.wideGradient, dw: at(p.projection.weight, g), dbias: at(p.projection.bias, g),
      dy: a.residualGradient, x: block.activated, w: at(p.projection.weight, w), rows: n, inputs: 4 * c,
      outputs: c)
    clock.ended(.projection)
    K.geluBackward(dx: a.wideGradient, dy: a.wideGradient, x: block.expanded, count: n * 4 * c)
    clock.ended(.gelu)
    K.linearBackward(
      dx: a.narrowGradient, dw: at(p.expansion.weight, g), dbias: at(p.expansion.bias, g),
      dy: a.wideGradient, x: block.normed2, w: at(p.expansion.weight, w), rows: n, inputs: c,
      outputs: 4 * c)
    clock.ended(.expansion)
    K.layerNormBackward(
      dx: a.residualGradient, dgain: at(p.norm2.gain, g), dbias: at(p.norm2.bias, g),
      dy: a.narrowGradient, x: block.middle, mean: block.mean2, rstd: block.rstd2,
      gain: at(p.norm2.gain, w), rows: n, channels: c)
    clock.ended(.layerNorm)
  }

  /// Inverts middle = input + projection(attention(norm1(input))): the residual gradient of `middle`
  /// becomes that of the input.
  private func backwardAttention(
    _ p: ParameterLayout.Block, _ block: Activations<Scalar>.Block, _ a: Activations<Scalar>,
    sequences b: Int, length t: Int, _ w: UnsafePointer<Scalar>, _ g: UnsafeMutablePointer<Scalar>,
    _ clock: some OperationClock
  ) {
    let c = layout.shape.channels
    let n = b * t
    K.linearBackward(
      dx: a.narrowGradient, dw: at(p.attentionProjection.weight, g),
      dbias: at(p.attentionProjection.bias, g), dy: a.residualGradient, x: block.attended,
      w: at(p.attentionProjection.weight, w), rows: n, inputs: c, outputs: c)
    clock.ended(.attentionOutput)
    K.attentionBackward(
      dqkv: a.wideGradient, dout: a.narrowGradient, probabilities: block.probabilities, qkv: block.qkv,
      scratch: a.scratch, batch: b, time: t, channels: c, heads: layout.shape.heads)
    clock.ended(.attention)
    K.linearBackward(
      dx: a.narrowGradient, dw: at(p.attention.weight, g), dbias: at(p.attention.bias, g),
      dy: a.wideGradient, x: block.normed1, w: at(p.attention.weight, w), rows: n, inputs: c,
      outputs: 3 * c)
    clock.ended(.attentionInput)
    K.layerNormBackward(
      dx: a.residualGradient, dgain: at(p.norm1.gain, g), dbias: at(p.norm1.bias, g),
      dy: a.narrowGradient, x: block.input, mean: block.mean1, rstd: block.rstd1,
      gain: at(p.norm1.gain, w), rows: n, channels: c)
    clock.ended(.layerNorm)
  }

  /// Inverts x = wte[token] + wpe[position]: adds each row to its token's and its position's gradient,
  /// rows in order.
  private func scatter(
    _ tokens: UnsafePointer<Int32>, sequences b: Int, length t: Int, from dx: UnsafePointer<Scalar>,
    into gradients: UnsafeMutablePointer<Scalar>
  ) {
    let c = layout.shape.channels
    let dwte = at(layout.tokenEmbedding, gradients)
    let dwpe = at(layout.positionEmbedding, gradients)
    for row in 0..<(b * t) { K.add(dwte + Int(tokens[row]) * c, dx + row * c, count: c) }
    for sequence in 0..<b { K.add(dwpe, dx + sequence * t * c, count: t * c) }
  }
}
