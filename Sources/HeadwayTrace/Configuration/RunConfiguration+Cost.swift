extension RunConfiguration {
  /// What one step of this configuration computes, from its shapes alone. It does not depend on threads,
  /// kernels or how the step is cut, save that every gradient slot more is one more addition per parameter.
  public var stepCost: StepCost {
    let shapes = CostShapes(self)
    let operations = shapes.forward + shapes.backward + shapes.update
    return StepCost(operations: operations.filter { $0.flops > 0 }, tokens: tokensPerStep)
  }

  /// Parameters of the model, the head being tied to the embedding.
  public var parameterCount: Int { CostShapes(self).parameters }
}

/// The sizes that costs are counted from. Glossary: N tokens of the step, C channels, L layers, V vocabulary,
/// P pairs of a token and one that it attends to.
private struct CostShapes {
  let n, c, layers, v, time, heads, slots: Int
  let bias: Bool
  /// Whether the gradient's norm is bounded. It is taken either way.
  let pairs: Int
  let sequences: Int

  init(_ configuration: RunConfiguration) {
    n = configuration.tokensPerStep
    c = configuration.width
    layers = configuration.layers
    v = configuration.vocabularySize
    time = configuration.sequenceLength
    heads = configuration.heads
    bias = configuration.bias
    sequences = configuration.stepBatches * configuration.batchSize
    slots = configuration.stepBatches * (configuration.grain == .sequence ? configuration.batchSize : 1)
    pairs = sequences * heads * (time * (time + 1) / 2)
  }

  /// Elements of one head.
  var headSize: Int { c / heads }

  /// Inputs and outputs of a block's four linear layers.
  var linears: [(ModelOperation, inputs: Int, outputs: Int)] {
    [
      (.attentionInput, c, 3 * c), (.attentionOutput, c, c), (.expansion, c, 4 * c),
      (.projection, 4 * c, c),
    ]
  }

  /// Elements of all tensors.
  var parameters: Int {
    let norm = bias ? 2 * c : c
    let block = linears.reduce(2 * norm) { $0 + $1.inputs * $1.outputs + (bias ? $1.outputs : 0) }
    return v * c + time * c + layers * block + norm
  }

  func cost(
    _ operation: ModelOperation, _ part: StepPart, flops: Int, matrix: Int = 0, elements: Int
  ) -> OperationCost {
    OperationCost(
      operation: operation, part: part, flops: flops, matrixFlops: matrix, bytes: 4 * elements)
  }
}

extension CostShapes {
  /// From tokens to the loss. The multiply-adds of `y = x · w` are 2NKM; a bias is where the sum starts.
  var forward: [OperationCost] {
    let norms = 2 * layers + 1
    // Tokens, a row of wte and of wpe for each, the sum.
    var costs = [cost(.embedding, .forward, flops: n * c, elements: n + 2 * n * c + time * c)]
    // Mean: C + 1. Variance: 3C, and with its root 4. Scale, gain, bias: 4C. The bias is added even if zero.
    costs.append(
      cost(
        .layerNorm, .forward, flops: norms * n * (8 * c + 5),
        elements: norms * (2 * n * c + 2 * n + (bias ? 2 : 1) * c)))
    for (operation, k, m) in linears {
      let products = layers * 2 * n * k * m
      costs.append(
        cost(
          operation, .forward, flops: products, matrix: products,
          elements: layers * (n * k + k * m + (bias ? m : 0) + n * m)))
    }
    // Each pair: a score (2D, scaled 1), its softmax (4: shift, exponential, sum, division), a value (2D).
    let products = layers * pairs * 4 * headSize
    costs.append(
      cost(
        .attention, .forward, flops: products + layers * pairs * 5, matrix: products,
        elements: layers * (3 * n * c + pairs + n * c)))
    costs.append(
      cost(.gelu, .forward, flops: layers * n * 4 * c * 9, elements: layers * 2 * n * 4 * c))
    costs.append(
      cost(.residual, .forward, flops: layers * 2 * n * c, elements: layers * 2 * 3 * n * c))
    let head = 2 * n * c * v
    costs.append(cost(.head, .forward, flops: head, matrix: head, elements: n * c + v * c + n * v))
    // Each logit: shift, exponential, sum; then division, target, scale. Each row: 3 for its loss.
    costs.append(cost(.crossEntropy, .forward, flops: n * (6 * v + 3), elements: n + 2 * n * v))
    return costs
  }

  /// From the loss to the gradients: `dx = dy · wᵀ`, `dw += xᵀ · dy`, `dbias += Σ dy`.
  var backward: [OperationCost] {
    let norms = 2 * layers + 1
    var costs: [OperationCost] = []
    // A token's gradient and its position's; the two tables are added to.
    costs.append(
      cost(.embedding, .backward, flops: 2 * n * c, elements: n + n * c + 2 * n * c + 2 * time * c))
    // Two sums: 6C + 2. Gain: 5C with the norm anew. Bias: C. Input: 5C, the residual's sum among them.
    costs.append(
      cost(
        .layerNorm, .backward, flops: norms * n * ((bias ? 17 : 16) * c + 2),
        elements: norms * (4 * n * c + 2 * n + c + (bias ? 4 : 2) * c)))
    for (operation, k, m) in linears {
      let products = layers * 4 * n * k * m
      costs.append(
        cost(
          operation, .backward, flops: products + (bias ? layers * n * m : 0), matrix: products,
          elements: layers * (2 * n * k + n * m + 3 * k * m + (bias ? 2 * m : 0))))
    }
    // Each pair: dp and dv (4D), their projection (2), dscore (3), dq and dk (4D).
    let products = layers * pairs * 8 * headSize
    costs.append(
      cost(
        .attention, .backward, flops: products + layers * pairs * 5, matrix: products,
        elements: layers * (3 * n * c + pairs + n * c + 3 * n * c)))
    costs.append(
      cost(.gelu, .backward, flops: layers * n * 4 * c * 20, elements: layers * 3 * n * 4 * c))
    let head = 4 * n * c * v
    costs.append(
      cost(.head, .backward, flops: head, matrix: head, elements: 2 * n * c + n * v + 3 * v * c))
    return costs
  }

  /// From the gradient slots to the weights.
  var update: [OperationCost] {
    [
      cost(.reduction, .update, flops: (slots - 1) * parameters, elements: (slots + 1) * parameters),
      cost(.norm, .update, flops: 2 * parameters, elements: parameters),
      // 1 for the gradient's scale, 3 and 4 for the moments, 5 for the direction, 4 for the weight; reads
      // four arrays and writes three.
      cost(.optimizer, .update, flops: 17 * parameters, elements: 7 * parameters),
    ]
  }
}
