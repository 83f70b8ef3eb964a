import HeadwayTrace

extension TerminalReport {
  /// The counters of each thread, and of all; nothing where nobody asked for them.
  static func write(counters run: RunSummary, to page: TerminalPage) {
    guard run.counters != nil else { return }
    page.heading(CounterWords.heading)
    let headings = CounterWords.headings(run)
    page.table(
      TextTable(
        columns: [.init("thread", right: false)] + headings.map { .init($0.replacing(" ", with: "\n")) },
        rows: CounterWords.rows(run)))
    page.paragraph(CounterWords.note(run), .faint)
  }
}
