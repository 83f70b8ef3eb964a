/// The efficiencies of the team as factors (method 2). u is a thread's useful CPU time, R the window.
public struct EfficiencyFactors: Codable, Equatable, Sendable {
  /// Threads of the team.
  public var threads: Int
  /// Σ u.
  public var usefulNs: Nanoseconds
  /// How long the window would have taken if synchronising cost nothing, R_ideal.
  public var idealNs: Nanoseconds
  /// avg u / max u.
  public var loadBalance: Double
  /// max u / R = serialisation · transfer.
  public var communication: Double
  /// max u / R_ideal.
  public var serialisation: Double
  /// R_ideal / R.
  public var transfer: Double
  /// avg u / R = load balance · communication.
  public var parallel: Double
  /// Σ u of a reference run / Σ u, for the same work; absent without a reference.
  public var computationScaling: Double?
  /// parallel · computation scaling; absent without a reference.
  public var global: Double?
  /// Assembles the factors.
  public init(
    threads: Int, usefulNs: Nanoseconds, idealNs: Nanoseconds, loadBalance: Double, communication: Double,
    serialisation: Double, transfer: Double, parallel: Double, computationScaling: Double? = nil,
    global: Double? = nil
  ) {
    self.threads = threads
    self.usefulNs = usefulNs
    self.idealNs = idealNs
    self.loadBalance = loadBalance
    self.communication = communication
    self.serialisation = serialisation
    self.transfer = transfer
    self.parallel = parallel
    self.computationScaling = computationScaling
    self.global = global
  }
}

/// One part of 1 − parallel efficiency: the losses of an explanation sum to it.
public struct LossShare: Codable, Equatable, Sendable {
  /// What is lost.
  public enum Part: String, Codable, Sendable, CaseIterable {
    /// Waiting while only the main or a control thread worked.
    case serialSection = "serial_section"
    /// Waiting while only a prefetch thread worked.
    case input
    /// Waiting that equal work of the team's threads between two meetings would have saved.
    case loadBalance = "load_balance"
    /// The rest of the waiting: openings, wake-ups, queues.
    case synchronisation
    /// In a working state, without a CPU.
    case descheduled
    /// Being created, not yet started, ended.
    case lifecycle
    /// The tool's own states, and waiting for a thread in one.
    case selfCost = "self"
    /// In no state, or in one that nobody can name.
    case unknown
  }

  /// What is lost.
  public var part: Part
  /// Thread-time.
  public var timeNs: Nanoseconds
  /// Of threads · window.
  public var share: Double
  /// Pairs a part with its size.
  public init(part: Part, timeNs: Nanoseconds, share: Double) {
    self.part = part
    self.timeNs = timeNs
    self.share = share
  }
}

/// One thread in one context, as each method sees it.
public struct ExplainedCause: Codable, Equatable, Sendable {
  /// The thread's name.
  public var thread: String
  /// What the thread is for.
  public var role: ThreadRole
  /// The state, or what stands in its place.
  public var context: String
  /// The state's category. A wait as a cause means waking up from it late.
  public var category: StateCategory
  /// The team's waiting that it caused, in thread-time (method 4).
  public var delayNs: Nanoseconds
  /// The part of ``delayNs`` that reached the team through others.
  public var propagatedNs: Nanoseconds
  /// Its share of the team's idle time while it worked (method 5).
  public var blameNs: Nanoseconds
  /// Its time on the critical path (method 6).
  public var pathNs: Nanoseconds
  /// Assembles a cause.
  public init(
    thread: String, role: ThreadRole, context: String, category: StateCategory, delayNs: Nanoseconds,
    propagatedNs: Nanoseconds, blameNs: Nanoseconds, pathNs: Nanoseconds
  ) {
    self.thread = thread
    self.role = role
    self.context = context
    self.category = category
    self.delayNs = delayNs
    self.propagatedNs = propagatedNs
    self.blameNs = blameNs
    self.pathNs = pathNs
  }
}

/// What the causes of an explanation add up to.
public struct ExplainedTotals: Codable, Equatable, Sendable {
  /// The team's waiting at recorded waits: Σ ``ExplainedCause/delayNs`` + ``unexplainedNs`` + ``wakeupNs``.
  public var waitedNs: Nanoseconds
  /// Waiting whose cause nothing in the trace shows.
  public var unexplainedNs: Nanoseconds
  /// Waiting after what was waited for had happened.
  public var wakeupNs: Nanoseconds
  /// The team's time in waiting states: Σ ``ExplainedCause/blameNs`` + ``nobodyNs``.
  public var idleNs: Nanoseconds
  /// Idle time while no thread worked.
  public var nobodyNs: Nanoseconds
  /// The critical path: Σ ``ExplainedCause/pathNs``, the window exactly.
  public var pathNs: Nanoseconds
  /// Pieces of the critical path.
  public var pathSegments: Int
  /// Times that the critical path goes over to another thread.
  public var pathChanges: Int
  /// Assembles the totals.
  public init(
    waitedNs: Nanoseconds, unexplainedNs: Nanoseconds, wakeupNs: Nanoseconds, idleNs: Nanoseconds,
    nobodyNs: Nanoseconds, pathNs: Nanoseconds, pathSegments: Int, pathChanges: Int
  ) {
    self.waitedNs = waitedNs
    self.unexplainedNs = unexplainedNs
    self.wakeupNs = wakeupNs
    self.idleNs = idleNs
    self.nobodyNs = nobodyNs
    self.pathNs = pathNs
    self.pathSegments = pathSegments
    self.pathChanges = pathChanges
  }
}

/// A context and a time that belongs to it.
public struct ExplainedContext: Codable, Equatable, Sendable {
  /// The state, or what stands in its place.
  public var context: String
  /// The time.
  public var timeNs: Nanoseconds
  /// Pairs the two.
  public init(context: String, timeNs: Nanoseconds) {
    self.context = context
    self.timeNs = timeNs
  }
}
