/// A stretch of a run in which nothing was completed, as the watchdog saw it: the contract
/// `headway.stall/1`, written as `stall-1.json` and so on.
///
/// Nothing was completed means: no task, no part of one (a forward or backward pass), no evaluated group of
/// windows, no reduced or optimised segment, no assembled batch, no step, and no thread started.
public struct StallReport: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.stall/1"

  /// What the threads did instead of making progress.
  public enum Verdict: String, Codable, Sendable {
    /// They burnt CPU time.
    case livelock
    /// Nobody ran, and nobody asked to.
    case deadlock
    /// They were ready and got no CPU.
    case starved
    /// Their CPU time could not be read.
    case unknown
  }

  /// ``schemaName``.
  public var schema = Self.schemaName
  /// Counts the stalls of a run, from 1.
  public var number: Int
  /// What the threads did.
  public var verdict: Verdict
  /// The time without progress when the watchdog decided.
  public var silentNs: Nanoseconds
  /// The last part of ``silentNs``: the time between the two readings that the verdict rests on.
  public var observedNs: Nanoseconds
  /// How long the stall lasted in all; absent while it lasts, or when the run ended in it.
  public var lastedNs: Nanoseconds?
  /// Tasks that all threads had completed.
  public var tasks: Int
  /// Steps that had been completed.
  public var steps: Int
  /// Every thread that was registered before, the tool's own left out.
  public var threads: [StalledThread]
  /// What could not be learnt, with the reason, in sentences.
  public var gaps: [String]

  /// Assembles a report.
  public init(
    number: Int, verdict: Verdict, silentNs: Nanoseconds, observedNs: Nanoseconds,
    lastedNs: Nanoseconds? = nil, tasks: Int, steps: Int, threads: [StalledThread], gaps: [String]
  ) {
    self.number = number
    self.verdict = verdict
    self.silentNs = silentNs
    self.observedNs = observedNs
    self.lastedNs = lastedNs
    self.tasks = tasks
    self.steps = steps
    self.threads = threads
    self.gaps = gaps
  }
}

/// One thread of a run that has stalled.
public struct StalledThread: Codable, Equatable, Sendable {
  /// What the thread did between the two readings.
  public enum Activity: String, Codable, Sendable {
    /// Burnt CPU time in a polling state.
    case spinning
    /// Burnt CPU time in another state.
    case working
    /// Was ready and got next to no CPU.
    case starved
    /// Neither ran nor asked to.
    case asleep
    /// Had ended.
    case ended
    /// Its CPU time could not be read.
    case unknown
  }

  /// A state that the thread had entered and not left.
  public struct OpenState: Codable, Equatable, Sendable {
    /// The state's name.
    public var state: String
    /// Its category.
    public var category: StateCategory
    /// How long ago it was entered.
    public var forNs: Nanoseconds
    /// Pairs a state with its age.
    public init(state: String, category: StateCategory, forNs: Nanoseconds) {
      self.state = state
      self.category = category
      self.forNs = forNs
    }
  }

  /// The thread's name in the books.
  public var name: String
  /// What it is for.
  public var role: ThreadRole
  /// The operating system's thread.
  public var thread: ThreadID
  /// What it did.
  public var activity: Activity
  /// The open states, outermost first; absent when the thread changed state under every attempt to read.
  public var path: [OpenState]?
  /// CPU time between the two readings; absent when unreadable.
  public var cpuNs: Nanoseconds?
  /// Time ready but not running between the two readings; absent when unreadable.
  public var runDelayNs: Nanoseconds?
  /// The kernel's letter: `R` running or ready, `S` asleep, `D` asleep in I/O, `T` stopped, `t` traced.
  public var kernelState: String?
  /// The kernel function in which it sleeps; absent when it does not, or the kernel does not say.
  public var waitChannel: String?
  /// Tasks that it had completed.
  public var tasks: Int
  /// Tokens that it had worked on.
  public var tokens: Int
  /// How long ago it completed anything; absent when it never did.
  public var lastProgressNs: Nanoseconds?
  /// Its frames, innermost first; absent where they could not be taken.
  public var stack: [String]?

  /// Assembles what is known of a thread.
  public init(
    name: String, role: ThreadRole, thread: ThreadID, activity: Activity, path: [OpenState]?,
    cpuNs: Nanoseconds?, runDelayNs: Nanoseconds?, kernelState: String?, waitChannel: String?, tasks: Int,
    tokens: Int, lastProgressNs: Nanoseconds?, stack: [String]? = nil
  ) {
    self.name = name
    self.role = role
    self.thread = thread
    self.activity = activity
    self.path = path
    self.cpuNs = cpuNs
    self.runDelayNs = runDelayNs
    self.kernelState = kernelState
    self.waitChannel = waitChannel
    self.tasks = tasks
    self.tokens = tokens
    self.lastProgressNs = lastProgressNs
    self.stack = stack
  }
}
