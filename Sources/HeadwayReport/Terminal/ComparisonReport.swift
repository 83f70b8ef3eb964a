import HeadwayTrace

extension TerminalReport {
  /// A comparison: how fast each row is, and where the difference in wall time went.
  public static func render(
    comparison: RunComparison, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(ComparisonWords.headline(of: comparison), .strong)
    let kinds: [ComparisonRow.Against] = [.counterpart, .previous, .first]
    for kind in kinds {
      let rows = comparison.rows.filter { $0.against == kind }
      if rows.isEmpty { continue }
      page.heading(ComparisonWords.heading(of: kind))
      write(speeds: rows, to: page)
      write(parts: rows, to: page)
    }
    write(changes: comparison.rows, to: page)
    var notes = [("Results", ComparisonWords.losses(comparison.rows))]
    if !comparison.environment.isEmpty {
      notes.append(
        ("Elsewhere", comparison.environment.map(ComparisonWords.difference).joined(separator: "; ")))
    }
    notes.append(("Base", ComparisonWords.side(comparison.base)))
    if let candidate = comparison.candidate { notes.append(("Candidate", ComparisonWords.side(candidate))) }
    if let machine = comparison.machine { notes.append(("Machine", Phrases.machine(machine))) }
    write(notes: notes, to: page)
    write(warnings: comparison.warnings, to: page)
    return page.text
  }

  private static func write(speeds rows: [ComparisonRow], to page: TerminalPage) {
    let table = TextTable(
      columns: [
        .init("candidate", right: false), .init("base", right: false), .init("as fast\n[95 %]"),
        .init("wall, base"), .init("wall,\ncandidate"), .init("difference"), .init("verdict", right: false),
      ],
      rows: rows.map { row in
        [row.candidate, row.base] + ComparisonWords.speeds(of: row)
          + [ComparisonWords.verdict(of: row, ascii: page.style.ascii)]
      })
    page.table(table) { index in
      switch rows[index].verdict {
      case .faster: .good
      case .slower: .bad
      default: nil
      }
    }
    for row in rows {
      guard let refusal = row.refusal else { continue }
      page.paragraph("\(row.candidate) and \(row.base): \(refusal).", first: "! ", rest: "  ", .doubtful)
    }
  }

  /// Where the difference in wall time lies; the columns add up to the last one.
  private static func write(parts rows: [ComparisonRow], to page: TerminalPage) {
    let split = rows.compactMap { row in row.wall.map { (row: row, wall: $0) } }
    guard !split.isEmpty else { return }
    page.gap()
    page.table(
      TextTable(
        columns: [.init("wall time", right: false)]
          + DifferenceParts.all.map { .init($0.short) } + [.init("difference")],
        rows: split.map { row, wall in [row.candidate] + DifferenceParts.figures(of: wall) },
        gap: page.style.width < 110 ? 1 : 2))
    page.paragraph(DifferenceParts.note, .faint)
  }

  private static func write(changes rows: [ComparisonRow], to page: TerminalPage) {
    let changed = rows.filter { $0.against != .first && !$0.changes.isEmpty }
    guard !changed.isEmpty else { return }
    page.heading("What was changed")
    for row in changed {
      let words = row.changes.map(ComparisonWords.difference).joined(separator: "; ")
      page.paragraph("\(ComparisonWords.pair(row)): \(words)", first: "- ", rest: "  ")
    }
  }
}
