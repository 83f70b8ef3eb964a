/// What a sweep predicted before the first of its cells ran (method 8): the contract `headway.ledger/2`,
/// `predictions.json` of a sweep directory.
///
/// It is written once and never edited. A line of the journal before the first run holds the hash of its bytes, so that
/// a reader can tell predictions from afterthoughts. `headway.ledger/1`, which knew one recorded run only, is read as if
/// it were of this version.
public struct PredictionLedger: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.ledger/2"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The cell that was recorded: the baseline, by its identifier.
  public var baseline: String
  /// Its recorded runs, in the order in which they were made; at least one.
  public var recordings: [BaselineRecording]
  /// Cores that are predicted for.
  public var cores: Int
  /// What past errors do to the intervals; absent where nothing was predicted before.
  public var past: PastErrors?
  /// One for each cell but the baseline, in the plan's order.
  public var cells: [CellPrediction]

  /// Assembles a ledger.
  public init(
    baseline: String, recordings: [BaselineRecording], cores: Int, past: PastErrors? = nil,
    cells: [CellPrediction]
  ) {
    self.baseline = baseline
    self.recordings = recordings
    self.cores = cores
    self.past = past
    self.cells = cells
  }

  private enum CodingKeys: String, CodingKey {
    case schema, baseline, recordings, cores, past, cells
  }

  /// Decodes either version.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let version = try values.decode(String.self, forKey: .schema)
    let isFirst = version == "headway.ledger/1"
    schema = isFirst ? Self.schemaName : version
    baseline = try values.decode(String.self, forKey: .baseline)
    recordings =
      isFirst
      ? [try BaselineRecording(ofFirstVersion: decoder)]
      : try values.decode([BaselineRecording].self, forKey: .recordings)
    cores = try values.decode(Int.self, forKey: .cores)
    past = try values.decodeIfPresent(PastErrors.self, forKey: .past)
    cells = try values.decode([CellPrediction].self, forKey: .cells)
  }
}

/// A run of the baseline that was recorded ahead of a sweep's blocks, to predict from.
public struct BaselineRecording: Codable, Equatable, Sendable {
  /// Its directory, relative to the sweep's.
  public var directory: String
  /// Its pace over the steps that the replay uses; absent where it could not be replayed.
  public var pace: RecordedPace?
  /// The replay's error term, as in ``Prediction/replayError``; absent where the run could not be replayed.
  public var replayError: Double?
  /// What disturbed it, in words; absent for one that was left in peace.
  public var disturbance: String?
  /// Why it could not be replayed, in words; absent for one that was.
  public var reason: String?

  /// Describes a recorded run.
  public init(
    directory: String, pace: RecordedPace? = nil, replayError: Double? = nil, disturbance: String? = nil,
    reason: String? = nil
  ) {
    self.directory = directory
    self.pace = pace
    self.replayError = replayError
    self.disturbance = disturbance
    self.reason = reason
  }

  private enum FirstVersionKeys: String, CodingKey {
    case recordedRun, recorded, replayError, disturbance
  }

  /// The one recorded run of `headway.ledger/1`, whose properties stood in the ledger itself.
  fileprivate init(ofFirstVersion decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: FirstVersionKeys.self)
    directory = try values.decode(String.self, forKey: .recordedRun)
    pace = try values.decodeIfPresent(RecordedPace.self, forKey: .recorded)
    replayError = try values.decodeIfPresent(Double.self, forKey: .replayError)
    disturbance = try values.decodeIfPresent(String.self, forKey: .disturbance)
  }
}

/// What is predicted of one cell, or why nothing is.
public struct CellPrediction: Codable, Equatable, Sendable {
  /// The cell's identifier.
  public var cell: String
  /// Throughput; absent where nothing is predicted.
  public var tokensPerSecond: Estimate?
  /// Throughput over that of the recorded baseline; absent where nothing is predicted.
  public var speedup: Estimate?
  /// Half of the interval as a share of the prediction, before past errors widened it.
  public var ownHalfWidth: Double?
  /// What the throughput's interval is made of. In the speed-up's, ``UncertaintyTerm/Source/recordings`` is by how much
  /// the recorded runs differ in that.
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
