import Foundation
import HeadwayCorpus
import HeadwayTrace

/// A trained model and, for a training checkpoint, all that is needed to go on bitwise.
///
/// On disk it is a directory in the Hugging Face layout: `config.json` (GPT-2's keys), `model.safetensors`
/// (GPT-2's names), `tokenizer.json`; and, for going on, `optimizer.safetensors` (`exp_avg.` and
/// `exp_avg_sq.` of every tensor) and `trainer_state.json`. `GPT2LMHeadModel.from_pretrained` reads it, and
/// a GPT-2 that `transformers` saved with its tokenizer is read here.
///
///     try outcome.checkpoint.save(to: "out")
///     let checkpoint = try Checkpoint.load("out", for: .training)
public struct Checkpoint: Sendable {
  /// What a checkpoint is loaded for.
  public enum Purpose: Sendable {
    /// The model and the tokenizer.
    case inference
    /// The optimizer's moments and the position in the data too.
    case training
  }

  /// The sizes of the model.
  package let shape: ModelShape
  /// The parameters. Nobody writes to them any more.
  package let weights: AlignedBuffer<Float>
  /// The optimizer's memory; `nil` when loaded for inference.
  package let moments: Moments?
  /// Where training stood; `nil` when the directory has no `trainer_state.json`.
  public let state: TrainerState?
  /// The tokenizer of the text that the model was trained on.
  public let tokenizer: Tokenizer

  package init(
    shape: ModelShape, weights: AlignedBuffer<Float>, moments: Moments?, state: TrainerState?,
    tokenizer: Tokenizer
  ) {
    self.shape = shape
    self.weights = weights
    self.moments = moments
    self.state = state
    self.tokenizer = tokenizer
  }

  /// Numbers that were fitted.
  public var parameterCount: Int { ParameterLayout(shape).parameterCount }

  /// V, rows of the model's embedding: at least the tokenizer's tokens.
  public var vocabularySize: Int { shape.vocabulary }

  /// The longest context that the model sees, in tokens.
  public var contextLength: Int { shape.positions }

  /// A hash of the bits of every weight.
  public var weightBitsHash: String { ParameterLayout(shape).bitsHash(of: weights) }

  /// Refuses a checkpoint that the configuration would not go on from bitwise.
  ///
  /// The axes (threads, scheduling and the like) and the number of steps may differ; the model, the seed,
  /// the batches and the tokenizer may not.
  func requireResumable(with configuration: RunConfiguration, corpus: Corpus) throws(InputError) {
    guard let state, moments != nil else {
      throw InputError(
        "checkpoint", problem: "it holds no optimizer state and cannot be resumed",
        remedy: "resume a checkpoint that headway train saved")
    }
    for key in Self.keysThatMustAgree where state.configuration.value(of: key) != configuration.value(of: key)
    {
      throw InputError(
        "checkpoint", field: key,
        problem: "it was trained with \(state.configuration.value(of: key) ?? "none"), the configuration "
          + "has \(configuration.value(of: key) ?? "none")",
        remedy: "set \(key) as it was, or start a new run")
    }
    guard state.configuration.stepBatches == configuration.stepBatches else {
      throw InputError(
        "checkpoint", field: "batching",
        problem: "it was trained with \(state.configuration.stepBatches) batches a step, the configuration "
          + "has \(configuration.stepBatches)",
        remedy: "set threads or batches_per_step so that a step has as many, or start a new run")
    }
    guard ModelShape(configuration) == shape else {
      throw InputError(
        "checkpoint", problem: "its config.json and its trainer_state.json describe different models",
        remedy: "the files are of different checkpoints; train again")
    }
    guard state.corpusHash == corpus.contentHash else {
      throw InputError(
        corpus.directory, problem: "it is not the corpus that the checkpoint was trained on",
        remedy: "name that corpus, or start a new run")
    }
  }

  /// Says which parameters of the arithmetic were changed, so that the run goes on otherwise than it would
  /// have without the interruption; `nil` when it goes on bitwise the same.
  func changeOfArithmetic(to configuration: RunConfiguration) -> String? {
    guard let state else { return nil }
    let changes = Self.keysOfArithmetic.compactMap { key -> String? in
      guard let was = state.configuration.value(of: key), let now = configuration.value(of: key), was != now
      else { return nil }
      return "\(key) from \(was) to \(now)"
    }
    guard !changes.isEmpty else { return nil }
    return "resumed with \(changes.joined(separator: ", ")): the run does not go on as it would have without"
      + " the interruption"
  }

  /// Parameters that may be changed and that change the numbers.
  private static let keysOfArithmetic = [
    "kernels", "grain", "steps", "learning_rate", "minimum_learning_rate", "warmup_steps", "weight_decay",
    "beta1", "beta2", "gradient_clip",
  ]

  private static let keysThatMustAgree = [
    "tokenizer", "vocabulary_size", "width", "layers", "heads", "bias", "sequence_length", "batch_size",
    "seed",
  ]
}
