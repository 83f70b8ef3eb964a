/// A line of blocks whose heights are the values'.
enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let signs: [Character] = ["_", ".", "-", "=", "+", "*", "%", "#"]

  /// A character a value, the lowest the lowest block; equal values stand in the middle. Of more values than columns
  /// each character stands for the mean of neighbours.
  static func text(_ values: [Double], columns: Int, ascii: Bool) -> String {
    let finite = values.filter(\.isFinite)
    let count = min(columns, finite.count)
    let means = (0..<count).map { column in
      let slice = finite[(column * finite.count / count)..<((column + 1) * finite.count / count)]
      return slice.reduce(0, +) / Double(slice.count)
    }
    guard let low = means.min(), let high = means.max() else { return "" }
    let levels = ascii ? signs : blocks
    return String(means.map { high == low ? levels[3] : levels[min(7, Int(($0 - low) / (high - low) * 8))] })
  }
}

/// Points over their order, with a vertical line where a series changes.
struct PointPlot {
  var values: [Double]
  var marks: [Int]
  var ascii: Bool

  /// The plot's lines: the axis to the left, the latest points where not all fit.
  func lines(width: Int, height: Int) -> [String] {
    let labelWidth = 10
    let columns = max(10, width - labelWidth - 2)
    let first = max(0, values.count - columns)
    let shown = values[first...]
    let finite = shown.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), height > 1 else { return [] }
    let spread = high > low ? high - low : max(high.magnitude, 1)
    func row(of value: Double) -> Int {
      high > low ? Int(((value - low) / spread * Double(height - 1)).rounded()) : height / 2
    }
    let stretch = max(1, min(4, columns / max(1, shown.count)))
    return (0..<height).reversed().map { line in
      var text = Array(repeating: Character(" "), count: shown.count * stretch)
      for mark in marks where mark >= first { text[(mark - first) * stretch] = ascii ? "|" : "┊" }
      for (index, value) in zip(shown.indices, shown) where value.isFinite && row(of: value) == line {
        text[(index - first) * stretch] = ascii ? "*" : "●"
      }
      let level = low + spread * Double(line) / Double(height - 1)
      let label = line == 0 || line == height - 1 || line == height / 2 ? Numerals.rounded(level) : ""
      let padded = String(repeating: " ", count: max(0, labelWidth - label.count)) + label
      return padded + (ascii ? " |" : " │") + String(text)
    }
  }
}
