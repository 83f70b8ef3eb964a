import HeadwayTrace

/// Reports as Markdown, fit for the text of a pull request.
public enum MarkdownReport {
  /// A sweep: the verdict, the table, the findings, the checks, where and how it was measured.
  ///
  /// - Parameters:
  ///   - sweep: The sweep's summary.
  ///   - figures: Drawings to show under the table: what they are, and their paths.
  /// - Throws: Never in practice; the templates are part of the program.
  public static func render(
    sweep: SweepSummary, figures: [(title: String, path: String)] = []
  ) throws -> String {
    try Templates.render(MarkdownSweep(sweep, figures: figures), with: "markdown-sweep")
  }

  /// A run: throughput, where the thread-seconds went, thread by thread, the findings.
  ///
  /// - Throws: Never in practice; the templates are part of the program.
  public static func render(run: RunSummary) throws -> String {
    try Templates.render(MarkdownRun(run), with: "markdown-run")
  }

  /// A system test: what was done, and every result of it.
  ///
  /// - Throws: Never in practice; the templates are part of the program.
  public static func render(systemTest test: SystemTest) throws -> String {
    try Templates.render(MarkdownSystemTest(test), with: "markdown-system-test")
  }
}

/// A sweep as the template sees it; every text is escaped here.
struct MarkdownSweep {
  /// A row of the table, its cells joined by bars.
  struct Line { var line: String }
  /// A drawing.
  struct Figure {
    var figureTitle: String
    var path: String
  }

  var name: String
  var verdict: String
  var rows: [Line]
  var hasRows: Bool
  var figures: [Figure]
  var effects: [Line]
  var hasEffects: Bool
  var effectsTitle: String
  var effectsNote: String
  var ledgers: [MarkdownTable]
  var hasFindings: Bool
  var figureHeading: String
  var laws: [Line]
  var findings: [MarkdownFinding]
  var checks: [Line]
  var warnings: [Line]
  var hasWarnings: Bool
  var excluded: [Line]
  var hasExcluded: Bool
  var facts: [Line]
  var command: String

  init(_ sweep: SweepSummary, figures: [(title: String, path: String)]) {
    let escaped = MarkdownText.escaped
    name = escaped(sweep.name)
    verdict = escaped(VerdictSentence.words(for: sweep))
    rows = sweep.cells.map { Line(line: Self.row($0)) }
    hasRows = !rows.isEmpty
    self.figures = figures.map { Figure(figureTitle: escaped($0.title), path: $0.path) }
    effects = MarkdownSweep.effectLines(sweep.effects ?? [])
    hasEffects = !effects.isEmpty
    effectsTitle = escaped(Phrases.effects(sweep))
    effectsNote = escaped(EffectRows.note)
    ledgers = sweep.predictions.map { [MarkdownTable($0)] } ?? []
    hasFindings = sweep.program == nil
    figureHeading = escaped(sweep.metric.unit)
    laws = ScalingWords.lines(sweep.scaling ?? []).map { Line(line: escaped($0)) }
    findings = sweep.findings.map(MarkdownFinding.init)
    checks = sweep.checks.map { check in
      let detail = check.detail.isEmpty ? "" : " (\(escaped(check.detail)))"
      return Line(line: (check.passed ? "✓ " : "✗ **does not hold:** ") + escaped(check.claim) + detail)
    }
    checks.append(Line(line: "Self-cost: " + escaped(Phrases.overhead(sweep))))
    warnings = Phrases.cautions(sweep).map { Line(line: escaped($0)) }
    hasWarnings = !warnings.isEmpty
    excluded = sweep.excluded.map { Line(line: escaped("\($0.cell), block \($0.block + 1): \($0.reason)")) }
    hasExcluded = !excluded.isEmpty
    facts = EnvironmentFacts.facts(of: sweep).map {
      Line(line: "\(escaped($0.factName)) | \(escaped($0.fact))")
    }
    if let driver = Phrases.driver(sweep) { facts.append(Line(line: "Driver | \(escaped(driver))")) }
    command = MarkdownText.fenced(sweep.command)
  }

  /// The lines of one table of all effects, headings and rule included.
  private static func effectLines(_ effects: [EffectTable]) -> [Line] {
    let tables = effects.map { EffectRows($0, withPairs: true) }
    let shown = tables.flatMap(\.columns).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if shown.isEmpty { return [] }
    var lines = [["cells", "switch"] + shown, [":--", ":--"] + shown.map { _ in "--:" }]
    for (effect, table) in zip(effects, tables) {
      for row in table.rows { lines.append([effect.scope, row.name] + shown.map { row.values[$0] ?? "" }) }
    }
    return lines.map { cells in
      Line(
        line: cells.map { $0.hasSuffix("--") || $0 == "--:" ? $0 : MarkdownText.escaped($0) }
          .joined(separator: " | "))
    }
  }

  private static func row(_ cell: CellSummary) -> String {
    [
      cell.label, Numerals.rateWithInterval(cell.figure), Numerals.ratioWithInterval(cell.speedup),
      Numerals.share(cell.efficiency?.value), Numerals.share(cell.shares?.barrierIdle),
      Numerals.share(cell.shares?.queueIdle), Numerals.share(cell.shares?.inputWait),
      Numerals.share(cell.shares?.runnable),
      Phrases.sign(cell.verdict, isBaseline: cell.isBaseline) + " "
        + Phrases.word(cell.verdict, isBaseline: cell.isBaseline),
    ].map(MarkdownText.escaped).joined(separator: " | ")
  }
}

/// A finding as the template sees it.
struct MarkdownFinding {
  var heading: String
  var statement: String
  var change: String
  var evidence: String
  var refutation: String

  init(_ finding: Finding) {
    let escaped = MarkdownText.escaped
    heading =
      "**\(escaped(Phrases.title(ofCause: finding.cause)))** (\(escaped(finding.scope))):"
      + " \(escaped(Phrases.saving(finding))); \(Phrases.word(finding.status))."
    statement = escaped(finding.statement)
    change = escaped(finding.change)
    evidence = escaped(finding.evidence.map { "\($0.query) = \(Phrases.value($0))" }.joined(separator: "; "))
    refutation = escaped(finding.refutation)
  }
}
