import HeadwayTrace

/// From what the probes measured of a run to its summary: pure functions of values.
public enum RunAnalysis {
  /// Assembles the contract `headway.summary/1` of a run.
  ///
  /// - Parameters:
  ///   - configuration: The parameters of the run; `nil` for the run of another engine.
  ///   - completed: Whether every step was done.
  ///   - accounts: The probes' accumulators; `nil` with `probe: off`, and then there are no books.
  ///   - stepDurations: Every completed step in order, warm-up included.
  ///   - loss: The loss over the steps; `nil` where nobody noted it.
  ///   - memory: Memory of the process.
  ///   - stalls: What the watchdog saw; `nil` when there was none.
  ///   - warnings: What the caller already knows to warn of; the analysis adds its own.
  ///   - stacks: The sampled stacks; `nil` when none were sampled.
  ///   - usableCpus: CPUs after affinity and quota; without it no finding speaks of oversubscription.
  ///   - patterns: What the order of the events tells; without it the findings that need it are absent.
  ///   - unexplained: What the events say of each step; without it the books are of the whole window only.
  public static func summarize(
    configuration: RunConfiguration?, completed: Bool, accounts: RunAccounts?, stepDurations: [Nanoseconds],
    loss: LossCurve?, memory: MemorySummary, stalls: [StallReport]? = nil, warnings: [String],
    stacks: StackProfile? = nil, usableCpus: Double? = nil, program: [String: String]? = nil,
    partial: Bool? = nil, patterns: TracePatterns? = nil,
    unexplained: UnexplainedSteps? = nil
  ) -> RunSummary {
    var summary = RunSummary(
      configuration: configuration, completed: completed,
      throughput: throughput(configuration: configuration, steps: stepDurations, accounts: accounts),
      books: nil, threads: [], barriers: [], waits: [], memory: memory, loss: loss,
      losses: accounts?.losses ?? RecordLosses(eventsDropped: 0, readingsFailed: 0), stalls: stalls,
      findings: [],
      warnings: warnings + Self.warnings(steps: stepDurations, areCounted: configuration != nil),
      program: program, partial: partial)
    if !completed && partial != true {
      summary.warnings.append("the run was interrupted after \(stepDurations.count) steps")
    }
    summary.stacks = stacks.map { StackSummary($0) }
    guard let accounts else {
      summary.findings = findings(of: summary, usableCpus: usableCpus)
      return summary
    }
    guard accounts.windowNs.count > 0 else {
      summary.warnings.append("the measured window was never opened: there are no books")
      return summary
    }
    summary.threads = zip(accounts.threads, accounts.stolenParts).map {
      ThreadBook(
        $0, windowNs: accounts.windowNs, transitionCostNs: accounts.transitionCostNs, stolenNs: $1)
    }.sorted(by: isListedBefore)
    let books = Books(threads: summary.threads, windowNs: accounts.windowNs, foreign: accounts.foreign)
    summary.books = books
    // The tool's own threads are no part of the program.
    summary.counters = CounterReadings(
      totalOf: summary.threads.filter { $0.role != .sampler }.compactMap(\.counters))
    summary.barriers = barriers(of: accounts.threads)
    summary.waits = waits(of: accounts.threads)
    summary.warnings += Self.warnings(accounts: accounts, books: books)
    summary.stepBooks = unexplained
    summary.warnings += unexplained.map { Self.warnings(unexplained: $0) } ?? []
    summary.operations = OperationTimes(
      summary, transitionCostNs: accounts.transitionCostNs, usableCpus: usableCpus)
    summary.findings = findings(of: summary, usableCpus: usableCpus, patterns: patterns)
    return summary
  }

  /// The order of the books: by role, then by name with numbers as numbers.
  private static func isListedBefore(_ left: ThreadBook, _ right: ThreadBook) -> Bool {
    func key(_ thread: ThreadBook) -> (Int, String, Int) {
      let digits = thread.name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
      return (
        ThreadRole.allCases.firstIndex(of: thread.role) ?? 0, String(thread.name.dropLast(digits.count)),
        Int(String(digits)) ?? 0
      )
    }
    return key(left) < key(right)
  }
}
