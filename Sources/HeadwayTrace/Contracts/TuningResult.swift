/// The search for the fastest configuration of a machine: `headway tune --json`.
public struct TuningResult: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.tuning/1"

  /// One configuration that was considered.
  public struct Candidate: Codable, Equatable, Sendable {
    /// The values of the tuned axes.
    public var settings: [String: String]
    /// Tokens per second as predicted before anything but the recorded runs was measured; absent where
    /// nothing predicts it.
    public var predicted: Estimate?
    /// Tokens per second, measured runs in the order in which they were made.
    public var measured: [Double]
    /// Tokens per second as believed at the end.
    public var believed: Estimate
    /// Why it could not be measured; absent otherwise.
    public var failure: String?
    /// Assembles a candidate.
    public init(
      settings: [String: String], predicted: Estimate?, measured: [Double], believed: Estimate,
      failure: String?
    ) {
      self.settings = settings
      self.predicted = predicted
      self.measured = measured
      self.believed = believed
      self.failure = failure
    }
  }

  /// Why the search ended.
  public enum Ending: String, Codable, Sendable {
    /// No other candidate promised to be faster.
    case settled
    /// The time was over.
    case budget
    /// It had made as many runs as a search may: a fifth of ``TuningResult/exhaustiveRuns``.
    case runs
    /// It was interrupted.
    case interrupted
  }

  /// `headway.tuning/1`.
  public var schema = Self.schemaName
  /// The configuration that the search began with.
  public var base: RunConfiguration
  /// The configuration that it chose.
  public var chosen: RunConfiguration
  /// The keys in which the two differ, with the chosen values: what to set.
  public var changes: [String: String]
  /// Throughput of the chosen one over that of the base, paired by block; absent when the time did not
  /// suffice for both to be run once more.
  public var gain: Estimate?
  /// Why the search ended.
  public var ending: Ending
  /// The candidates, fastest belief first.
  public var candidates: [Candidate]
  /// Runs that were made, recordings and the final comparison included.
  public var runs: Int
  /// Runs that six blocks of every candidate would have taken.
  public var exhaustiveRuns: Int
  /// Wall time of the whole search.
  public var wallNs: Nanoseconds
  /// What limits the result, in sentences.
  public var warnings: [String]

  /// Assembles a result.
  public init(
    base: RunConfiguration, chosen: RunConfiguration, changes: [String: String], gain: Estimate?,
    ending: Ending, candidates: [Candidate], runs: Int, exhaustiveRuns: Int, wallNs: Nanoseconds,
    warnings: [String]
  ) {
    self.base = base
    self.chosen = chosen
    self.changes = changes
    self.gain = gain
    self.ending = ending
    self.candidates = candidates
    self.runs = runs
    self.exhaustiveRuns = exhaustiveRuns
    self.wallNs = wallNs
    self.warnings = warnings
  }
}
