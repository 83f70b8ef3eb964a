import HeadwayTrace

// The summary of a run from its trace. A run that ended in good order has a better one, from its
// accumulators; a run that was killed has this one.
extension RunAnalysis {
  /// Summarizes a trace piece by piece: memory does not grow with it.
  ///
  /// - Parameters:
  ///   - reader: The trace.
  ///   - manifest: Where the run came from; what it does not say is absent.
  /// - Throws: ``InputError`` where the trace is damaged or cannot be read.
  public static func summarize(trace reader: TraceReader, manifest: Manifest?) throws(InputError)
    -> RunSummary
  {
    var tally = TraceTally(
      threads: reader.threads, states: reader.states, sites: reader.sites, window: reader.window)
    var activity = TraceActivity(
      threads: reader.threads, states: reader.states, sites: reader.sites, window: reader.window)
    let omissions = try reader.forEachEvent { (event) throws(InputError) in
      tally.add(event)
      activity.add(event)
    }
    return summarize(
      tally, patterns: TracePatterns(activity), unexplained: try UnexplainedSteps(of: reader),
      facts: TraceFacts(
        window: reader.window, threads: reader.threads, undefinedRecords: omissions.undefinedRecords,
        isTruncated: reader.isTruncated || omissions.cutChunks > 0, isFinished: reader.isFinished,
        transitionCostNs: reader.transitionCostNs), manifest: manifest)
  }

  /// Summarizes a trace that is in memory.
  public static func summarize(trace: RecordedTrace, manifest: Manifest?) -> RunSummary {
    var tally = TraceTally(
      threads: trace.threads, states: trace.states, sites: trace.sites, window: trace.window)
    for event in trace.eventsInOrder { tally.add(event) }
    return summarize(
      tally, patterns: TracePatterns(of: trace), unexplained: UnexplainedSteps(of: trace),
      facts: TraceFacts(
        window: trace.window, threads: trace.threads, undefinedRecords: trace.undefinedRecords,
        isTruncated: trace.isTruncated, isFinished: trace.isFinished,
        transitionCostNs: trace.transitionCostNs), manifest: manifest)
  }

  /// What a trace says beside its events.
  private struct TraceFacts {
    var window: TraceWindow?
    var threads: [RecordedThread]
    var undefinedRecords: Int
    var isTruncated: Bool
    var isFinished: Bool
    var transitionCostNs: Nanoseconds?

    var dropped: Int { threads.reduce(0) { $0 + min($1.eventsDropped, .max - $0) } }
    /// Whether the window was not closed, or something recorded is missing.
    var isPartial: Bool { !isFinished || isTruncated || window?.end == nil }
  }

  private static func summarize(
    _ tally: TraceTally, patterns: TracePatterns, unexplained: UnexplainedSteps?, facts: TraceFacts,
    manifest: Manifest?
  ) -> RunSummary {
    let (accounts, openNs) = tally.accounts(
      losses: RecordLosses(eventsDropped: facts.dropped, readingsFailed: 0),
      transitionCostNs: facts.transitionCostNs)
    let configuration = manifest?.configuration
    let isComplete = configuration.map { tally.steps.count >= $0.steps } ?? facts.isFinished
    var summary = summarize(
      configuration: configuration, completed: isComplete && !facts.isPartial, accounts: accounts,
      stepDurations: tally.steps, loss: nil, memory: MemorySummary(peakRssBytes: nil, components: [:]),
      warnings: warnings(facts, tally: tally, accounts: accounts, openNs: openNs, manifest: manifest),
      usableCpus: manifest?.machine.usableCpus, program: manifest?.program, partial: facts.isPartial,
      patterns: patterns, unexplained: unexplained)
    if !tally.hasCompletions && facts.threads.contains(where: { $0.role == .worker })
      && accounts.windowNs > .zero
    {
      summary.warnings.append(
        "the trace holds no completed tasks: the threads' tasks and tokens are not known")
    }
    return summary
  }

  private static func warnings(
    _ facts: TraceFacts, tally: TraceTally, accounts: RunAccounts, openNs: Nanoseconds, manifest: Manifest?
  ) -> [String] {
    var warnings: [String] = []
    if facts.isPartial {
      warnings.append(
        "this report is partial: the recording was cut off, and the figures are of the "
          + "\(seconds(accounts.windowNs)) s from the opening of the window to the last event in the trace")
    } else {
      warnings.append("this report is made from the trace, for want of the run's own summary")
    }
    if openNs > .zero {
      let share = ratio(
        Double(openNs.count), Double(accounts.windowNs.count) * Double(accounts.threads.count))
      warnings.append(
        "\(seconds(openNs)) s of thread-time (\(percent(share))) lie in states that were open when the recording"
          + " was cut off: they are charged up to the last event, and working states among them count as running"
      )
    }
    warnings.append("a trace carries no loss and no memory: they are absent")
    if facts.dropped > 0 && facts.isPartial {
      warnings.append(
        "threads whose events found no room have no states after their last event: that time is unknown")
    }
    if facts.undefinedRecords > 0 {
      warnings.append("\(facts.undefinedRecords) records of the trace name nothing defined and were left out")
    }
    if manifest == nil { warnings.append("the run left no manifest: its configuration is not known") }
    return warnings
  }

  private static func seconds(_ interval: Nanoseconds) -> String {
    let millis = (interval.count + 500_000) / 1_000_000
    let digits = String(millis % 1_000)
    return "\(millis / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

extension RecordedTrace {
  /// The events as their threads recorded them: a span when it ends, after the spans inside it.
  var eventsInOrder: [TraceEvent] {
    /// When an event was recorded; among those of one moment registrations first, then the deepest span.
    var events: [(at: Instant, rank: Int, event: TraceEvent)] = []
    for stretch in stretches {
      events.append(
        (stretch.began, -100, .began(thread: stretch.thread, threadID: stretch.threadID, at: stretch.began)))
      if let ended = stretch.ended {
        events.append((ended, 1_000, .ended(thread: stretch.thread, at: ended)))
      }
    }
    events += spans.map { ($0.end, 300 - $0.depth, .span($0)) }
    events += entries.map { ($0.at, 500, .entered($0)) }
    events += operations.map { ($0.end, 0, .operation($0)) }
    events += crossings.map { ($0.departure, 600, .crossing($0)) }
    events += waits.map { ($0.end, 600, .wait($0)) }
    events += steps.map { ($0.end, 600, .step($0)) }
    events += completions.map { ($0.at, 600, .completed($0)) }
    let sorted = events.enumerated().sorted {
      ($0.element.at, $0.element.rank, $0.offset) < ($1.element.at, $1.element.rank, $1.offset)
    }
    return sorted.map(\.element.event)
      + current.sorted { $0.key < $1.key }.map { .current(thread: $0.key, $0.value) }
  }
}
