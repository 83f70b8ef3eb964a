import HeadwayTrace

/// A run as comparisons take it.
public struct ComparedRun: Sendable {
  /// What errors and warnings call it: its directory.
  public var name: String
  /// The block of its sweep that it was measured in, from 0; absent for a run outside a sweep.
  public var block: Int?
  /// What it measured.
  public var summary: RunSummary
  /// Where it came from; absent where it left no manifest.
  public var manifest: Manifest?

  /// Takes a run.
  public init(name: String, block: Int? = nil, summary: RunSummary, manifest: Manifest?) {
    self.name = name
    self.block = block
    self.summary = summary
    self.manifest = manifest
  }

  /// What it did, whoever did it.
  package var work: WorkIdentity { WorkIdentity(summary: summary, corpusHash: manifest?.corpusHash) }

  /// The rate that comparisons are of: tokens per second or, where none were counted, tasks per second.
  package func rate(_ metric: RateMetric) -> Double? {
    let rate =
      switch metric {
      case .tokens: summary.throughput.tokensPerSecond
      case .tasks: summary.throughput.tasksPerSecond
      }
    return rate.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// The amount of work done in the window: tokens or, where none were counted, tasks.
  package var amount: Double? {
    if let tokens = summary.throughput.tokens, tokens > 0 { return Double(tokens) }
    let tasks = summary.threads.reduce(0) { $0 + $1.tasks }
    return tasks > 0 ? Double(tasks) : nil
  }
}

/// What a rate counts.
package enum RateMetric: String, CaseIterable, Sendable {
  case tokens = "tokens_per_second"
  case tasks = "tasks_per_second"
}

/// One configuration with its runs: a side of a ``ComparisonRow``.
public struct ComparedCell: Sendable {
  /// What tables call it.
  public var label: String
  /// The axes that distinguish it.
  public var settings: [AxisSetting]
  /// Its runs that count.
  public var runs: [ComparedRun]

  /// Takes a configuration.
  public init(label: String, settings: [AxisSetting] = [], runs: [ComparedRun]) {
    self.label = label
    self.settings = settings
    self.runs = runs
  }
}

/// A run or a sweep: a side of a whole comparison.
public struct ComparedSubject: Sendable {
  /// The directory, as it was named.
  public var path: String
  /// Its configurations; a run has one.
  public var cells: [ComparedCell]

  /// Takes a run or a sweep.
  public init(path: String, cells: [ComparedCell]) {
    self.path = path
    self.cells = cells
  }

  var runs: [ComparedRun] { cells.flatMap(\.runs) }

  /// As the contract has it.
  var side: ComparedSide {
    let manifests = runs.compactMap(\.manifest)
    func only(_ value: (Manifest) -> String?) -> String? {
      let values = Set(manifests.map(value))
      return values.count == 1 ? values.first ?? nil : nil
    }
    return ComparedSide(
      path: path, startedAt: manifests.map(\.startedAt).min(), gitCommit: only(\.gitCommit),
      binaryHash: only(\.binaryHash), runs: runs.count)
  }
}

/// What a comparison holds as agreement and as a difference.
public struct ComparisonLimits: Sendable {
  /// The relative difference in speed that does not matter to anybody.
  public var margin: Double
  /// The largest relative difference between the training losses of the same step that counts as the same result.
  ///
  /// Kernels and grains add in other orders, and training amplifies what that does to the last bits. One per cent is
  /// above what a few hundred steps make of it, and below what another batch or learning rate does at once.
  public var lossTolerance: Double

  /// Sets the limits.
  public init(margin: Double = 0.02, lossTolerance: Double = 0.01) {
    self.margin = margin
    self.lossTolerance = lossTolerance
  }
}
