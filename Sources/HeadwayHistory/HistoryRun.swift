import HeadwayAnalysis
import HeadwayTrace

/// A run as the history keeps it: where it came from, what it did, and its figures.
public struct HistoryRun: Equatable, Sendable {
  /// The run's directory, absolute: a run that is added again replaces itself.
  public var path: String
  /// Start of the run, ISO 8601 in UTC.
  public var startedAt: String
  /// Commit that was checked out; absent outside a checkout.
  public var gitCommit: String?
  /// Hash of the program; absent where it could not be read.
  public var binaryHash: String?
  /// The machine.
  public var machine: MachineFacts
  /// The sweep that it is of, by name.
  public var sweep: String?
  /// What was computed.
  public var work: WorkIdentity
  /// How it was arranged, in a line.
  public var arrangement: String
  /// What was measured.
  public var measurements: [HistoryMetric: Double]

  /// Takes what the history keeps of a run that was completed.
  public init(path: String, manifest: Manifest, summary: RunSummary, sweep: String? = nil) {
    self.path = path
    startedAt = manifest.startedAt
    gitCommit = manifest.gitCommit
    binaryHash = manifest.binaryHash
    machine = manifest.machine
    self.sweep = sweep
    work = WorkIdentity(summary: summary, corpusHash: manifest.corpusHash)
    arrangement = WorkIdentity.arrangement(of: summary)
    measurements = [:]
    for metric in HistoryMetric.allCases { measurements[metric] = metric.value(of: summary) }
  }
}
