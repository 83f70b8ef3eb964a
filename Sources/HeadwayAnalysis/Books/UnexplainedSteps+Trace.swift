import HeadwayTrace

extension UnexplainedSteps {
  /// Reads a trace in two passes: what it takes grows with steps and threads, not with events.
  ///
  /// - Returns: `nil` without a step in the window, and where events were dropped or cut off: what they would
  ///   explain is not known.
  /// - Throws: ``InputError`` where the trace is damaged or cannot be read.
  public init?(of reader: TraceReader) throws(InputError) {
    guard reader.isFinished, !reader.isTruncated, reader.threads.allSatisfy({ $0.eventsDropped == 0 }) else {
      return nil
    }
    var outline = StepOutline(threads: reader.threads.count, window: reader.window)
    let omissions = try reader.forEachEvent { (event) throws(InputError) in outline.add(event) }
    guard omissions.cutChunks == 0 else { return nil }
    var gaps = StepGaps(outline, threads: reader.threads, states: reader.states)
    try reader.forEachEvent { (event) throws(InputError) in
      if case .span(let span) = event { gaps.add(span) }
    }
    self.init(gaps)
  }

  /// Sums up a trace that is in memory; `nil` as for a reader.
  public init?(of trace: RecordedTrace) {
    guard trace.losses.eventsDropped == 0, !trace.isTruncated, trace.isFinished else { return nil }
    var outline = StepOutline(threads: trace.threads.count, window: trace.window)
    outline.steps = trace.steps
    for stretch in trace.stretches { outline.stretches[stretch.thread].append(stretch) }
    for entry in trace.entries { outline.add(.entered(entry)) }
    for (thread, state) in trace.current { outline.add(.current(thread: thread, state)) }
    var gaps = StepGaps(outline, threads: trace.threads, states: trace.states)
    for span in trace.spans { gaps.add(span) }
    self.init(gaps)
  }

  private init?(_ finished: StepGaps) {
    var gaps = finished
    gaps.finish()
    let members = gaps.members
    guard !members.isEmpty, !gaps.steps.isEmpty else { return nil }
    let lengths = gaps.steps.map { Double(max(($0.end - $0.start).count, 1)) }
    let whole = lengths.reduce(0, +)
    let shares = zip(gaps.byStep, lengths).map { Double($0) / ($1 * Double(members.count)) }
    guard let worst = shares.indices.max(by: { shares[$0] < shares[$1] }) else { return nil }
    self.init(
      steps: shares.count, stepsOverBudget: shares.count { $0 > Self.budget },
      share: Double(gaps.byStep.reduce(0, +)) / (whole * Double(members.count)),
      worstStep: StepShare(step: gaps.steps[worst].index, share: shares[worst]),
      threads: Dictionary(
        members.map { (gaps.threads[$0].name, Double(gaps.byThread[$0]) / whole) },
        uniquingKeysWith: max))
  }
}

/// When the steps and the threads of a trace were.
private struct StepOutline {
  let window: TraceWindow?
  var steps: [StepMark] = []
  /// By thread, in time.
  var stretches: [[ThreadStretch]]
  /// The last entry of a state with none around it, where another one was entered inside it, by thread.
  private var entries: [Int: StateEntry] = [:]
  /// What each thread was doing when the recording ended.
  private var current: [Int: CurrentState] = [:]

  init(threads: Int, window: TraceWindow?) {
    self.window = window
    stretches = Array(repeating: [], count: threads)
  }

  mutating func add(_ event: TraceEvent) {
    switch event {
    case .step(let step): steps.append(step)
    case .began(let thread, let threadID, let instant):
      stretches[thread].append(
        ThreadStretch(thread: thread, threadID: threadID, began: instant, ended: nil))
    case .ended(let thread, let instant):
      if let last = stretches[thread].indices.last { stretches[thread][last].ended = instant }
    case .entered(let entry) where entry.depth == 0: entries[entry.thread] = entry
    case .current(let thread, let state): current[thread] = state
    default: break
    }
  }

  /// Since when a thread has been in a state that it had not left when the recording ended, and that has no span
  /// therefore; at the latest since its last span, where nothing says when. `nil` outside of every state.
  func open(_ thread: Int, after last: Instant, explains: [Bool]) -> Instant? {
    guard let current = current[thread], current.depth > 0 else { return nil }
    let entry = current.depth > 1 ? entries[thread] : nil
    // A damaged file may name a state that it does not define.
    guard let state = entry?.state ?? current.state, explains.indices.contains(state), explains[state] else {
      return nil
    }
    return max(entry?.at ?? last, last)
  }
}

/// Adds up the gaps between the states of each thread, fed with its spans in time.
private struct StepGaps {
  /// Where the books of one thread have come to.
  private struct Position {
    var stretch = 0
    var from: Instant?
    var step = 0
  }

  let threads: [RecordedThread]
  let steps: [StepMark]
  /// Unexplained nanoseconds of all threads, by step.
  private(set) var byStep: [Int64]
  /// Unexplained nanoseconds in all steps, by thread.
  private(set) var byThread: [Int64]
  /// The program's threads.
  let members: [Int]
  private let explains: [Bool]
  private let outline: StepOutline
  private let isMember: [Bool]
  private let horizon: Instant?
  private var positions: [Position]

  init(_ outline: StepOutline, threads: [RecordedThread], states: [StateDefinition]) {
    self.threads = threads
    let window = outline.window
    steps = outline.steps.filter { step in
      window.map { step.start >= $0.begin && step.end <= ($0.end ?? step.end) } ?? true
    }.sorted { $0.start < $1.start }
    horizon = window?.end ?? steps.last?.end
    isMember = threads.map { $0.role != .sampler }
    members = threads.indices.filter { threads[$0].role != .sampler }
    explains = states.map { $0.category != .unknown }
    self.outline = outline
    byStep = Array(repeating: 0, count: steps.count)
    byThread = Array(repeating: 0, count: threads.count)
    positions = Array(repeating: Position(), count: threads.count)
  }

  /// A state from entry to end; only those with none around them count.
  mutating func add(_ span: StateSpan) {
    let thread = span.thread
    guard span.depth == 0, isMember[thread], explains[span.state] else { return }
    while positions[thread].stretch < outline.stretches[thread].count {
      let stretch = outline.stretches[thread][positions[thread].stretch]
      if span.start < stretch.began { return }
      if let end = stretch.ended, span.start >= end, span.end > end {
        close(thread)
        continue
      }
      let from = positions[thread].from ?? stretch.began
      if span.start > from { book(thread, from, span.start) }
      positions[thread].from = max(from, span.end)
      return
    }
  }

  /// Books what lies behind the last span of every thread.
  mutating func finish() {
    for thread in members {
      while positions[thread].stretch < outline.stretches[thread].count { close(thread) }
    }
  }

  private mutating func close(_ thread: Int) {
    let stretch = outline.stretches[thread][positions[thread].stretch]
    let from = positions[thread].from ?? stretch.began
    var end = stretch.ended ?? horizon ?? from
    if stretch.ended == nil, let since = outline.open(thread, after: from, explains: explains) {
      end = min(end, since)
    }
    if end > from { book(thread, from, end) }
    positions[thread].stretch += 1
    positions[thread].from = nil
  }

  private mutating func book(_ thread: Int, _ from: Instant, _ to: Instant) {
    while positions[thread].step < steps.count && steps[positions[thread].step].end <= from {
      positions[thread].step += 1
    }
    var index = positions[thread].step
    while index < steps.count && steps[index].start < to {
      let length = (min(to, steps[index].end) - max(from, steps[index].start)).count
      byStep[index] += max(length, 0)
      byThread[thread] += max(length, 0)
      index += 1
    }
  }
}
