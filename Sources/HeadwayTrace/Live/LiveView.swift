/// What a run that goes on looks like, over the interval since the view before it: the contract
/// `headway.live/1`, of which `headway top --json` prints one a line.
///
/// An absent value could not be measured, or not yet: the first view of a run has no interval.
public struct LiveView: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.live/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// Where the run is.
  public var phase: Phase
  /// How long the interval was; absent in the first view.
  public var intervalNs: Nanoseconds?
  /// How old the copy of the run's status was when it was read: what is seen here was so then.
  public var ageNs: Nanoseconds?
  /// How long the measured window has been open, or was.
  public var windowNs: Nanoseconds?
  /// The step that was completed last; absent before the first, and for engines that count none.
  public var step: Int?
  /// Steps that the run is to have; absent where nobody said.
  public var steps: Int?
  /// Steps completed in a second of the interval.
  public var stepsPerSecond: Double?
  /// Tokens in a second of the interval.
  public var tokensPerSecond: Double?
  /// The loss of the last step, in nats per token.
  public var loss: Float?
  /// The held-out loss, and the step after which it was measured.
  public var validation: LossPoint?
  /// How long ago any thread completed anything.
  public var silentNs: Nanoseconds?
  /// Memory of the process, as the kernel has it; absent where the process is not seen.
  public var memory: Memory?
  /// The program's threads and the tool's own, in the order in which they came.
  public var threads: [Row]
  /// Where the program's threads waited, the most waiting first.
  public var waits: [WaitRow]
  /// What the queues held when last used, by site.
  public var queues: [QueueRow]

  /// Where a run is.
  public enum Phase: String, Codable, Sendable {
    /// The measured window has not opened.
    case starting
    /// The window is open.
    case measuring
    /// The window has closed: the last evaluation, and saving.
    case ending
  }

  /// Memory of a process.
  public struct Memory: Codable, Equatable, Sendable {
    /// Resident bytes.
    public var rssBytes: Int
    /// The most that was resident; absent when unreadable.
    public var peakRssBytes: Int?
    /// Bytes that lie in swap; absent when unreadable.
    public var swapBytes: Int?
    /// Assembles a reading.
    public init(rssBytes: Int, peakRssBytes: Int? = nil, swapBytes: Int? = nil) {
      self.rssBytes = rssBytes
      self.peakRssBytes = peakRssBytes
      self.swapBytes = swapBytes
    }
  }

  /// One thread.
  public struct Row: Codable, Equatable, Sendable {
    /// Its name in the books.
    public var name: String
    /// What it is for.
    public var role: ThreadRole?
    /// Whether it lives.
    public var isActive: Bool
    /// The innermost state that it is in; absent for none.
    public var state: String?
    /// How long it has been in a state without a change.
    public var sinceNs: Nanoseconds?
    /// Shares of the interval's wall time by category: `useful` is in working states, on a CPU or not.
    /// Absent without an interval inside the window.
    public var shares: [String: Double]?
    /// Share of the interval on a CPU, by the kernel.
    public var cpuShare: Double?
    /// Share of the interval ready without a CPU, by the kernel.
    public var readyShare: Double?
    /// Tasks in a second of the interval.
    public var tasksPerSecond: Double?
    /// Tokens in a second of the interval.
    public var tokensPerSecond: Double?
    /// Describes a thread of which nothing is known yet.
    public init(name: String, role: ThreadRole?, isActive: Bool = true) {
      self.name = name
      self.role = role
      self.isActive = isActive
    }

    /// The share of a category; absent where no shares are known.
    public func share(_ category: StateCategory) -> Double? { shares.map { $0[category.rawValue] ?? 0 } }
  }

  /// Waiting in one state.
  public struct WaitRow: Codable, Equatable, Sendable {
    /// The waiting state: `barrier.work_end`.
    public var state: String
    /// Threads that are in it now.
    public var threadsNow: Int
    /// How many threads waited there on average over the interval; absent without one.
    public var threadsOnAverage: Double?
    /// Assembles a row.
    public init(state: String, threadsNow: Int, threadsOnAverage: Double?) {
      self.state = state
      self.threadsNow = threadsNow
      self.threadsOnAverage = threadsOnAverage
    }
  }

  /// What a queue held.
  public struct QueueRow: Codable, Equatable, Sendable {
    /// The site at which threads wait for its items.
    public var site: String
    /// Items.
    public var items: Int
    /// Assembles a row.
    public init(site: String, items: Int) {
      self.site = site
      self.items = items
    }
  }

  /// A view of a run of which nothing is known yet.
  public init(phase: Phase) {
    self.phase = phase
    (threads, waits, queues) = ([], [], [])
  }
}
