/// The lines of a report as they are written, top to bottom.
final class TerminalPage {
  let style: TerminalStyle
  private var lines: [String] = []

  init(_ style: TerminalStyle) { self.style = style }

  /// Lines so far.
  var lineCount: Int { lines.count }

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

  /// A paragraph broken at the width; where it has more lines than `limit`, it ends in an ellipsis.
  func paragraph(
    _ text: String, first: String = "", rest: String = "", limit: Int = .max,
    _ emphasis: TerminalStyle.Emphasis? = nil
  ) {
    var broken = style.wrapped(
      style.cleaned(text).replacing("\n", with: " "), first: style.cleaned(first), rest: style.cleaned(rest))
    if broken.count > limit {
      broken.removeLast(broken.count - limit)
      if let last = broken.popLast() { broken.append(style.cut(Self.sentence(in: last) + " ")) }
    }
    // A single word can be longer than the line.
    if limit < .max { broken = broken.map { $0.count > style.width ? style.cut($0) : $0 } }
    lines += broken.map { line in emphasis.map { style.set(line, $0) } ?? line }
  }

  /// A line without the sentence that begins near its end, of which the first words alone say nothing.
  private static func sentence(in line: String) -> String {
    let characters = Array(line)
    let end = characters.indices.dropFirst().last { place in
      characters[place] == " " && (characters[place - 1] == "." || characters[place - 1] == ";")
    }
    guard let end, end * 10 >= characters.count * 6 else { return line }
    return String(characters[...end])
  }

  /// A line that has to stay whole to be of use, such as a path or a command, however long it is.
  func whole(_ text: String) { lines.append(style.cleaned(text).replacing("\n", with: " ")) }

  /// How many rows a table leaves out; nothing where it has them all.
  func note(omitted: Int, _ noun: String) {
    guard omitted > 0 else { return }
    paragraph(
      "and \(Numerals.plural(omitted, "more " + noun)); the report in full has them all", limit: 1, .faint)
  }

  /// A line as it is, cut at the width.
  func line(_ text: String) { lines.append(String(style.cleaned(text).prefix(style.width))) }

  /// A table, with a rule under its headings; `emphasis` may colour a row by its index.
  func table(
    _ table: TextTable, ruled: Bool = true, emphasis: (Int) -> TerminalStyle.Emphasis? = { _ in nil }
  ) {
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
    if ruled { lines.append(style.set(set.rule, .faint)) }
    for (index, row) in set.rows.enumerated() {
      let row = style.cleaned(row)
      lines.append(emphasis(index).map { style.set(row, $0) } ?? row)
    }
  }
}
