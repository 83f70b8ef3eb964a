import HeadwayTrace

/// The table of a sweep's cells, in the widest form that fits the terminal.
struct SweepTable {
  /// A form of the table, from everything spelt out to what fits 80 columns.
  private enum Form {
    /// Every column, throughput in tokens per second.
    case wide
    /// Every column, throughput in thousands.
    case thousands
    /// Barrier and queue idle added up: a cell has one or the other.
    case merged
    /// As ``merged``, the throughput without its interval and the verdict as a sign.
    case narrow
    /// Another program, of which there is nothing but its metric.
    case outside

    /// The forms that a sweep may have, the widest first.
    static func choices(for sweep: SweepSummary) -> [Form] {
      sweep.program == nil ? [.wide, .thousands, .merged, .narrow] : [.outside]
    }
  }

  private let sweep: SweepSummary
  private let cells: [CellSummary]
  private let ascii: Bool

  /// The table of a sweep, or of some of its cells.
  init(_ sweep: SweepSummary, cells: [CellSummary]? = nil, ascii: Bool) {
    self.sweep = sweep
    self.cells = cells ?? sweep.cells
    self.ascii = ascii
  }

  /// Writes the table, how many cells it leaves out, and how to read it: in a sentence of at most so many lines, or in
  /// full.
  func write(to page: TerminalPage, omitted: Int = 0, noteLines: Int? = nil) {
    let forms = Form.choices(for: sweep).flatMap { form in
      [2, 1].map { (form: form, table: table(form, gap: $0)) }
    }
    guard let chosen = forms.first(where: { $0.table.width <= page.style.width }) ?? forms.last else {
      return
    }
    page.table(chosen.table) { index in
      switch cells[index].verdict {
      case .faster: .good
      case .slower: .bad
      default: nil
      }
    }
    page.note(omitted: omitted, "cell")
    if let noteLines { return page.paragraph(shortNote(of: chosen.form), limit: noteLines, .faint) }
    if chosen.form == .outside {
      page.paragraph(
        "[…] is the 95 % interval over blocks; the speed-up (×, the more the faster) is against the baseline, paired "
          + "by block. Of \(sweep.metric.name), \(sweep.metric.better.rawValue) is better.", .faint)
      return
    }
    let merged = chosen.form == .merged || chosen.form == .narrow
    page.paragraph(
      "[…] is the 95 % interval over blocks; the speed-up (×) is against the baseline, paired by block. "
        + (merged ? "Sync idle (at barriers or an empty queue)" : "Idle")
        + " and no CPU (ready but not running) are shares of the workers' time, input wait of the window.",
      .faint)
  }

  /// How to read the table, as short as it can be said.
  private func shortNote(of form: Form) -> String {
    let interval = "[…] 95 % over blocks, paired with the baseline; "
    switch form {
    case .outside: return interval + "of \(sweep.metric.name), \(sweep.metric.better.rawValue) is better"
    case .merged, .narrow:
      return interval + "idle at barriers or queues, no CPU (ready, not running) of the workers' time"
    case .wide, .thousands:
      return interval + "idle and no CPU (ready, not running) of the workers' time"
    }
  }

  private func table(_ form: Form, gap: Int) -> TextTable {
    var columns = [TextTable.Column("cell", right: false)]
    switch form {
    case .wide: columns.append(.init("tokens/s\n[95 %]"))
    case .thousands, .merged: columns.append(.init("1000 tokens/s\n[95 %]"))
    case .narrow: columns.append(.init("tok/s"))
    case .outside: columns.append(.init("\(sweep.metric.name), \(sweep.metric.unit)\n[95 %]"))
    }
    columns += [.init("speed-up\n[95 %]"), .init(form == .narrow ? "eff." : "effi-\nciency")]
    switch form {
    case .wide, .thousands: columns += [.init("barrier\nidle"), .init("queue\nidle")]
    case .merged, .narrow: columns.append(.init("sync\nidle"))
    case .outside: break
    }
    if form != .outside { columns += [.init("input\nwait"), .init("no\nCPU")] }
    columns.append(.init(form == .narrow ? "" : "verdict", right: false))
    return TextTable(columns: columns, rows: cells.map { row($0, form) }, gap: gap)
  }

  private func row(_ cell: CellSummary, _ form: Form) -> [String] {
    var row = [cell.label]
    switch form {
    case .wide, .outside: row.append(Numerals.rateWithInterval(cell.figure))
    case .thousands, .merged: row.append(Numerals.thousandsWithInterval(cell.tokensPerSecond))
    case .narrow: row.append(Numerals.rate(cell.tokensPerSecond))
    }
    let ratio = Numerals.ratioWithInterval(cell.speedup)
    row += [form == .wide ? ratio : ratio.replacing("×", with: ""), Numerals.share(cell.efficiency?.value)]
    switch form {
    case .wide, .thousands:
      row += [Numerals.share(cell.shares?.barrierIdle), Numerals.share(cell.shares?.queueIdle)]
    case .merged, .narrow: row.append(Numerals.share(cell.shares.map { $0.barrierIdle + $0.queueIdle }))
    case .outside: break
    }
    let sign = Phrases.sign(cell.verdict, isBaseline: cell.isBaseline, ascii: ascii)
    let word = form == .narrow ? "" : " " + Phrases.word(cell.verdict, isBaseline: cell.isBaseline)
    if form == .outside { return row + [sign + word] }
    return row + [Numerals.share(cell.shares?.inputWait), Numerals.share(cell.shares?.runnable), sign + word]
  }
}
