import HeadwayCorpus
import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace

/// The axes that change who computes and when, but not what.
enum EngineAxes {
  static let threads = Axis("threads", "1", "2", "3", "5", "8", "63")
  static let topology = Axis("topology", "flat", "kissing")
  static let reduction = Axis("reduction", "serial", "segmented", "tree")

  static let all = [
    threads, Axis("scheduling", "barrier", "queue"), Axis("prefetch", "off", "1", "3"), reduction,
    Axis("optimizer", "serial", "segmented"), topology,
    Axis("barrier", "pthread", "futex", "spin", "spin_then_block"),
    Axis("thread_lifetime", "per_epoch", "persistent"), Axis("loader", "tokens", "text"),
    Axis("probe", "off", "counters", "events"), Axis("operations", "false", "true"),
  ]
}

/// A corpus built from a text so short that a few steps pass over it more than once.
struct ShortText {
  let directory: TemporaryDirectory
  let corpus: Corpus
  /// Passes that six steps begin.
  let epochs: Int

  init(words: Int = 60) throws {
    directory = try TemporaryDirectory()
    try directory.write(PlantedCorpus.prose(words: words), to: "text/prose.txt")
    var options = CorpusOptions()
    options.vocabularySize = 270
    corpus = try CorpusBuilder(sources: [directory.path("text")], options: options)
      .build(to: directory.path("corpus"))
    let configuration = try Self.configuration
    let sampler = try BatchSampler(
      tokenCount: corpus.train.count, batchSize: configuration.batchSize,
      sequenceLength: configuration.sequenceLength, seed: configuration.seed)
    epochs = sampler.epoch(ofBatch: configuration.steps * configuration.batchesPerStep - 1) + 1
  }

  /// Six steps of four batches, with a validation loss after each.
  static var configuration: RunConfiguration {
    get throws {
      try .tiny.with(["vocabulary_size": "270", "steps": "6", "evaluate_every": "1"])
    }
  }

  /// Trains, with an event trace where one is asked for.
  func train(
    _ configuration: RunConfiguration, resumeFrom checkpoint: Checkpoint? = nil,
    until last: Int = .max
  ) throws(InputError) -> TrainingOutcome {
    try TrainingRun.run(
      configuration: configuration, corpus: corpus,
      tracePath: configuration.probe == .events ? directory.path("trace.hwtrace") : nil,
      resumeFrom: checkpoint, observer: StoppingObserver(last: last))
  }
}

/// The bits that a run leaves: two runs that did the same arithmetic are equal.
struct RunBits: Equatable, CustomStringConvertible {
  let losses: [LossPoint]
  let weights: String
  let validation: [LossPoint]

  init(_ outcome: TrainingOutcome) {
    losses = outcome.loss.train
    weights = outcome.loss.weightBitsHash
    validation = outcome.loss.validation
  }

  var description: String {
    "weights \(weights), losses \(losses.map { String($0.value.bitPattern, radix: 16) })"
  }
}
