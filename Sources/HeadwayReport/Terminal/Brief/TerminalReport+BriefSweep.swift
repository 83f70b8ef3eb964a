import HeadwayTrace

extension TerminalReport {
  /// A sweep in at most forty lines: verdict, machine and warnings, findings, cells, where the time went, switches,
  /// predictions, checks, and where the rest is. ``render(sweep:width:color:ascii:)`` is all of it.
  public static func brief(
    sweep: SweepSummary, places: ReportPlaces, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let style = TerminalStyle(width: width, color: color, ascii: ascii)
    return BriefPage.fitted(style, rows: sweep.cells.count, places: places) { brief in
      let page = brief.page
      page.paragraph(VerdictSentence.words(for: sweep), limit: brief.limits.headline, .strong)
      page.paragraph(Phrases.machine(sweep.machine), limit: 1, .faint)
      page.paragraph(
        Phrases.course(of: sweep) + "; " + Phrases.overhead(sweep), limit: brief.limits.linesEach, .faint)
      brief.writeCautions(of: sweep)
      // Of another program there is nothing to find causes in; the warnings say so.
      if sweep.program == nil {
        brief.write(
          findings: sweep.findings,
          none: "No cause of lost time stands out above the noise, the overhead and 2 % of the wall time.")
      }
      brief.writeCells(of: sweep)
      brief.writeTime(of: sweep)
      brief.writeEffects(of: sweep)
      brief.writeLaw(of: sweep)
      if let ledger = sweep.predictions {
        page.gap()
        page.paragraph(
          "\(LedgerWords.heading): \(LedgerWords.scores(ledger))", limit: brief.limits.headline)
      }
      if sweep.predictions == nil { page.gap() }
      brief.write(checks: sweep.checks.map { ($0.passed, Phrases.check($0)) })
    }
  }
}

extension BriefPage {
  fileprivate func writeCautions(of sweep: SweepSummary) {
    write(sweep.warnings, sign: "!", limit: limits.warnings, kind: ("warning", "warnings"), .doubtful)
    let excluded = sweep.excluded.map { run in
      "left out: \(run.cell), block \(run.block + 1): \(run.reason)"
        + (run.lastLines.last.map { " (\($0))" } ?? "")
    }
    write(excluded, sign: "!", limit: limits.warnings, kind: ("run left out", "runs left out"), .doubtful)
  }

  fileprivate func writeCells(of sweep: SweepSummary) {
    guard !sweep.cells.isEmpty else { return }
    page.gap()
    let shown = ShownCells(sweep.cells, limit: mainRows, better: sweep.metric.better)
    SweepTable(sweep, cells: shown.cells, ascii: page.style.ascii)
      .write(to: page, omitted: shown.omitted, noteLines: limits.linesEach)
  }

  /// The fastest cell, the baseline and the one with the least useful work, in the sweep's order.
  fileprivate func writeTime(of sweep: SweepSummary) {
    let cells = sweep.cells.filter { $0.shares != nil }
    func finite(_ value: Double?) -> Double { value.flatMap { $0.isFinite ? $0 : nil } ?? -1 }
    let fastest = cells.max { finite($0.figure?.value) < finite($1.figure?.value) }
    let idlest = cells.min {
      finite($0.shares?.categories["useful"]) < finite($1.shares?.categories["useful"])
    }
    let wanted = [fastest, cells.first(where: \.isBaseline), idlest].compactMap { $0?.id }
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.prefix(limits.rows)
    let shown = cells.filter { wanted.contains($0.id) }
    guard !shown.isEmpty else { return }
    page.gap()
    let columns: [(String, [StateCategory])] = [
      ("useful", [.useful]), ("spinning", [.spin]), ("blocked", [.blocked]), ("no CPU", [.runnable]),
      ("other", [.lifecycle, .selfCost]), ("unknown", [.unknown]),
    ]
    let heading = "All threads' time" + Self.share(shown.count, of: cells.count)
    page.table(
      TextTable(
        columns: [.init(heading, right: false)] + columns.map { .init($0.0) },
        rows: shown.map { cell in
          [cell.label]
            + columns.map { column in
              Numerals.share(
                column.1.reduce(0) { $0 + (cell.shares?.categories[$1.rawValue] ?? 0) })
            }
        }), ruled: false)
  }

  /// The single switches with the largest effects.
  fileprivate func writeEffects(of sweep: SweepSummary) {
    let rows = (sweep.effects ?? []).flatMap { table in
      table.rows.filter { $0.settings.count == 1 }.map { (scope: table.scope, effect: $0) }
    }
    func size(_ effect: EffectRow) -> Double {
      let value = effect.factor.value
      return value.isFinite && value > 0 ? max(value, 1 / value) : 0
    }
    let shown = rows.sorted { size($0.effect) > size($1.effect) }.prefix(limits.rows)
    guard !shown.isEmpty else { return }
    page.gap()
    page.table(
      TextTable(
        columns: [
          .init(Phrases.effects(sweep) + Self.share(shown.count, of: rows.count), right: false),
          .init("× [95\u{A0}%]"),
        ],
        rows: shown.map { row in
          [
            "\(row.scope): \(EffectRows.name(row.effect))", Numerals.ratioWithInterval(row.effect.factor),
          ]
        }), ruled: false)
  }

  /// The law of the first series that carries one.
  fileprivate func writeLaw(of sweep: SweepSummary) {
    let lawful = (sweep.scaling ?? []).filter { !$0.laws.isEmpty }
    guard let line = ScalingWords.lines(lawful).first else { return }
    page.gap()
    page.paragraph("Scaling: " + line, limit: limits.linesEach)
  }
}
