import Foundation
import HeadwayTrace

/// The coordinates of the scaling figure and what is drawn at them.
struct ScalingPlot {
  let series: [ScalingSeries]
  let bottom: Double
  private let top: Double
  private let form: FigureForm
  private let threads: [Int]
  private let cpus: Double
  private let x: Scale
  private let y: Scale
  private let ticks: [Double]
  private let ideal: [(threads: Double, rate: Double)]
  private let isLogarithmic: Bool
  private let laws: [ScalingLawDrawing?]
  private let unit: String
  private let better: SweepMetric.Polarity

  init(series: [ScalingSeries], sweep: SweepSummary, form: FigureForm, top: Double) {
    self.series = series
    self.form = form
    laws = series.map { ScalingLawDrawing($0, in: sweep) }
    self.top = top
    bottom = top + (form == .wide ? 320 : 260)
    unit = sweep.metric.unit
    better = sweep.metric.better
    threads = Set(series.flatMap { $0.cells.compactMap(\.threads) }).sorted()
    cpus = sweep.machine.usableCpus
    let (least, most) = (Double(threads.first ?? 1), Double(threads.last ?? 1))
    isLogarithmic = most > 16 && most / max(least, 1) > 8
    let rates = series.flatMap(\.cells).flatMap { cell in
      cell.figures.map(\.value) + [cell.figure?.upper, cell.figure?.value].compactMap(\.self)
    }
    let bands = laws.compactMap(\.self).flatMap { $0.points.map(\.upper) }
    let highest = (rates.filter(\.isFinite) + bands).max() ?? 1
    ideal = Self.ideal(series: series, threads: least...most, cpus: cpus, sweep.metric.better)
    let ceiling = min(max(highest, ideal.map(\.rate).max() ?? 0), highest * 2.2)
    ticks = Ticks.values(upTo: ceiling, count: 5)
    y = Scale(domain: 0...(ticks.last ?? 1), start: bottom, end: top)
    let position = { [isLogarithmic] (count: Double) in isLogarithmic ? log2(max(count, 1)) : count }
    let margin = max((position(most) - position(least)) * 0.12, 0.5)
    x = Scale(
      domain: (position(least) - margin)...(position(most) + margin), start: form == .wide ? 58 : 46,
      end: form.width - 4)
  }

  /// Axes, marks, the CPUs' boundary and the ideal line.
  func drawFrame(on canvas: inout Canvas) {
    let small = canvas.fontSize * 0.36
    if let edge = boundary {
      canvas.add(SVG.rectangle(edge, top, width: x.end - edge, height: bottom - top, class: "beyond"))
      canvas.add(SVG.line(edge, top, edge, bottom, class: "boundary"))
      let label =
        form == .wide ? "more threads than the \(Numerals.cpus(cpus)) →" : "> \(Numerals.cpus(cpus)) →"
      let room = x.end - edge - 10
      // Where the curves are not: rates end high, times low.
      let y = better == .higher ? bottom - 10 : top + 16
      canvas.add(
        SVG.text(SVG.shortened(label, to: room, size: canvas.fontSize), edge + 8, y, class: "faint")
      )
    }
    for tick in ticks {
      canvas.add(SVG.line(x.start, y(tick), x.end, y(tick), class: tick == 0 ? "axis" : "grid"))
      canvas.add(SVG.text(short(tick), x.start - 8, y(tick) + small, anchor: .end, class: "faint"))
    }
    canvas.add(SVG.text(unit, 2, top - 15, class: "faint"))
    for count in threads where isMarked(count) {
      canvas.add(SVG.line(at(Double(count)), bottom, at(Double(count)), bottom + 4, class: "axis"))
      canvas.add(SVG.text(String(count), at(Double(count)), bottom + 20, anchor: .middle, class: "label"))
    }
    canvas.add(SVG.text("threads", (x.start + x.end) / 2, bottom + 38, anchor: .middle, class: "faint"))
    canvas.add(SVG.polyline(visibleIdeal, class: "ideal"))
  }

  /// What the memory's bandwidth would allow, as far as it is within the plot.
  func drawRoof(_ bandwidth: [LawPoint], on canvas: inout Canvas) {
    guard bandwidth.count > 1, let least = threads.first, let most = threads.last else { return }
    // Parts of the line above the plot are cut where it leaves it.
    var pieces: [[(x: Double, y: Double)]] = [[]]
    for step in 0...64 {
      let count = Double(least) + Double(most - least) * Double(step) / 64
      let rate = Self.interpolated(bandwidth, at: count)
      if let rate, rate <= y.domain.upperBound {
        pieces[pieces.count - 1].append((at(count), y(rate)))
      } else if !(pieces.last?.isEmpty ?? true) {
        pieces.append([])
      }
    }
    for piece in pieces { canvas.add(SVG.polyline(piece, class: "roof")) }
  }

  /// The value at a number of threads between two points; `nil` outside them.
  private static func interpolated(_ points: [LawPoint], at count: Double) -> Double? {
    guard let above = points.first(where: { $0.threads >= count }),
      let below = points.last(where: { $0.threads <= count })
    else { return nil }
    if above.threads == below.threads { return above.value.value }
    let part = (count - below.threads) / (above.threads - below.threads)
    return below.value.value + part * (above.value.value - below.value.value)
  }

  /// The universal law that was fitted to a series, as a dashed line in its band.
  func drawLaw(_ index: Int, on canvas: inout Canvas) {
    guard let law = laws[index] else { return }
    let style = "s\(index % FigureStyle.seriesCount)"
    let edge = law.points.map { (x: at($0.threads), y: y($0.upper)) }
    let back = law.points.reversed().map { (x: at($0.threads), y: y($0.lower)) }
    canvas.add(SVG.polygon(edge + back, class: "fan \(style)"))
    canvas.add(SVG.polyline(law.points.map { (at($0.threads), y($0.value)) }, class: "law \(style)"))
  }

  /// The runs, the intervals, the estimates and the line through them.
  func draw(_ index: Int, on canvas: inout Canvas) {
    let style = "s\(index % FigureStyle.seriesCount)"
    let shift = (Double(index) - Double(series.count - 1) / 2) * step
    let cells = series[index].cells
    canvas.add(
      SVG.polyline(
        cells.map { (at(count(of: $0)) + shift, y($0.figure?.value ?? .nan)) },
        class: "curve \(style)"))
    for cell in cells {
      let place = at(count(of: cell)) + shift
      for sample in cell.figures where sample.value.isFinite && sample.value >= 0 {
        let spread = (Double(sample.block % 3) - 1) * min(step / 10, 1.4)
        canvas.add(
          SVG.circle(place - step / 2 + spread, y(sample.value), radius: 2, class: "dot \(style)"))
      }
      guard let estimate = cell.figure else { continue }
      if let lower = estimate.lower, let upper = estimate.upper, lower.isFinite, upper.isFinite, lower >= 0 {
        canvas.add(SVG.line(place, y(lower), place, y(upper), class: "whisker \(style)"))
        for end in [lower, upper] {
          canvas.add(SVG.line(place - 4, y(end), place + 4, y(end), class: "whisker \(style)"))
        }
      }
      canvas.marker(index, place, y(estimate.value), size: form == .wide ? 4.5 : 3.5)
    }
  }

  /// Where the number of threads passes the number of CPUs: between the measured counts on either side.
  private var boundary: Double? {
    guard cpus.isFinite, let below = threads.last(where: { Double($0) <= cpus }),
      let above = threads.first(where: { Double($0) > cpus })
    else { return nil }
    return (at(Double(below)) + at(Double(above))) / 2
  }

  /// The distance between two series at the same number of threads.
  private var step: Double {
    let places = threads.map { at(Double($0)) }
    let nearest = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? 60
    return min(form == .wide ? 18 : 9, nearest / Double(series.count + 1))
  }

  /// The place of a cell; a series has none without a number of threads.
  private func count(of cell: CellSummary) -> Double { cell.threads.map(Double.init) ?? .nan }

  private func at(_ count: Double) -> Double { x(isLogarithmic ? log2(max(count, 1)) : count) }

  private func isMarked(_ count: Int) -> Bool {
    threads.count <= 10 || count & (count - 1) == 0
  }

  private func short(_ rate: Double) -> String {
    guard y.domain.upperBound >= 10_000, rate > 0 else { return Numerals.rounded(rate) }
    let thousands = rate / 1_000
    let isWhole = thousands == thousands.rounded()
    return (isWhole ? Numerals.count(Int(thousands)) : Numerals.rounded(thousands, digits: 3)) + "k"
  }

  /// The ideal line up to the top of the plot.
  private var visibleIdeal: [(x: Double, y: Double)] {
    var points: [(x: Double, y: Double)] = []
    for (index, point) in ideal.enumerated() {
      if point.rate > y.domain.upperBound {
        guard index > 0, case let last = ideal[index - 1], point.rate > last.rate else { break }
        let part = (y.domain.upperBound - last.rate) / (point.rate - last.rate)
        points.append((at(last.threads + part * (point.threads - last.threads)), top))
        break
      }
      points.append((at(point.threads), y(point.rate)))
    }
    return points
  }

  /// Proportional growth from the fewest threads of the baseline's series up to the number of CPUs, and
  /// level from there; of a metric of which less is better, the inverse.
  private static func ideal(
    series: [ScalingSeries], threads: ClosedRange<Double>, cpus: Double, _ better: SweepMetric.Polarity
  ) -> [(threads: Double, rate: Double)] {
    guard let first = (series.first(where: \.hasBaseline) ?? series.first)?.cells.first,
      let rate = first.figure?.value, let fewest = first.threads.map(Double.init), fewest > 0
    else { return [] }
    let limit = cpus.isFinite && cpus > 0 ? max(cpus, fewest) : threads.upperBound
    var counts = [fewest]
    // Enough points for a straight line to look right on a logarithmic axis too.
    for part in 1...32 { counts.append(counts[0] + (threads.upperBound - counts[0]) * Double(part) / 32) }
    if limit < threads.upperBound { counts.append(limit) }
    return Set(counts).sorted().map { count in
      let gain = min(count, limit) / fewest
      return (count, better == .higher ? rate * gain : rate / gain)
    }
  }
}
