import HeadwayTrace

/// A run that goes on, in words.
enum ProgressWords {
  static func headline(of progress: RunInProgress) -> String {
    switch progress.phase {
    case .preparing: return "The run is setting up: its measured window has not been opened."
    case .closing:
      return "The last step is done\(progress.step.map { " (\(Numerals.count($0)))" } ?? "");"
        + " the run is evaluating, saving or writing its files."
    case .measuring: break
    }
    let planned = progress.plannedSteps.map { " of \(Numerals.count($0))" } ?? ""
    let step = progress.step.map { "Step \(Numerals.count($0))\(planned) is done" } ?? "No step is done yet"
    return step + rate(of: progress) + "."
  }

  private static func rate(of progress: RunInProgress) -> String {
    guard progress.periodNs > .zero else { return "" }
    let words =
      progress.tokensPerSecond.map { "\(Numerals.rounded($0)) tokens/s" }
      ?? progress.tasksPerSecond.map { "\(Numerals.rounded($0)) tasks/s" }
    return words.map { ": \($0) over \(stretch(progress))" } ?? ""
  }

  /// The stretch that the rates are of.
  static func stretch(_ progress: RunInProgress) -> String {
    "the last \(Numerals.duration(progress.periodNs))"
  }

  /// How long it has taken, and how long it will.
  static func account(of progress: RunInProgress) -> String? {
    guard let elapsed = progress.elapsedNs else { return nil }
    let remaining = progress.remainingNs.map {
      " At the rate of \(stretch(progress)) it needs about \(Numerals.duration($0)) more."
    }
    return "Measured for \(Numerals.duration(elapsed)).\(remaining ?? "")"
  }

  /// What a reader must know: where the trace says less than it seems to.
  static func cautions(of progress: RunInProgress) -> [String] {
    var cautions: [String] = []
    if progress.recent.losses.eventsDropped > 0 {
      cautions.append(
        "The trace is full: \(Numerals.plural(progress.recent.losses.eventsDropped, "event")) found no room. What threads"
          + " did since is not on this page; the report at the end has their totals.")
    }
    if progress.phase == .measuring, let quiet = progress.quietNs, quiet > Nanoseconds(30_000_000_000) {
      cautions.append("No thread has recorded anything for \(Numerals.duration(quiet)).")
    }
    return cautions
  }

  /// What each thread is doing now, with its rates.
  static func table(of progress: RunInProgress) -> TableView {
    let seconds = progress.periodNs.seconds
    let books = Dictionary(
      progress.recent.threads.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func rate(_ count: Int?) -> TableView.Cell {
      .init(seconds > 0 ? Numerals.perSecond(count.map { Double($0) / seconds }) : Numerals.absent)
    }
    return TableView(
      tableLabel: "What each thread is doing", corner: "thread",
      headings: [.init("is for", "w"), .init("is in", "w"), .init("which is", "w")]
        + ["tasks/s", "tokens/s"].map { .init($0) },
      rows: progress.threads.map { thread in
        let book = books[thread.name]
        let state = thread.hasEnded ? "ended" : thread.state?.name ?? "no state"
        let category = thread.hasEnded ? nil : thread.state.map { Phrases.word($0.category) }
        return .init(
          head: thread.name,
          cells: [
            .init(thread.role?.rawValue ?? Numerals.absent, "w"), .init(state, "w"),
            .init(category ?? Numerals.absent, "w"), rate(book?.tasks), rate(book?.tokens),
          ])
      })
  }
}
