/// What the probes measured of one run: the accumulators, handed to the analysis.
public struct RunAccounts: Codable, Equatable, Sendable {
  /// The length of the measured window; zero when it was never opened.
  public var windowNs: Nanoseconds
  /// The registered threads in the order of their first registration.
  public var threads: [ThreadAccounts]
  /// Records that were dropped and readings that failed.
  public var losses: RecordLosses
  /// What one state transition of the probe costs, as measured at the start of the run: the price of
  /// ``ThreadAccounts/transitions``. Absent when it was not measured.
  public var transitionCostNs: Nanoseconds?
  /// What others took of the CPUs in the window; absent where the kernel does not say.
  public var foreign: ForeignTime?
  /// Misuse of the probe that bent the books, in sentences.
  public var warnings: [String]

  /// Assembles the accounts of a run.
  public init(
    windowNs: Nanoseconds, threads: [ThreadAccounts], losses: RecordLosses,
    transitionCostNs: Nanoseconds? = nil, foreign: ForeignTime? = nil, warnings: [String] = []
  ) {
    self.windowNs = windowNs
    self.threads = threads
    self.losses = losses
    self.transitionCostNs = transitionCostNs
    self.foreign = foreign
    self.warnings = warnings
  }
}

/// What the probes measured of one thread.
///
/// Times of states are exclusive and clipped to the window. The wall times of ``states`` sum to
/// ``presentNs`` exactly, and their CPU times to ``cpuNs``. Counts of work, crossings and waits are of the
/// whole run.
public struct ThreadAccounts: Codable, Equatable, Sendable {
  /// The name of the implicit state of a registered thread that is in no state; its category is unknown.
  public static let unattributedState = "unattributed"

  /// The name of all operations together that were too many to be told apart.
  public static let otherOperations = "other operations"

  /// The thread's name, unique in the run.
  public var name: String
  /// What the thread is for.
  public var role: ThreadRole
  /// The operating system's thread; the latest one when the row was taken up again.
  public var threadID: ThreadID
  /// The part of the window in which the thread was registered. The rest of it is lifecycle.
  public var presentNs: Nanoseconds
  /// Exclusive times by state name, with ``unattributedState`` among them when it is not empty.
  public var states: [String: StateAccount]
  /// CPU time inside the window, from the thread's own CPU clock.
  public var cpuNs: Nanoseconds
  /// CPU time inside the window, from the kernel's scheduler statistics: a second, independent reading of
  /// ``cpuNs``; absent when unreadable.
  public var scheduledNs: Nanoseconds?
  /// Time ready but not running, inside the window, from the kernel's scheduler statistics; absent when
  /// unreadable.
  public var runDelayNs: Nanoseconds?
  /// A bound on what ``runDelayNs`` and ``scheduledNs`` contain from outside the window: the time between
  /// their readings and the window's ends. (The kernel brings the statistics of a running thread up to date
  /// at its tick: for a thread that ran at the window's ends, add a tick, 1 to 10 ms, to ``scheduledNs``.)
  public var schedulingSlackNs: Nanoseconds?
  /// Voluntary switches off the CPU while registered, over the whole run; absent when unreadable.
  public var voluntarySwitches: Int?
  /// Involuntary switches off the CPU while registered, over the whole run; absent when unreadable.
  public var involuntarySwitches: Int?
  /// State transitions inside the window: what the probe's own cost is proportional to.
  public var transitions: Int
  /// Tasks completed.
  public var tasks: Int
  /// Tokens worked on.
  public var tokens: Int
  /// When the tasks were completed; absent where it was not recorded.
  public var progress: ThreadProgress?
  /// Crossings by barrier site.
  public var barriers: [String: BarrierAccount]
  /// Waits by site that is no barrier.
  public var waits: [String: WaitAccount]

  /// The kernel's performance events inside the window; absent where nobody asked for them.
  public var counters: CounterReadings?

  /// The file's name for the thread, `thread_id`, reads back as `threadId`.
  private enum CodingKeys: String, CodingKey {
    case name, role, presentNs, states, cpuNs, scheduledNs, runDelayNs, schedulingSlackNs, voluntarySwitches
    case involuntarySwitches, transitions, tasks, tokens, progress, barriers, waits, counters
    case threadID = "threadId"
  }

  /// Assembles the accounts of a thread.
  public init(
    name: String, role: ThreadRole, threadID: ThreadID, presentNs: Nanoseconds,
    states: [String: StateAccount], cpuNs: Nanoseconds, scheduledNs: Nanoseconds? = nil,
    runDelayNs: Nanoseconds? = nil, schedulingSlackNs: Nanoseconds? = nil, voluntarySwitches: Int? = nil,
    involuntarySwitches: Int? = nil, transitions: Int = 0, tasks: Int = 0, tokens: Int = 0,
    progress: ThreadProgress? = nil, barriers: [String: BarrierAccount] = [:],
    waits: [String: WaitAccount] = [:]
  ) {
    self.name = name
    self.role = role
    self.threadID = threadID
    self.presentNs = presentNs
    self.states = states
    self.cpuNs = cpuNs
    self.scheduledNs = scheduledNs
    self.runDelayNs = runDelayNs
    self.schedulingSlackNs = schedulingSlackNs
    self.voluntarySwitches = voluntarySwitches
    self.involuntarySwitches = involuntarySwitches
    self.transitions = transitions
    self.tasks = tasks
    self.tokens = tokens
    self.progress = progress
    self.barriers = barriers
    self.waits = waits
  }
}

/// Exclusive time of one thread in one state inside the window.
public struct StateAccount: Codable, Equatable, Sendable {
  /// The state.
  public var definition: StateDefinition
  /// Wall time.
  public var wallNs: Nanoseconds
  /// CPU time of the thread.
  public var cpuNs: Nanoseconds
  /// Times that the state was entered inside the window; one entered before it and left in it counts 0.
  public var count: Int
  /// Times of the operations inside it by name, their sum at most ``wallNs``; absent where none was timed.
  public var operations: [String: OperationAccount]?
  /// Assembles the account of a state.
  public init(definition: StateDefinition, wallNs: Nanoseconds, cpuNs: Nanoseconds, count: Int) {
    self.definition = definition
    self.wallNs = wallNs
    self.cpuNs = cpuNs
    self.count = count
  }
}

/// Exclusive wall time of one thread in one operation inside a state, in the window.
public struct OperationAccount: Codable, Equatable, Sendable {
  /// Wall time.
  public var wallNs: Nanoseconds
  /// Times that it ended inside the window.
  public var count: Int
  /// Assembles the account of an operation.
  public init(wallNs: Nanoseconds, count: Int) {
    self.wallNs = wallNs
    self.count = count
  }
}

/// Crossings of one barrier site by one thread, over the whole run.
public struct BarrierAccount: Codable, Equatable, Sendable {
  /// Crossings.
  public var episodes: Int
  /// Σ release − arrival.
  public var imbalanceNs: Nanoseconds
  /// Σ departure − release.
  public var wakeupNs: Nanoseconds
  /// Crossings in which this thread arrived last.
  public var lastArrivals: Int
  /// The part of the wait that lies in the window; absent where it was not kept.
  public var windowWaitNs: Nanoseconds?
  /// From the noted ends of the waits to the ends of their states, in the window: what the probe's own
  /// reading took, and for how long a thread that lost its CPU there was off it. Absent where not kept.
  public var leavingNs: Nanoseconds?
  /// The spreads (release − first arrival) of the episodes in which this thread arrived last: added up over
  /// the threads, those of all episodes. Absent where the first arrival was not kept.
  public var spread: DurationHistogram?
  /// Σ departure − arrival.
  public var waitNs: Nanoseconds { imbalanceNs + wakeupNs }
  /// Assembles the account of a barrier site.
  public init(
    episodes: Int, imbalanceNs: Nanoseconds, wakeupNs: Nanoseconds, lastArrivals: Int,
    windowWaitNs: Nanoseconds? = nil, leavingNs: Nanoseconds? = nil,
    spread: DurationHistogram? = nil
  ) {
    self.episodes = episodes
    self.imbalanceNs = imbalanceNs
    self.wakeupNs = wakeupNs
    self.lastArrivals = lastArrivals
    self.windowWaitNs = windowWaitNs
    self.leavingNs = leavingNs
    self.spread = spread
  }
}

/// Waits of one thread at one site that is no barrier, over the whole run.
public struct WaitAccount: Codable, Equatable, Sendable {
  /// What kind of wait it is.
  public var kind: SiteKind
  /// Waits.
  public var count: Int
  /// Σ of their wall time.
  public var waitNs: Nanoseconds
  /// The part of it that lies in the window; absent where it was not kept.
  public var windowWaitNs: Nanoseconds?
  /// From the noted ends of the waits to the ends of their states, in the window: what the probe's own
  /// reading took, and for how long a thread that lost its CPU there was off it. Absent where not kept.
  public var leavingNs: Nanoseconds?
  /// How long the waits were; absent where it was not kept.
  public var durations: DurationHistogram?
  /// Assembles the account of a waiting site.
  public init(
    kind: SiteKind, count: Int, waitNs: Nanoseconds, windowWaitNs: Nanoseconds? = nil,
    leavingNs: Nanoseconds? = nil, durations: DurationHistogram? = nil
  ) {
    self.kind = kind
    self.count = count
    self.waitNs = waitNs
    self.windowWaitNs = windowWaitNs
    self.leavingNs = leavingNs
    self.durations = durations
  }
}
