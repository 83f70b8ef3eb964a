import HeadwayTrace

/// Where the thread-seconds went: a bar per cell, parted by category.
public enum TimeFigure {
  /// Cells beyond these are not drawn; the table has them all.
  static let cellLimit = 40

  /// The figure as a file of its own; `nil` when no cell has shares.
  public static func svg(sweep: SweepSummary, form: FigureForm = .wide) -> String? {
    document(sweep: sweep, form: form)?.standalone
  }

  /// The figure; `nil` when no cell has shares.
  public static func document(sweep: SweepSummary, form: FigureForm) -> SVGDocument? {
    let shown = ShownCells(sweep.cells.filter { $0.shares != nil }, limit: cellLimit).cells
    let isCompact = shown.count > 16
    let rows = shown.compactMap { cell in
      cell.shares.map {
        StackedBars.Row(label: cell.label, parts: parts($0.categories), isCompact: isCompact)
      }
    }
    guard !rows.isEmpty else { return nil }
    return StackedBars(rows: rows, form: form, name: "time").document(
      title: "The share of all threads' time in each category, for \(Numerals.plural(rows.count, "cell")).")
  }

  private static func parts(_ categories: [String: Double]) -> [StateCategory: Double] {
    Dictionary(uniqueKeysWithValues: StateCategory.allCases.map { ($0, categories[$0.rawValue] ?? 0) })
  }
}

/// The cells that a figure has room for: the baseline and the fastest, in the sweep's order.
struct ShownCells {
  let cells: [CellSummary]
  /// Cells that are not among them.
  let omitted: Int

  init(_ all: [CellSummary], limit: Int, better: SweepMetric.Polarity = .higher) {
    func rate(_ cell: CellSummary) -> Double {
      guard let value = cell.figure?.value, !value.isNaN else {
        return cell.isBaseline ? .infinity : -.infinity
      }
      return cell.isBaseline ? .infinity : better == .higher ? value : -value
    }
    let ranked = all.enumerated().sorted { (rate($1.element), $0.offset) < (rate($0.element), $1.offset) }
    let kept = Set(ranked.prefix(limit).map(\.offset))
    cells = all.enumerated().filter { kept.contains($0.offset) }.map(\.element)
    omitted = all.count - cells.count
  }

  /// What is not drawn, in a sentence that begins with a blank; empty when everything is.
  static func note(of all: Int, limit: Int) -> String {
    all > limit
      ? " Drawn are the baseline and the fastest, \(limit) of \(Numerals.plural(all, "cell")); the table has all."
      : ""
  }
}
