import HeadwayTrace

/// The accounts of a run, added up event by event from its trace: what the probes' accumulators would say,
/// also of a run that was killed and wrote none.
///
/// Feed it the events of each thread in the order in which they were recorded, threads mixed, as a
/// ``TraceReader`` hands them out. It keeps sums only, not events, so its memory does not grow with the
/// trace, but for a duration per step and the episodes that not all threads' events have been seen of.
///
/// What a trace does not carry stays absent: the kernel's run delay, its scheduler statistics and its
/// context switches.
struct TraceTally {
  private let states: [StateDefinition]
  private let sites: [SiteDefinition]
  /// Where the window opens; absent when it never did.
  private let begin: Instant?
  /// Where it closes; absent where the recording was cut off before.
  private let end: Instant?
  private var threads: [ThreadTally]
  private var episodes: [EpisodeTally]
  /// The latest moment of any event.
  private(set) var lastSeen = Instant(.zero)
  /// The durations of the steps in the order of the trace.
  private(set) var steps: [Nanoseconds] = []
  /// Whether completed work was recorded at all: traces of version 1 have none.
  private(set) var hasCompletions = false

  /// A tally of nothing yet.
  init(threads: [RecordedThread], states: [StateDefinition], sites: [SiteDefinition], window: TraceWindow?) {
    self.states = states
    self.sites = sites
    begin = window?.begin
    end = window?.end
    self.threads = threads.map { ThreadTally($0, states: states.count, sites: sites.count) }
    episodes = sites.map { _ in EpisodeTally() }
  }

  /// Adds an event.
  mutating func add(_ event: TraceEvent) {
    switch event {
    case .span(let span):
      see(span.end)
      threads[span.thread].add(span, clip: clip)
    case .entered(let entry):
      threads[entry.thread].enter(entry)
    case .current(let thread, let current):
      threads[thread].current = current
    case .operation(let operation):
      see(operation.end)
    case .crossing(let crossing):
      see(crossing.departure)
      threads[crossing.thread].add(crossing, clip: clip)
      episodes[crossing.site].add(crossing)
    case .wait(let wait):
      see(wait.end)
      threads[wait.thread].add(wait, clip: clip)
    case .step(let step):
      see(step.end)
      steps.append(step.end - step.start)
    case .completed(let completion):
      see(completion.at)
      threads[completion.thread].tasks += completion.tasks
      threads[completion.thread].tokens += completion.tokens
      hasCompletions = true
    case .began(let thread, let threadID, let instant):
      see(instant)
      threads[thread].begin(threadID, at: instant)
    case .ended(let thread, let instant):
      see(instant)
      threads[thread].end(at: instant)
    }
  }

  private mutating func see(_ instant: Instant) { lastSeen = max(lastSeen, instant) }

  /// The part of an interval that lies in the window as known so far.
  private var clip: (Instant, Instant) -> Nanoseconds {
    { [begin, end] from, to in
      guard let begin else { return .zero }
      let length = min(to, end ?? to) - max(from, begin)
      return max(length, .zero)
    }
  }

  /// The accounts over the window, which ends with the last event where the recording was cut off.
  ///
  /// - Returns: The accounts, and the thread-time in them that was charged to states still open at the cut.
  func accounts(
    losses: RecordLosses, transitionCostNs: Nanoseconds?
  ) -> (accounts: RunAccounts, openNs: Nanoseconds) {
    let close = end ?? lastSeen
    let window = begin.map { max(close - $0, .zero) } ?? .zero
    var openNs = Nanoseconds.zero
    let spreads = episodes.map { $0.finished() }
    let accounts = threads.enumerated().map { index, tally in
      var tally = tally
      openNs += tally.chargeOpenStates(upTo: close, categories: states.map(\.category), clip: clip)
      return tally.account(
        states: states, sites: sites, spreads: spreads.map { $0[index] ?? DurationHistogram() }, upTo: close,
        clip: clip)
    }
    return (
      RunAccounts(
        windowNs: window, threads: accounts, losses: losses, transitionCostNs: transitionCostNs), openNs
    )
  }
}
