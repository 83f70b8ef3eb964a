import HeadwayTrace

/// Parallel efficiency over threads: each cell's speed-up over the same configuration at the fewest threads, as a
/// share of the ratio of threads, with its interval; a line at 100 %, and where the CPUs end.
public enum EfficiencyFigure {
  /// The figure; `nil` when no series has an efficiency at two numbers of threads.
  public static func document(sweep: SweepSummary, form: FigureForm) -> SVGDocument? {
    let series = ScalingSeries.shown(in: sweep).filter { series in
      series.cells.filter { $0.efficiency?.value.isFinite ?? false }.count > 1
    }
    let cells = series.flatMap(\.cells).filter { $0.efficiency?.value.isFinite ?? false }
    let counts = Set(cells.compactMap(\.threads)).sorted()
    guard let least = counts.first, let most = counts.last, least < most, least > 0 else { return nil }
    var canvas = Canvas(form)
    let legend = canvas.legend(series.map(\.label) + ["ideal"], top: 0) { canvas, index, x, y in
      if index < series.count {
        canvas.add(SVG.line(x, y, x + 20, y, class: "whisker s\(index % FigureStyle.seriesCount)"))
        canvas.marker(index, x + 10, y)
      } else {
        canvas.add(SVG.line(x, y, x + 20, y, class: "ideal"))
      }
    }
    let isLogarithmic = most > 16 && most / least > 8
    let position = { (count: Int) in isLogarithmic ? Double(count).logarithm : Double(count) }
    let margin = max((position(most) - position(least)) * 0.06, 0.1)
    let highest = cells.flatMap { [$0.efficiency?.value, $0.efficiency?.upper] }.compactMap(\.self).filter(
      \.isFinite)
    let ticks = Ticks.values(upTo: min(max(highest.max() ?? 1, 1), 2), count: 4)
    let frame = PlotFrame(
      on: canvas, top: legend + 34, height: form == .wide ? 180 : 160, gutter: form == .wide ? 58 : 46,
      x: (position(least) - margin)...(position(most) + margin), y: 0...(ticks.last ?? 1))
    drawBoundary(sweep.machine.usableCpus, counts: counts, position: position, frame: frame, on: &canvas)
    frame.draw(
      on: &canvas,
      xTicks: counts.filter { counts.count <= 10 || $0 & ($0 - 1) == 0 }.map { (position($0), String($0)) },
      yTicks: ticks.map { ($0, Numerals.share($0)) }, xName: "threads", yName: "efficiency")
    canvas.add(SVG.line(frame.x.start, frame.y(1), frame.x.end, frame.y(1), class: "ideal"))
    // Series at one number of threads stand side by side, or their intervals would cover each other.
    let places = counts.map { frame.x(position($0)) }
    let nearest = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? 60
    let step = min(form == .wide ? 12 : 6, nearest / Double(series.count + 1))
    for (index, one) in series.enumerated() {
      let shift = (Double(index) - Double(series.count - 1) / 2) * step
      draw(one, number: index, position: position, shift: shift, frame: frame, form: form, on: &canvas)
    }
    return canvas.document(
      height: frame.foot,
      title: "Parallel efficiency over the number of threads, for \(series.count) series of cells.")
  }

  /// Where the number of threads passes the number of CPUs: between the measured counts on either side.
  private static func drawBoundary(
    _ cpus: Double, counts: [Int], position: (Int) -> Double, frame: PlotFrame, on canvas: inout Canvas
  ) {
    guard cpus.isFinite, let below = counts.last(where: { Double($0) <= cpus }),
      let above = counts.first(where: { Double($0) > cpus })
    else { return }
    let edge = (frame.x(position(below)) + frame.x(position(above))) / 2
    canvas.add(
      SVG.rectangle(
        edge, frame.y.end, width: frame.x.end - edge, height: frame.y.start - frame.y.end, class: "beyond"))
    canvas.add(SVG.line(edge, frame.y.end, edge, frame.y.start, class: "boundary"))
  }

  private static func draw(
    _ series: ScalingSeries, number: Int, position: (Int) -> Double, shift: Double, frame: PlotFrame,
    form: FigureForm, on canvas: inout Canvas
  ) {
    let style = "s\(number % FigureStyle.seriesCount)"
    let cells = series.cells.compactMap { cell -> (x: Double, estimate: Estimate)? in
      guard let threads = cell.threads, let estimate = cell.efficiency, estimate.value.isFinite else {
        return nil
      }
      return (frame.x(position(threads)) + shift, estimate)
    }
    canvas.add(SVG.polyline(cells.map { ($0.x, frame.y($0.estimate.value)) }, class: "curve \(style)"))
    for (x, estimate) in cells {
      if let lower = estimate.lower, let upper = estimate.upper, lower.isFinite, upper.isFinite, lower >= 0 {
        canvas.add(SVG.line(x, frame.y(lower), x, frame.y(upper), class: "whisker \(style)"))
      }
      canvas.marker(number, x, frame.y(estimate.value), size: form == .wide ? 4.5 : 3.5)
    }
  }
}
