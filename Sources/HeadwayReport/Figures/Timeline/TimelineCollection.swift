import HeadwayTrace

/// What the second pass over a trace keeps: everything of the chosen rows that reaches into the chosen time.
struct TimelineCollection {
  /// Spans held at once before the excerpt's end is drawn in.
  private static let holdLimit = 200_000

  private(set) var time: TimelineExcerpt.Stretch
  private(set) var steps: [TimelineExcerpt.Step]
  private(set) var rows: [TimelineExcerpt.Row] = []
  private(set) var spans: [TimelineExcerpt.Span] = []
  private(set) var omissions: [String]
  /// The end before it was drawn in.
  let chosenEnd: Instant
  private let sites: [SiteDefinition]
  /// Spans that begin with others and were left out for want of room.
  private(set) var omitted = 0
  /// The row of each thread that is shown.
  private var rowOfThread: [Int: Int] = [:]
  private var episodes: [EpisodeKey: TimelineExcerpt.Episode] = [:]
  /// The rows that a thread has filled so far.
  private var registered: Set<Int> = []

  private struct EpisodeKey: Hashable {
    var site: Int
    var generation: UInt32
  }

  init(
    _ choice: TimelineSurvey.Choice, threads: [RecordedThread], sites: [SiteDefinition],
    limits: TimelineExcerpt.Limits
  ) {
    time = choice.time
    steps = choice.steps
    chosenEnd = choice.time.end
    self.sites = sites
    omissions = choice.omissions
    let order: [ThreadRole?] = [.main, .control, .prefetch, .worker, nil]
    let ranked = threads.enumerated().filter { $0.element.role != .sampler }.sorted { left, right in
      let ranks = [left, right].map { order.firstIndex(of: $0.element.role) ?? order.count }
      if ranks[0] != ranks[1] { return ranks[0] < ranks[1] }
      if left.element.name == right.element.name { return left.offset < right.offset }
      return ThreadOrder.isBefore(left.element.name, right.element.name)
    }
    for (row, thread) in ranked.prefix(limits.rows).enumerated() {
      rowOfThread[thread.offset] = row
      rows.append(
        .init(thread: thread.offset, name: thread.element.name, role: thread.element.role, presence: []))
    }
    if ranked.count > limits.rows {
      omissions.append("\(limits.rows) of \(ranked.count) threads are shown")
    }
    if ranked.count < threads.count { omissions.append("the tool's own threads are not shown") }
  }

  mutating func add(_ event: TraceEvent) {
    switch event {
    case .span(let span):
      guard let row = rowOfThread[span.thread], span.start < time.end, span.end > time.begin else { return }
      spans.append(
        .init(
          row: row, state: span.state,
          time: .init(begin: max(span.start, time.begin), end: min(span.end, time.end)),
          wallNs: span.end - span.start, cpuNs: span.cpuNs, depth: span.depth))
      if spans.count > Self.holdLimit { cut(to: Self.holdLimit / 2) }
    case .crossing(let crossing): add(crossing)
    case .began(let thread, _, let instant):
      guard let row = rowOfThread[thread] else { return }
      registered.insert(row)
      if instant < time.end { rows[row].presence.append(.init(begin: instant, end: chosenEnd)) }
    case .ended(let thread, let instant):
      guard let row = rowOfThread[thread], let last = rows[row].presence.indices.last else { return }
      rows[row].presence[last].end = min(rows[row].presence[last].end, instant)
    default: break
    }
  }

  private mutating func add(_ crossing: BarrierCrossing) {
    guard let row = rowOfThread[crossing.thread], crossing.release >= time.begin, crossing.release < time.end
    else { return }
    let key = EpisodeKey(site: crossing.site, generation: crossing.generation)
    var episode =
      episodes[key]
      ?? .init(
        site: sites[crossing.site].name, generation: crossing.generation, first: crossing.arrival,
        release: crossing.release, last: nil, rows: row...row)
    episode.first = min(episode.first, crossing.arrival)
    episode.release = max(episode.release, crossing.release)
    episode.rows = min(episode.rows.lowerBound, row)...max(episode.rows.upperBound, row)
    if crossing.wasLast { episode.last = (row, crossing.arrival) }
    episodes[key] = episode
  }

  /// Draws the end in until no more than `limit` spans are left: those that begin first.
  mutating func cut(to limit: Int) {
    guard spans.count > limit, limit > 0 else { return }
    let begins = spans.map(\.time.begin).sorted()
    // Where more begin together than there is room for, the next moment is the end.
    let end = begins[limit] > time.begin ? begins[limit] : begins.first { $0 > time.begin } ?? time.end
    time.end = end
    spans = spans.filter { $0.time.begin < end }
    for index in spans.indices { spans[index].time.end = min(spans[index].time.end, end) }
    steps.removeAll { $0.time.begin >= end }
    omitted += max(spans.count - limit, 0)
    spans = Array(spans.prefix(limit))
  }

  /// The rows, each with the part of its presence that lies in the excerpt.
  var finishedRows: [TimelineExcerpt.Row] {
    rows.enumerated().map { index, row in
      var row = row
      if !registered.contains(index) { row.presence = [time] }
      row.presence = row.presence.compactMap { stretch in
        let cut = TimelineExcerpt.Stretch(
          begin: max(stretch.begin, time.begin), end: min(stretch.end, time.end))
        return cut.begin < cut.end ? cut : nil
      }
      return row
    }
  }

  /// The episodes of the excerpt by time.
  var finishedEpisodes: [TimelineExcerpt.Episode] {
    episodes.values.filter { $0.release < time.end }.sorted {
      ($0.release, $0.site, $0.generation) < ($1.release, $1.site, $1.generation)
    }
  }
}
