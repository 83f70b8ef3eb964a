/// Where the thread-seconds of the measured window went (method 1). The categories sum to
/// `threadCount · wallNs`.
public struct Books: Codable, Equatable, Sendable {
  /// The length of the window: the training loop, from the first step's start to the last one's end.
  public var wallNs: Nanoseconds
  /// Registered threads of the program: all but those with the role `sampler`.
  public var threadCount: Int
  /// Thread-time by category, keyed by the raw value of ``StateCategory`` followed by `_ns`.
  public var categories: [String: Nanoseconds]
  /// `unknown / (threadCount · wallNs)`.
  public var unknownShare: Double
  /// |Σ categories − n·R| / n·R, as found: a check, not an assumption.
  public var closureError: Double
  /// What others took of the CPUs meanwhile; absent where the kernel does not say, and in older records.
  public var foreign: ForeignTime?

  /// Assembles the books.
  public init(
    wallNs: Nanoseconds, threadCount: Int, categories: [String: Nanoseconds], unknownShare: Double,
    closureError: Double, foreign: ForeignTime? = nil
  ) {
    self.wallNs = wallNs
    self.threadCount = threadCount
    self.categories = categories
    self.unknownShare = unknownShare
    self.closureError = closureError
    self.foreign = foreign
  }

  /// The time of one category; zero when none was booked.
  public func time(_ category: StateCategory) -> Nanoseconds {
    categories[category.rawValue + "_ns"] ?? .zero
  }
}

/// The books of one thread over the measured window.
public struct ThreadBook: Codable, Equatable, Sendable {
  /// The thread's name, unique in the run: `main`, `worker-3`.
  public var name: String
  /// What the thread is for.
  public var role: ThreadRole
  /// The window's length, the same for every thread.
  public var wallNs: Nanoseconds
  /// CPU time of this thread in the window, from its own clock.
  public var cpuNs: Nanoseconds
  /// Time ready but not running, from the kernel's scheduler statistics; absent when unreadable.
  public var runDelayNs: Nanoseconds?
  /// Voluntary switches off the CPU over the thread's life; absent when unreadable.
  public var voluntarySwitches: Int?
  /// Involuntary switches off the CPU over the thread's life; absent when unreadable.
  public var involuntarySwitches: Int?
  /// Exclusive times by state name.
  public var states: [String: StateBook]
  /// The thread's time by category, keyed like ``Books/categories``; sums to ``wallNs``.
  public var categories: [String: Nanoseconds]
  /// Tasks completed.
  public var tasks: Int
  /// Tokens trained on.
  public var tokens: Int
  /// Tasks completed per second of the window.
  public var tasksPerSecond: Double?
  /// Tokens trained on per second of the window.
  public var tokensPerSecond: Double?
  /// When the tasks were completed; absent where it was not recorded.
  public var progress: ThreadProgress?
  /// The kernel's performance events in the window; absent where nobody asked for them.
  public var counters: CounterReadings?

  /// Assembles a thread's books.
  public init(
    name: String, role: ThreadRole, wallNs: Nanoseconds, cpuNs: Nanoseconds, runDelayNs: Nanoseconds?,
    voluntarySwitches: Int?, involuntarySwitches: Int?, states: [String: StateBook],
    categories: [String: Nanoseconds], tasks: Int, tokens: Int, progress: ThreadProgress? = nil
  ) {
    self.name = name
    self.role = role
    self.wallNs = wallNs
    self.cpuNs = cpuNs
    self.runDelayNs = runDelayNs
    self.voluntarySwitches = voluntarySwitches
    self.involuntarySwitches = involuntarySwitches
    self.states = states
    self.categories = categories
    self.tasks = tasks
    self.tokens = tokens
    self.progress = progress
    let seconds = Double(wallNs.count) / 1e9
    tasksPerSecond = seconds > 0 ? Double(tasks) / seconds : nil
    tokensPerSecond = seconds > 0 ? Double(tokens) / seconds : nil
  }

  /// The time of one category; zero when none was booked.
  public func time(_ category: StateCategory) -> Nanoseconds {
    categories[category.rawValue + "_ns"] ?? .zero
  }
}

/// Exclusive time of one thread in one state over the measured window.
public struct StateBook: Codable, Equatable, Sendable {
  /// The category that the state is defined with.
  public var category: StateCategory
  /// Wall time.
  public var wallNs: Nanoseconds
  /// CPU time.
  public var cpuNs: Nanoseconds
  /// Times the state was entered.
  public var count: Int
  /// Times of the operations inside it by name; absent where none was timed.
  public var operations: [String: OperationAccount]?
  /// Assembles a state's books.
  public init(category: StateCategory, wallNs: Nanoseconds, cpuNs: Nanoseconds, count: Int) {
    self.category = category
    self.wallNs = wallNs
    self.cpuNs = cpuNs
    self.count = count
  }
}

/// Waits at one barrier site over the whole run (method 3), summed over episodes.
/// wait = imbalance (release − arrival) + wake-up (departure − release).
public struct BarrierSummary: Codable, Equatable, Sendable {
  /// The site's name.
  public var site: String
  /// Crossings by all participants.
  public var episodes: Int
  /// Σ over participants of departure − arrival.
  public var waitNs: Nanoseconds
  /// Σ over participants of release − arrival: what the last arriver cost.
  public var imbalanceNs: Nanoseconds
  /// Σ over participants of departure − release: what the barrier itself cost.
  public var wakeupNs: Nanoseconds
  /// How often each thread, by name, was the last to arrive.
  public var lastArrivals: [String: Int]
  /// The wait of each thread, by name.
  public var threadWaitNs: [String: Nanoseconds]
  /// The wake-up part of each thread's wait, by name.
  public var threadWakeupNs: [String: Nanoseconds]
  /// How far apart the first and the last arrival of an episode lay; absent where it was not kept.
  public var spreadNs: Distribution?
  /// Assembles a site's waits.
  public init(
    site: String, episodes: Int, waitNs: Nanoseconds, imbalanceNs: Nanoseconds, wakeupNs: Nanoseconds,
    lastArrivals: [String: Int], threadWaitNs: [String: Nanoseconds], threadWakeupNs: [String: Nanoseconds],
    spreadNs: Distribution? = nil
  ) {
    self.site = site
    self.episodes = episodes
    self.waitNs = waitNs
    self.imbalanceNs = imbalanceNs
    self.wakeupNs = wakeupNs
    self.lastArrivals = lastArrivals
    self.threadWaitNs = threadWaitNs
    self.threadWakeupNs = threadWakeupNs
    self.spreadNs = spreadNs
  }
}

/// Waits at one site that is no barrier, over the whole run.
public struct WaitSummary: Codable, Equatable, Sendable {
  /// The site's name.
  public var site: String
  /// What kind of wait it is.
  public var kind: SiteKind
  /// Waits counted.
  public var waits: Int
  /// Σ over threads of the wall time waited.
  public var waitNs: Nanoseconds
  /// The wait of each thread, by name.
  public var threadWaitNs: [String: Nanoseconds]
  /// How long single waits were; absent where it was not kept.
  public var durationNs: Distribution?
  /// Assembles a site's waits.
  public init(
    site: String, kind: SiteKind, waits: Int, waitNs: Nanoseconds, threadWaitNs: [String: Nanoseconds],
    durationNs: Distribution? = nil
  ) {
    self.site = site
    self.kind = kind
    self.waits = waits
    self.waitNs = waitNs
    self.threadWaitNs = threadWaitNs
    self.durationNs = durationNs
  }
}
