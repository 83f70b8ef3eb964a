/// A trace as a value: what happened on every recorded thread, in time.
///
/// Spans, crossings, waits, steps and stretches are ordered by their start, then by thread. Numbers of
/// threads, states and sites are positions in ``threads``, ``states`` and ``sites``.
public struct RecordedTrace: Equatable, Sendable {
  /// The recorded threads, of one or several processes.
  public var threads: [RecordedThread]
  /// The states.
  public var states: [StateDefinition]
  /// The waiting sites.
  public var sites: [SiteDefinition]
  /// When the threads were in their states. Spans nest; a span's time includes the spans inside it.
  public var spans: [StateSpan]
  /// Operations too short for a state.
  public var operations: [OperationSpan]
  /// Crossings of barriers.
  public var crossings: [BarrierCrossing]
  /// Waits at sites that are no barriers.
  public var waits: [Wait]
  /// Optimizer steps.
  public var steps: [StepMark]
  /// Entries of the states that others lie in, in the order of the file.
  public var entries: [StateEntry] = []
  /// Work that the threads completed, in the order of the file.
  public var completions: [Completion] = []
  /// What each thread, by its number, was doing when the recording ended or was cut off.
  public var current: [Int: CurrentState] = [:]
  /// What one state transition of the probe costs; absent where the recorder did not measure it.
  public var transitionCostNs: Nanoseconds?
  /// When operating-system threads filled the rows of ``threads``.
  public var stretches: [ThreadStretch]
  /// The measured window; absent when it was never opened.
  public var window: TraceWindow?
  /// Events that were dropped while recording.
  public var losses: RecordLosses
  /// Records that name a thread, state or site that the file does not define, or half a crossing: left out.
  public var undefinedRecords: Int
  /// Whether the file ends before its recording did.
  public var isTruncated: Bool
  /// Whether the recording was ended in good order; `false` after a crash.
  public var isFinished: Bool

  /// Assembles a trace.
  public init(
    threads: [RecordedThread], states: [StateDefinition], sites: [SiteDefinition], spans: [StateSpan] = [],
    operations: [OperationSpan] = [], crossings: [BarrierCrossing] = [], waits: [Wait] = [],
    steps: [StepMark] = [], stretches: [ThreadStretch] = [], window: TraceWindow? = nil,
    losses: RecordLosses = RecordLosses(eventsDropped: 0, readingsFailed: 0), undefinedRecords: Int = 0,
    isTruncated: Bool = false, isFinished: Bool = true
  ) {
    self.threads = threads
    self.states = states
    self.sites = sites
    self.spans = spans
    self.operations = operations
    self.crossings = crossings
    self.waits = waits
    self.steps = steps
    self.stretches = stretches
    self.window = window
    self.losses = losses
    self.undefinedRecords = undefinedRecords
    self.isTruncated = isTruncated
    self.isFinished = isFinished
  }
}

/// The measured window on the trace's clock.
public struct TraceWindow: Equatable, Sendable {
  /// When it opened.
  public var begin: Instant
  /// When it closed; absent when the recording ended first.
  public var end: Instant?
  /// Pairs the ends.
  public init(begin: Instant, end: Instant?) {
    self.begin = begin
    self.end = end
  }
}

/// A row of the trace: a name, and the thread that filled it first.
public struct RecordedThread: Equatable, Sendable {
  /// The row's name.
  public var name: String
  /// What the thread is for; absent where the recorder did not know.
  public var role: ThreadRole?
  /// The process that the thread belongs to.
  public var processID: Int32
  /// The operating system's thread.
  public var threadID: ThreadID
  /// Events of the thread that found no room.
  public var eventsDropped: Int
  /// Names a row.
  public init(
    name: String, role: ThreadRole?, processID: Int32, threadID: ThreadID, eventsDropped: Int = 0
  ) {
    self.name = name
    self.role = role
    self.processID = processID
    self.threadID = threadID
    self.eventsDropped = eventsDropped
  }
}

/// A thread in a state, from its entry to its end, states inside included.
public struct StateSpan: Equatable, Sendable {
  /// The thread.
  public var thread: Int
  /// The state.
  public var state: Int
  /// The entry.
  public var start: Instant
  /// The end, not part of the span.
  public var end: Instant
  /// The thread's CPU time inside the span.
  public var cpuNs: Nanoseconds
  /// States around it.
  public var depth: Int
  /// Assembles a span.
  public init(thread: Int, state: Int, start: Instant, end: Instant, cpuNs: Nanoseconds, depth: Int) {
    self.thread = thread
    self.state = state
    self.start = start
    self.end = end
    self.cpuNs = cpuNs
    self.depth = depth
  }
}

/// A short operation of a thread, inside whatever state it was in.
public struct OperationSpan: Equatable, Sendable {
  /// The thread.
  public var thread: Int
  /// The state that names the operation.
  public var state: Int
  /// The beginning.
  public var start: Instant
  /// The end, not part of the span.
  public var end: Instant
  /// Assembles a span.
  public init(thread: Int, state: Int, start: Instant, end: Instant) {
    self.thread = thread
    self.state = state
    self.start = start
    self.end = end
  }
}

/// A thread at a barrier (method 3).
public struct BarrierCrossing: Equatable, Sendable {
  /// The thread.
  public var thread: Int
  /// The barrier.
  public var site: Int
  /// The barrier's generation: the same for all participants of one episode.
  public var generation: UInt32
  /// When the thread came.
  public var arrival: Instant
  /// When the last thread came, and the barrier opened.
  public var release: Instant
  /// When the thread went on.
  public var departure: Instant
  /// Whether it was the last to come.
  public var wasLast: Bool
  /// Assembles a crossing.
  public init(
    thread: Int, site: Int, generation: UInt32, arrival: Instant, release: Instant, departure: Instant,
    wasLast: Bool
  ) {
    self.thread = thread
    self.site = site
    self.generation = generation
    self.arrival = arrival
    self.release = release
    self.departure = departure
    self.wasLast = wasLast
  }
}

/// A thread waiting at a site that is no barrier.
public struct Wait: Equatable, Sendable {
  /// The thread.
  public var thread: Int
  /// The site.
  public var site: Int
  /// The beginning.
  public var start: Instant
  /// The end, not part of the wait.
  public var end: Instant
  /// Assembles a wait.
  public init(thread: Int, site: Int, start: Instant, end: Instant) {
    self.thread = thread
    self.site = site
    self.start = start
    self.end = end
  }
}

/// An optimizer step.
public struct StepMark: Equatable, Sendable {
  /// The thread that led it.
  public var thread: Int
  /// The step's number.
  public var index: Int
  /// The beginning.
  public var start: Instant
  /// The end, not part of the step.
  public var end: Instant
  /// Assembles a step.
  public init(thread: Int, index: Int, start: Instant, end: Instant) {
    self.thread = thread
    self.index = index
    self.start = start
    self.end = end
  }
}

/// A stretch in which one operating-system thread filled a row.
public struct ThreadStretch: Equatable, Sendable {
  /// The row.
  public var thread: Int
  /// The operating system's thread.
  public var threadID: ThreadID
  /// The registration.
  public var began: Instant
  /// The retirement; absent when the recording ended first.
  public var ended: Instant?
  /// Assembles a stretch.
  public init(thread: Int, threadID: ThreadID, began: Instant, ended: Instant?) {
    self.thread = thread
    self.threadID = threadID
    self.began = began
    self.ended = ended
  }
}
