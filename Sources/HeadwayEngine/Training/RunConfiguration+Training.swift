import HeadwayCorpus
import HeadwayKernels
import HeadwayProbes
import HeadwayTrace

extension RunConfiguration {
  /// Where the batches of a run come from.
  func source(over corpus: Corpus) throws(InputError) -> any BatchSource {
    switch loader {
    case .tokens:
      return try TokenBatchSource(
        tokens: corpus.train, batchSize: batchSize, sequenceLength: sequenceLength, seed: seed)
    case .text:
      return try TextBatchSource(
        corpus: corpus, batchSize: batchSize, sequenceLength: sequenceLength, seed: seed)
    }
  }

  /// The sampler of the run's stacks; `nil` when none are wanted.
  func stackSampler() throws(InputError) -> StackSampler? {
    if stackSamplingHz == 0 { return nil }
    return try StackSampler(
      StackSampler.Configuration(mode: stackSamplingMode, frequencyHz: stackSamplingHz))
  }

  /// Refuses a CPU that lacks the instructions for which the kernels, the reference set too, are compiled.
  func requireInstructions() throws(InputError) {
    let missing = InstructionSet.missing()
    guard missing.isEmpty else {
      throw InputError(
        "configuration", field: "kernels",
        problem: "they are compiled for \(missing.joined(separator: " and ")), which this CPU lacks",
        remedy: "use an x86-64 CPU of 2013 or later")
    }
  }

  /// Refuses a run that the machine's memory cannot hold, before any of it is asked for.
  ///
  /// - Parameter physical: The machine's memory; `nil` when unknown, which refuses nothing.
  package func requireMemory(ofBytes physical: Int?) throws(InputError) {
    guard let physical else { return }
    let shape = ModelShape(self)
    let partition = TaskPartition(self)
    // In Double: the product of absurd sizes must not overflow.
    let arena = Double(
      ActivationSizes(shape, sequences: partition.sequencesPerPass, length: partition.length, gradients: true)
        .total)
    let slots = Double(stepBatches * partition.tasksPerBatch)
    let parameters = Double(ParameterLayout(shape).count)
    let needed = 4 * (parameters * (3 + slots) + arena * Double(threads))
    guard needed < Double(physical) else {
      func gigabytes(_ bytes: Double) -> String { String(Int((bytes / 1e9).rounded(.up))) }
      throw InputError(
        "configuration",
        problem: "the run needs \(gigabytes(needed)) GB of memory, this machine has "
          + "\(gigabytes(Double(physical))) GB",
        remedy: "use fewer threads or batches per step, shorter sequences or a smaller model")
    }
  }

  /// Takes over how many characters a corpus has, where they are its tokens: `vocabulary_size` then only
  /// bounds them, and the model and all that is computed from its size shall be of what it really has.
  public mutating func adoptVocabulary(of corpus: Corpus) {
    if corpus.tokenizer.kind == .characters { vocabularySize = corpus.tokenizer.vocabularySize }
  }

  /// Refuses a vocabulary that is of another kind or too small for the corpus' tokens.
  func requireVocabulary(of corpus: Corpus) throws(InputError) {
    guard corpus.tokenizer.kind == tokenizer else {
      throw InputError(
        corpus.directory, field: "tokenizer",
        problem: "its tokens are \(corpus.tokenizer.kind.rawValue), the configuration has "
          + "\(tokenizer.rawValue)",
        remedy: "set tokenizer to \(corpus.tokenizer.kind.rawValue), or build the corpus again")
    }
    guard corpus.tokenizer.vocabularySize <= vocabularySize else {
      throw InputError(
        corpus.directory, field: "vocabulary_size",
        problem: "its tokens are \(corpus.tokenizer.vocabularySize), the configuration has "
          + "\(vocabularySize)",
        remedy: "set vocabulary_size to \(corpus.tokenizer.vocabularySize), or build the corpus again")
    }
  }
}

extension EvaluationSet {
  /// The held-out windows of a run; `nil` when evaluation is off or the held-out text is too short.
  convenience init?(_ configuration: RunConfiguration, heldOut: TokenFile) throws(InputError) {
    guard configuration.evaluationBatches > 0, heldOut.count > configuration.sequenceLength else {
      return nil
    }
    try self.init(
      tokenCount: heldOut.count, wanted: configuration.evaluationBatches * configuration.batchSize,
      length: configuration.sequenceLength
    ) { Int32(heldOut[$0]) }
  }
}
