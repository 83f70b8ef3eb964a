import HeadwayTrace

extension HTMLReport {
  /// A comparison's page: how fast each row is, and where the difference in wall time went.
  ///
  /// - Throws: When the page's template is broken.
  public static func render(comparison: RunComparison, trail: [PageLink] = []) throws -> String {
    try Templates.render(ComparisonPage(comparison, trail: trail), with: "comparison")
  }
}

/// The comparison as its template sees it.
private struct ComparisonPage {
  /// The rows of one kind.
  struct Part {
    var partTitle: String
    var speedTable: TableView
    var refusals: [String]
    var splitTable: TableView?
  }

  var trail: TrailView?
  var title: String
  var warnings: [String]
  var hasWarnings: Bool
  var parts: [Part]
  var facts: [FactView]
  let splitNote = ComparisonWords.partsNote
  let styleSheet = PageStyle.sheet
  let script = PageScript.text

  init(_ comparison: RunComparison, trail: [PageLink]) {
    self.trail = TrailView(trail)
    title = ComparisonWords.headline(of: comparison)
    warnings = comparison.warnings
    hasWarnings = !warnings.isEmpty
    let kinds: [ComparisonRow.Against] = [.counterpart, .previous, .first]
    parts = kinds.compactMap { kind in
      let rows = comparison.rows.filter { $0.against == kind }
      return rows.isEmpty ? nil : Self.part(ComparisonWords.heading(of: kind), rows)
    }
    facts = Self.facts(comparison)
  }

  private static func part(_ title: String, _ rows: [ComparisonRow]) -> Part {
    let split = rows.compactMap { row in row.wall.map { (row: row, wall: $0) } }
    return Part(
      partTitle: title,
      speedTable: TableView(
        tableLabel: title, corner: "candidate",
        headings: [.init("base", "w")]
          + ["as fast [95 %]", "wall, base", "wall, candidate", "difference"].map { .init($0) }
          + [.init("verdict", "w")],
        rows: rows.map { row in
          .init(
            head: row.candidate,
            cells: [.init(row.base, "w")] + ComparisonWords.speeds(of: row).map { .init($0) }
              + [.init(ComparisonWords.verdict(of: row, ascii: false), style(of: row))])
        }),
      refusals: rows.compactMap { row in row.refusal.map { "\(row.candidate) and \(row.base): \($0)." } },
      splitTable: split.isEmpty
        ? nil
        : TableView(
          tableLabel: "Where the difference in wall time lies", corner: "candidate",
          headings: (["useful: CPU time", "useful: sharing"]
            + ComparisonWords.partNames.map { $0.words.replacing("\n", with: " ") }
            + ["amount of work", "difference"]).map { .init($0) },
          rows: split.map { row, wall in
            .init(head: row.candidate, cells: ComparisonWords.parts(of: wall).map { .init($0) })
          }))
  }

  private static func style(of row: ComparisonRow) -> String {
    switch row.verdict {
    case .faster: "w good"
    case .slower: "w bad"
    default: "w"
    }
  }

  private static func facts(_ comparison: RunComparison) -> [FactView] {
    var facts = comparison.rows.filter { $0.against != .first && !$0.changes.isEmpty }.map { row in
      FactView(
        factName: "Changed",
        fact: "\(ComparisonWords.pair(row)): "
          + row.changes.map(ComparisonWords.difference).joined(separator: "; "))
    }
    facts.append(FactView(factName: "Results", fact: ComparisonWords.losses(comparison.rows)))
    if !comparison.environment.isEmpty {
      facts.append(
        FactView(
          factName: "Elsewhere",
          fact: comparison.environment.map(ComparisonWords.difference).joined(separator: "; ")))
    }
    facts.append(FactView(factName: "Base", fact: ComparisonWords.side(comparison.base)))
    if let candidate = comparison.candidate {
      facts.append(FactView(factName: "Candidate", fact: ComparisonWords.side(candidate)))
    }
    if let machine = comparison.machine {
      facts.append(FactView(factName: "Machine", fact: Phrases.machine(machine)))
    }
    return facts
  }
}
