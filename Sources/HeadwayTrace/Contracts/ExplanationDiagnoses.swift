/// How much longer a window took than with equal peers (method 9).
public struct StragglerEffects: Codable, Equatable, Sendable {
  /// A thread or a context, and the slow-down that it alone makes.
  public struct Effect: Codable, Equatable, Sendable {
    /// The thread's or the context's name.
    public var name: String
    /// S with only this one keeping its real times.
    public var slowdown: Double
    /// Pairs the two.
    public init(name: String, slowdown: Double) {
      self.name = name
      self.slowdown = slowdown
    }
  }

  /// The window's length with equal peers, T_ideal.
  public var idealNs: Nanoseconds
  /// S = T / T_ideal.
  public var slowdown: Double
  /// By thread, the largest first; empty where S is below 1.03.
  public var threads: [Effect]
  /// By context, the largest first; empty where S is below 1.03.
  public var contexts: [Effect]
  /// Assembles the effects.
  public init(idealNs: Nanoseconds, slowdown: Double, threads: [Effect], contexts: [Effect]) {
    self.idealNs = idealNs
    self.slowdown = slowdown
    self.threads = threads
    self.contexts = contexts
  }
}

/// Whether the step waited for its input (method 11).
public struct InputDiagnosis: Codable, Equatable, Sendable {
  /// How much it did.
  public enum Band: String, Codable, Sendable {
    /// Below 5 % of the window.
    case notBound = "not_bound"
    /// 5 % to 20 %.
    case moderate
    /// 20 % and more.
    case high
  }

  /// The main thread's time assembling input or waiting for it, as a share of the window.
  public var share: Double
  /// The same of the first half of the steps; absent with fewer than two.
  public var firstHalfShare: Double?
  /// The same of the second half of the steps; absent with fewer than two.
  public var secondHalfShare: Double?
  /// How much of the window that is.
  public var band: Band
  /// Whether the steps had settled: a full queue hides a slow producer until it has drained. Absent with fewer
  /// than eight steps, which say nothing about it.
  public var isStationary: Bool?
  /// What follows, in a sentence.
  public var statement: String
  /// Assembles a diagnosis.
  public init(
    share: Double, firstHalfShare: Double?, secondHalfShare: Double?, band: Band, isStationary: Bool?,
    statement: String
  ) {
    self.share = share
    self.firstHalfShare = firstHalfShare
    self.secondHalfShare = secondHalfShare
    self.band = band
    self.isStationary = isStationary
    self.statement = statement
  }
}

/// The gaps between two items of those who take from one queue (method 11).
public struct QueueGaps: Codable, Equatable, Sendable {
  /// Gaps of one kind.
  public struct Tally: Codable, Equatable, Sendable {
    /// How many.
    public var count = 0
    /// How long in all.
    public var timeNs = Nanoseconds.zero
    /// No gaps yet.
    public init() {}
    /// Counts a gap.
    public mutating func add(_ gap: Nanoseconds) {
      count += 1
      timeNs += gap
    }
  }

  /// The site's name.
  public var site: String
  /// The item came after the one before had ended.
  public var producerBound = Tally()
  /// The item was there, or came at once: the price of taking it.
  public var handOff = Tally()
  /// Neither.
  public var other = Tally()
  /// Gaps at a site.
  public init(site: String) { self.site = site }
}

/// How many threads wanted a CPU at once.
public struct CpuDemand: Codable, Equatable, Sendable {
  /// CPUs that the run could use; absent where not known.
  public var usableCpus: Double?
  /// The mean number of threads in working or polling states.
  public var meanThreads: Double
  /// The most of them at once.
  public var peakThreads: Int
  /// The share of the window in which they were more than the usable CPUs; absent where those are not known.
  public var overShare: Double?
  /// The part of the threads' time in working and polling states in which they had no CPU.
  public var withoutCpuShare: Double
  /// Assembles a demand.
  public init(
    usableCpus: Double?, meanThreads: Double, peakThreads: Int, overShare: Double?, withoutCpuShare: Double
  ) {
    self.usableCpus = usableCpus
    self.meanThreads = meanThreads
    self.peakThreads = peakThreads
    self.overShare = overShare
    self.withoutCpuShare = withoutCpuShare
  }
}
