/// Why a run's threads waited, from its trace: the contract `headway.explanation/1`.
///
/// The *team* are the threads whose idle time is a loss: the workers, or all threads of the program where nobody
/// is called a worker. Every section says what its figures add up to; `docs/methods.md` defines them.
public struct RunExplanation: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.explanation/1"

  /// ``schemaName``.
  public var schema = Self.schemaName
  /// What was looked at.
  public var window: ExplainedWindow
  /// Where the time of each thread went.
  public var threads: [ExplainedThread]
  /// The crossings of every barrier that opened in the window.
  public var barriers: [BarrierSummary]
  /// The efficiencies as factors; absent where the team did no useful work.
  public var efficiencies: EfficiencyFactors?
  /// The efficiencies as shares that add up.
  public var losses: [LossShare]
  /// Threads and contexts that others waited for or that decided the window's length.
  public var causes: [ExplainedCause]
  /// What ``causes`` add up to.
  public var totals: ExplainedTotals
  /// What the critical path would lose if the work of a context were spread evenly over the team, by context.
  public var pathImbalances: [ExplainedContext]
  /// How much longer the window took than with equal peers; absent where the team never met.
  public var stragglers: StragglerEffects?
  /// Whether the step waited for its input; absent where no thread is the main one.
  public var input: InputDiagnosis?
  /// The waits of those who take from queues, by site.
  public var gaps: [QueueGaps]
  /// How many threads wanted a CPU.
  public var demand: CpuDemand
  /// Where two methods rank causes differently, and why, in sentences.
  public var comparisons: [String]
  /// What is not recorded and was inferred, in sentences.
  public var inferences: [String]
  /// What a reader must know before believing the figures.
  public var warnings: [String]

  /// Assembles an explanation.
  public init(
    window: ExplainedWindow, threads: [ExplainedThread], barriers: [BarrierSummary],
    efficiencies: EfficiencyFactors?, losses: [LossShare], causes: [ExplainedCause], totals: ExplainedTotals,
    pathImbalances: [ExplainedContext], stragglers: StragglerEffects?, input: InputDiagnosis?,
    gaps: [QueueGaps], demand: CpuDemand, comparisons: [String], inferences: [String], warnings: [String]
  ) {
    self.window = window
    self.threads = threads
    self.barriers = barriers
    self.efficiencies = efficiencies
    self.losses = losses
    self.causes = causes
    self.totals = totals
    self.pathImbalances = pathImbalances
    self.stragglers = stragglers
    self.input = input
    self.gaps = gaps
    self.demand = demand
    self.comparisons = comparisons
    self.inferences = inferences
    self.warnings = warnings
  }
}

/// The part of a run that an explanation is about.
public struct ExplainedWindow: Codable, Equatable, Sendable {
  /// Its beginning since the trace's origin.
  public var beginNs: Nanoseconds
  /// Its length, R.
  public var wallNs: Nanoseconds
  /// The program's threads, n.
  public var threadCount: Int
  /// Those of them that are the team.
  public var teamCount: Int
  /// The number of the first step in it; absent without steps.
  public var firstStep: Int?
  /// The number of the last step in it; absent without steps.
  public var lastStep: Int?
  /// Steps that begin and end in it.
  public var steps: Int
  /// Assembles a window.
  public init(
    beginNs: Nanoseconds, wallNs: Nanoseconds, threadCount: Int, teamCount: Int, firstStep: Int?,
    lastStep: Int?, steps: Int
  ) {
    self.beginNs = beginNs
    self.wallNs = wallNs
    self.threadCount = threadCount
    self.teamCount = teamCount
    self.firstStep = firstStep
    self.lastStep = lastStep
    self.steps = steps
  }
}

/// Where the time of one thread went.
public struct ExplainedThread: Codable, Equatable, Sendable {
  /// The thread's name.
  public var name: String
  /// What the thread is for.
  public var role: ThreadRole
  /// Whether its idle time counts as loss.
  public var isTeam: Bool
  /// CPU time in useful states.
  public var usefulCpuNs: Nanoseconds
  /// Wall time by the category of its states, keyed by the raw value of ``StateCategory`` followed by `_ns`;
  /// sums to the window. A trace does not know when a thread was ready without a CPU: that is in the states.
  public var categories: [String: Nanoseconds]
  /// Assembles a thread's times.
  public init(
    name: String, role: ThreadRole, isTeam: Bool, usefulCpuNs: Nanoseconds,
    categories: [String: Nanoseconds]
  ) {
    self.name = name
    self.role = role
    self.isTeam = isTeam
    self.usefulCpuNs = usefulCpuNs
    self.categories = categories
  }
}
