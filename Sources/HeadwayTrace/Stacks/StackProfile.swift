/// The call stacks of a run, sampled: the contract `headway.stacks/1`, written as `stacks.json`.
///
/// A sample is an observation of one thread at an instant. Its stack is a number in ``stacks``, whose frames
/// are numbers in ``frames``, whose functions are numbers in ``functions``: each thing is stored once, and
/// every table is a set of columns of equal length. What could not be sampled or unwound is counted in
/// ``losses``, never left out silently.
///
///     for index in profile.samples.indices {
///       let names = profile.functionNames(of: profile.samples.stack[index])  // Innermost first.
///     }
public struct StackProfile: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.stacks/1"

  /// ``schemaName``.
  public var schema = Self.schemaName
  /// What the timers counted.
  public var mode: StackSamplingMode
  /// Samples a second that each thread's timer was set to, in the time that ``mode`` counts.
  public var frequencyHz: Int
  /// What the ticks of the samples mean.
  public var clock: SampleClock
  /// The measured window in ticks; absent when it was not opened or not closed.
  public var window: SampleWindow?
  /// The files that code ran from.
  public var modules: [CodeModule]
  /// The functions that were seen.
  public var functions: FunctionTable
  /// The places in functions that were seen.
  public var frames: FrameTable
  /// The stacks that were seen.
  public var stacks: StackTable
  /// The states that a thread could be in, by the number that samples give.
  public var states: [String]
  /// The threads that were attached, in the order of their attachment.
  public var threads: [SampledThread]
  /// The samples, by thread and in the order of time.
  public var samples: SampleTable
  /// What is missing, over all threads.
  public var losses: StackLosses
  /// What a reader must know: threads that could not be sampled, and why.
  public var warnings: [String]

  /// A profile without samples.
  public init(mode: StackSamplingMode, frequencyHz: Int, clock: SampleClock) {
    self.mode = mode
    self.frequencyHz = frequencyHz
    self.clock = clock
    modules = []
    functions = FunctionTable()
    frames = FrameTable()
    stacks = StackTable()
    states = []
    threads = []
    samples = SampleTable()
    losses = StackLosses()
    warnings = []
  }

  /// The frames of a stack, innermost first.
  public func frames(of stack: Int) -> [Int] {
    var frames: [Int] = []
    var node = stack
    while node >= 0 {
      frames.append(stacks.frame[node])
      node = stacks.caller[node]
    }
    return frames
  }

  /// The names of a stack's functions, innermost first.
  public func functionNames(of stack: Int) -> [String] {
    frames(of: stack).map { functions.name[frames.function[$0]] }
  }
}

/// What the ticks of samples mean: the rate and the origin of the run's fast clock.
public struct SampleClock: Codable, Equatable, Sendable {
  /// Ticks in a second.
  public var ticksPerSecond: UInt64
  /// The clock's reading when sampling began.
  public var originTicks: UInt64
  /// `CLOCK_MONOTONIC` at the origin, in nanoseconds.
  public var originMonotonicNs: UInt64
  /// Describes a clock.
  public init(ticksPerSecond: UInt64, originTicks: UInt64, originMonotonicNs: UInt64) {
    self.ticksPerSecond = ticksPerSecond
    self.originTicks = originTicks
    self.originMonotonicNs = originMonotonicNs
  }
}

/// The measured window of a run, in ticks of its fast clock; both ends belong to it.
public struct SampleWindow: Codable, Equatable, Sendable {
  /// Its begin.
  public var begin: UInt64
  /// Its end.
  public var end: UInt64
  /// Describes a window.
  public init(begin: UInt64, end: UInt64) {
    self.begin = begin
    self.end = end
  }
}

/// A thread that was sampled.
public struct SampledThread: Codable, Equatable, Sendable {
  /// The thread's name, as the books have it.
  public var name: String
  /// What it was for.
  public var role: ThreadRole
  /// The operating system's thread.
  public var threadID: ThreadID
  /// Its losses.
  public var losses: StackLosses
  /// Time spent in the signal handler for it; the kernel's delivery of the signals is not in it.
  public var handlerNs: Nanoseconds
  /// The median of that time over the samples, which the handler's own preemptions do not move; absent below
  /// two samples.
  public var handlerMedianNs: Nanoseconds?

  // JSON's snake_case loses the capitals of an abbreviation on its way back.
  private enum CodingKeys: String, CodingKey {
    case name, role, losses, handlerNs, handlerMedianNs
    case threadID = "threadId"
  }

  /// Describes a thread.
  public init(
    name: String, role: ThreadRole, threadID: ThreadID, losses: StackLosses = StackLosses(),
    handlerNs: Nanoseconds = .zero
  ) {
    self.name = name
    self.role = role
    self.threadID = threadID
    self.losses = losses
    self.handlerNs = handlerNs
  }
}

/// Samples that are missing or incomplete, by cause.
public struct StackLosses: Codable, Equatable, Sendable {
  /// Samples that found the thread's ring full, and that the profile lacks.
  public var dropped = 0
  /// Samples whose outermost frames are missing: the stack was deeper than what is copied or kept.
  public var truncated = 0
  /// Samples that could not be followed to the thread's first frame for want of unwind tables or because
  /// the memory did not hold a stack.
  public var failed = 0
  /// Signals that came after their thread had been detached.
  public var late = 0
  /// Nothing lost.
  public init() {}

  /// Adds another's losses.
  public static func += (left: inout Self, right: Self) {
    left.dropped += right.dropped
    left.truncated += right.truncated
    left.failed += right.failed
    left.late += right.late
  }
}
