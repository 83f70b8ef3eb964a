import HeadwayTrace

extension RunAnalysis {
  /// Largest disagreement between two readings of a thread's CPU time that passes without a warning.
  static let clockTolerance = 0.02
  /// Disagreements below this share of the window are within the clocks' own accuracy.
  static let clockFloor = 0.001

  /// What a reader must know of the accounts before believing the books.
  static func warnings(accounts: RunAccounts, books: Books) -> [String] {
    var warnings = accounts.warnings
    if books.unknownShare > UnknownTime.budget {
      warnings.append(
        "no state explains \(percent(books.unknownShare)) of the thread-time; the budget is 1 %")
    }
    if books.closureError > 0 {
      warnings.append(
        "the books of the threads miss threads × wall by \(percent(books.closureError)) of it")
    }
    for thread in accounts.threads {
      warnings += clockWarnings(thread, window: Double(accounts.windowNs.count))
    }
    warnings += waitWarnings(of: accounts)
    let estimated = accounts.threads.filter { $0.runDelayNs == nil && $0.cpuNs.count > 0 }.map(\.name)
    if !estimated.isEmpty {
      warnings.append(
        "the kernel's run delay of \(list(estimated)) could not be read: all time off the CPU inside work"
          + " is counted as runnable, an estimate")
    }
    warnings += CounterReadings.warnings(
      of: accounts.threads.compactMap { thread in thread.counters.map { (thread.name, $0) } })
    if accounts.losses.eventsDropped > 0 {
      warnings.append(
        "\(accounts.losses.eventsDropped) events were dropped from the trace; the totals are complete, raise"
          + " trace_budget_bytes for a whole trace")
    }
    if accounts.losses.readingsFailed > 0 {
      warnings.append("\(accounts.losses.readingsFailed) per-thread readings of the kernel failed")
    }
    return warnings
  }

  /// Steps and threads of which more than the budget is in no state.
  static func warnings(unexplained: UnexplainedSteps) -> [String] {
    var warnings: [String] = []
    if unexplained.stepsOverBudget > 0 {
      warnings.append(
        "in \(unexplained.stepsOverBudget) of \(unexplained.steps) steps no state explains more than 1 % of the"
          + " thread-time, at most \(percent(unexplained.worstStep.share)) in step \(unexplained.worstStep.step)"
      )
    }
    let threads = unexplained.threads.filter { $0.value > UnexplainedSteps.budget }
    if !threads.isEmpty {
      let names = threads.sorted { $0.key < $1.key }.map { "\($0.key) (\(percent($0.value)))" }
      warnings.append("inside the steps no state explains more than 1 % of the time of \(list(names))")
    }
    return warnings
  }

  /// The CPU time of a thread's states against the thread's own clock, and that against the scheduler's.
  private static func clockWarnings(_ thread: ThreadAccounts, window: Double) -> [String] {
    let clock = Double(thread.cpuNs.count)
    let booked = thread.states.values.reduce(0) { $0 + Double($1.cpuNs.count) }
    var warnings: [String] = []
    func disagreement(_ other: Double, slack: Double) -> Double? {
      let gap = max((other - clock).magnitude - slack, 0)
      return gap > clockFloor * window && gap > clockTolerance * clock ? gap / max(clock, 1) : nil
    }
    if let gap = disagreement(booked, slack: 0) {
      warnings.append(
        "the CPU time of \(thread.name)'s states and the thread's own CPU clock disagree by \(percent(gap))")
    }
    if let scheduled = thread.scheduledNs,
      let gap = disagreement(Double(scheduled.count), slack: Double(thread.schedulingSlackNs?.count ?? 0))
    {
      warnings.append(
        "the CPU clock of \(thread.name) and the scheduler's statistics of it disagree by \(percent(gap))")
    }
    return warnings
  }
}
