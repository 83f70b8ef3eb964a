import HeadwayTrace

extension TerminalReport {
  /// A system test: what each part gave, and why what is missing is missing. The tables of threads and phases are
  /// here; the rest is in the written reports.
  public static func render(
    systemTest test: SystemTest, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    let story = SystemTestStory(test)
    page.paragraph(story.headline, .strong)
    page.paragraph(story.lead)
    for chapter in story.chapters {
      page.heading(chapter.chapterTitle)
      for sentence in chapter.sentences { page.paragraph(sentence) }
      if chapter.hasFacts { write(notes: chapter.chapterFacts.map { ($0.factName, $0.fact) }, to: page) }
      for titled in chapter.chapterTables { write(titled, to: page) }
    }
    write(warnings: story.warnings, to: page)
    return page.text
  }

  /// A table with as many of its columns as the width holds; the page and the Markdown have all.
  private static func write(_ titled: TitledTable, to page: TerminalPage) {
    let table = titled.titledTable
    var columns = [TextTable.Column(table.corner, right: false)]
    var kept: [Int] = []
    func set() -> TextTable {
      TextTable(
        columns: columns, rows: table.rows.map { row in [row.head] + kept.map { row.cells[$0].text } })
    }
    for (index, heading) in table.headings.enumerated() {
      columns.append(.init(heading.text, right: !heading.style.hasPrefix("w")))
      kept.append(index)
      if set().width > page.style.width && kept.count > 1 {
        columns.removeLast()
        kept.removeLast()
      }
    }
    page.gap()
    if titled.hasTitle { page.paragraph(titled.tableTitle + ":") }
    page.table(set())
    let lost = table.headings.indices.filter { !kept.contains($0) }.map { table.headings[$0].text }
    if !lost.isEmpty {
      page.paragraph("Not shown for want of width: \(lost.joined(separator: ", ")).", .faint)
    }
  }
}
