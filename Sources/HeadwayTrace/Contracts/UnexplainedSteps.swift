/// Whether the books close step by step: the time inside each step that no state of a thread explains.
///
/// Over a step of length L, a thread's unexplained time is that in which it was registered and in no state, or in
/// one of the category unknown; a step's share is Σ over threads / (threads · L) (method 1). What the kernel's
/// statistics leave unexplained inside a state is known over the whole window only, and stands in the books.
public struct UnexplainedSteps: Codable, Equatable, Sendable {
  /// The budget of method 1, for each step and for each thread.
  public static let budget = 0.01

  /// Steps looked at: those of the measured window.
  public var steps: Int
  /// Steps of which more than ``budget`` is unexplained.
  public var stepsOverBudget: Int
  /// Unexplained time of all threads in all steps / (threads · length of the steps).
  public var share: Double
  /// The step with the largest share.
  public var worstStep: StepShare
  /// Each thread's unexplained time in all steps / their length, by the thread's name; the tool's own threads are
  /// left out.
  public var threads: [String: Double]

  /// Assembles the books of the steps.
  public init(
    steps: Int, stepsOverBudget: Int, share: Double, worstStep: StepShare, threads: [String: Double]
  ) {
    self.steps = steps
    self.stepsOverBudget = stepsOverBudget
    self.share = share
    self.worstStep = worstStep
    self.threads = threads
  }

  /// The thread with the largest share; the first by name where several have it.
  public var worstThread: (name: String, share: Double)? {
    threads.min { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// Whether every step and every thread keeps to the budget.
  public var isWithinBudget: Bool { stepsOverBudget == 0 && (worstThread?.share ?? 0) <= Self.budget }
}

/// One step's share of unexplained time.
public struct StepShare: Codable, Equatable, Sendable {
  /// The step's number.
  public var step: Int
  /// The share.
  public var share: Double
  /// Pairs a step with its share.
  public init(step: Int, share: Double) {
    self.step = step
    self.share = share
  }
}
