import HeadwayTrace

/// Where the thread-seconds went: a bar per cell, parted by category.
public enum TimeFigure {
  /// The figure as a file of its own; `nil` when no cell has shares.
  public static func svg(sweep: SweepSummary, form: FigureForm = .wide) -> String? {
    document(sweep: sweep, form: form)?.standalone
  }

  /// The figure; `nil` when no cell has shares.
  public static func document(sweep: SweepSummary, form: FigureForm) -> SVGDocument? {
    let rows = sweep.cells.compactMap { cell in
      cell.shares.map { StackedBars.Row(label: cell.label, parts: parts($0.categories)) }
    }
    guard !rows.isEmpty else { return nil }
    return StackedBars(rows: rows, form: form, name: "time").document(
      title: "The share of all threads' time in each category, for \(Numerals.plural(rows.count, "cell")).")
  }

  private static func parts(_ categories: [String: Double]) -> [StateCategory: Double] {
    Dictionary(uniqueKeysWithValues: StateCategory.allCases.map { ($0, categories[$0.rawValue] ?? 0) })
  }
}

/// Where each thread's time went in one run: a bar per thread.
public enum ThreadFigure {
  /// The figure; `nil` for a run without books.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let rows = run.threads.filter { $0.wallNs.count > 0 }.map { thread in
      StackedBars.Row(
        label: thread.name,
        parts: Dictionary(
          uniqueKeysWithValues: StateCategory.allCases.map { ($0, thread.time($0) / thread.wallNs) }))
    }
    guard !rows.isEmpty else { return nil }
    return StackedBars(rows: rows, form: form, name: "threads").document(
      title: "The share of each thread's time in each category.")
  }
}
