/// The lines of a report as they are written, top to bottom.
final class TerminalPage {
  let style: TerminalStyle
  private var lines: [String] = []

  init(_ style: TerminalStyle) { self.style = style }

  /// The whole text, ending in a newline.
  var text: String { lines.joined(separator: "\n") + "\n" }

  /// A blank line, unless nothing or a blank line stands above.
  func gap() {
    if !(lines.last?.isEmpty ?? true) { lines.append("") }
  }

  /// A heading with a blank line above.
  func heading(_ text: String) {
    gap()
    lines.append(style.set(style.cleaned(text), .strong))
  }

  /// A paragraph broken at the width.
  func paragraph(
    _ text: String, first: String = "", rest: String = "", _ emphasis: TerminalStyle.Emphasis? = nil
  ) {
    let broken = style.wrapped(
      style.cleaned(text).replacing("\n", with: " "), first: style.cleaned(first), rest: style.cleaned(rest))
    lines += broken.map { line in emphasis.map { style.set(line, $0) } ?? line }
  }

  /// A line as it is, cut at the width.
  func line(_ text: String) { lines.append(String(style.cleaned(text).prefix(style.width))) }

  /// A table; `emphasis` may colour a row by its index.
  func table(_ table: TextTable, emphasis: (Int) -> TerminalStyle.Emphasis? = { _ in nil }) {
    var table = table
    table.rows = table.rows.map { row in row.map { style.cleaned($0).replacing("\n", with: " ") } }
    table.columns = table.columns.map { column in
      var column = column
      column.heading = column.heading.map { style.cleaned($0) }
      return column
    }
    table.fit(into: style.width)
    let set = table.lines(rule: style.ascii ? "-" : "─")
    lines += set.heading.map { style.set(style.cleaned($0), .strong) }
    lines.append(style.set(set.rule, .faint))
    for (index, row) in set.rows.enumerated() {
      let row = style.cleaned(row)
      lines.append(emphasis(index).map { style.set(row, $0) } ?? row)
    }
  }
}
