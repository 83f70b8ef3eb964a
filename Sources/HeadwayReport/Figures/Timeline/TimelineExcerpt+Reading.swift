import HeadwayTrace

extension TimelineExcerpt {
  /// Takes an excerpt from a trace file in two passes: the first finds the steps, the second keeps what lies
  /// in them. Memory grows with the excerpt and the number of steps, not with the file.
  ///
  /// The steps are those around the one whose length is closest to the median after the warm-up. A trace
  /// without steps is shown from the middle of its window.
  ///
  /// - Returns: `nil` for a trace without spans to show.
  /// - Throws: ``InputError`` where the trace is damaged or cannot be read.
  public init?(
    reading reader: TraceReader, warmupSteps: Int = 0, limits: Limits = Limits()
  ) throws(InputError) {
    var survey = TimelineSurvey()
    try reader.forEachEvent { (event) throws(InputError) in survey.add(event) }
    guard let choice = survey.choice(window: reader.window, warmupSteps: warmupSteps, limits: limits) else {
      return nil
    }
    var collection = TimelineCollection(
      choice, threads: reader.threads, sites: reader.sites, limits: limits)
    try reader.forEachEvent { (event) throws(InputError) in collection.add(event) }
    self.init(collection, states: reader.states, limits: limits)
  }

  /// Takes an excerpt from a trace that is in memory.
  public init?(of trace: RecordedTrace, warmupSteps: Int = 0, limits: Limits = Limits()) {
    var events: [TraceEvent] = trace.stretches.flatMap { stretch -> [TraceEvent] in
      [.began(thread: stretch.thread, threadID: stretch.threadID, at: stretch.began)]
        + (stretch.ended.map { [.ended(thread: stretch.thread, at: $0)] } ?? [])
    }
    events += trace.spans.map { .span($0) }
    events += trace.crossings.map { .crossing($0) }
    events += trace.steps.map { .step($0) }
    var survey = TimelineSurvey()
    for event in events { survey.add(event) }
    guard let choice = survey.choice(window: trace.window, warmupSteps: warmupSteps, limits: limits) else {
      return nil
    }
    var collection = TimelineCollection(choice, threads: trace.threads, sites: trace.sites, limits: limits)
    for event in events { collection.add(event) }
    self.init(collection, states: trace.states, limits: limits)
  }

  private init?(_ collection: TimelineCollection, states: [StateDefinition], limits: Limits) {
    var collection = collection
    let chosen = collection.chosenEnd
    collection.cut(to: limits.marks)
    guard !collection.spans.isEmpty, !collection.rows.isEmpty else { return nil }
    var omissions = collection.omissions
    if collection.time.end < chosen {
      omissions.append(
        "the first \(Numerals.duration(collection.time.end - collection.time.begin)) of them are drawn, which hold"
          + " \(Numerals.count(limits.marks)) spans")
    }
    if collection.omitted > 0 {
      omissions.append("\(Numerals.plural(collection.omitted, "span")) that begin with others are not drawn")
    }
    self.init(
      time: collection.time, rows: collection.finishedRows, states: states,
      spans: collection.spans.sorted {
        ($0.depth, $0.time.begin, $0.row) < ($1.depth, $1.time.begin, $1.row)
      }, episodes: collection.finishedEpisodes, steps: collection.steps, omissions: omissions)
  }
}

/// What the first pass over a trace finds: its steps, and how dense it is.
struct TimelineSurvey {
  private var steps: [TimelineExcerpt.Step] = []
  private var spans = 0
  private var begin: Instant?
  private var end: Instant?

  mutating func add(_ event: TraceEvent) {
    switch event {
    case .step(let step):
      steps.append(.init(index: step.index, time: .init(begin: step.start, end: step.end)))
    case .span(let span):
      spans += 1
      begin = min(begin ?? span.start, span.start)
      end = max(end ?? span.end, span.end)
    default: break
    }
  }

  /// The time to show, and the steps in it.
  struct Choice {
    var time: TimelineExcerpt.Stretch
    var steps: [TimelineExcerpt.Step]
    var omissions: [String]
  }

  /// Chooses the steps around the median one; `nil` without anything to show.
  func choice(window: TraceWindow?, warmupSteps: Int, limits: TimelineExcerpt.Limits) -> Choice? {
    guard let begin, let end, begin < end else { return nil }
    // Steps of a run do not overlap; those that other threads marked at the same time are left out.
    var ordered: [TimelineExcerpt.Step] = []
    for step in steps.sorted(by: { $0.time.begin < $1.time.begin }) where step.time.begin < step.time.end {
      if let last = ordered.last, step.time.begin < last.time.end { continue }
      ordered.append(step)
    }
    let warm = ordered.count > warmupSteps ? ordered.dropFirst(warmupSteps) : ordered[...]
    guard !warm.isEmpty else { return stretchWithoutSteps(window, begin: begin, end: end, limits: limits) }
    let lengths = warm.map { ($0.time.end - $0.time.begin).count }
    let median = lengths.sorted()[lengths.count / 2]
    let count = min(max(limits.steps, 1), warm.count)
    // The step closest to the median that has neighbours on both sides, as far as there are any.
    let places = (count / 2)..<(warm.count - (count - 1) / 2)
    let middle = places.min { (lengths[$0] - median).magnitude < (lengths[$1] - median).magnitude } ?? 0
    let first = warm.startIndex + middle - count / 2
    let chosen = Array(warm[first..<(first + count)])
    guard let from = chosen.first?.time.begin, let to = chosen.last?.time.end else { return nil }
    return Choice(
      time: .init(begin: from, end: to), steps: chosen,
      omissions: ordered.count > count
        ? ["\(count) of \(Numerals.plural(ordered.count, "step")) are shown, around the median one"] : [])
  }

  private func stretchWithoutSteps(
    _ window: TraceWindow?, begin: Instant, end: Instant, limits: TimelineExcerpt.Limits
  ) -> Choice? {
    let from = max(window?.begin ?? begin, begin)
    let to = min(window?.end ?? end, end)
    guard from < to else { return nil }
    let whole = to - from
    guard spans > limits.marks else {
      return Choice(time: .init(begin: from, end: to), steps: [], omissions: [])
    }
    let length = Nanoseconds(Int64(Double(whole.count) * Double(limits.marks) / Double(spans)))
    let start = from + Nanoseconds((whole.count - length.count) / 2)
    return Choice(
      time: .init(begin: start, end: start + length), steps: [],
      omissions: [
        "the trace marks no steps: \(Numerals.duration(length)) from its middle are shown, of"
          + " \(Numerals.duration(whole))"
      ])
  }
}
