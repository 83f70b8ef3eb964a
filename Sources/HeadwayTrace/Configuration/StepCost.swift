/// What one training step computes, operation by operation: counted from shapes, never measured.
///
///     let cost = configuration.stepCost
///     cost.flops            // of a whole step
///     cost.matrixFlops      // of its matrix products alone
///
/// A FLOP is one addition, subtraction, multiplication, division, square root, exponential, tanh or
/// logarithm of two floats, as the formulas of the reference operators write them; a fused multiply-add is
/// two. Comparisons, copies, conversions and constants of a whole call are not counted. Attention is counted
/// causally: a token and those before it.
///
/// Bytes are the least traffic of an operation in 32-bit floats: each array that it reads or writes counted
/// once a step, one that it adds to counted twice. What moves in fact is more: arrays that fall out of a
/// cache and weights that each pass reads again.
public struct StepCost: Codable, Hashable, Sendable {
  /// Every operation of the step that does any work; one per kind of operation and direction.
  public var operations: [OperationCost]
  /// Tokens that the step trains on.
  public var tokens: Int

  /// FLOPs of all operations.
  public var flops: Int { operations.reduce(0) { $0 + $1.flops } }

  /// FLOPs of the matrix products: linear layers, the head, and the four (forward: two) products of
  /// attention with its causal half alone. What is usually compared with a machine's peak.
  public var matrixFlops: Int { operations.reduce(0) { $0 + $1.matrixFlops } }

  /// Bytes of all operations.
  public var bytes: Int { operations.reduce(0) { $0 + $1.bytes } }

  /// FLOPs for each token.
  public var flopsPerToken: Double { Double(flops) / Double(tokens) }

  /// FLOPs of matrix products for each token.
  public var matrixFlopsPerToken: Double { Double(matrixFlops) / Double(tokens) }
}

/// What one kind of operation costs in one direction of a step, over all layers and tokens.
public struct OperationCost: Codable, Hashable, Sendable {
  /// Which operation.
  public var operation: ModelOperation
  /// Which part of the step.
  public var part: StepPart
  /// All floating-point operations.
  public var flops: Int
  /// The share of ``flops`` that are multiply-adds of matrix products.
  public var matrixFlops: Int
  /// The least traffic, in bytes.
  public var bytes: Int

  /// FLOPs for each byte; `nil` when nothing moves.
  public var intensity: Double? { bytes > 0 ? Double(flops) / Double(bytes) : nil }
}

/// The kinds of operation that a step is made of.
public enum ModelOperation: String, Codable, Sendable, CaseIterable {
  /// Token and position embedding.
  case embedding
  /// The layer norms of the blocks and the final one.
  case layerNorm = "layer_norm"
  /// Query, key and value of all heads.
  case attentionInput = "attention_input"
  /// Scores, softmax and weighted sums.
  case attention
  /// Attention's output projection.
  case attentionOutput = "attention_output"
  /// The MLP's expansion to 4C.
  case expansion
  /// The MLP's activation.
  case gelu
  /// The MLP's projection from 4C.
  case projection
  /// Residual connections.
  case residual
  /// The head, tied to the embedding.
  case head
  /// Softmax, cross-entropy and the gradient of the logits, which are one operation.
  case crossEntropy = "cross_entropy"
  /// The sum of the gradient slots of a step.
  case reduction
  /// The squares of the gradient's norm.
  case norm
  /// AdamW.
  case optimizer
}

/// The parts of a step.
public enum StepPart: String, Codable, Sendable, CaseIterable {
  /// From tokens to the loss.
  case forward
  /// From the loss to the gradients.
  case backward
  /// From the gradients to the weights.
  case update
}
