/// What a run would do in another configuration, replayed from a recorded one (method 7): the contract
/// `headway.prediction/1`, which `headway predict --json` prints.
///
/// It is made before any such run, and never edited after one.
public struct Prediction: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.prediction/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The recorded run, by its directory.
  public var run: String
  /// The configuration that is predicted.
  public var configuration: RunConfiguration
  /// The recorded configuration.
  public var recordedConfiguration: RunConfiguration
  /// Cores that are predicted for.
  public var cores: Int
  /// Cores that the recorded run could use.
  public var recordedCores: Int
  /// The mean length of a step.
  public var stepNs: Estimate
  /// Tokens trained on per second of the steps.
  public var tokensPerSecond: Estimate
  /// Tokens per second of the prediction over those of the recorded run.
  public var speedup: Estimate
  /// The recorded run, over the same steps.
  public var recorded: RecordedPace
  /// The share of threads × wall time that each category takes, keyed by the raw value of ``StateCategory``.
  public var categories: [String: Double]
  /// The same of the recorded configuration, replayed unchanged.
  public var recordedCategories: [String: Double]
  /// The replay's error term: the unchanged run's step as simulated, over the measured one, less 1.
  public var replayError: Double
  /// What the intervals are made of.
  public var uncertainty: [UncertaintyTerm]
  /// What is taken for granted, in sentences.
  public var assumptions: [String]

  /// Assembles a prediction.
  public init(
    run: String, configuration: RunConfiguration, recordedConfiguration: RunConfiguration, cores: Int,
    recordedCores: Int, stepNs: Estimate, tokensPerSecond: Estimate, speedup: Estimate,
    recorded: RecordedPace, categories: [String: Double], recordedCategories: [String: Double],
    replayError: Double, uncertainty: [UncertaintyTerm], assumptions: [String]
  ) {
    self.run = run
    self.configuration = configuration
    self.recordedConfiguration = recordedConfiguration
    self.cores = cores
    self.recordedCores = recordedCores
    self.stepNs = stepNs
    self.tokensPerSecond = tokensPerSecond
    self.speedup = speedup
    self.recorded = recorded
    self.categories = categories
    self.recordedCategories = recordedCategories
    self.replayError = replayError
    self.uncertainty = uncertainty
    self.assumptions = assumptions
  }
}

/// The steps of a recorded run that a replay uses.
public struct RecordedPace: Codable, Equatable, Sendable {
  /// Steps that the replay uses.
  public var steps: Int
  /// Steps at the start that were left out as warm-up.
  public var warmupSteps: Int
  /// Steps that were left out because events of them are missing.
  public var incompleteSteps: Int
  /// The mean length of a step.
  public var stepNs: Double
  /// Tokens trained on per second of these steps.
  public var tokensPerSecond: Double

  /// Assembles a pace.
  public init(steps: Int, warmupSteps: Int, incompleteSteps: Int, stepNs: Double, tokensPerSecond: Double) {
    self.steps = steps
    self.warmupSteps = warmupSteps
    self.incompleteSteps = incompleteSteps
    self.stepNs = stepNs
    self.tokensPerSecond = tokensPerSecond
  }
}

/// One reason why a prediction may be off.
public struct UncertaintyTerm: Codable, Equatable, Sendable {
  /// Where it comes from.
  public enum Source: String, Codable, Sendable, CaseIterable {
    /// The recorded steps vary: bootstrapped over them.
    case steps
    /// The replay does not reproduce the unchanged run exactly.
    case replay
    /// What the recorded run says nothing of; a share set from how far predictions were off before.
    case unknown
    /// Replays of several recorded runs of the same configuration predict differently.
    case recordings
    /// How far earlier predictions on this machine were off, beyond their intervals.
    case ledger
  }

  /// Where it comes from.
  public var source: Source
  /// What it is, in words.
  public var reason: String
  /// Half of an interval, as a share of the estimate. The terms add up as squares.
  public var share: Double

  /// Assembles a term.
  public init(source: Source, reason: String, share: Double) {
    self.source = source
    self.reason = reason
    self.share = share
  }
}
