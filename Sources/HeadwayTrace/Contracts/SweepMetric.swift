/// What a sweep measures of a program that Headway did not write: a name, a unit and which way is better.
public struct SweepMetric: Codable, Equatable, Sendable {
  /// Which values are the better ones.
  public enum Polarity: String, Codable, Sendable, CaseIterable {
    /// A rate: the more, the better.
    case higher
    /// A time or a cost: the less, the better.
    case lower
  }

  /// What it is: `rate`, `wall time`.
  public var name: String
  /// The unit of its values: `rows/s`, `s`.
  public var unit: String
  /// Which values are the better ones.
  public var better: Polarity

  /// Names a metric.
  public init(name: String, unit: String, better: Polarity) {
    self.name = name
    self.unit = unit
    self.better = better
  }
}

/// A program that Headway did not write, as a sweep measured it from outside.
public struct ForeignProgram: Codable, Equatable, Sendable {
  /// The command with its placeholders: `./train`, `--threads`, `{threads}`.
  public var command: [String]
  /// What is measured of it.
  public var metric: SweepMetric
  /// Why a report has no books, barriers, findings or losses of it.
  public var absent: String

  /// Describes a program.
  public init(command: [String], metric: SweepMetric, absent: String = Self.defaultAbsence) {
    self.command = command
    self.metric = metric
    self.absent = absent
  }

  /// What holds for every program that is measured from outside.
  public static let defaultAbsence =
    "Where its time went, its barriers, its losses and the causes of lost time are not known: the program was "
    + "measured from outside and recorded nothing. A program that links Headway's library records them."
}

/// What the runs of a cell of another program measured.
public struct MetricSummary: Codable, Equatable, Sendable {
  /// The metric over the blocks, in its unit; absent when no run has one.
  public var estimate: Estimate?
  /// The runs, one a block.
  public var samples: [MetricSample]

  /// Assembles what was measured.
  public init(estimate: Estimate?, samples: [MetricSample]) {
    self.estimate = estimate
    self.samples = samples
  }
}

/// One run of another program, reduced to its one number.
public struct MetricSample: Codable, Equatable, Sendable {
  /// The block, from 0.
  public var block: Int
  /// The position in the block, from 0.
  public var position: Int
  /// The metric, in its unit.
  public var value: Double
  /// Share of the machine's CPU time stolen by the hypervisor during the run; absent when unreadable.
  public var stealShare: Double?
  /// Share of the machine's CPU time used by other processes during the run; absent when unreadable.
  public var foreignShare: Double?
  /// The run's directory, relative to the sweep's.
  public var directory: String

  /// Assembles a sample.
  public init(
    block: Int, position: Int, value: Double, stealShare: Double?, foreignShare: Double?, directory: String
  ) {
    self.block = block
    self.position = position
    self.value = value
    self.stealShare = stealShare
    self.foreignShare = foreignShare
    self.directory = directory
  }
}

extension SweepSummary {
  /// What the figures of the cells are: the program's metric, or tokens per second.
  public var metric: SweepMetric {
    program?.metric ?? SweepMetric(name: "throughput", unit: "tokens/s", better: .higher)
  }
}

extension CellSummary {
  /// The cell's figure over the blocks, whatever the sweep measures: see ``SweepSummary/metric``.
  public var figure: Estimate? { metric?.estimate ?? tokensPerSecond }

  /// The figure of each run with its block, in the order of the blocks.
  public var figures: [(block: Int, value: Double)] {
    metric.map { $0.samples.map { ($0.block, $0.value) } } ?? samples.map { ($0.block, $0.tokensPerSecond) }
  }
}
