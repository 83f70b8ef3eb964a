import HeadwayTrace

/// Horizontal bars whose parts are categories of time, each with a hatching of its own.
struct StackedBars {
  /// One bar: its name and the parts of the whole, 0 … 1, by category.
  struct Row {
    let label: String
    let parts: [StateCategory: Double]
  }

  let rows: [Row]
  let form: FigureForm
  /// Distinguishes the patterns of two drawings on one page.
  let name: String

  func document(title: String) -> SVGDocument {
    var canvas = Canvas(form)
    canvas.add(patterns)
    let categories = StateCategory.allCases.filter { category in
      rows.contains { ($0.parts[category] ?? 0) > 0 }
    }
    var y = canvas.legend(categories.map(Phrases.word), top: 0) { canvas, index, x, y in
      draw(categories[index], x, y - 6, width: 20, height: 12, on: &canvas)
    }
    y += 10
    let gutter = form == .wide ? labelWidth : 0
    for row in rows {
      let label = SVG.shortened(
        row.label, to: form == .wide ? gutter - 12 : canvas.width - 4, size: canvas.fontSize)
      if form == .narrow { y += 14 }
      let baseline = form == .wide ? y + 16 : y
      canvas.add(
        SVG.text(
          label, form == .wide ? gutter - 10 : 0, baseline, anchor: form == .wide ? .end : .start,
          class: "label"))
      if form == .narrow { y += 5 }
      draw(row, left: gutter, top: y, on: &canvas)
      y += form == .wide ? 30 : 28
    }
    for tick in [0.0, 0.25, 0.5, 0.75, 1] {
      let x = gutter + tick * (canvas.width - gutter)
      let anchor: SVG.Anchor = tick == 0 ? .start : tick == 1 ? .end : .middle
      canvas.add(SVG.text("\(Int(tick * 100)) %", x, y + 12, anchor: anchor, class: "faint"))
    }
    return canvas.document(height: y + 18, title: title)
  }

  private var labelWidth: Double {
    let longest = rows.map { SVG.width(of: $0.label, size: form.fontSize) }.max() ?? 0
    return min(longest + 14, form.width * 0.34)
  }

  private func draw(_ row: Row, left: Double, top: Double, on canvas: inout Canvas) {
    let height = 22.0
    let whole = canvas.width - left
    canvas.add(SVG.rectangle(left, top, width: whole, height: height, class: "track"))
    var x = left
    for category in StateCategory.allCases {
      let part = row.parts[category] ?? 0
      guard part.isFinite, part > 0 else { continue }
      let width = min(part * whole, left + whole - x)
      draw(category, x, top, width: width, height: height, on: &canvas)
      label(Numerals.share(part), of: category, left: x, width: width, top: top, on: &canvas)
      x += width
    }
  }

  /// A part's share, where it has room, on a plain ground so that the hatching does not cross it.
  private func label(
    _ text: String, of category: StateCategory, left: Double, width: Double, top: Double,
    on canvas: inout Canvas
  ) {
    let room = SVG.width(of: text, size: canvas.fontSize) + 10
    guard width > room else { return }
    let middle = left + width / 2
    if Self.hatchings[category] != nil {
      canvas.add(
        SVG.rectangle(
          middle - room / 2, top + 3, width: room, height: 16, class: "c-\(category.rawValue)", radius: 2))
    }
    canvas.add(SVG.text(text, middle, top + 15.5, anchor: .middle, class: "on-\(category.rawValue)"))
  }

  private func draw(
    _ category: StateCategory, _ x: Double, _ y: Double, width: Double, height: Double,
    on canvas: inout Canvas
  ) {
    canvas.add(SVG.rectangle(x, y, width: width, height: height, class: "c-\(category.rawValue)"))
    if Self.hatchings[category] != nil {
      let pattern = SVG.rectangle(x, y, width: width, height: height, class: "pattern")
      canvas.add(pattern?.with("fill", "url(#\(patternName(category)))"))
    }
  }

  private enum Hatching { case falling, rising, specks, crossed }

  private static let hatchings: [StateCategory: Hatching] = [
    .spin: .specks, .runnable: .rising, .unknown: .crossed, .lifecycle: .falling,
  ]

  private func patternName(_ category: StateCategory) -> String {
    "\(name)-\(form.rawValue)-\(category.rawValue)"
  }

  private var patterns: SVGElement {
    let patterns = Self.hatchings.sorted { $0.key.rawValue < $1.key.rawValue }.map { category, hatching in
      let falling = SVGElement("path", ["d": "M-2 6 L2 10 M0 0 L8 8 M6 -2 L10 2", "class": "hatch"])
      let rising = SVGElement("path", ["d": "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", "class": "hatch"])
      let marks: [SVGElement] =
        switch hatching {
        case .falling: [falling]
        case .rising: [rising]
        case .crossed: [falling, rising]
        case .specks: [SVGElement("circle", ["cx": "4", "cy": "4", "r": "1.6", "class": "speck"])]
        }
      return SVGElement(
        "pattern",
        ["id": patternName(category), "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"],
        children: marks)
    }
    return SVGElement("defs", children: patterns)
  }
}
