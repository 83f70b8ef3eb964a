/// One configuration compared with another.
public struct ComparisonRow: Codable, Equatable, Sendable {
  /// Which of a phase's two comparisons a row is.
  public enum Against: String, Codable, Sendable {
    /// With the phase before it.
    case previous
    /// With the first phase.
    case first
    /// With its counterpart: another run, or the same cell of another sweep.
    case counterpart
  }
  /// What the base is called.
  public var base: String
  /// What the candidate is called.
  public var candidate: String
  /// Which comparison this is.
  public var against: Against
  /// Whether the runs are paired by block. If not, drift between them is not controlled.
  public var isPaired: Bool
  /// Keys of the configuration that differ.
  public var changes: [NamedDifference]
  /// Runs on the base's side and on the candidate's, or pairs of them.
  public var samples: SampleCounts
  /// Why the two cannot be compared, in words; then there are no figures below.
  public var refusal: String?
  /// What ``speedup`` is of: `tokens_per_second`, or `tasks_per_second` of an engine that counts no tokens.
  public var metric: String?
  /// The candidate's rate over the base's; without an interval where there are too few runs for one.
  public var speedup: Estimate?
  /// The verdict, corrected over the rows of the same kind; absent for runs that are not paired.
  public var verdict: Verdict?
  /// Blocks that would probably settle an inconclusive verdict; absent where it is settled or too many.
  public var furtherBlocks: Int?
  /// Whether both came to the same result.
  public var loss: LossAgreement?
  /// Where the difference in wall time lies; absent where a side has no books.
  public var wall: WallTimeDifference?

  /// A row without figures.
  public init(
    base: String, candidate: String, against: Against, isPaired: Bool, changes: [NamedDifference],
    samples: SampleCounts
  ) {
    self.base = base
    self.candidate = candidate
    self.against = against
    self.isPaired = isPaired
    self.changes = changes
    self.samples = samples
  }
}

/// How many runs each side of a row has.
public struct SampleCounts: Codable, Equatable, Sendable {
  /// Runs of the base.
  public var base: Int
  /// Runs of the candidate.
  public var candidate: Int
  /// Counts runs.
  public init(base: Int, candidate: Int) {
    self.base = base
    self.candidate = candidate
  }
}

/// How far the training losses of two configurations agree, step by step.
public struct LossAgreement: Codable, Equatable, Sendable {
  /// How far.
  public enum Level: String, Codable, Sendable {
    /// In every bit.
    case bitwise
    /// Within the tolerance at every step.
    case withinTolerance = "within_tolerance"
    /// Further apart: not the same result.
    case apart
    /// Nobody noted the losses.
    case unknown
  }
  /// How far.
  public var level: Level
  /// Steps that both sides have.
  public var steps: Int
  /// The largest relative difference at a step; absent where there is nothing to compare.
  public var largestDifference: Double?
  /// The largest relative difference that counts as agreement.
  public var tolerance: Double

  /// States an agreement.
  public init(level: Level, steps: Int, largestDifference: Double?, tolerance: Double) {
    self.level = level
    self.steps = steps
    self.largestDifference = largestDifference
    self.tolerance = tolerance
  }
}

/// The difference in wall time between two configurations, split so that the parts add up to it.
///
/// A window of wall time R with n threads holds n · R thread-seconds, all of them booked to a category. So
/// R = Σ over categories of (time booked / n), and the difference of two R is the sum of the categories'
/// differences. Where the two did unequal amounts of the same work, the base is first scaled to the candidate's
/// amount, and that is the part ``work``. All figures are means over the runs, because means add up; an interval is
/// of the centre over the runs (Hodges and Lehmann), candidate minus base. Negative is time saved.
public struct WallTimeDifference: Codable, Equatable, Sendable {
  /// The base's mean wall time.
  public var baseNs: Nanoseconds
  /// The candidate's mean wall time.
  public var candidateNs: Nanoseconds
  /// ``candidateNs`` − ``baseNs``, which ``work`` and ``categories`` add up to, to the nanosecond.
  public var differenceNs: Nanoseconds
  /// Threads of the base.
  public var baseThreads: Int
  /// Threads of the candidate.
  public var candidateThreads: Int
  /// What the unequal amount of work accounts for; zero for equal work.
  public var work: DifferencePart
  /// A part for each category. What the books of a run failed to close by is with `unknown`.
  public var categories: [DifferencePart]
  /// The part of `useful` that comes from more or less CPU time being needed for the same work.
  public var usefulAmountNs: Nanoseconds
  /// The part of `useful` that comes from sharing it among another number of threads.
  public var usefulSharingNs: Nanoseconds

  /// Assembles a split.
  public init(
    baseNs: Nanoseconds, candidateNs: Nanoseconds, differenceNs: Nanoseconds, baseThreads: Int,
    candidateThreads: Int, work: DifferencePart, categories: [DifferencePart], usefulAmountNs: Nanoseconds,
    usefulSharingNs: Nanoseconds
  ) {
    self.baseNs = baseNs
    self.candidateNs = candidateNs
    self.differenceNs = differenceNs
    self.baseThreads = baseThreads
    self.candidateThreads = candidateThreads
    self.work = work
    self.categories = categories
    self.usefulAmountNs = usefulAmountNs
    self.usefulSharingNs = usefulSharingNs
  }

  /// The part of one category; zero where it has none.
  public func part(_ category: StateCategory) -> Nanoseconds {
    categories.first { $0.name == category.rawValue }?.ns ?? .zero
  }
}

/// One part of a difference.
public struct DifferencePart: Codable, Equatable, Sendable {
  /// `work`, or the raw value of a ``StateCategory``.
  public var name: String
  /// The part, in nanoseconds of wall time.
  public var ns: Nanoseconds
  /// The lower end of its 95 % interval; absent with too few runs.
  public var lowerNs: Nanoseconds?
  /// The upper end of its 95 % interval; absent with too few runs.
  public var upperNs: Nanoseconds?

  /// Names a part.
  public init(name: String, ns: Nanoseconds, lowerNs: Nanoseconds? = nil, upperNs: Nanoseconds? = nil) {
    self.name = name
    self.ns = ns
    self.lowerNs = lowerNs
    self.upperNs = upperNs
  }
}
