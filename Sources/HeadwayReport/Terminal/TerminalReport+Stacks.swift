import HeadwayTrace

extension TerminalReport {
  /// Functions of each role that the report shows.
  private static let shownFunctions = 5

  /// The hottest functions by role, and what the samples lack.
  static func write(stacks: StackSummary?, to page: TerminalPage) {
    guard let stacks else { return }
    page.heading("Where the stacks were")
    let rows = stacks.roles.flatMap { role in
      role.functions.prefix(shownFunctions).map { function in
        func share(_ periods: Int) -> String {
          role.periods > 0 ? Numerals.share(Double(periods) / Double(role.periods)) : Numerals.absent
        }
        return [
          FunctionWords.short(function.name), function.module ?? Numerals.absent, role.role.rawValue,
          share(function.selfPeriods), share(function.totalPeriods),
          stacks.mode == .wall ? share(function.sleepingPeriods) : Numerals.absent,
        ]
      }
    }
    if !rows.isEmpty {
      page.table(
        TextTable(
          columns: [
            .init("function", right: false), .init("module", right: false), .init("role", right: false),
            .init("self"), .init("total"), .init("asleep"),
          ], rows: rows))
    }
    page.paragraph(StackWords.counts(stacks), .faint)
  }
}

/// Sentences about sampled stacks.
enum StackWords {
  /// The functions in which the workers, or the role with the most samples, were the most; `nil` without any.
  static func hottest(_ stacks: StackSummary) -> String? {
    let role =
      stacks.roles.first { $0.role == .worker && $0.periods > 0 }
      ?? stacks.roles.max { $0.periods < $1.periods }
    guard let role, role.periods > 0, !role.functions.isEmpty else { return nil }
    let functions = role.functions.sorted { $0.selfPeriods > $1.selfPeriods }.prefix(3).map { function in
      "\(FunctionWords.withoutModule(FunctionWords.short(function.name)))"
        + " \(Numerals.share(Double(function.selfPeriods) / Double(role.periods)))"
    }
    return "\(role.role.rawValue): " + functions.joined(separator: ", ")
  }

  /// How many samples there are, and what they lack.
  static func counts(_ stacks: StackSummary) -> String {
    let clock = stacks.mode == .cpu ? "CPU time" : "wall time"
    let losses = stacks.losses
    return "\(Numerals.plural(stacks.samples, "sample")) at \(stacks.frequencyHz) Hz of \(clock); "
      + "\(Numerals.count(losses.dropped)) dropped, \(Numerals.count(losses.truncated)) truncated, "
      + "\(Numerals.count(losses.failed)) failed to unwind, \(Numerals.count(losses.late)) late. Shares are of "
      + "the role's samples in the measured window."
  }
}
