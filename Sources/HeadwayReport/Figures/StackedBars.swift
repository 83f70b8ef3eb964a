import HeadwayTrace

/// Horizontal bars whose parts are categories of time, each with a hatching of its own.
struct StackedBars {
  /// One bar: its name and the parts of the whole, 0 … 1, by category.
  struct Row {
    let label: String
    let parts: [StateCategory: Double]
    /// Whether it is drawn low and without figures, one of many.
    var isCompact = false
  }

  let rows: [Row]
  let form: FigureForm
  /// Distinguishes the patterns of two drawings on one page.
  let name: String
  /// What a category is called.
  var words: (StateCategory) -> String = Phrases.word

  private var hatching: Hatching { Hatching(name: "\(name)-\(form.rawValue)") }

  func document(title: String) -> SVGDocument {
    var canvas = Canvas(form)
    canvas.add(hatching.definitions())
    let categories = StateCategory.allCases.filter { category in
      rows.contains { ($0.parts[category] ?? 0) > 0 }
    }
    var y = canvas.legend(categories.map(words), top: 0) { canvas, index, x, y in
      canvas.add(hatching.area(categories[index], x, y - 6, width: 20, height: 12))
    }
    y += 10
    let gutter = form == .wide ? labelWidth : 0
    for (index, row) in rows.enumerated() {
      if row.isCompact && index > 0 && !rows[index - 1].isCompact { y += 8 }
      y = draw(row, number: index, left: gutter, top: y, on: &canvas)
    }
    for tick in [0.0, 0.25, 0.5, 0.75, 1] {
      let x = gutter + tick * (canvas.width - gutter)
      let anchor: SVG.Anchor = tick == 0 ? .start : tick == 1 ? .end : .middle
      canvas.add(SVG.text("\(Int(tick * 100)) %", x, y + 14, anchor: anchor, class: "faint"))
    }
    return canvas.document(height: y + 20, title: title)
  }

  private var labelWidth: Double {
    let longest = rows.map { SVG.width(of: $0.label, size: form.fontSize) }.max() ?? 0
    return min(longest + 14, form.width * 0.34)
  }

  /// Draws a row and gives the top of the next one.
  private func draw(
    _ row: Row, number: Int, left: Double, top: Double, on canvas: inout Canvas
  ) -> Double {
    var y = top
    let height = row.isCompact ? 9.0 : 22.0
    let label = SVG.shortened(
      row.label, to: form == .wide ? left - 12 : canvas.width - 4, size: canvas.fontSize)
    if row.isCompact {
      // A label needs the height of two rows: every second row has one, and those without keep their tip.
      if form == .wide && number.isMultiple(of: 2) {
        canvas.add(SVG.text(label, left - 10, y + 9, anchor: .end, class: "label"))
      }
    } else if form == .wide {
      canvas.add(SVG.text(label, left - 10, y + 16, anchor: .end, class: "label"))
    } else {
      canvas.add(SVG.text(label, 0, y + 14, class: "label"))
      y += 19
    }
    bar(row, left: left, top: y, height: height, on: &canvas)
    return y + height + (row.isCompact ? 2 : form == .wide ? 8 : 6)
  }

  private func bar(
    _ row: Row, left: Double, top: Double, height: Double, on canvas: inout Canvas
  ) {
    let whole = canvas.width - left
    canvas.add(SVG.rectangle(left, top, width: whole, height: height, class: "track"))
    var x = left
    for category in StateCategory.allCases {
      let part = row.parts[category] ?? 0
      guard part.isFinite, part > 0 else { continue }
      let width = min(part * whole, left + whole - x)
      let words = "\(row.label): \(words(category)), \(Numerals.share(part))"
      canvas.add(hatching.area(category, x, top, width: width, height: height)?.titled(words))
      if !row.isCompact {
        label(Numerals.share(part), of: category, left: x, width: width, top: top, on: &canvas)
      }
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
    if Hatching.covers(category) {
      canvas.add(
        SVG.rectangle(
          middle - room / 2, top + 3, width: room, height: 16, class: "c-\(category.rawValue)", radius: 2))
    }
    canvas.add(SVG.text(text, middle, top + 15.5, anchor: .middle, class: "on-\(category.rawValue)"))
  }
}
