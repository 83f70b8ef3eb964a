import HeadwayTrace

/// The kernel's performance events as the reports print them: the same rows in every format.
enum CounterWords {
  static let heading = "What the kernel and the CPU counted"

  /// The columns: what any thread has a value of, so that a machine without hardware counters has no empty ones.
  private static func kinds(_ run: RunSummary) -> [CounterKind] {
    CounterKind.allCases.filter { kind in
      run.threads.contains { $0.counters?[kind] != nil }
    }
  }

  private static func hasQuotient(_ run: RunSummary) -> Bool {
    run.threads.contains { $0.counters?.instructionsPerCycle != nil }
  }

  /// The headings behind the thread's name.
  static func headings(_ run: RunSummary) -> [String] {
    kinds(run).map(\.words) + (hasQuotient(run) ? ["instructions a cycle"] : [])
  }

  /// A row for each thread that was counted, and one for all of the program's.
  static func rows(_ run: RunSummary) -> [[String]] {
    let kinds = kinds(run)
    func row(_ name: String, _ readings: CounterReadings) -> [String] {
      [name] + kinds.map { cell($0, readings) }
        + (hasQuotient(run)
          ? [readings.instructionsPerCycle.map { Numerals.fixed($0, 2) } ?? Numerals.absent] : [])
    }
    return run.threads.compactMap { thread in thread.counters.map { row(thread.name, $0) } }
      + (run.counters.map { [row("all threads", $0)] } ?? [])
  }

  /// A value, marked where it was scaled; a dash where there is none.
  private static func cell(_ kind: CounterKind, _ readings: CounterReadings) -> String {
    guard let value = readings.counts[kind.rawValue] else { return Numerals.absent }
    if kind == .taskClock { return Numerals.duration(Nanoseconds(Int64(value.value))) }
    return (value.countedShare < 1 ? "≈ " : "") + Numerals.count(value.value)
  }

  /// What the columns mean, what is missing, and what the opening cost.
  static func note(_ run: RunSummary) -> String {
    let counted = run.threads.compactMap(\.counters)
    let each = Nanoseconds(
      counted.reduce(Int64(0)) { $0 + $1.openingNs.count } / Int64(max(counted.count, 1)))
    let missing = CounterKind.allCases.filter { !kinds(run).contains($0) }.map(\.words)
    return
      "In the measured window; the CPU's own counters in user space. “≈”: scaled, because counters took turns."
      + (missing.isEmpty ? "" : " Not counted: \(missing.joined(separator: ", ")); the warnings say why.")
      + " All threads: without the tool's own. Opening the counters took \(Numerals.duration(each)) a thread."
  }
}
