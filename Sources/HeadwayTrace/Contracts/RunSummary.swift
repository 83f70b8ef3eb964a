/// What one run measured: the contract `headway.summary/1`, written as `summary.json`.
///
/// A value that could not be measured is absent (`nil`) and its reason stands in ``warnings``; it is
/// never zero.
public struct RunSummary: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.summary/1"

  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The parameters of the run; absent for the run of another engine.
  public var configuration: RunConfiguration?
  /// What another engine says of its run, by names of its own; absent for the engine that Headway ships.
  public var program: [String: String]?
  /// Whether the figures end where the recording of a run was cut off, rather than with the run. Absent for
  /// a whole one.
  public var partial: Bool?
  /// Whether every step was done; `false` after an interruption.
  public var completed: Bool
  /// How fast the run was.
  public var throughput: Throughput
  /// Where the thread-seconds of the measured window went; absent with `probe: off`.
  public var books: Books?
  /// The books thread by thread.
  public var threads: [ThreadBook]
  /// Waits by barrier site.
  public var barriers: [BarrierSummary]
  /// Waits by queue, latch and prefetch site.
  public var waits: [WaitSummary]
  /// Memory of the process.
  public var memory: MemorySummary
  /// The loss over the steps; absent where nobody noted it.
  public var loss: LossCurve?
  /// Where sampled stacks were; absent when none were sampled.
  public var stacks: StackSummary?
  /// The kernel's performance events of all threads of the program; absent where nobody asked for them.
  public var counters: CounterReadings?
  /// What the operations inside the states took; absent where nobody asked for it.
  public var operations: OperationTimes?
  /// The time inside the steps that no state explains, step by step; absent without a whole trace.
  public var stepBooks: UnexplainedSteps?
  /// How close the run came to its machine's ceilings; absent where those are not known.
  public var roofline: Roofline?
  /// Records that were dropped and measurements that failed.
  public var losses: RecordLosses
  /// Stretches in which nothing was completed; absent when no watchdog looked.
  public var stalls: [StallReport]?
  /// Causes of lost time, largest saving first.
  public var findings: [Finding]
  /// What a reader must know before believing the figures.
  public var warnings: [String]

  /// Assembles a summary.
  public init(
    configuration: RunConfiguration?, completed: Bool, throughput: Throughput, books: Books?,
    threads: [ThreadBook], barriers: [BarrierSummary], waits: [WaitSummary], memory: MemorySummary,
    loss: LossCurve?, losses: RecordLosses, stalls: [StallReport]? = nil, findings: [Finding],
    warnings: [String], program: [String: String]? = nil, partial: Bool? = nil
  ) {
    self.configuration = configuration
    self.program = program
    self.partial = partial
    self.completed = completed
    self.throughput = throughput
    self.books = books
    self.threads = threads
    self.barriers = barriers
    self.waits = waits
    self.memory = memory
    self.loss = loss
    self.losses = losses
    self.stalls = stalls
    self.findings = findings
    self.warnings = warnings
  }
}

/// How fast a run was. Steps are the window from handing out the work to the updated weights.
public struct Throughput: Codable, Equatable, Sendable {
  /// Tokens trained on per second, over the steps after the warm-up; of another engine, the tokens that its
  /// threads counted over the window. Absent where no tokens were counted.
  public var tokensPerSecond: Double?
  /// Tasks that the threads completed per second of the window; absent where none were counted.
  public var tasksPerSecond: Double?
  /// Steps per second, over the steps after the warm-up; absent without one.
  public var stepsPerSecond: Double?
  /// Durations of a step after the warm-up.
  public var stepNs: Quartiles
  /// Every step's duration in order, warm-up included.
  public var stepsNs: [Nanoseconds]
  /// Steps at the start that the stationarity test dropped.
  public var warmupSteps: Int
  /// Steps completed.
  public var steps: Int
  /// Tokens trained on in the completed steps; absent where they were not counted.
  public var tokens: Int?
  /// FLOPs for each token, counted from the shapes; see ``StepCost``. Absent in older summaries.
  public var flopsPerToken: Double?
  /// The part of ``flopsPerToken`` that matrix products do. Absent in older summaries.
  public var matrixFlopsPerToken: Double?

  /// Assembles a throughput.
  public init(
    tokensPerSecond: Double?, stepsPerSecond: Double? = nil, stepNs: Quartiles, stepsNs: [Nanoseconds],
    warmupSteps: Int, steps: Int, tokens: Int?, flopsPerToken: Double? = nil,
    matrixFlopsPerToken: Double? = nil, tasksPerSecond: Double? = nil
  ) {
    self.tokensPerSecond = tokensPerSecond
    self.tasksPerSecond = tasksPerSecond
    self.stepsPerSecond = stepsPerSecond
    self.stepNs = stepNs
    self.stepsNs = stepsNs
    self.warmupSteps = warmupSteps
    self.steps = steps
    self.tokens = tokens
    self.flopsPerToken = flopsPerToken
    self.matrixFlopsPerToken = matrixFlopsPerToken
  }
}

/// The median and the quartiles of a set of intervals.
public struct Quartiles: Codable, Equatable, Sendable {
  /// The 25th percentile.
  public var lower: Nanoseconds
  /// The 50th percentile.
  public var median: Nanoseconds
  /// The 75th percentile.
  public var upper: Nanoseconds
  /// Assembles quartiles.
  public init(lower: Nanoseconds, median: Nanoseconds, upper: Nanoseconds) {
    self.lower = lower
    self.median = median
    self.upper = upper
  }
}

/// The loss over the steps, in nats per token.
public struct LossCurve: Codable, Equatable, Sendable {
  /// Mean cross-entropy of each step's global batch.
  public var train: [LossPoint]
  /// Mean cross-entropy on the held-out text.
  public var validation: [LossPoint]
  /// A hash of the bits of every training loss: equal for bitwise equal curves.
  public var trainBitsHash: String
  /// A hash of the bits of the final weights: equal for bitwise equal models.
  public var weightBitsHash: String
  /// Assembles a loss curve.
  public init(
    train: [LossPoint], validation: [LossPoint], trainBitsHash: String, weightBitsHash: String
  ) {
    self.train = train
    self.validation = validation
    self.trainBitsHash = trainBitsHash
    self.weightBitsHash = weightBitsHash
  }
}

/// The loss at one step.
public struct LossPoint: Codable, Equatable, Sendable {
  /// The step, from 1; the point is the state after it for validation, the batch of it for training.
  public var step: Int
  /// Nats per token.
  public var value: Float
  /// Pairs a step with its loss.
  public init(step: Int, value: Float) {
    self.step = step
    self.value = value
  }
}

/// What was not recorded, by cause. A zero means "none was lost", an absent value "not counted".
public struct RecordLosses: Codable, Equatable, Sendable {
  /// Events dropped because the trace's budget was spent or its file could not grow.
  public var eventsDropped: Int
  /// Per-thread readings (CPU clock, schedstat) that failed.
  public var readingsFailed: Int
  /// Assembles the losses.
  public init(eventsDropped: Int, readingsFailed: Int) {
    self.eventsDropped = eventsDropped
    self.readingsFailed = readingsFailed
  }
}
