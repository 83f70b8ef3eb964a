import HeadwayTrace

/// A table under a heading of its own, as the templates see it.
struct TitledTable {
  var tableTitle: String
  var titledTable: TableView
  var tableNote: String?
  // Stored, because templates see stored properties only.
  /// Whether it has a heading.
  let hasTitle: Bool
  /// The place of its heading: the words of the title, joined by hyphens.
  let tableAnchor: String

  init(tableTitle: String, titledTable: TableView, tableNote: String? = nil) {
    self.tableTitle = tableTitle
    self.titledTable = titledTable
    self.tableNote = tableNote
    hasTitle = !tableTitle.isEmpty
    tableAnchor = tableTitle.lowercased().split { !$0.isASCII || !$0.isLetter }.joined(separator: "-")
  }
}

extension TitledTable {
  /// The tables of a run that only some runs have: its counters, its roofline, its operations and the
  /// books of its steps.
  static func tables(of run: RunSummary) -> [TitledTable] {
    var tables: [TitledTable] = []
    if run.counters != nil {
      tables.append(
        table(
          CounterWords.heading, corner: "thread", headings: CounterWords.headings(run),
          rows: CounterWords.rows(run), note: CounterWords.note(run)))
    }
    if let roofline = run.roofline {
      tables.append(
        table(
          RooflineWords.heading, corner: "state", headings: RooflineWords.stateHeadings,
          rows: roofline.states.map { [$0.state] + RooflineWords.cells($0) },
          note: ([RooflineWords.note(roofline)] + roofline.warnings).joined(separator: " ")))
      tables.append(
        table(
          "What a step asks of the machine", corner: "operation", headings: RooflineWords.operationHeadings,
          rows: roofline.operations.map { [RooflineWords.name($0)] + RooflineWords.cells($0) }, note: ""))
    }
    if let times = run.operations {
      tables.append(
        table(
          OperationWords.heading, corner: "operation", headings: OperationWords.headings,
          rows: OperationWords.rows(times),
          note: ([OperationWords.note(times)] + times.warnings).joined(separator: " ")))
    }
    if let steps = run.stepBooks {
      tables.append(
        table(
          StepBookWords.heading, corner: "where", headings: StepBookWords.headings,
          rows: StepBookWords.rows(steps), note: StepBookWords.note(steps)))
    }
    return tables
  }

  private static func table(
    _ title: String, corner: String, headings: [String], rows: [[String]], note: String
  ) -> TitledTable {
    // Words stand to the left, numbers to the right.
    let styles = headings.indices.map { column in
      rows.contains { $0.count > column + 1 && $0[column + 1].first?.isLetter == true } ? "w" : "n"
    }
    func cells(_ texts: [String]) -> [TableView.Cell] {
      zip(texts, styles).map { text, style in TableView.Cell(text, style) }
    }
    return TitledTable(
      tableTitle: title,
      titledTable: TableView(
        tableLabel: title, corner: corner, headings: cells(headings),
        rows: rows.map { row in .init(head: row.first ?? "", cells: cells(Array(row.dropFirst()))) }),
      tableNote: note.isEmpty ? nil : note)
  }
}
