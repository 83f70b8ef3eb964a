import HeadwayTrace

/// A system test as the Markdown template sees it; every text is escaped here.
struct MarkdownSystemTest {
  struct Chapter {
    var chapterTitle: String
    var sentences: [MarkdownSweep.Line]
    var facts: [MarkdownSweep.Line]
    var hasFacts: Bool
    var tables: [MarkdownTable]
  }

  var headline: String
  var lead: String
  var warnings: [MarkdownSweep.Line]
  var hasWarnings: Bool
  var chapters: [Chapter]
  var command: String

  init(_ test: SystemTest) {
    let story = SystemTestStory(test)
    let escaped = MarkdownText.escaped
    (headline, lead) = (escaped(story.headline), escaped(story.lead))
    warnings = story.warnings.map { .init(line: escaped($0)) }
    hasWarnings = !warnings.isEmpty
    chapters = story.chapters.map { chapter in
      Chapter(
        chapterTitle: escaped(chapter.chapterTitle),
        sentences: chapter.sentences.map { .init(line: escaped($0)) },
        facts: chapter.chapterFacts.map { .init(line: "\(escaped($0.factName)) | \(escaped($0.fact))") },
        hasFacts: chapter.hasFacts,
        tables: chapter.chapterTables.map { titled in
          let table = titled.titledTable
          let words = table.headings.indices.filter { table.headings[$0].style.hasPrefix("w") }
          return MarkdownTable(
            title: titled.tableTitle, headings: [table.corner] + table.headings.map(\.text),
            words: Set([0] + words.map { $0 + 1 }),
            rows: table.rows.map { [$0.head] + $0.cells.map(\.text) }, note: titled.tableNote ?? "")
        })
    }
    command = MarkdownText.fenced(test.command)
  }

  static let template = """
    ## Headway system test

    **{{{headline}}}**

    {{{lead}}}

    {{#hasWarnings}}
    > Read with care:
    {{#warnings}}
    > - {{{line}}}
    {{/warnings}}

    {{/hasWarnings}}
    {{#chapters}}
    ### {{{chapterTitle}}}

    {{#sentences}}
    {{{line}}}

    {{/sentences}}
    {{#hasFacts}}
    | | |
    |:--|:--|
    {{#facts}}
    | {{{line}}} |
    {{/facts}}

    {{/hasFacts}}
    {{#tables}}
    {{#hasTitle}}
    #### {{{tableTitle}}}

    {{/hasTitle}}
    {{#lines}}
    | {{{line}}} |
    {{/lines}}

    {{#hasNote}}
    {{{tableNote}}}

    {{/hasNote}}
    {{/tables}}
    {{/chapters}}
    ### Repeat it

    {{{command}}}

    """
}
