import HeadwayTrace

/// The loss over the steps: the training loss as a line, the validation loss as diamonds.
public enum LossFigure {
  /// The figure; `nil` with fewer than two training losses.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let train = (run.loss?.train ?? []).filter { $0.value.isFinite }
    let validation = (run.loss?.validation ?? []).filter { $0.value.isFinite }
    let values = (train + validation).map { Double($0.value) }
    guard train.count > 1, let lowest = values.min(), let highest = values.max(), let first = train.first,
      let last = train.last, first.step < last.step
    else { return nil }
    var canvas = Canvas(form)
    let entries = validation.isEmpty ? ["training"] : ["training", "validation"]
    let top =
      canvas.legend(entries, top: 0) { canvas, index, x, y in
        if index == 0 {
          canvas.add(SVG.line(x, y, x + 20, y, class: "whisker s0"))
        } else {
          canvas.marker(3, x + 10, y)
        }
      } + 34
    let bottom = top + (form == .wide ? 220 : 190)
    let room = max((highest - lowest) * 0.06, 1e-6)
    let y = Scale(domain: (lowest - room)...(highest + room), start: bottom, end: top)
    let x = Scale(domain: Double(first.step)...Double(last.step), start: 46, end: canvas.width - 12)
    canvas.add(SVG.text("nats per token", 2, top - 15, class: "faint"))
    for tick in Ticks.values(in: y.domain, count: 4) {
      canvas.add(SVG.line(x.start, y(tick), x.end, y(tick), class: "grid"))
      let label = Numerals.fixed(tick, highest - lowest < 0.5 ? 2 : 1)
      canvas.add(SVG.text(label, x.start - 8, y(tick) + 4, anchor: .end, class: "faint"))
    }
    for tick in Ticks.values(in: x.domain, count: form == .wide ? 8 : 4) where tick == tick.rounded() {
      canvas.add(SVG.text(Numerals.count(Int(tick)), x(tick), bottom + 20, anchor: .middle, class: "label"))
    }
    canvas.add(SVG.line(x.start, bottom, x.end, bottom, class: "axis"))
    canvas.add(SVG.text("steps", (x.start + x.end) / 2, bottom + 38, anchor: .middle, class: "faint"))
    canvas.add(
      SVG.polyline(thinned(train).map { (x(Double($0.step)), y(Double($0.value))) }, class: "curve s0"))
    for point in validation where x.domain.contains(Double(point.step)) {
      canvas.marker(3, x(Double(point.step)), y(Double(point.value)))
    }
    return canvas.document(
      height: bottom + 46, title: "Training and validation loss in nats per token over the steps.")
  }

  /// At most 600 points, evenly picked; a curve has no room for more.
  private static func thinned(_ points: [LossPoint]) -> [LossPoint] {
    let stride = max(points.count / 600, 1)
    return points.enumerated().filter { $0.offset % stride == 0 || $0.offset == points.count - 1 }.map(
      \.element)
  }
}
