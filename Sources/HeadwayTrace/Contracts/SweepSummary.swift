/// What a sweep measured: the contract `headway.sweep/1`, `summary.json` of a sweep directory.
public struct SweepSummary: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.sweep/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The profile's name.
  public var name: String
  /// The exact command that repeats the sweep.
  public var command: String
  /// Start, ISO 8601 in UTC.
  public var startedAt: String
  /// Wall time of the sweep.
  public var elapsedNs: Nanoseconds
  /// Version of the tool.
  public var toolVersion: String
  /// The machine.
  public var machine: MachineFacts
  /// The seed of the order of runs.
  public var seed: UInt64
  /// What was trained on, in words: files, bytes, tokens. Of another program, its command.
  public var corpus: String
  /// The program that was measured from outside; absent for Headway's own engine.
  public var program: ForeignProgram?
  /// Complete blocks measured and asked for.
  public var blocks: BlockCount
  /// Whether the sweep was cut short.
  public var partial: Bool
  /// Which rule ended it; absent when it was cut short, and in older summaries.
  public var stoppedBy: StopRule?
  /// The cells in the profile's order; one is the baseline.
  public var cells: [CellSummary]
  /// What was checked over all runs: the same work, the same losses, closed books.
  public var checks: [SweepCheck]
  /// What switching single axes brings; absent when no axis has two values.
  public var effects: [EffectTable]?
  /// Laws fitted to each series over the threads; absent when the threads do not vary.
  public var scaling: [ScalingSummary]?
  /// Instrumented against bare runs (method 10); absent when not run.
  public var overhead: Overhead?
  /// What was predicted before the first run, beside what was measured; absent where nothing was predicted, and in
  /// older summaries.
  public var predictions: LedgerSummary?
  /// What the driver took between two runs; absent with fewer than two of them.
  public var driver: DriverTime?
  /// What surrounded the sweep when it began; absent in older summaries.
  public var surroundings: Surroundings?
  /// Causes of lost time, largest saving first.
  public var findings: [Finding]
  /// What a reader must know before believing the figures.
  public var warnings: [String]
  /// Runs that failed or were set aside.
  public var excluded: [ExcludedRun]

  /// Assembles a sweep's summary.
  public init(
    name: String, command: String, startedAt: String, elapsedNs: Nanoseconds, toolVersion: String,
    machine: MachineFacts, seed: UInt64, corpus: String, blocks: BlockCount, partial: Bool,
    cells: [CellSummary], checks: [SweepCheck], effects: [EffectTable]? = nil,
    scaling: [ScalingSummary]? = nil, overhead: Overhead?, findings: [Finding], warnings: [String],
    excluded: [ExcludedRun], program: ForeignProgram? = nil, stoppedBy: StopRule? = nil,
    predictions: LedgerSummary? = nil, driver: DriverTime? = nil, surroundings: Surroundings? = nil
  ) {
    self.driver = driver
    self.surroundings = surroundings
    self.program = program
    self.predictions = predictions
    self.stoppedBy = stoppedBy
    self.name = name
    self.command = command
    self.startedAt = startedAt
    self.elapsedNs = elapsedNs
    self.toolVersion = toolVersion
    self.machine = machine
    self.seed = seed
    self.corpus = corpus
    self.blocks = blocks
    self.partial = partial
    self.cells = cells
    self.checks = checks
    self.effects = effects
    self.scaling = scaling
    self.overhead = overhead
    self.findings = findings
    self.warnings = warnings
    self.excluded = excluded
  }
}

/// The rules by which a sweep ends. None of them looks at what the runs show.
public enum StopRule: String, Codable, Sendable {
  /// Every block that the profile allows was measured.
  case maximum
  /// The budget had no time for another block.
  case budget
  /// Every interval had become as narrow as the profile asks.
  case halfWidth = "half_width"
}

/// Complete blocks of a sweep.
public struct BlockCount: Codable, Equatable, Sendable {
  /// Blocks in which every cell was measured and none was disturbed.
  public var complete: Int
  /// Blocks that the profile asks for.
  public var planned: Int
  /// Blocks rerun because steal, throttling or foreign load moved.
  public var disturbed: Int
  /// Counts blocks.
  public init(complete: Int, planned: Int, disturbed: Int) {
    self.complete = complete
    self.planned = planned
    self.disturbed = disturbed
  }
}

/// An estimate with its 95 % interval over blocks.
public struct Estimate: Codable, Equatable, Sendable {
  /// The point estimate.
  public var value: Double
  /// The lower end; absent when there are too few blocks for an interval.
  public var lower: Double?
  /// The upper end; absent when there are too few blocks for an interval.
  public var upper: Double?
  /// Samples that it rests on.
  public var sampleCount: Int
  /// Assembles an estimate.
  public init(value: Double, lower: Double?, upper: Double?, sampleCount: Int) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.sampleCount = sampleCount
  }
}

/// How a cell compares with the baseline (method 15).
public enum Verdict: String, Codable, Sendable {
  /// Faster by more than the margin.
  case faster
  /// Slower by more than the margin.
  case slower
  /// Within the margin.
  case equivalent
  /// The data cannot say.
  case inconclusive
}

/// One axis and its value in a cell.
public struct AxisSetting: Codable, Hashable, Sendable {
  /// A key of ``RunConfiguration``.
  public var axis: String
  /// Its value, as written in a profile.
  public var value: String
  /// Pairs an axis with its value.
  public init(axis: String, value: String) {
    self.axis = axis
    self.value = value
  }
}

/// One configuration of a sweep and what its runs measured.
public struct CellSummary: Codable, Equatable, Sendable {
  /// A file-system name, unique in the sweep.
  public var id: String
  /// What the table calls it: `4 threads, queue, prefetch`.
  public var label: String
  /// The axes that distinguish it.
  public var settings: [AxisSetting]
  /// Whether others are compared with it.
  public var isBaseline: Bool
  /// Workers; of another program its parameter `threads`, absent where it has none.
  public var threads: Int?
  /// The runs, one a block; none for another program, whose runs stand in ``metric``.
  public var samples: [RunSample]
  /// Throughput over the blocks.
  public var tokensPerSecond: Estimate?
  /// What the runs of another program measured; absent for Headway's own engine.
  public var metric: MetricSummary?
  /// How many times as fast as the baseline, paired by block: the ratio of the rates or, of a metric of which
  /// less is better, the inverse ratio of its values.
  public var speedup: Estimate?
  /// Speed-up over this cell's own configuration at the fewest threads, divided by the ratio of threads.
  public var efficiency: Estimate?
  /// The comparison with the baseline, Holm-corrected over the table; absent for the baseline itself.
  public var verdict: Verdict?
  /// Where the thread-seconds went: medians over the runs.
  public var shares: CellShares?

  /// Assembles a cell.
  public init(
    id: String, label: String, settings: [AxisSetting], isBaseline: Bool, threads: Int?,
    samples: [RunSample], tokensPerSecond: Estimate?, speedup: Estimate?, efficiency: Estimate?,
    verdict: Verdict?, shares: CellShares?, metric: MetricSummary? = nil
  ) {
    self.metric = metric
    self.id = id
    self.label = label
    self.settings = settings
    self.isBaseline = isBaseline
    self.threads = threads
    self.samples = samples
    self.tokensPerSecond = tokensPerSecond
    self.speedup = speedup
    self.efficiency = efficiency
    self.verdict = verdict
    self.shares = shares
  }
}

/// Shares of time, 0 … 1, medians over a cell's runs. The worker shares are of the workers' time
/// (workers · window); see the method document for each formula.
public struct CellShares: Codable, Equatable, Sendable {
  /// Workers' time in useful work, on a CPU.
  public var useful: Double
  /// Workers' time in barrier waits, asleep or spinning.
  public var barrierIdle: Double
  /// Workers' time waiting at an empty queue.
  public var queueIdle: Double
  /// Share of the window in which the step waited for its input to be assembled.
  public var inputWait: Double
  /// Workers' time ready but not on a CPU.
  public var runnable: Double
  /// Workers' time polling.
  public var spin: Double
  /// All threads' time that no state explains.
  public var unknown: Double
  /// All threads' time by category, keyed like ``Books/categories`` without the suffix; sums to 1.
  public var categories: [String: Double]

  /// Assembles the shares.
  public init(
    useful: Double, barrierIdle: Double, queueIdle: Double, inputWait: Double, runnable: Double,
    spin: Double, unknown: Double, categories: [String: Double]
  ) {
    self.useful = useful
    self.barrierIdle = barrierIdle
    self.queueIdle = queueIdle
    self.inputWait = inputWait
    self.runnable = runnable
    self.spin = spin
    self.unknown = unknown
    self.categories = categories
  }
}

/// One run of a sweep, reduced to its one number.
public struct RunSample: Codable, Equatable, Sendable {
  /// The block, from 0.
  public var block: Int
  /// The position in the block, from 0.
  public var position: Int
  /// Tokens per second after the warm-up.
  public var tokensPerSecond: Double
  /// Steps that the stationarity test dropped.
  public var warmupSteps: Int
  /// Share of the machine's CPU time stolen by the hypervisor during the run; absent when unreadable.
  public var stealShare: Double?
  /// Share of the machine's CPU time used by other processes during the run; absent when unreadable.
  public var foreignShare: Double?
  /// The run's directory, relative to the sweep's.
  public var directory: String
  /// Assembles a sample.
  public init(
    block: Int, position: Int, tokensPerSecond: Double, warmupSteps: Int, stealShare: Double?,
    foreignShare: Double?, directory: String
  ) {
    self.block = block
    self.position = position
    self.tokensPerSecond = tokensPerSecond
    self.warmupSteps = warmupSteps
    self.stealShare = stealShare
    self.foreignShare = foreignShare
    self.directory = directory
  }
}

/// One check over all runs of a sweep.
public struct SweepCheck: Codable, Equatable, Sendable {
  /// What was checked, as a sentence that is true when it passed.
  public var claim: String
  /// Whether it held.
  public var passed: Bool
  /// The figures, and where it failed.
  public var detail: String
  /// Assembles a check.
  public init(claim: String, passed: Bool, detail: String) {
    self.claim = claim
    self.passed = passed
    self.detail = detail
  }
}

/// The tool's own cost: instrumented against bare throughput, paired by block.
public struct Overhead: Codable, Equatable, Sendable {
  /// The cell that was run both ways.
  public var cell: String
  /// Instrumented throughput / bare throughput.
  public var ratio: Estimate
  /// Assembles the cost.
  public init(cell: String, ratio: Estimate) {
    self.cell = cell
    self.ratio = ratio
  }
}

/// What the driver of a sweep took between the end of a run and the start of the next: no part of any figure, but of
/// the time that the sweep takes.
public struct DriverTime: Codable, Equatable, Sendable {
  /// The middle one.
  public var medianNs: Nanoseconds
  /// The longest.
  public var longestNs: Nanoseconds
  /// How many there were.
  public var count: Int

  /// Summarises the times between runs; `nil` when there is none.
  public init?(_ gaps: [Nanoseconds]) {
    let sorted = gaps.sorted()
    guard let last = sorted.last else { return nil }
    medianNs = sorted[sorted.count / 2]
    longestNs = last
    count = sorted.count
  }
}

/// A run that is not in the figures, and why.
public struct ExcludedRun: Codable, Equatable, Sendable {
  /// The cell.
  public var cell: String
  /// The block.
  public var block: Int
  /// Why: the exit status or the disturbance.
  public var reason: String
  /// The last lines that the run printed.
  public var lastLines: [String]
  /// Assembles an exclusion.
  public init(cell: String, block: Int, reason: String, lastLines: [String]) {
    self.cell = cell
    self.block = block
    self.reason = reason
    self.lastLines = lastLines
  }
}
