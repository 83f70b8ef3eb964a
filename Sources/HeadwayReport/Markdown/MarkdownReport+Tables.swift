import HeadwayTrace

/// A table as the Markdown templates see it: lines of cells joined by bars, headings and rule included; every text
/// is escaped here.
struct MarkdownTable {
  /// What stands above it.
  var tableTitle: String
  var lines: [MarkdownSweep.Line]
  /// What its columns mean.
  var tableNote: String
  /// Whether something stands above it.
  var hasTitle: Bool
  /// Whether something stands below it.
  var hasNote: Bool

  /// Sets a table whose first column is text and whose others are figures, but for those that are named as words.
  init(title: String, headings: [String], words: Set<Int> = [0], rows: [[String]], note: String) {
    hasNote = !note.isEmpty
    tableTitle = MarkdownText.escaped(title)
    hasTitle = !title.isEmpty
    tableNote = MarkdownText.escaped(note)
    func line(_ cells: [String]) -> MarkdownSweep.Line {
      .init(line: cells.map(MarkdownText.escaped).joined(separator: " | "))
    }
    let rule = headings.indices.map { words.contains($0) ? ":--" : "--:" }.joined(separator: " | ")
    lines = [line(headings), .init(line: rule)] + rows.map(line)
  }
}

extension MarkdownTable {
  /// A sweep's predictions beside what it measured.
  init(_ ledger: LedgerSummary) {
    self.init(
      title: LedgerWords.heading, headings: ["cell"] + LedgerWords.headings,
      rows: ledger.rows.map { [$0.label] + LedgerWords.figures($0) },
      note: ([LedgerWords.scores(ledger)] + LedgerWords.unknown(ledger)
        + [LedgerWords.note, LedgerWords.basis(ledger)]).joined(separator: " "))
  }
}

extension MarkdownReport {
  /// The tables of a run that only some runs have.
  static func tables(of run: RunSummary) -> [MarkdownTable] {
    var tables: [MarkdownTable] = []
    if run.counters != nil {
      tables.append(
        MarkdownTable(
          title: CounterWords.heading, headings: ["thread"] + CounterWords.headings(run),
          rows: CounterWords.rows(run), note: CounterWords.note(run)))
    }
    if let roofline = run.roofline {
      tables.append(
        MarkdownTable(
          title: RooflineWords.heading, headings: ["state"] + RooflineWords.stateHeadings,
          rows: roofline.states.map { [$0.state] + RooflineWords.cells($0) },
          note: ([RooflineWords.note(roofline)] + roofline.warnings).joined(separator: " ")))
      tables.append(
        MarkdownTable(
          title: "What a step asks of the machine", headings: ["operation"] + RooflineWords.operationHeadings,
          rows: roofline.operations.map { [RooflineWords.name($0)] + RooflineWords.cells($0) }, note: ""))
    }
    if let times = run.operations {
      tables.append(
        MarkdownTable(
          title: OperationWords.heading, headings: ["operation"] + OperationWords.headings,
          rows: OperationWords.rows(times),
          note: ([OperationWords.note(times)] + times.warnings).joined(separator: " ")))
    }
    if let steps = run.stepBooks {
      tables.append(
        MarkdownTable(
          title: StepBookWords.heading, headings: ["where"] + StepBookWords.headings,
          rows: StepBookWords.rows(steps), note: StepBookWords.note(steps)))
    }
    return tables
  }
}
