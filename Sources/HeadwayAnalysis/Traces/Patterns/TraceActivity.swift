import HeadwayTrace

/// What the patterns of a trace are read from: when each thread worked, crossed barriers, waited, held locks
/// and completed tasks.
///
/// Feed it the events as a ``TraceReader`` hands them out. It keeps at most ``limit(ofThreads:)`` of them; of a
/// longer trace it knows the beginning, up to ``horizon``.
struct TraceActivity {
  /// Events that are kept: some 40 MB, and with hundreds of threads more than the first chunk of each, because
  /// a trace is read chunk by chunk.
  static func limit(ofThreads count: Int) -> Int { max(400_000, count * 6_000) }

  /// An interval of a thread at a site, a wait or the holding of a lock.
  struct Stay {
    var thread: Int
    var site: Int
    var from: Int64
    var to: Int64
  }

  let states: [StateDefinition]
  let sites: [SiteDefinition]
  /// The measured window, as far as it is known before the end.
  private let window: Range<Int64>
  private(set) var threads: [ThreadActivity]
  private(set) var crossings: [BarrierCrossing] = []
  private(set) var waits: [Stay] = []
  /// Holdings of locks that others waited for meanwhile.
  private(set) var holds: [Stay] = []
  private(set) var completions: [Completion] = []
  private let isUseful: [Bool]
  /// By state: the lock that the state is the holding of.
  private let heldSite: [Int?]
  private var kept = 0
  private var lastSeen = Int64.min
  /// Up to where every thread's events were kept.
  private var completeUntil = Int64.max
  private let keepsAtMost: Int
  /// By thread: whether some of its events were dropped, the last ones.
  private let lacksEvents: [Bool]

  init(
    threads: [RecordedThread], states: [StateDefinition], sites: [SiteDefinition], window: TraceWindow?,
    limit: Int? = nil
  ) {
    self.states = states
    self.sites = sites
    self.threads = threads.map(ThreadActivity.init)
    keepsAtMost = limit ?? Self.limit(ofThreads: threads.count)
    lacksEvents = threads.map { $0.eventsDropped > 0 }
    // Of a run without a window nothing is kept.
    let begin = window?.begin.sinceOrigin.count ?? .max
    self.window = begin..<max(window?.end?.sinceOrigin.count ?? .max, begin)
    isUseful = states.map { $0.category == .useful }
    heldSite = states.map { state in
      sites.firstIndex { $0.kind == .lock && state.site == $0.name && state.category == .useful }
    }
  }

  /// The part of the window that is known: empty without one. A thread whose events were dropped, or that was
  /// cut off at work, is known up to its last span.
  var horizon: Range<Int64> {
    let isOpen = window.upperBound == .max
    var end = min(completeUntil, isOpen ? lastSeen : window.upperBound)
    for (thread, lacks) in zip(threads, lacksEvents) where lacks || isOpen && !thread.works.isEmpty {
      end = min(end, thread.lastEnd)
    }
    return window.lowerBound..<max(end, window.lowerBound)
  }

  /// Adds an event.
  mutating func add(_ event: TraceEvent) {
    switch event {
    case .span(let span):
      // Also those that end before the window: a span around them may reach into it.
      guard keeps(span.thread, until: span.end) || isBefore(span.end) else { return }
      threads[span.thread].add(span, isUseful: isUseful[span.state], window: window)
    case .crossing(let crossing):
      guard keeps(crossing.thread, until: crossing.departure) else { return }
      crossings.append(crossing)
    case .wait(let wait):
      guard keeps(wait.thread, until: wait.end) else { return }
      add(wait.site, of: wait.thread, from: wait.start, to: wait.end, into: \.waits)
    case .operation(let operation):
      guard let site = heldSite[operation.state], keeps(operation.thread, until: operation.end) else {
        return
      }
      add(site, of: operation.thread, from: operation.start, to: operation.end, into: \.holds)
    case .completed(let completion):
      guard keeps(completion.thread, until: completion.at) else { return }
      completions.append(completion)
    case .began(let thread, _, _), .ended(let thread, _):
      threads[thread].leaveEverything()
    case .step, .entered, .current:
      break
    }
  }

  private mutating func add(
    _ site: Int, of thread: Int, from: Instant, to: Instant, into list: WritableKeyPath<Self, [Stay]>
  ) {
    let (from, to) = (
      max(from.sinceOrigin.count, window.lowerBound), min(to.sinceOrigin.count, window.upperBound)
    )
    if to > from { self[keyPath: list].append(Stay(thread: thread, site: site, from: from, to: to)) }
  }

  /// Whether a moment lies before the window, of a run that has one.
  private func isBefore(_ moment: Instant) -> Bool {
    window.lowerBound < .max && moment.sinceOrigin.count <= window.lowerBound
  }

  /// Whether an event ends in the window or later, and there is room for one more. The first one without room ends what is known.
  private mutating func keeps(_ thread: Int, until end: Instant) -> Bool {
    lastSeen = max(lastSeen, end.sinceOrigin.count)
    guard end.sinceOrigin.count > window.lowerBound else { return false }
    kept += 1
    if kept > keepsAtMost { completeUntil = min(completeUntil, threads[thread].lastEnd) }
    return kept <= keepsAtMost
  }
}
