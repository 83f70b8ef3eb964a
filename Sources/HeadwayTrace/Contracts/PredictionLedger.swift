/// What a sweep predicted before the first of its cells ran (method 8): the contract `headway.ledger/1`,
/// `predictions.json` of a sweep directory.
///
/// It is written once and never edited. A line of the journal before the first run holds the hash of its bytes, so that
/// a reader can tell predictions from afterthoughts.
public struct PredictionLedger: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.ledger/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The cell that was recorded: the baseline, by its identifier.
  public var baseline: String
  /// The directory of the recorded run, relative to the sweep's.
  public var recordedRun: String
  /// Cores that are predicted for.
  public var cores: Int
  /// What disturbed the recorded run, in words; absent for one that was left in peace.
  public var disturbance: String?
  /// The recorded run, over the steps that the replay uses; absent where it could not be replayed.
  public var recorded: RecordedPace?
  /// The replay's error term, as in ``Prediction/replayError``; absent where the run could not be replayed.
  public var replayError: Double?
  /// What past errors do to the intervals; absent where nothing was predicted before.
  public var past: PastErrors?
  /// One for each cell but the baseline, in the plan's order.
  public var cells: [CellPrediction]

  /// Assembles a ledger.
  public init(
    baseline: String, recordedRun: String, cores: Int, disturbance: String? = nil,
    recorded: RecordedPace? = nil, replayError: Double? = nil, past: PastErrors? = nil,
    cells: [CellPrediction]
  ) {
    self.baseline = baseline
    self.recordedRun = recordedRun
    self.cores = cores
    self.disturbance = disturbance
    self.recorded = recorded
    self.replayError = replayError
    self.past = past
    self.cells = cells
  }
}

/// What is predicted of one cell, or why nothing is.
public struct CellPrediction: Codable, Equatable, Sendable {
  /// The cell's identifier.
  public var cell: String
  /// Throughput; absent where nothing is predicted.
  public var tokensPerSecond: Estimate?
  /// Throughput over that of the recorded run; absent where nothing is predicted.
  public var speedup: Estimate?
  /// Half of the interval as a share of the prediction, before past errors widened it.
  public var ownHalfWidth: Double?
  /// What the intervals are made of.
  public var uncertainty: [UncertaintyTerm]
  /// What is taken for granted, in sentences.
  public var assumptions: [String]
  /// Why nothing is predicted, in words; absent for a cell with a prediction.
  public var reason: String?

  /// A cell of which something is predicted.
  public init(
    cell: String, tokensPerSecond: Estimate, speedup: Estimate, ownHalfWidth: Double,
    uncertainty: [UncertaintyTerm], assumptions: [String]
  ) {
    self.cell = cell
    self.tokensPerSecond = tokensPerSecond
    self.speedup = speedup
    self.ownHalfWidth = ownHalfWidth
    self.uncertainty = uncertainty
    self.assumptions = assumptions
  }

  /// A cell of which nothing is predicted.
  public init(cell: String, reason: String) {
    self.cell = cell
    self.reason = reason
    uncertainty = []
    assumptions = []
  }
}

/// How far earlier predictions on the same machine were off, and what follows for later intervals.
public struct PastErrors: Codable, Equatable, Sendable {
  /// Predictions whose outcome is known.
  public var outcomes: Int
  /// Sweeps that they are of.
  public var sweeps: Int
  /// By what factor intervals are widened so that four of five of these outcomes would have lain inside; 1 where
  /// they did anyway.
  public var widening: Double

  /// Assembles them.
  public init(outcomes: Int, sweeps: Int, widening: Double) {
    self.outcomes = outcomes
    self.sweeps = sweeps
    self.widening = widening
  }
}
