import HeadwayTrace

/// A run that goes on, as text for a terminal. Pure: the caller knows the size of the terminal, and draws.
public enum LivePage {
  /// The page as lines, none of which is wider than the terminal nor the page higher.
  ///
  /// - Parameters:
  ///   - view: What is to be seen.
  ///   - footer: The last line: whose run it is, and which keys do something.
  ///   - width: Columns of the terminal.
  ///   - height: Lines of the terminal.
  public static func lines(
    _ view: LiveView, footer: String, width: Int, height: Int, color: Bool = false, ascii: Bool = false
  ) -> [String] {
    let style = TerminalStyle(width: width, color: color, ascii: ascii)
    let columns = max(width, 1)
    func set(_ text: String, _ emphasis: TerminalStyle.Emphasis? = nil) -> String {
      let line = String(style.cleaned(text).prefix(columns))
      return emphasis.map { style.set(line, $0) } ?? line
    }
    var top = [set(LiveWords.progress(view), .strong), set(LiveWords.surroundings(view))]
    top += LiveWords.cautions(view).map { set($0, .doubtful) }
    let waits = waitLines(view, width: columns, limit: max(0, (height - top.count - 6) / 3)).map { set($0) }
    let room = height - top.count - 1 - waits.count - 1
    let threads = threadLines(view, style: style, width: columns, limit: room)
    var lines = top
    if !threads.isEmpty { lines += [""] + threads.map { set($0) } }
    lines += waits
    lines = Array(lines.prefix(max(0, height - 1)))
    return Array((lines + [set(footer, .faint)]).suffix(max(1, height)))
  }

  /// The rows of the threads under a heading, at most `limit` lines with it.
  private static func threadLines(
    _ view: LiveView, style: TerminalStyle, width: Int, limit: Int
  ) -> [String] {
    let rows = LiveWords.ordered(view).filter { $0.role != .sampler }
    guard !rows.isEmpty, limit >= 2 else { return [] }
    let space = limit - 1
    let shown = rows.count > space ? rows.prefix(max(0, space - 1)) : rows[...]
    let whole = Detail.allCases.map { table(Array(shown), $0, room: 0, style: style) }
    // As much as fits; what little there is is cut.
    let detail = Detail.allCases[whole.firstIndex { $0.width <= width } ?? whole.count - 1]
    let narrow = table(Array(shown), detail, room: 0, style: style).width
    var chosen = table(Array(shown), detail, room: width - narrow - 2, style: style)
    chosen.fit(into: width)
    let set = chosen.lines(rule: " ")
    var lines = set.heading + set.rows
    if shown.count < rows.count {
      lines.append("and \(Numerals.plural(rows.count - shown.count, "thread")) more: make the window higher")
    }
    return lines
  }

  /// What a table tells of a thread, from all to least.
  private enum Detail: CaseIterable {
    case rates, times, shares, least
  }

  private static func table(
    _ rows: [LiveView.Row], _ detail: Detail, room: Int, style: TerminalStyle
  ) -> TextTable {
    var columns: [TextTable.Column] = [
      .init("thread", right: false), .init("now", right: false), .init("works"),
    ]
    if detail != .least { columns += [.init("waits"), .init("spins")] }
    if detail == .rates || detail == .times { columns += [.init("CPU"), .init("no CPU")] }
    if detail == .rates { columns += [.init("tasks/s"), .init("tokens/s")] }
    let bar = min(room, 40)
    if bar >= 8 { columns.append(.init("", right: false)) }
    return TextTable(
      columns: columns,
      rows: rows.map { row in
        var cells = [row.name, LiveWords.state(of: row), Numerals.share(row.share(.useful))]
        if detail != .least {
          cells += [Numerals.share(row.share(.blocked)), Numerals.share(row.share(.spin))]
        }
        if detail == .rates || detail == .times {
          cells += [Numerals.share(row.cpuShare), Numerals.share(row.readyShare)]
        }
        if detail == .rates {
          cells += [Numerals.perSecond(row.tasksPerSecond), Numerals.perSecond(row.tokensPerSecond)]
        }
        if bar >= 8 { cells.append(Self.bar(row, width: bar, ascii: style.ascii)) }
        return cells
      })
  }

  /// Working time filled, polling shaded, waiting dotted; what is left, the tool's or unknown, blank.
  private static func bar(_ row: LiveView.Row, width: Int, ascii: Bool) -> String {
    guard row.shares != nil else { return "" }
    let signs = ascii ? ["#", "~", "."] : ["█", "▒", "·"]
    var text = ""
    var sum = 0.0
    for (category, sign) in zip([StateCategory.useful, .spin, .blocked], signs) {
      sum += row.share(category) ?? 0
      // Each border is rounded, not each part, so that the whole is never longer than the bar.
      let end = min(width, Int((sum * Double(width)).rounded()))
      text += String(repeating: sign, count: max(0, end - text.count))
    }
    return text
  }

  private static func waitLines(_ view: LiveView, width: Int, limit: Int) -> [String] {
    guard !view.waits.isEmpty, limit > 0 else { return [] }
    let rows = view.waits.prefix(limit)
    var table = TextTable(
      columns: [.init("waiting in", right: false), .init("threads now"), .init("on average")],
      rows: rows.map { wait in
        [
          wait.state, Numerals.count(wait.threadsNow),
          wait.threadsOnAverage.map { Numerals.fixed($0, 2) } ?? Numerals.absent,
        ]
      })
    table.fit(into: width)
    let set = table.lines(rule: " ")
    return [""] + set.heading + set.rows
  }
}
