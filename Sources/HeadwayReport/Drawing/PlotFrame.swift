/// The axes of a plot: lines across at the marks of the left axis, and marks along the bottom.
struct PlotFrame {
  let x: Scale
  let y: Scale

  /// Places a plot under what is already drawn, with room for the axes' names.
  init(
    on canvas: Canvas, top: Double, height: Double, gutter: Double, x: ClosedRange<Double>,
    y: ClosedRange<Double>
  ) {
    self.x = Scale(domain: x, start: gutter, end: canvas.width - 12)
    self.y = Scale(domain: y, start: top + height, end: top)
  }

  /// The lowest line of the drawing, the axes' names included.
  var foot: Double { y.start + 46 }

  /// Draws the axes.
  func draw(
    on canvas: inout Canvas, xTicks: [(value: Double, label: String)],
    yTicks: [(value: Double, label: String)], xName: String, yName: String
  ) {
    canvas.add(SVG.text(yName, 2, y.end - 15, class: "faint"))
    for tick in yTicks {
      canvas.add(SVG.line(x.start, y(tick.value), x.end, y(tick.value), class: "grid"))
      canvas.add(
        SVG.text(
          tick.label, x.start - 8, y(tick.value) + canvas.fontSize * 0.36, anchor: .end, class: "faint"))
    }
    for tick in xTicks {
      canvas.add(SVG.line(x(tick.value), y.start, x(tick.value), y.start + 4, class: "axis"))
      canvas.add(SVG.text(tick.label, x(tick.value), y.start + 20, anchor: .middle, class: "label"))
    }
    canvas.add(SVG.line(x.start, y.start, x.end, y.start, class: "axis"))
    canvas.add(SVG.text(xName, (x.start + x.end) / 2, y.start + 38, anchor: .middle, class: "faint"))
  }
}
