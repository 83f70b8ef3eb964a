import HeadwayTrace

/// Reports as text for a terminal. Pure: the caller prints it, and decides on width and colour
/// (`NO_COLOR`, whether it is a terminal at all).
public enum TerminalReport {
  /// A sweep in full: the verdict, the table, the findings, the checks and what qualifies them.
  /// ``brief(sweep:places:width:color:ascii:)`` is what fits a screen.
  public static func render(
    sweep: SweepSummary, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(VerdictSentence.words(for: sweep), .strong)
    if !sweep.cells.isEmpty {
      page.gap()
      SweepTable(sweep, ascii: ascii).write(to: page)
    }
    // Of another program there is nothing to find causes in; the warnings say so.
    if sweep.program == nil { write(findings: sweep.findings, to: page) }
    write(effects: sweep.effects ?? [], of: Phrases.effects(sweep), to: page)
    write(ledger: sweep.predictions, to: page)
    write(checks: sweep.checks, to: page)
    write(notes: notes(of: sweep), to: page)
    write(excluded: sweep.excluded, to: page)
    write(warnings: sweep.warnings, to: page)
    return page.text
  }

  /// What qualifies the figures, as pairs of a name and a text.
  private static func notes(of sweep: SweepSummary) -> [(String, String)] {
    let scaling = ScalingWords.lines(sweep.scaling ?? []).map { ("Scaling", $0) }
    return scaling + [
      ("Blocks", Phrases.course(of: sweep)),
      (
        "Self-cost", Phrases.overhead(sweep) + (Phrases.driver(sweep).map { "; the driver took " + $0 } ?? "")
      ),
      (sweep.program == nil ? "Corpus" : "Program", sweep.corpus),
      ("Machine", Phrases.machine(sweep.machine)),
    ] + (sweep.surroundings.map { [("Around", Phrases.surroundings($0))] } ?? [])
  }

  static func write(notes: [(String, String)], to page: TerminalPage) {
    page.gap()
    let indent = (notes.map(\.0.count).max() ?? 0) + 2
    for (name, text) in notes {
      page.paragraph(
        text, first: name + String(repeating: " ", count: indent - name.count),
        rest: String(repeating: " ", count: indent))
    }
  }

  static func write(findings: [Finding], to page: TerminalPage) {
    page.heading("Findings")
    if findings.isEmpty {
      page.paragraph(
        "No cause of lost time stands out above the noise, the overhead and 2 % of the wall time.")
    }
    for (index, finding) in findings.enumerated() {
      if index > 0 { page.gap() }
      let title = "\(index + 1). \(Phrases.title(ofCause: finding.cause)), \(finding.scope)"
      page.paragraph(
        "\(title): \(Phrases.saving(finding)); \(Phrases.word(finding.status))", rest: "   ", .strong)
      page.paragraph(finding.statement, first: "   ", rest: "   ")
      let evidence = finding.evidence.map { "\($0.query) = \(Phrases.value($0))" }
      page.paragraph("Evidence: " + evidence.joined(separator: "; "), first: "   ", rest: "     ", .faint)
      page.paragraph("Change: " + finding.change, first: "   ", rest: "     ")
      page.paragraph("Refuted if: " + finding.refutation, first: "   ", rest: "     ", .faint)
    }
  }

  /// The single switches; the pages have the pairs too.
  private static func write(effects: [EffectTable], of title: String, to page: TerminalPage) {
    guard !effects.isEmpty else { return }
    page.heading(title)
    let tables = effects.map { EffectRows($0, withPairs: false) }
    let shown = tables.flatMap(\.columns).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var table = TextTable(columns: [.init("cells", right: false), .init("switch", right: false)])
    table.columns += shown.map { .init($0) }
    for (effect, rows) in zip(effects, tables) {
      for row in rows.rows {
        table.rows.append([effect.scope, row.name] + shown.map { row.values[$0] ?? "" })
      }
    }
    page.table(table)
    page.paragraph(EffectRows.note, .faint)
  }

  private static func write(checks: [SweepCheck], to page: TerminalPage) {
    guard !checks.isEmpty else { return }
    page.heading("Checks")
    for check in checks { write(check: check.passed, Phrases.check(check), to: page) }
  }

  /// A check that passed, failed or, with `nil`, could not be made.
  static func write(check passed: Bool?, _ text: String, limit: Int = .max, to page: TerminalPage) {
    let (sign, emphasis): (String, TerminalStyle.Emphasis?) =
      switch passed {
      case true?: (page.style.ascii ? "ok  " : "✓", .good)
      case false?: (page.style.ascii ? "FAIL" : "✗", .bad)
      case nil: (page.style.ascii ? "?   " : "?", .doubtful)
      }
    page.paragraph(
      text, first: sign + " ", rest: String(repeating: " ", count: sign.count + 1), limit: limit, emphasis)
  }

  private static func write(excluded: [ExcludedRun], to page: TerminalPage) {
    guard !excluded.isEmpty else { return }
    page.heading("Excluded runs")
    for run in excluded.prefix(shownExclusions) {
      page.paragraph("\(run.cell), block \(run.block + 1): \(run.reason)", first: "- ", rest: "  ")
      for line in run.lastLines.suffix(3) { page.paragraph(line, first: "    | ", rest: "    | ", .faint) }
    }
    if excluded.count > shownExclusions {
      page.paragraph(
        "and \(excluded.count - shownExclusions) more, which the page and the summary list", first: "- ")
    }
  }

  /// Exclusions that are listed one by one; the other formats list all.
  private static let shownExclusions = 4

  static func write(warnings: [String], to page: TerminalPage) {
    guard !warnings.isEmpty else { return }
    page.heading("Warnings")
    for warning in warnings { page.paragraph(warning, first: "! ", rest: "  ", .doubtful) }
  }
}
