import HeadwayTrace

/// The tables and drawings of a comparison: how fast each candidate is, and where the difference lies.
enum ComparisonTables {
  private static let kinds: [ComparisonRow.Against] = [.counterpart, .previous, .first]

  /// A table of speeds and one of the parts of the difference for every kind of comparison.
  static func tables(_ comparison: RunComparison) -> [TitledTable] {
    kinds.flatMap { kind -> [TitledTable] in
      let rows = comparison.rows.filter { $0.against == kind }
      if rows.isEmpty { return [] }
      let refusals = rows.compactMap { row in row.refusal.map { "\(ComparisonWords.pair(row)): \($0)." } }
      let heading = ComparisonWords.heading(of: kind)
      var tables = [
        TitledTable(
          tableTitle: heading, titledTable: speeds(rows, label: heading),
          tableNote: refusals.isEmpty ? nil : refusals.joined(separator: " "))
      ]
      if rows.contains(where: { $0.wall != nil }) {
        tables.append(
          TitledTable(
            tableTitle: "Where the difference lies: \(heading.prefix(1).lowercased() + heading.dropFirst())",
            titledTable: parts(rows), tableNote: DifferenceParts.note))
      }
      return tables
    }
  }

  /// A drawing of the parts for every kind of comparison that has some.
  static func figures(_ comparison: RunComparison) -> [FigureView] {
    kinds.compactMap { kind in
      let rows = comparison.rows.filter { $0.against == kind && $0.wall != nil }
      let words = ComparisonWords.heading(of: kind)
      return FigureView(
        "difference-\(kind.rawValue)",
        caption:
          "\(words): bars to the left are wall time saved, bars to the right wall time lost; together they are the difference, which the line marks.",
        table: parts(rows)
      ) { DifferenceFigure.document(rows: rows, form: $0) }
    }
  }

  private static func speeds(_ rows: [ComparisonRow], label: String) -> TableView {
    TableView(
      tableLabel: label, corner: "candidate",
      headings: [
        .init("base", "w"), .init("as fast [95\u{A0}%]"), .init("wall, base"), .init("wall, candidate"),
        .init("difference"), .init("verdict", "w"), .init("what was changed", "w wrap"),
      ],
      rows: rows.map { row in
        let style = row.verdict == .faster ? "w good" : row.verdict == .slower ? "w bad" : "w"
        let changes = row.changes.map(ComparisonWords.difference).joined(separator: "; ")
        return .init(
          head: row.candidate,
          cells: [
            .init(row.base, "w")
          ] + ComparisonWords.speeds(of: row).map { .init($0) } + [
            .init(ComparisonWords.verdict(of: row, ascii: false), style),
            .init(changes.isEmpty ? "nothing" : changes, "w wrap"),
          ])
      })
  }

  private static func parts(_ rows: [ComparisonRow]) -> TableView {
    TableView(
      tableLabel: "The parts of the difference in wall time", corner: "candidate",
      headings: [.init("base", "w")] + DifferenceParts.all.map { .init($0.words) } + [.init("difference")],
      rows: rows.compactMap { row in
        row.wall.map { wall in
          .init(
            head: row.candidate,
            cells: [.init(row.base, "w")] + DifferenceParts.figures(of: wall).map { .init($0) })
        }
      })
  }
}
