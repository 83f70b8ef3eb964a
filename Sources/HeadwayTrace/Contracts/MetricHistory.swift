/// How a metric went over the commits: the contract `headway.history/1`, which `headway history --json` prints.
///
/// A series never mixes machines, workloads or arrangements: a point of one is comparable with every other.
public struct MetricHistory: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.history/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The metric: `tokens_per_second`.
  public var metric: String
  /// Its unit, in words.
  public var unit: String
  /// Whether more of it is better.
  public var higherIsBetter: Bool
  /// Runs in all series.
  public var runs: Int
  /// The series, the one with the most recent run first.
  public var series: [MetricSeries]
  /// What a reader must know before believing the figures.
  public var warnings: [String]

  /// Assembles a history.
  public init(
    metric: String, unit: String, higherIsBetter: Bool, runs: Int, series: [MetricSeries],
    warnings: [String]
  ) {
    self.metric = metric
    self.unit = unit
    self.higherIsBetter = higherIsBetter
    self.runs = runs
    self.series = series
    self.warnings = warnings
  }
}

/// One machine, one workload, one arrangement of it.
public struct MetricSeries: Codable, Equatable, Sendable {
  /// The machine's fingerprint.
  public var machine: String
  /// What was computed, in a line.
  public var workload: String
  /// How it was arranged, in a line: threads, scheduling and whatever is not the default.
  public var arrangement: String
  /// The names of the sweeps that its runs are of.
  public var sweeps: [String]
  /// The points in the order in which they were first measured.
  public var points: [MetricPoint]
  /// Where the series changes.
  public var changes: [MetricChange]

  /// Assembles a series.
  public init(
    machine: String, workload: String, arrangement: String, sweeps: [String], points: [MetricPoint],
    changes: [MetricChange]
  ) {
    self.machine = machine
    self.workload = workload
    self.arrangement = arrangement
    self.sweeps = sweeps
    self.points = points
    self.changes = changes
  }
}

/// The runs of one program in a series: of one commit and one binary.
public struct MetricPoint: Codable, Equatable, Sendable {
  /// The commit that was checked out; absent outside a git checkout.
  public var gitCommit: String?
  /// The hash of the binary; absent where it could not be read.
  public var binaryHash: String?
  /// When the first of its runs started, ISO 8601 in UTC.
  public var startedAt: String
  /// The metric over its runs.
  public var value: Estimate

  /// Assembles a point.
  public init(gitCommit: String?, binaryHash: String?, startedAt: String, value: Estimate) {
    self.gitCommit = gitCommit
    self.binaryHash = binaryHash
    self.startedAt = startedAt
    self.value = value
  }
}

/// A change of a series: from one point on its values are of another distribution.
public struct MetricChange: Codable, Equatable, Sendable {
  /// The first point after the change, counted from 0.
  public var point: Int
  /// How often permuted values give as clear a split.
  public var pValue: Double
  /// The median of the stretch before it.
  public var before: Double
  /// The median of the stretch after it.
  public var after: Double

  /// Assembles a change.
  public init(point: Int, pValue: Double, before: Double, after: Double) {
    self.point = point
    self.pValue = pValue
    self.before = before
    self.after = after
  }
}
