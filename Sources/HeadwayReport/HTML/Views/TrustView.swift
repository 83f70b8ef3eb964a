import HeadwayTrace

/// Whether a run's figures can be believed, check by check: what the badge at the top of its page says.
///
/// A check that could not be made is neither passed nor failed, and says why.
struct TrustView {
  /// One check.
  struct Item {
    var sign: String
    var itemStyle: String
    var claim: String
    var detail: String
  }

  /// The verdict of all checks together.
  var badge: String
  var badgeStyle: String
  var items: [Item]

  init(_ run: RunSummary) {
    items = [
      Self.books(run), Self.unknown(run), Self.steps(run), Self.losses(run), Self.settled(run),
      Self.whole(run),
    ]
    .compactMap(\.self)
    (badge, badgeStyle) = Self.verdict(of: items)
  }

  /// A sweep's: its checks, what was left out of it, and whether measuring cost anything.
  init(_ sweep: SweepSummary) {
    items = sweep.checks.map { Self.item($0.passed, $0.claim, "") }
    if sweep.program == nil {
      items.append(
        Self.item(
          sweep.overhead == nil ? nil : true,
          sweep.overhead == nil ? "The cost of measuring is not known" : "The cost of measuring is known", "")
      )
    }
    items.append(
      Self.item(
        !sweep.partial, sweep.partial ? "The sweep was cut short" : "Every block is complete",
        sweep.excluded.isEmpty
          ? "" : "\(Numerals.plural(sweep.excluded.count, "run")) excluded, with the reason below"))
    (badge, badgeStyle) = Self.verdict(of: items)
  }

  /// What all checks together say.
  private static func verdict(of items: [Item]) -> (badge: String, style: String) {
    let failed = items.filter { $0.itemStyle == "bad" }.count
    let open = items.filter { $0.itemStyle == "plain" }.count
    if failed > 0 {
      return ("✗ Read with care: \(Numerals.plural(failed, "check")) of \(items.count) failed", "bad")
    }
    if open > 0 {
      return ("? \(Numerals.plural(open, "check")) of \(items.count) could not be made", "plain")
    }
    return ("✓ All \(items.count) checks of these figures hold", "good")
  }

  private static func item(_ passed: Bool?, _ claim: String, _ detail: String) -> Item {
    switch passed {
    case true?: Item(sign: "✓", itemStyle: "good", claim: claim, detail: detail)
    case false?: Item(sign: "✗", itemStyle: "bad", claim: claim, detail: detail)
    case nil: Item(sign: "?", itemStyle: "plain", claim: claim, detail: detail)
    }
  }

  private static func books(_ run: RunSummary) -> Item {
    guard let books = run.books else { return item(nil, "Books close", RunWords.closure(of: run)) }
    let passed = books.closureError.isFinite && books.closureError <= 0.01
    return item(
      passed, passed ? "Books close" : "Books do not close",
      "threads × wall is missed by \(Numerals.share(books.closureError))")
  }

  private static func unknown(_ run: RunSummary) -> Item? {
    guard let books = run.books else { return nil }
    let passed = books.unknownShare.isFinite && books.unknownShare <= 0.01
    return item(
      passed, passed ? "Nothing unexplained" : "Time unexplained",
      "\(Numerals.share(books.unknownShare)) of the thread-time is in no state; at most 1 % may be")
  }

  private static func steps(_ run: RunSummary) -> Item? {
    guard let books = run.stepBooks else { return nil }
    return item(
      books.isWithinBudget, books.isWithinBudget ? "Every step explained" : "Steps unexplained",
      StepBookWords.detail(books))
  }

  private static func losses(_ run: RunSummary) -> Item {
    // A few samples among thousands move no share that is shown.
    let missing = run.stacks.map { $0.losses.dropped + $0.losses.failed } ?? 0
    let stacks = Double(missing) > 0.01 * Double(run.stacks?.samples ?? 0) ? missing : 0
    let memory = run.memory.samples?.readingsFailed.values.reduce(0, +) ?? 0
    let lost = run.losses.eventsDropped + run.losses.readingsFailed + stacks + memory
    var parts = [
      (run.losses.eventsDropped, "event"), (run.losses.readingsFailed + memory, "reading"),
      (stacks, "stack"),
    ].filter { $0.0 > 0 }.map { Numerals.plural($0.0, $0.1) }
    if parts.isEmpty { parts = ["no event or reading"] }
    let few =
      missing > 0 && stacks == 0 ? "; \(missing) of \(run.stacks?.samples ?? 0) stacks, under 1 %" : ""
    return item(
      lost == 0, lost == 0 ? "Nothing lost" : "Records lost",
      parts.joined(separator: ", ") + " dropped or failed" + few)
  }

  private static func settled(_ run: RunSummary) -> Item? {
    let (steps, warmup) = (run.throughput.steps, run.throughput.warmupSteps)
    if steps == 0 && run.configuration == nil { return nil }
    if steps < 8 {
      return item(
        nil, "Warm-up not told apart", "\(Numerals.plural(steps, "step")) are too few to tell a warm-up")
    }
    // The test gives a run that never settles half of its steps as warm-up.
    let passed = warmup < steps / 2
    return item(
      passed, passed ? "Warm-up told apart" : "Not steady",
      passed
        ? warmup == 0
          ? "no step had to be dropped as warm-up"
          : "settled after \(Numerals.count(warmup)) of \(Numerals.plural(steps, "step"))"
        : "the steps had not settled by half of the run")
  }

  private static func whole(_ run: RunSummary) -> Item {
    if run.partial == true { return item(false, "Cut off", "the recording ended before the run did") }
    return item(
      run.completed, run.completed ? "Complete" : "Interrupted",
      run.completed ? "the run did all of its steps" : "the run ended before its last step")
  }
}

/// Where a run's time went, in a sentence under its headline.
enum RunVerdict {
  /// The share of the workers' time, or of all threads' where none is a worker, and what took most of the
  /// rest; `nil` without books.
  static func sentence(of run: RunSummary) -> String? {
    let workers = run.threads.filter { $0.role == .worker && $0.wallNs.count > 0 }
    let threads = workers.isEmpty ? run.threads.filter { $0.wallNs.count > 0 } : workers
    guard !threads.isEmpty else { return nil }
    let parts = ThreadFigure.parts(of: threads)
    let who =
      workers.isEmpty
      ? "The \(Numerals.plural(threads.count, "thread"))"
      : threads.count == 1 ? "The worker" : "The \(threads.count) workers"
    let verb = threads.count == 1 ? "was" : "were"
    let useful = Numerals.share(parts[.useful])
    let rest = StateCategory.allCases.filter { $0 != .useful && $0 != .unknown && $0 != .selfCost }
      .map { (category: $0, share: parts[$0] ?? 0) }.filter { $0.share >= 0.01 }
      .sorted { $0.share > $1.share }.prefix(2)
    let lost = rest.map { "\(words($0.category)) for \(Numerals.share($0.share))" }
    let tail = lost.isEmpty ? "" : ", " + lost.joined(separator: " and ")
    return "\(who) \(verb) at useful work for \(useful) of the time\(tail)."
  }

  private static func words(_ category: StateCategory) -> String {
    switch category {
    case .useful: "at useful work"
    case .spin: "spinning"
    case .blocked: "blocked"
    case .runnable: "ready without a CPU"
    case .lifecycle: "not started or ended"
    case .selfCost: "in the tool"
    case .unknown: "in no known state"
    }
  }
}
