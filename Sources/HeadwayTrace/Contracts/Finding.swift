/// A named cause of lost time with the evidence for it (methods 19).
public struct Finding: Codable, Equatable, Sendable {
  /// Whether an experiment has spoken for or against the cause.
  public enum Status: String, Codable, Sendable {
    /// An experiment changed the cause and the effect followed.
    case supported
    /// An experiment changed the cause and the effect did not follow.
    case contradicted
    /// No experiment in this data: a hypothesis.
    case untested
  }

  /// One measured value that the finding rests on.
  public struct Evidence: Codable, Equatable, Sendable {
    /// What was asked of the data, in words that name fields.
    public var query: String
    /// The answer.
    public var value: Double
    /// The answer's unit: `share`, `ns`, `count`, `tokens/s`, `ratio`.
    public var unit: String
    /// The lower end of the interval, where there are repetitions.
    public var lower: Double?
    /// The upper end of the interval, where there are repetitions.
    public var upper: Double?
    /// Pairs a question with its answer.
    public init(query: String, value: Double, unit: String, lower: Double? = nil, upper: Double? = nil) {
      self.query = query
      self.value = value
      self.unit = unit
      self.lower = lower
      self.upper = upper
    }
  }

  /// A stable identifier of the kind of cause: `serial_section`, `load_imbalance`, `oversubscription`.
  public var cause: String
  /// What it applies to: a cell's label or the run.
  public var scope: String
  /// One sentence for a person, with its figures.
  public var statement: String
  /// Share of the wall time that would be saved at best if the cause vanished.
  public var saving: Double
  /// The interval of the saving over repetitions.
  public var interval: SavingInterval?
  /// The values that the finding rests on.
  public var evidence: [Evidence]
  /// What to change: an axis and its value, or a region of code.
  public var change: String
  /// What observation would refute the finding.
  public var refutation: String
  /// Whether an experiment has spoken.
  public var status: Status

  /// Assembles a finding.
  public init(
    cause: String, scope: String, statement: String, saving: Double, interval: SavingInterval?,
    evidence: [Evidence], change: String, refutation: String, status: Status
  ) {
    self.cause = cause
    self.scope = scope
    self.statement = statement
    self.saving = saving
    self.interval = interval
    self.evidence = evidence
    self.change = change
    self.refutation = refutation
    self.status = status
  }
}

/// The ends of an interval of a saving, as shares of the wall time.
public struct SavingInterval: Codable, Equatable, Sendable {
  /// The lower end.
  public var lower: Double
  /// The upper end.
  public var upper: Double
  /// Pairs the ends.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}
