import HeadwayTrace

/// Puts a timeline together: rows, intervals, then waits and who ended them.
///
/// Complexity: O(events · log events), for sorting.
struct TimelineBuilder {
  let trace: RecordedTrace
  let begin: Instant
  let end: Instant
  /// The trace's threads that the timeline shows.
  let rows: [Int]
  /// The position of each of the trace's threads among ``rows``.
  let position: [Int?]
  /// The trace's states and the three that follow them.
  private(set) var contexts: [TimelineContext]
  private let hasCPUTimes: Bool

  var unattributed: Int { trace.states.count }
  var notStarted: Int { trace.states.count + 1 }
  var exited: Int { trace.states.count + 2 }

  init(_ trace: RecordedTrace, begin: Instant, end: Instant) {
    self.trace = trace
    self.begin = begin
    self.end = end
    let rows = trace.threads.indices.filter { trace.threads[$0].role != .sampler }
    self.rows = rows
    var position = [Int?](repeating: nil, count: trace.threads.count)
    for (index, row) in rows.enumerated() { position[row] = index }
    self.position = position
    contexts =
      trace.states.map { TimelineContext(definition: $0) }
      + [TimelineContext.unattributed, TimelineContext.notStarted, TimelineContext.exited].map {
        TimelineContext(definition: $0)
      }
    let useful = trace.states.map { $0.category == .useful }
    hasCPUTimes = trace.spans.contains { useful[$0.state] && $0.cpuNs > .zero }
  }

  /// The timeline.
  func timeline(steps: [StepMark]) -> Timeline {
    var builder = self
    let spans = Self.grouped(trace.spans + spansOpenAtCut(), by: \.thread, into: trace.threads.count)
    let stretches = Self.grouped(trace.stretches, by: \.thread, into: trace.threads.count)
    var threads = rows.map { row in
      builder.thread(row, spans: spans[row], stretches: stretches[row])
    }
    let hasWorkers = threads.contains { $0.role == .worker }
    for index in threads.indices { threads[index].isTeam = !hasWorkers || threads[index].role == .worker }
    for completion in trace.completions {
      guard let place = position[completion.thread], completion.at >= begin, completion.at < end else {
        continue
      }
      threads[place].completions.append(completion.at)
    }
    let episodes = EpisodeAssembly(trace, position: position, begin: begin, end: end).episodes()
    let blockers = BlockerSearch(threads: threads, contexts: builder.contexts)
    let records = WaitRecords(
      trace, position: position, threads: threads.count, episodes: episodes, begin: begin, end: end)
    for index in threads.indices {
      threads[index].waits = records.waits(
        of: index, intervals: threads[index].intervals, contexts: builder.contexts, blockers: blockers)
    }
    return Timeline(
      begin: begin, end: end, contexts: builder.contexts, sites: trace.sites, threads: threads,
      episodes: episodes, steps: steps, hasCPUTimes: hasCPUTimes)
  }

  /// The values by thread, in their order.
  static func grouped<Value>(
    _ values: [Value], by thread: (Value) -> Int, into count: Int
  ) -> [[Value]] {
    var groups = [[Value]](repeating: [], count: count)
    for value in values { groups[thread(value)].append(value) }
    return groups
  }

  private mutating func thread(
    _ row: Int, spans: [StateSpan], stretches: [ThreadStretch]
  ) -> TimelineThread {
    var spans = spans
    let isSorted = zip(spans, spans.dropFirst()).allSatisfy {
      ($0.start, $0.depth) <= ($1.start, $1.depth)
    }
    if !isSorted { spans.sort { ($0.start, $0.depth) < ($1.start, $1.depth) } }
    var flattening = SpanFlattening(spans: spans.count)
    for span in spans { flattening.add(span, isWaiting: contexts[span.state].isWaiting) }
    flattening.finish()
    for state in flattening.enclosing where contexts[state].isUseful { contexts[state].enclosesWaits = true }
    var tiling = WindowTiling(
      begin: begin, end: end, unattributed: unattributed, notStarted: notStarted, exited: exited,
      stretches: stretches)
    let isOnCpu = contexts.map { $0.isUseful || $0.definition.category == .spin }
    for piece in flattening.pieces {
      let from = max(piece.start, begin)
      let to = min(piece.end, end)
      guard to > from else { continue }
      var onCpu = flattening.onCpu(piece, from: from, to: to)
      if !hasCPUTimes { onCpu = isOnCpu[piece.state] ? to - from : .zero }
      tiling.append(StateInterval(context: piece.state, start: from, end: to, onCpuNs: onCpu))
    }
    let definition = trace.threads[row]
    return TimelineThread(
      name: definition.name, role: definition.role ?? .worker, isTeam: false,
      intervals: tiling.finished(), waits: [], completions: [])
  }
}
