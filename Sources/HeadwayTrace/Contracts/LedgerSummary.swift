/// A sweep's predictions beside what it measured (method 8).
public struct LedgerSummary: Codable, Equatable, Sendable {
  /// The hash of the file of predictions, which the journal noted before the first run.
  public var hash: String
  /// How long after the sweep's start they were frozen.
  public var frozenNs: Nanoseconds
  /// The runs that they rest on.
  public var recording: LedgerRecording
  /// What past errors did to the intervals; absent where nothing was predicted before.
  public var past: PastErrors?
  /// One for each cell but the baseline, in the profile's order.
  public var rows: [LedgerRow]
  /// How well throughputs were predicted; absent where no predicted cell was measured.
  public var throughput: LedgerScore?
  /// How well speed-ups over the baseline were predicted; absent where no predicted cell was paired with it.
  public var speedup: LedgerScore?

  /// Assembles a summary.
  public init(
    hash: String, frozenNs: Nanoseconds, recording: LedgerRecording, past: PastErrors?, rows: [LedgerRow],
    throughput: LedgerScore?, speedup: LedgerScore?
  ) {
    self.hash = hash
    self.frozenNs = frozenNs
    self.recording = recording
    self.past = past
    self.rows = rows
    self.throughput = throughput
    self.speedup = speedup
  }
}

/// The recorded runs of a ledger, beside the runs of the same cell in the blocks.
public struct LedgerRecording: Codable, Equatable, Sendable {
  /// The label of their cell, the baseline.
  public var label: String
  /// The directory of the only one, or the one that holds all of them, relative to the sweep's.
  public var directory: String
  /// The median of their throughputs over the steps that the replay uses; absent where none could be replayed.
  public var tokensPerSecond: Double?
  /// The throughput of the same cell over the blocks; absent where none of its runs counts.
  public var measured: Estimate?
  /// The replay's error term, the largest in magnitude: the unchanged step as simulated over the measured one, less 1.
  public var replayError: Double?
  /// What disturbed them, in words; absent where all were left in peace.
  public var disturbance: String?
  /// Each of them, in the order in which they were made; absent in sweeps of earlier versions, which had one.
  public var runs: [BaselineRecording]?

  /// Describes recordings.
  public init(
    label: String, directory: String, tokensPerSecond: Double?, measured: Estimate?, replayError: Double?,
    disturbance: String?, runs: [BaselineRecording]?
  ) {
    self.label = label
    self.directory = directory
    self.tokensPerSecond = tokensPerSecond
    self.measured = measured
    self.replayError = replayError
    self.disturbance = disturbance
    self.runs = runs
  }
}

/// One cell: what was predicted, what was measured.
public struct LedgerRow: Codable, Equatable, Sendable {
  /// A prediction and its outcome.
  public struct Outcome: Codable, Equatable, Sendable {
    /// What was predicted.
    public var predicted: Estimate
    /// What was measured, over the blocks; absent where nothing was.
    public var measured: Estimate?
    /// Predicted / measured − 1: above zero, too much was promised.
    public var error: Double?
    /// Whether the predicted interval holds the measured value.
    public var isCovered: Bool?

    /// Compares a prediction with what was measured.
    public init(predicted: Estimate, measured: Estimate?) {
      self.predicted = predicted
      self.measured = measured
      guard let value = measured?.value, value.isFinite, value > 0, let lower = predicted.lower,
        let upper = predicted.upper
      else { return }
      error = predicted.value / value - 1
      isCovered = lower <= value && value <= upper
    }
  }

  /// The cell's identifier.
  public var cell: String
  /// What tables call it.
  public var label: String
  /// Throughput; absent where nothing was predicted.
  public var tokensPerSecond: Outcome?
  /// Throughput over the baseline's, paired by block; absent where nothing was predicted.
  public var speedup: Outcome?
  /// Half of the predicted interval as a share, before past errors widened it.
  public var ownHalfWidth: Double?
  /// Why nothing was predicted; absent for a cell with a prediction.
  public var reason: String?

  /// Assembles a row.
  public init(
    cell: String, label: String, tokensPerSecond: Outcome?, speedup: Outcome?, ownHalfWidth: Double?,
    reason: String?
  ) {
    self.cell = cell
    self.label = label
    self.tokensPerSecond = tokensPerSecond
    self.speedup = speedup
    self.ownHalfWidth = ownHalfWidth
    self.reason = reason
  }
}

/// How well something was predicted, over the cells that were measured.
public struct LedgerScore: Codable, Equatable, Sendable {
  /// Predictions with an outcome.
  public var outcomes: Int
  /// Outcomes that their predicted intervals hold.
  public var covered: Int
  /// The median of the errors' magnitudes.
  public var medianAbsoluteError: Double
  /// The largest of them.
  public var largestAbsoluteError: Double
  /// The label of the cell that has it.
  public var worst: String

  /// Assembles a score.
  public init(
    outcomes: Int, covered: Int, medianAbsoluteError: Double, largestAbsoluteError: Double, worst: String
  ) {
    self.outcomes = outcomes
    self.covered = covered
    self.medianAbsoluteError = medianAbsoluteError
    self.largestAbsoluteError = largestAbsoluteError
    self.worst = worst
  }
}
