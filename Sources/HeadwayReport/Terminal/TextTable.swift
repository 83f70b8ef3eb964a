/// A table of plain text with aligned columns.
struct TextTable {
  /// One column: its heading, which may have several lines, and its side.
  struct Column {
    var heading: [String]
    var isRight: Bool
    init(_ heading: String, right: Bool = true) {
      self.heading = heading.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      isRight = right
    }
  }

  var columns: [Column]
  var rows: [[String]] = []
  var gap = 2

  /// The width of each column in characters.
  var widths: [Int] {
    columns.indices.map { index in
      let cells = rows.map { index < $0.count ? $0[index].count : 0 }
      return max(columns[index].heading.map(\.count).max() ?? 0, cells.max() ?? 0)
    }
  }

  /// The width of a whole line.
  var width: Int { widths.reduce(0, +) + gap * max(columns.count - 1, 0) }

  /// Shortens the cells of the first column so that a line fits, down to a readable least.
  mutating func fit(into limit: Int) {
    let excess = width - limit
    guard excess > 0, let first = widths.first else { return }
    let room = max(first - excess, 8)
    rows = rows.map { row in
      guard let cell = row.first, cell.count > room else { return row }
      return [cell.prefix(room - 1) + "…"] + row.dropFirst()
    }
    if columns[0].heading.contains(where: { $0.count > room }) {
      columns[0].heading = columns[0].heading.map { String($0.prefix(room)) }
    }
  }

  /// The heading lines, a rule and the rows; no line has trailing blanks.
  func lines(rule: Character) -> (heading: [String], rule: String, rows: [String]) {
    let height = columns.map(\.heading.count).max() ?? 0
    let headings = (0..<height).map { line in
      columns.map { column in
        let offset = line - (height - column.heading.count)
        return offset >= 0 ? column.heading[offset] : ""
      }
    }
    return (headings.map(aligned), String(repeating: rule, count: width), rows.map(aligned))
  }

  private func aligned(_ cells: [String]) -> String {
    let widths = widths
    var line = ""
    for (index, column) in columns.enumerated() {
      let cell = index < cells.count ? cells[index] : ""
      let padding = String(repeating: " ", count: max(widths[index] - cell.count, 0))
      line += (index == 0 ? "" : String(repeating: " ", count: gap))
      line += column.isRight ? padding + cell : cell + padding
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
