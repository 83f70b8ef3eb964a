/// A run that goes on, as the last stretch of its trace shows it. What a trace does not carry, such as the loss, is
/// not in it.
public struct RunInProgress: Equatable, Sendable {
  /// Where a run is.
  public enum Phase: Equatable, Sendable {
    /// Its measured window has not been opened: it is setting up.
    case preparing
    /// It is taking steps.
    case measuring
    /// Its measured window is closed: it evaluates, saves and writes its files.
    case closing
  }

  /// A thread at the moment.
  public struct Thread: Equatable, Sendable {
    /// Its name in the books.
    public var name: String
    /// What it is for; absent where the recorder did not know.
    public var role: ThreadRole?
    /// The innermost state that it is in; absent for none.
    public var state: StateDefinition?
    /// Whether it has ended.
    public var hasEnded: Bool
    /// Describes a thread.
    public init(name: String, role: ThreadRole?, state: StateDefinition?, hasEnded: Bool) {
      self.name = name
      self.role = role
      self.state = state
      self.hasEnded = hasEnded
    }
  }

  /// Where it is.
  public var phase: Phase
  /// The step that was completed last; absent before the first.
  public var step: Int?
  /// The steps that it is to do; absent where its manifest does not say.
  public var plannedSteps: Int?
  /// Since the measured window opened; absent before.
  public var elapsedNs: Nanoseconds?
  /// How long ago the latest event of any thread was recorded; absent without one.
  public var quietNs: Nanoseconds?
  /// The stretch that the rates and ``recent`` are of, up to now.
  public var periodNs: Nanoseconds
  /// Steps completed in that stretch, per second; absent where it has no length.
  public var stepsPerSecond: Double?
  /// Tokens completed in it, per second; absent where none were counted.
  public var tokensPerSecond: Double?
  /// Tasks completed in it, per second; absent where none were counted.
  public var tasksPerSecond: Double?
  /// The threads in the order in which they were registered.
  public var threads: [Thread]
  /// The books of that stretch.
  public var recent: RunSummary

  /// Describes a run.
  public init(
    phase: Phase, step: Int?, plannedSteps: Int?, elapsedNs: Nanoseconds?, quietNs: Nanoseconds?,
    periodNs: Nanoseconds, stepsPerSecond: Double?, tokensPerSecond: Double?, tasksPerSecond: Double?,
    threads: [Thread], recent: RunSummary
  ) {
    self.phase = phase
    self.step = step
    self.plannedSteps = plannedSteps
    self.elapsedNs = elapsedNs
    self.quietNs = quietNs
    self.periodNs = periodNs
    self.stepsPerSecond = stepsPerSecond
    self.tokensPerSecond = tokensPerSecond
    self.tasksPerSecond = tasksPerSecond
    self.threads = threads
    self.recent = recent
  }

  /// How much longer it takes at the present rate; absent without a rate or an end.
  public var remainingNs: Nanoseconds? {
    guard phase == .measuring, let plannedSteps, let rate = stepsPerSecond, rate > 0 else { return nil }
    let seconds = Double(max(plannedSteps - (step ?? 0), 0)) / rate
    return seconds < 1e9 ? Nanoseconds(Int64(seconds * 1e9)) : nil
  }
}
