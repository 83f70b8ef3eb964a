import HeadwayTrace

extension TerminalReport {
  /// What was predicted beside what was measured.
  static func write(ledger: LedgerSummary?, to page: TerminalPage) {
    guard let ledger else { return }
    page.heading(LedgerWords.heading)
    page.paragraph(LedgerWords.scores(ledger))
    let rows = ledger.rows.filter { $0.tokensPerSecond != nil }
    if !rows.isEmpty {
      let whole = table(of: rows, isNarrow: false)
      page.table(whole.width <= page.style.width ? whole : table(of: rows, isNarrow: true))
    }
    for sentence in LedgerWords.unknown(ledger) { page.paragraph(sentence, first: "- ", rest: "  ") }
    page.paragraph(LedgerWords.note + " " + LedgerWords.basis(ledger), .faint)
  }

  /// A row for each predicted cell; where it is narrow, without the intervals of what was measured.
  private static func table(of rows: [LedgerRow], isNarrow: Bool) -> TextTable {
    var columns: [TextTable.Column] = [
      .init("cell", right: false), .init("predicted\n1000 tokens/s"),
      .init(isNarrow ? "mea-\nsured" : "measured\n[95 %]"), .init("error"), .init("within", right: false),
      .init("speed-up\nerror"),
    ]
    if !isNarrow { columns.append(.init("within", right: false)) }
    return TextTable(
      columns: columns,
      rows: rows.map { row in
        let measured = row.tokensPerSecond?.measured
        let cells = [
          row.label, Numerals.thousandsWithInterval(row.tokensPerSecond?.predicted),
          isNarrow
            ? measured.map { Numerals.rounded($0.value / 1_000) } ?? Numerals.absent
            : Numerals.thousandsWithInterval(measured),
          LedgerWords.error(row.tokensPerSecond), LedgerWords.within(row.tokensPerSecond),
          LedgerWords.error(row.speedup),
        ]
        return isNarrow ? cells : cells + [LedgerWords.within(row.speedup)]
      })
  }
}
