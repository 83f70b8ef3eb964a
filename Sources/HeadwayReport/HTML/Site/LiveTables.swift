import HeadwayTrace

/// A run that goes on, as the sentences, facts and tables of its page; what a terminal shows too is in ``LiveWords``.
enum LiveTables {
  static func headline(of view: LiveView) -> String {
    switch view.phase {
    case .starting: return "The run is setting up: its measured window has not been opened."
    case .ending:
      return "The last step is done\(view.step.map { " (\(Numerals.count($0)))" } ?? "");"
        + " the run is evaluating, saving or writing its files."
    case .measuring: break
    }
    let planned = view.steps.map { " of \(Numerals.count($0))" } ?? ""
    let step = view.step.map { "Step \(Numerals.count($0))\(planned) is done" } ?? "No step is done yet"
    let rate = speed(of: view).map { ": \($0) over \(stretch(view))" } ?? ""
    return step + rate + "."
  }

  /// Tokens in a second, or tasks where no tokens are counted.
  private static func speed(of view: LiveView) -> String? {
    if let rate = view.tokensPerSecond { return "\(Numerals.rounded(rate)) tokens/s" }
    let tasks = view.threads.compactMap(\.tasksPerSecond)
    return tasks.isEmpty ? nil : "\(Numerals.rounded(tasks.reduce(0, +))) tasks/s"
  }

  /// The stretch that the rates and shares are of.
  static func stretch(_ view: LiveView) -> String {
    "the last \(Numerals.duration(view.intervalNs ?? .zero))"
  }

  /// How long it has taken, and how long it will.
  static func account(of view: LiveView) -> String? {
    guard let elapsed = view.windowNs else { return nil }
    let remaining = remaining(of: view).map {
      " At the rate of \(stretch(view)) it needs about \(Numerals.duration($0)) more."
    }
    return "Measured for \(Numerals.duration(elapsed)).\(remaining ?? "")"
  }

  private static func remaining(of view: LiveView) -> Nanoseconds? {
    guard view.phase == .measuring, let steps = view.steps, let rate = view.stepsPerSecond, rate > 0 else {
      return nil
    }
    let seconds = Double(max(steps - (view.step ?? 0), 0)) / rate
    return seconds < 1e9 ? Nanoseconds(Int64(seconds * 1e9)) : nil
  }

  /// Loss, speed, memory, queues and the tool's own cost; what is not known is left out.
  static func facts(of view: LiveView) -> [FactView] {
    var facts: [FactView] = []
    func add(_ name: String, _ fact: String?) {
      if let fact { facts.append(FactView(factName: name, fact: fact)) }
    }
    add("loss", view.loss.map { "\(LossWords.value($0)) nats per token" })
    add(
      "held-out loss",
      view.validation.map { "\(LossWords.value($0.value)), after step \(Numerals.count($0.step))" })
    let rates = [
      speed(of: view), view.stepsPerSecond.map { "\(Numerals.rounded($0)) steps/s" },
    ].compactMap(\.self)
    add("speed", rates.isEmpty ? nil : rates.joined(separator: ", "))
    add("memory", LiveWords.memory(view))
    add(
      view.queues.count == 1 ? "queue" : "queues",
      view.queues.isEmpty ? nil : LiveWords.queues(view).joined(separator: ", "))
    add("the tool’s own threads", LiveWords.ownShare(view).map { "\(Numerals.share($0)) of a CPU" })
    return facts
  }

  /// What each thread does, and how its time went.
  static func threads(_ view: LiveView) -> TableView {
    TableView(
      tableLabel: "What each thread is doing", corner: "thread",
      headings: [.init("is for", "w"), .init("is in", "w")]
        + ["works", "waits", "spins", "CPU", "no CPU", "tasks/s", "tokens/s"].map { .init($0) },
      rows: LiveWords.ordered(view).map { row in
        .init(
          head: row.name,
          cells: [
            .init(row.role?.rawValue ?? Numerals.absent, "w"), .init(LiveWords.state(of: row), "w"),
          ]
            + [
              Numerals.share(row.share(.useful)), Numerals.share(row.share(.blocked)),
              Numerals.share(row.share(.spin)), Numerals.share(row.cpuShare), Numerals.share(row.readyShare),
              Numerals.perSecond(row.tasksPerSecond), Numerals.perSecond(row.tokensPerSecond),
            ].map { .init($0) })
      })
  }

  /// Where threads wait; `nil` where none does.
  static func waits(_ view: LiveView) -> TableView? {
    if view.waits.isEmpty { return nil }
    return TableView(
      tableLabel: "Where threads wait", corner: "waiting in",
      headings: [.init("threads now"), .init("threads on average")],
      rows: view.waits.map { wait in
        .init(
          head: wait.state,
          cells: [
            .init(Numerals.count(wait.threadsNow)),
            .init(wait.threadsOnAverage.map { Numerals.fixed($0, 2) } ?? Numerals.absent),
          ])
      })
  }
}
