import HeadwayTrace

/// The throughput of every step: a dot a step, or for a long run a line from the slowest to the fastest of
/// some steps; the warm-up is shaded, and the median of the steps after it drawn across.
public enum StepFigure {
  /// Steps beyond these are drawn in groups.
  static let dotLimit = 320

  /// The figure; `nil` with fewer than two steps.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let rates = StepRates(run.throughput)
    guard rates.values.count > 1, let highest = rates.values.max(), highest > 0 else { return nil }
    var canvas = Canvas(form)
    let isGrouped = rates.values.count > dotLimit
    let entries =
      [isGrouped ? "slowest to fastest of some steps, and their median" : "a step"]
      + (rates.median == nil ? [] : ["median after the warm-up"]) + (rates.warmup == 0 ? [] : ["warm-up"])
    let legend = canvas.legend(entries, top: 0) { canvas, index, x, y in
      if index > 0 && entries[index] == "warm-up" {
        canvas.add(SVG.rectangle(x, y - 7, width: 20, height: 14, class: "beyond"))
        canvas.add(SVG.line(x + 20, y - 7, x + 20, y + 7, class: "boundary"))
      } else if index > 0 {
        canvas.add(SVG.line(x, y, x + 20, y, class: "middle"))
      } else if isGrouped {
        canvas.add(SVG.line(x + 10, y - 7, x + 10, y + 7, class: "range"))
        canvas.add(SVG.circle(x + 10, y, radius: 2.5, class: "s0"))
      } else {
        canvas.add(SVG.circle(x + 10, y, radius: 2.5, class: "s0"))
      }
    }
    let ticks = Ticks.values(upTo: highest, count: 4)
    let frame = PlotFrame(
      on: canvas, top: legend + 34, height: form == .wide ? 200 : 170, gutter: form == .wide ? 62 : 52,
      x: 0.5...(Double(rates.values.count) + 0.5), y: 0...(ticks.last ?? 1))
    if rates.warmup > 0 {
      let edge = frame.x(Double(rates.warmup) + 0.5)
      canvas.add(
        SVG.rectangle(
          frame.x.start, frame.y.end, width: edge - frame.x.start, height: frame.y.start - frame.y.end,
          class: "beyond"))
      canvas.add(SVG.line(edge, frame.y.end, edge, frame.y.start, class: "boundary"))
    }
    frame.draw(
      on: &canvas,
      xTicks: Ticks.values(in: frame.x.domain, count: form == .wide ? 8 : 4)
        .filter { $0 == $0.rounded() && $0 >= 1 }.map { ($0, Numerals.count(Int($0))) },
      yTicks: ticks.map { ($0, Numerals.short($0, upTo: ticks.last ?? 1)) }, xName: "steps",
      yName: rates.unit)
    if isGrouped { drawGroups(rates, frame, on: &canvas) } else { drawDots(rates, frame, on: &canvas) }
    if let median = rates.median {
      canvas.add(
        SVG.line(frame.x.start, frame.y(median), frame.x.end, frame.y(median), class: "middle")?
          .titled("median after the warm-up: \(Numerals.rounded(median)) \(rates.unit)"))
    }
    return canvas.document(
      height: frame.foot,
      title: "\(rates.unit) of each of \(Numerals.plural(rates.values.count, "step")).")
  }

  private static func drawDots(_ rates: StepRates, _ frame: PlotFrame, on canvas: inout Canvas) {
    for (index, rate) in rates.values.enumerated() {
      canvas.add(
        SVG.circle(frame.x(Double(index + 1)), frame.y(rate), radius: 2.2, class: "s0")?
          .titled("step \(index + 1): \(Numerals.rounded(rate)) \(rates.unit)"))
    }
  }

  private static func drawGroups(_ rates: StepRates, _ frame: PlotFrame, on canvas: inout Canvas) {
    for group in rates.groups(count: frame.x.end > 400 ? 160 : 80) {
      let x = frame.x(Double(group.first + group.last) / 2)
      let words =
        "steps \(group.first) to \(group.last): median \(Numerals.rounded(group.median)), slowest"
        + " \(Numerals.rounded(group.slowest)), fastest \(Numerals.rounded(group.fastest)) \(rates.unit)"
      canvas.add(SVG.line(x, frame.y(group.slowest), x, frame.y(group.fastest), class: "range"))
      canvas.add(SVG.circle(x, frame.y(group.median), radius: 1.8, class: "s0")?.titled(words))
    }
  }
}

/// The throughput of each step, in tokens where they were counted and in steps otherwise.
struct StepRates {
  /// Some steps in a row; numbers count from 1.
  struct Group {
    let first: Int
    let last: Int
    let slowest: Double
    let median: Double
    let fastest: Double
  }

  let values: [Double]
  let unit: String
  let warmup: Int

  init(_ throughput: Throughput) {
    let steps = throughput.stepsNs.filter { $0.count > 0 }
    let tokens = throughput.tokens.map { Double($0) / Double(max(throughput.steps, 1)) }
    values = steps.map { (tokens ?? 1) / $0.seconds }
    unit = tokens == nil ? "steps/s" : "tokens/s"
    warmup = min(throughput.warmupSteps, steps.count)
  }

  /// The median of the steps after the warm-up.
  var median: Double? { Self.median(values.dropFirst(warmup)) }

  /// The steps in about so many groups of equal size.
  func groups(count: Int) -> [Group] {
    let size = max((values.count + count - 1) / max(count, 1), 1)
    return stride(from: 0, to: values.count, by: size).map { start in
      let part = values[start..<min(start + size, values.count)]
      return Group(
        first: start + 1, last: part.endIndex, slowest: part.min() ?? .nan,
        median: Self.median(part) ?? .nan, fastest: part.max() ?? .nan)
    }
  }

  private static func median(_ values: some Collection<Double>) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

extension Numerals {
  /// A mark of an axis: in thousands where the axis reaches far, `150k`.
  static func short(_ value: Double, upTo highest: Double) -> String {
    guard highest >= 10_000, value > 0 else { return rounded(value) }
    let thousands = value / 1_000
    return (thousands == thousands.rounded() ? count(Int(thousands)) : rounded(thousands)) + "k"
  }
}
