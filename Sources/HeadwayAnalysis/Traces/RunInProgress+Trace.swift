import HeadwayTrace

extension RunInProgress {
  /// How far back the rates look.
  public static let usualPeriod = Nanoseconds(10_000_000_000)

  /// Looks at the end of a trace that is being recorded.
  ///
  /// The books of the last stretch are those of a trace: what the kernel alone knows (run delay) is not in them.
  ///
  /// - Parameters:
  ///   - reader: The trace, opened now.
  ///   - manifest: Where the run came from; what it does not say is absent.
  ///   - monotonicNs: The monotonic clock of the recording machine now.
  ///   - period: How far back to look.
  /// - Throws: ``InputError`` where the trace is damaged or cannot be read.
  public init(
    trace reader: TraceReader, manifest: Manifest?, now monotonicNs: UInt64,
    period: Nanoseconds = usualPeriod
  ) throws(InputError) {
    let origin = Int64(clamping: reader.header.origin.monotonicNs)
    let now = Instant(Nanoseconds(max(Int64(clamping: monotonicNs) - origin, 0)))
    let close = min(now, reader.window?.end ?? now)
    let opened = reader.window?.begin ?? close
    let wanted = max(opened, close + Nanoseconds(-period.count))
    let read = try reader.recentEvents(since: wanted)
    let begin = min(max(wanted, read.coveredSince), close)
    let stretch = RecentStretch(read.events, of: reader, from: begin, to: close)
    let dropped = reader.threads.reduce(0) { $0 + min($1.eventsDropped, .max - $0) }
    let (accounts, _) = stretch.tally.accounts(
      losses: RecordLosses(eventsDropped: dropped, readingsFailed: 0),
      transitionCostNs: reader.transitionCostNs)
    var recent = RunAnalysis.summarize(
      configuration: manifest?.configuration, completed: false, accounts: accounts,
      stepDurations: stretch.tally.steps, loss: nil,
      memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [], program: manifest?.program,
      partial: true)
    // Seconds of a run are too little to find the causes of anything in, and its warnings are about a whole run.
    (recent.findings, recent.warnings) = ([], [])
    let seconds = (close - begin).seconds
    func rate(_ count: Int) -> Double? { seconds > 0 ? Double(count) / seconds : nil }
    let counted = recent.threads.reduce((tasks: 0, tokens: 0)) {
      ($0.tasks + $1.tasks, $0.tokens + $1.tokens)
    }
    self.init(
      phase: reader.window == nil ? .preparing : reader.window?.end == nil ? .measuring : .closing,
      step: stretch.lastStep, plannedSteps: manifest?.configuration?.steps,
      elapsedNs: reader.window.map { close - $0.begin },
      quietNs: stretch.lastEvent.map { max(now - $0, .zero) }, periodNs: close - begin,
      stepsPerSecond: rate(stretch.tally.steps.count),
      tokensPerSecond: counted.tokens > 0 ? rate(counted.tokens) : nil,
      tasksPerSecond: stretch.tally.hasCompletions ? rate(counted.tasks) : nil,
      threads: reader.threads.enumerated().map { number, thread in
        let state = stretch.current[number]?.state
        return Thread(
          name: thread.name, role: thread.role,
          state: state.flatMap { reader.states.indices.contains($0) ? reader.states[$0] : nil },
          hasEnded: stretch.ended.contains(number))
      }, recent: recent)
  }
}

/// The events of a stretch, added up as those of a whole trace are.
private struct RecentStretch {
  var tally: TraceTally
  var lastStep: Int?
  var lastEvent: Instant?
  var current: [Int: CurrentState] = [:]
  var ended: Set<Int> = []

  init(_ events: [TraceEvent], of reader: TraceReader, from begin: Instant, to close: Instant) {
    tally = TraceTally(
      threads: reader.threads, states: reader.states, sites: reader.sites,
      window: TraceWindow(begin: begin, end: close))
    // A thread whose beginning lies before what was read has been there all along.
    var known: Set<Int> = []
    for event in events {
      let thread = event.thread
      if known.insert(thread).inserted, !event.isBeginning {
        tally.add(.began(thread: thread, threadID: reader.threads[thread].threadID, at: begin))
      }
      note(event)
      if event.isCounted(since: begin) { tally.add(event) }
    }
    // The tally's own latest moment knows the beginnings that were made up.
    lastEvent = events.compactMap(\.moment).max()
  }

  private mutating func note(_ event: TraceEvent) {
    switch event {
    case .step(let step): lastStep = max(lastStep ?? step.index, step.index)
    case .current(let thread, let state): current[thread] = state
    case .began(let thread, _, _): ended.remove(thread)
    case .ended(let thread, _):
      ended.insert(thread)
      current[thread] = nil
    default: break
    }
  }
}

extension TraceEvent {
  /// The thread that it is about.
  fileprivate var thread: Int {
    switch self {
    case .span(let span): span.thread
    case .operation(let operation): operation.thread
    case .crossing(let crossing): crossing.thread
    case .wait(let wait): wait.thread
    case .step(let step): step.thread
    case .began(let thread, _, _), .ended(let thread, _), .current(let thread, _): thread
    case .entered(let entry): entry.thread
    case .completed(let completion): completion.thread
    }
  }

  /// When it was over; `nil` for what a thread is doing.
  fileprivate var moment: Instant? {
    switch self {
    case .span(let span): span.end
    case .operation(let operation): operation.end
    case .crossing(let crossing): crossing.departure
    case .wait(let wait): wait.end
    case .step(let step): step.end
    case .began(_, _, let instant), .ended(_, let instant): instant
    case .entered(let entry): entry.at
    case .completed(let completion): completion.at
    case .current: nil
    }
  }

  fileprivate var isBeginning: Bool {
    if case .began = self { true } else { false }
  }

  /// Whether it belongs to the stretch: what only counts must have ended in it, what has a length is cut to it.
  fileprivate func isCounted(since begin: Instant) -> Bool {
    switch self {
    case .completed(let completion): completion.at >= begin
    case .step(let step): step.end >= begin
    case .crossing(let crossing): crossing.departure >= begin
    case .wait(let wait): wait.end >= begin
    default: true
    }
  }
}
