import Foundation
import HeadwayTrace

/// Throughput over threads: every run as a dot, each cell's estimate with its interval, the ideal line
/// from the fewest threads of the baseline's series, and the number of CPUs.
public enum ScalingFigure {
  /// The figure as a file of its own; `nil` when no cell has a figure.
  public static func svg(sweep: SweepSummary, form: FigureForm = .wide) -> String? {
    document(sweep: sweep, form: form)?.standalone
  }

  /// The figure; `nil` when no cell has a figure.
  ///
  /// - Parameter bandwidth: What the memory's bandwidth would allow, over threads; not drawn where it is empty.
  public static func document(
    sweep: SweepSummary, bandwidth: [LawPoint] = [], form: FigureForm
  ) -> SVGDocument? {
    let series = ScalingSeries.shown(in: sweep)
    guard !series.isEmpty else { return nil }
    var canvas = Canvas(form)
    let hasLaw = series.contains { ScalingLawDrawing($0, in: sweep) != nil }
    let entries =
      series.map(\.label) + ["ideal"] + (hasLaw ? ["universal law, 95\u{A0}% band"] : [])
      + (bandwidth.count > 1 ? ["memory’s bandwidth"] : [])
    let legend = canvas.legend(entries, top: 0) { canvas, index, x, y in
      if index == entries.count - 1 && bandwidth.count > 1 {
        canvas.add(SVG.line(x, y, x + 20, y, class: "roof"))
      } else if index > series.count {
        canvas.add(SVG.rectangle(x, y - 6, width: 20, height: 12, class: "fan s0"))
        canvas.add(SVG.line(x, y, x + 20, y, class: "law s0"))
      } else if index < series.count {
        canvas.add(SVG.line(x, y, x + 20, y, class: "whisker s\(index % FigureStyle.seriesCount)"))
        canvas.marker(index, x + 10, y)
      } else {
        canvas.add(SVG.line(x, y, x + 20, y, class: "ideal"))
      }
    }
    let plot = ScalingPlot(series: series, sweep: sweep, form: form, top: legend + 34)
    plot.drawFrame(on: &canvas)
    plot.drawRoof(bandwidth, on: &canvas)
    for index in series.indices { plot.drawLaw(index, on: &canvas) }
    for index in series.indices { plot.draw(index, on: &canvas) }
    return canvas.document(
      height: plot.bottom + 44,
      title:
        "\(subject(sweep)) in \(unit(sweep)) over the number of threads, for \(series.count) series of cells."
    )
  }

  /// What the bandwidth's line says, in a sentence that begins with a blank; empty where there is none.
  static func note(_ bandwidth: [LawPoint], highest: Double) -> String {
    guard let last = bandwidth.last, bandwidth.count > 1 else {
      return
        " Where the memory’s bandwidth would end the scaling is not known: it takes what headway machine --json writes"
        + " on this machine (headway report --machine)."
    }
    let rate =
      "\(Numerals.rounded(last.value.value)) tokens/s at \(Numerals.count(Int(last.threads))) threads"
    let place = last.value.value > highest * 2 ? ", far above the plot" : ""
    return
      " The memory’s bandwidth would allow \(rate)\(place), if every array of a step were read and written once from"
      + " memory; what stays in the caches may go beyond it."
  }

  /// What is drawn, as a heading begins.
  static func subject(_ sweep: SweepSummary) -> String {
    let name = sweep.metric.name
    return name.prefix(1).uppercased() + name.dropFirst()
  }

  private static func unit(_ sweep: SweepSummary) -> String {
    sweep.program == nil ? "tokens per second" : sweep.metric.unit
  }
}

/// The cells that differ only in their number of threads.
struct ScalingSeries {
  let label: String
  let cells: [CellSummary]
  let hasBaseline: Bool

  /// The series of a sweep in the order of their first cells; cells without a figure or a known number of threads
  /// are left out.
  static func all(in sweep: SweepSummary) -> [ScalingSeries] {
    var keys: [[AxisSetting]] = []
    var groups: [[AxisSetting]: [CellSummary]] = [:]
    for cell in sweep.cells where (cell.figure?.value.isFinite ?? false) && cell.threads != nil {
      let key = cell.settings.filter { $0.axis != "threads" }
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(cell)
    }
    return keys.map { key in
      let cells = (groups[key] ?? []).sorted { ($0.threads ?? 0) < ($1.threads ?? 0) }
      return ScalingSeries(
        label: name(of: key), cells: cells, hasBaseline: cells.contains(where: \.isBaseline))
    }
  }

  /// The series that a figure draws: as many as have a colour and a marker of their own, with the baseline's
  /// and then those that reach the highest throughput, in the sweep's order.
  static func shown(in sweep: SweepSummary) -> [ScalingSeries] {
    let every = all(in: sweep)
    func rank(_ series: ScalingSeries) -> Double {
      series.hasBaseline ? .infinity : series.cells.compactMap { $0.tokensPerSecond?.value }.max() ?? 0
    }
    let ranked = every.enumerated().sorted {
      (rank($1.element), $0.offset) < (rank($0.element), $1.offset)
    }
    let kept = Set(ranked.prefix(FigureStyle.seriesCount).map(\.offset))
    return every.enumerated().filter { kept.contains($0.offset) }.map(\.element)
  }

  /// Series that are not drawn, in a sentence that begins with a blank.
  static func note(_ sweep: SweepSummary) -> String {
    let count = all(in: sweep).count
    return count > FigureStyle.seriesCount
      ? " Drawn are the baseline’s series and the fastest, \(FigureStyle.seriesCount) of \(count); the table has all."
      : ""
  }

  /// What all cells of a series share, and nothing that only some of them have.
  private static func name(of key: [AxisSetting]) -> String {
    let words = key.compactMap { setting -> String? in
      switch (setting.axis, setting.value) {
      case ("scheduling", let value): value
      case ("prefetch", "off"), ("prefetch", "0"): nil
      case ("prefetch", "1"), ("prefetch", "on"): "prefetch"
      case (let axis, let value): "\(axis.replacing("_", with: " ")) \(value)"
      }
    }
    if !words.isEmpty { return words.joined(separator: ", ") }
    return key.isEmpty
      ? "all cells" : key.map { "no \($0.axis.replacing("_", with: " "))" }.joined(separator: ", ")
  }
}
