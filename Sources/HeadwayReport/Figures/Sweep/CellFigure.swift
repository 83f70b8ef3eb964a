import HeadwayTrace

/// The throughput of cells that differ in other things than their threads: a row a cell, with every run as a
/// dot and the estimate with its interval, and the baseline's estimate as a line through all rows.
public enum CellFigure {
  /// Cells beyond these are not drawn; the table has them all.
  static let cellLimit = 40

  /// Whether it says more than a plot over threads: no two cells differ in their threads alone.
  static func isWanted(for sweep: SweepSummary) -> Bool {
    let series = ScalingSeries.all(in: sweep)
    return series.count > 1 && series.allSatisfy { Set($0.cells.map(\.threads)).count == 1 }
  }

  /// The figure; `nil` when no cell has a throughput.
  public static func document(sweep: SweepSummary, form: FigureForm) -> SVGDocument? {
    let cells = ShownCells(measured(sweep), limit: cellLimit).cells
    let highest = cells.flatMap { cell in
      cell.samples.map(\.tokensPerSecond)
        + [cell.tokensPerSecond?.upper, cell.tokensPerSecond?.value].compactMap(\.self)
    }.filter(\.isFinite).max()
    guard let highest, highest > 0 else { return nil }
    var canvas = Canvas(form)
    let legend = canvas.legend(["estimate and interval", "a run", "baseline"], top: 0) {
      canvas, index, x, y in
      switch index {
      case 0:
        canvas.add(SVG.line(x, y, x + 20, y, class: "whisker s0"))
        canvas.marker(0, x + 10, y)
      case 1: canvas.add(SVG.circle(x + 10, y, radius: 2.5, class: "dot s0"))
      default: canvas.add(SVG.line(x + 10, y - 8, x + 10, y + 8, class: "middle"))
      }
    }
    let names = cells.map { SVG.width(of: $0.label, size: form.fontSize) }.max() ?? 0
    let gutter = form == .wide ? min(names + 16, form.width * 0.4) : 0
    let pitch = form == .wide ? 26.0 : 42.0
    let (top, bottom) = (legend + 14, legend + 14 + Double(cells.count) * pitch)
    let ticks = Ticks.values(upTo: highest, count: form == .wide ? 5 : 3)
    let x = Scale(domain: 0...(ticks.last ?? 1), start: gutter + 4, end: form.width - 24)
    for tick in ticks {
      canvas.add(SVG.line(x(tick), top, x(tick), bottom, class: tick == 0 ? "axis" : "grid"))
      let label = Numerals.short(tick, upTo: ticks.last ?? 1)
      canvas.add(
        SVG.text(label, x(tick), bottom + 18, anchor: tick == 0 ? .start : .middle, class: "faint"))
    }
    canvas.add(SVG.text("tokens/s", (x.start + x.end) / 2, bottom + 36, anchor: .middle, class: "faint"))
    if let baseline = cells.first(where: \.isBaseline)?.tokensPerSecond?.value {
      canvas.add(SVG.line(x(baseline), top, x(baseline), bottom, class: "middle"))
    }
    for (index, cell) in cells.enumerated() {
      let y = top + (Double(index) + (form == .wide ? 0.5 : 0.72)) * pitch
      if form == .wide {
        let name = SVG.shortened(cell.label, to: gutter - 14, size: form.fontSize)
        canvas.add(SVG.text(name, gutter - 8, y + 5, anchor: .end, class: "label"))
      } else {
        let name = SVG.shortened(cell.label, to: form.width - 6, size: form.fontSize)
        // Names lie on the lines of the plot.
        canvas.add(SVG.text(name, 0, y - 14, class: "label above"))
      }
      draw(cell, y: y, x: x, on: &canvas)
    }
    return canvas.document(
      height: bottom + 44,
      title: "Throughput of \(Numerals.plural(cells.count, "cell")) in tokens per second.")
  }

  /// Cells that are not drawn, in a sentence that begins with a blank.
  static func note(_ sweep: SweepSummary) -> String {
    ShownCells.note(of: measured(sweep).count, limit: cellLimit)
  }

  private static func measured(_ sweep: SweepSummary) -> [CellSummary] {
    sweep.cells.filter { $0.tokensPerSecond?.value.isFinite ?? false }
  }

  private static func draw(_ cell: CellSummary, y: Double, x: Scale, on canvas: inout Canvas) {
    for sample in cell.samples where sample.tokensPerSecond.isFinite && sample.tokensPerSecond >= 0 {
      canvas.add(
        SVG.circle(x(sample.tokensPerSecond), y + 7, radius: 2, class: "dot s0")?
          .titled("block \(sample.block): \(Numerals.rounded(sample.tokensPerSecond)) tokens/s"))
    }
    guard let estimate = cell.tokensPerSecond else { return }
    if let lower = estimate.lower, let upper = estimate.upper, lower.isFinite, upper.isFinite, lower >= 0 {
      canvas.add(SVG.line(x(lower), y - 1, x(upper), y - 1, class: "whisker s0"))
    }
    canvas.add(
      SVG.circle(x(estimate.value), y - 1, radius: 4.5, class: "s0")?
        .titled("\(cell.label): \(Numerals.rateWithInterval(estimate)) tokens/s"))
  }
}
