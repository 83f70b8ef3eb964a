import HeadwayCorpus
import HeadwayKernels
import HeadwayTrace

/// The loss of a model on held-out text.
public struct Evaluation: Sendable {
  /// Mean cross-entropy in nats per token of the checkpoint's tokenizer.
  public let loss: Float
  /// Tokens that were predicted.
  public let tokens: Int
  /// Tokens of the held-out text.
  public let heldOutTokens: Int
  /// Whether the text had to be encoded anew because the corpus has another tokenizer. The loss is then
  /// not comparable with that corpus' n-gram baselines.
  public let isReencoded: Bool
}

/// Computes a checkpoint's loss on the held-out text of a corpus.
public struct Evaluator: Sendable {
  let checkpoint: Checkpoint
  let kernels: KernelChoice

  /// An evaluation of a model.
  ///
  /// - Parameter kernels: Which operators compute; by default SIMD.
  public init(_ checkpoint: Checkpoint, kernels: KernelChoice? = nil) {
    self.checkpoint = checkpoint
    self.kernels = kernels ?? .simd
  }

  /// The loss on the held-out text in windows of the model's context, on the calling thread.
  ///
  /// - Parameter windows: The most windows, spread evenly over the text; `nil` takes all. With the batches
  ///   of a run's own evaluation the loss is that run's.
  /// - Parameter progress: Told how many windows of how many are done, after each; says whether to go on.
  /// - Throws: ``InputError`` when the text is shorter than one window, the kernels cannot run here, or `progress`
  ///   stopped it.
  public func evaluate(
    on corpus: Corpus, windows: Int? = nil,
    progress: (_ done: Int, _ total: Int) -> Continuation = { _, _ in .proceed }
  ) throws(InputError) -> Evaluation {
    var configuration = RunConfiguration()
    configuration.kernels = kernels
    try configuration.requireInstructions()
    let isReencoded = corpus.tokenizer != checkpoint.tokenizer
    let tokens = isReencoded ? try reencode(corpus) : corpus.validation.all()
    let length = checkpoint.shape.positions
    guard tokens.count > length else {
      throw InputError(
        corpus.validation.path,
        problem: "it holds \(tokens.count) tokens, one window of the model needs \(length + 1)",
        remedy: "hold out more text (validation_share), or use more text")
    }
    let set = try EvaluationSet(
      tokenCount: tokens.count, wanted: windows ?? .max, length: length
    ) { Int32(tokens[$0]) }
    let loss: Double?
    switch kernels {
    case .reference: loss = try total(ReferenceKernels<Float>.self, set, progress)
    case .simd: loss = try total(SIMDKernels.self, set, progress)
    case .blas: loss = try total(BLASKernels.self, set, progress)
    }
    guard let loss else {
      throw InputError(
        corpus.validation.path, problem: "its evaluation was stopped", remedy: "start it again")
    }
    return Evaluation(
      loss: Float(loss / Double(set.tokens)), tokens: set.tokens, heldOutTokens: tokens.count,
      isReencoded: isReencoded)
  }

  private func reencode(_ corpus: Corpus) throws(InputError) -> [UInt16] {
    try checkpoint.tokenizer.encode(
      corpus.tokenizer.decodeBytes(corpus.validation.all()), subject: corpus.validation.path)
  }

  /// Σ of the loss over all windows, in order, one window at a time; `nil` when it was stopped.
  private func total<K: KernelSet>(
    _: K.Type, _ set: EvaluationSet, _ progress: (Int, Int) -> Continuation
  ) throws(InputError) -> Double? where K.Scalar == Float {
    let model = Model<K>(checkpoint.shape)
    let arena = try Activations<Float>(
      checkpoint.shape, sequences: 1, length: set.length, gradients: false)
    var total = 0.0
    let windows = set.tasks(of: 1)
    for index in 0..<windows {
      let (inputs, targets, sequences) = set.task(index, of: 1)
      model.forward(
        inputs, sequences: sequences, length: set.length, weights: checkpoint.weights.base,
        activations: arena)
      total += model.loss(
        targets: targets, scale: 1, rows: sequences * set.length, activations: arena)
      if progress(index + 1, windows) == .stop { return nil }
    }
    return total
  }
}

extension TokenFile {
  /// Every token, copied.
  func all() -> [UInt16] { (0..<count).map { self[$0] } }
}
