import HeadwayTrace

/// The parts that the brief reports of a sweep and of a run share.
struct BriefPage {
  /// Lines of a whole report, so that it fits a screen with the prompt after it.
  static let lineLimit = 40

  let page: TerminalPage
  let limits: BriefLimits
  /// Rows of the main table.
  let mainRows: Int

  /// Writes with as much room for every part as the lines allow; what is left over goes to the main table.
  ///
  /// - Parameter rows: How many rows the main table has in all.
  static func fitted(
    _ style: TerminalStyle, rows: Int, places: ReportPlaces, _ write: (BriefPage) -> Void
  ) -> String {
    func page(_ limits: BriefLimits, _ rows: Int) -> TerminalPage {
      let page = TerminalPage(style)
      write(BriefPage(page: page, limits: limits, mainRows: rows))
      page.gap()
      for line in places.lines { page.whole(line) }
      return page
    }
    var text = ""
    for limits in BriefLimits.choices {
      let least = page(limits, min(rows, limits.mainRows))
      text = least.text
      let spare = lineLimit - least.lineCount
      guard spare >= 0 else { continue }
      if rows <= limits.mainRows { break }
      // The line that counts the rows left out makes room for the last of them.
      let shown = limits.mainRows + spare
      text = page(limits, shown >= rows - 1 ? rows : shown).text
      break
    }
    return text
  }

  /// Texts of one kind, each with a sign; those beyond the limit are counted.
  func write(
    _ texts: [String], sign: String, limit: Int, kind: (one: String, many: String),
    _ emphasis: TerminalStyle.Emphasis? = nil
  ) {
    // The count takes a line, in which the last one has its place.
    let shown = texts.count <= limit + 1 && limits.linesEach == 1 ? texts.count : min(limit, texts.count)
    for text in texts.prefix(shown) {
      page.paragraph(text, first: sign + " ", rest: "  ", limit: limits.linesEach, emphasis)
    }
    if texts.count > shown {
      let rest = texts.count - shown
      let words = "and \(rest) more \(rest == 1 ? kind.one : kind.many)"
      page.paragraph(words, first: sign + " ", limit: 1, emphasis)
    }
  }

  /// The findings by saving, each with where an experiment left it and with its change.
  func write(findings: [Finding], none: String) {
    page.gap()
    guard !findings.isEmpty else { return page.paragraph(none, limit: limits.linesEach) }
    let shown = findings.prefix(limits.findings)
    page.paragraph(
      "Findings by saving" + (shown.count < findings.count ? ", \(shown.count) of \(findings.count)" : ""),
      .strong)
    for (index, finding) in shown.enumerated() {
      page.paragraph(
        "\(Phrases.title(ofCause: finding.cause)), \(finding.scope): \(Phrases.saving(finding)),"
          + " \(finding.status.rawValue) → \(finding.change)", first: "\(index + 1). ",
        rest: "   ",
        limit: max(limits.linesEach - 1, 1))
    }
  }

  /// Checks: one line for all that hold, those that do not with their figures.
  func write(checks: [(passed: Bool?, text: String)]) {
    guard !checks.isEmpty else { return }
    let others = checks.filter { $0.passed != true }.sorted {
      ($0.passed != nil ? 0 : 1) < ($1.passed != nil ? 0 : 1)
    }
    let held = checks.count - others.count
    if others.isEmpty {
      return TerminalReport.write(
        check: true, checks.count == 1 ? "The one check holds" : "All \(checks.count) checks hold", to: page)
    }
    for check in others.prefix(limits.checks) {
      TerminalReport.write(check: check.passed, check.text, limit: limits.linesEach, to: page)
    }
    let more = others.dropFirst(limits.checks)
    let failed = more.count { $0.passed == false }
    if failed > 0 {
      TerminalReport.write(check: false, "\(Numerals.plural(failed, "more check")) failed", to: page)
    }
    if more.count > failed {
      TerminalReport.write(
        check: nil, "\(Numerals.plural(more.count - failed, "more check")) could not be made", to: page)
    }
    if held > 0 {
      TerminalReport.write(
        check: true, held == 1 ? "The other check holds" : "The other \(held) checks hold", to: page)
    }
  }

  /// What stands behind a heading when only some of its rows are shown: ` (2 of 5)`.
  static func share(_ shown: Int, of all: Int) -> String { shown < all ? " (\(shown) of \(all))" : "" }
}
