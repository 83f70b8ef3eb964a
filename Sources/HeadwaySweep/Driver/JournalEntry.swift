import HeadwayTrace

/// One line of a sweep's journal: exactly one of its parts is there.
public struct JournalEntry: Codable, Equatable, Sendable {
  /// A run that ended.
  public var run: RunRecord?
  /// A block that is complete.
  public var block: BlockRecord?
  /// The end of the sweep; a journal whose last line it is not belongs to a sweep that was killed, or goes on.
  public var end: EndRecord?
  /// The sweep goes on after an end before its time.
  public var resumption: ResumptionRecord?
  /// The predictions were frozen.
  public var predictions: LedgerRecord?

  /// A line about a run.
  public init(_ run: RunRecord) { self.run = run }
  /// A line about a block.
  public init(_ block: BlockRecord) { self.block = block }
  /// A line about the end.
  public init(_ end: EndRecord) { self.end = end }
  /// A line about going on.
  public init(_ resumption: ResumptionRecord) { self.resumption = resumption }
  /// A line about the predictions.
  public init(_ predictions: LedgerRecord) { self.predictions = predictions }
}

/// A run that ended, well or not.
public struct RunRecord: Codable, Equatable, Sendable {
  /// How a run ended.
  public enum Outcome: String, Codable, Sendable {
    /// It did its work and said so.
    case completed
    /// It crashed, or what it wrote cannot be used.
    case failed
    /// It ran past its time.
    case timedOut = "timed_out"
    /// The kernel ended it because memory had run out.
    case outOfMemory = "out_of_memory"
    /// The sweep was stopped while it ran.
    case cancelled
  }

  /// The arm: a cell's identifier, or the bare arm's.
  public var arm: String
  /// The block, from 0.
  public var block: Int
  /// The pass over the block, from 0; above 0 the block was disturbed and is measured again.
  public var pass: Int
  /// The position in the block, from 0.
  public var position: Int
  /// The run's directory, relative to the sweep's.
  public var directory: String
  /// How it ended.
  public var outcome: Outcome
  /// What went wrong, in words; absent for a completed run.
  public var reason: String?
  /// The last lines that it printed, of a run that went wrong.
  public var lastLines: [String]
  /// Its exit status; absent when a signal ended it.
  public var exitStatus: Int?
  /// The signal that ended it.
  public var signal: Int?
  /// When it started, since the sweep's start.
  public var startedNs: Nanoseconds
  /// How long the process lived.
  public var wallNs: Nanoseconds
  /// CPU time of the process.
  public var cpuNs: Nanoseconds
  /// The most memory that was resident at once; absent where it is no more than the driver's own, from which it
  /// cannot be told.
  public var peakRssBytes: Int?
  /// The run's one number, tokens per second or another program's metric; absent for a run that went wrong.
  public var value: Double?
  /// What another program says of the work that it did; absent where nothing is checked.
  public var work: String?
  /// Share of the machine's CPU time that the hypervisor gave to others; absent when unreadable.
  public var stealShare: Double?
  /// Share of the machine's CPU time that other processes used; absent when unreadable.
  public var foreignShare: Double?
  /// Periods in which the control group's quota stopped it; absent where it is not counted.
  public var throttledPeriods: Int?
  /// Processes that ran or were ready to, the mean of the minute before the run; absent when unreadable, and in older
  /// journals.
  public var loadAverage: Double?
  /// Length of the variable by which the environment's size differs from run to run.
  public var paddingBytes: Int

  /// A run at its place, completed, with nothing known of its costs: fill in the rest.
  package init(arm: String, block: Int, pass: Int = 0, position: Int, directory: String) {
    self.arm = arm
    self.block = block
    self.pass = pass
    self.position = position
    self.directory = directory
    outcome = .completed
    lastLines = []
    startedNs = .zero
    wallNs = .zero
    cpuNs = .zero
    paddingBytes = 0
  }

  /// Why the run counts as disturbed; `nil` for one that was left in peace.
  public var disturbance: String? {
    Disturbance.complaint(
      stealShare: stealShare, foreignShare: foreignShare, throttledPeriods: throttledPeriods)
  }
}

/// A block that is complete, and which pass over it counts.
public struct BlockRecord: Codable, Equatable, Sendable {
  /// The block, from 0.
  public var block: Int
  /// Passes over it.
  public var passes: Int
  /// The pass whose runs count, from 0.
  public var keptPass: Int
  /// What disturbed the pass that counts; empty for a block measured in peace.
  public var disturbances: [String]

  /// A block that was measured in `passes` passes.
  package init(block: Int, passes: Int, keptPass: Int, disturbances: [String]) {
    self.block = block
    self.passes = passes
    self.keptPass = keptPass
    self.disturbances = disturbances
  }
}

/// The end of a sweep.
public struct EndRecord: Codable, Equatable, Sendable {
  /// Since the sweep's start.
  public var elapsedNs: Nanoseconds
  /// Why the sweep ended before its time; absent when it did not.
  public var cutShort: String?
  /// Which rule ended it; absent when it was cut short.
  public var stoppedBy: StopRule?

  /// An end.
  package init(elapsedNs: Nanoseconds, cutShort: String?, stoppedBy: StopRule? = nil) {
    self.elapsedNs = elapsedNs
    self.cutShort = cutShort
    self.stoppedBy = stoppedBy
  }
}

/// The sweep goes on after an end before its time.
public struct ResumptionRecord: Codable, Equatable, Sendable {
  /// When, ISO 8601 in UTC.
  public var at: String
  /// The sweep's time until then: what was measured before, without the time in between.
  public var elapsedNs: Nanoseconds
  /// What changed meanwhile that a reader must know.
  public var notes: [String]

  /// A resumption.
  package init(at: String, elapsedNs: Nanoseconds, notes: [String]) {
    self.at = at
    self.elapsedNs = elapsedNs
    self.notes = notes
  }
}

/// The predictions were frozen: a line before the first run.
public struct LedgerRecord: Codable, Equatable, Sendable {
  /// The hash of their file.
  public var hash: String
  /// When, since the sweep's start.
  public var frozenNs: Nanoseconds

  /// Notes the hash of what was frozen.
  package init(hash: String, frozenNs: Nanoseconds) {
    self.hash = hash
    self.frozenNs = frozenNs
  }
}
