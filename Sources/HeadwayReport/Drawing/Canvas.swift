/// The form that a figure is drawn in: for a wide page, or for a phone, where a text of the same size
/// takes a larger part of the width.
public enum FigureForm: String, Sendable, CaseIterable {
  /// 800 units across; a page shows it up to 1,040 wide.
  case wide
  /// 360 units across.
  case narrow

  var width: Double { self == .wide ? 800 : 360 }
  var fontSize: Double { 12 }
}

/// A drawing in the making: elements from back to front.
struct Canvas {
  let form: FigureForm
  private(set) var elements: [SVGElement] = []

  init(_ form: FigureForm) { self.form = form }

  var width: Double { form.width }
  var fontSize: Double { form.fontSize }

  /// Adds an element unless it could not be made.
  mutating func add(_ element: SVGElement?) {
    if let element { elements.append(element) }
  }

  /// Adds a group of elements under a class, with attributes that the page's script reads.
  mutating func group(_ style: String, _ attributes: [(String, String)] = [], _ children: [SVGElement?]) {
    var group = SVGElement("g", ["class": style], children: children.compactMap(\.self))
    for (name, value) in attributes { group = group.with(name, value) }
    elements.append(group)
  }

  /// The finished drawing.
  func document(height: Double, title: String) -> SVGDocument {
    SVGDocument(width: width, height: height, fontSize: fontSize, title: title, elements: elements)
  }

  /// Sets legend entries in lines from the left and gives the height that they took. `mark` draws an
  /// entry's mark at its left end and middle height, within 20 units.
  mutating func legend(
    _ entries: [String], top: Double, mark: (inout Canvas, Int, Double, Double) -> Void
  ) -> Double {
    let line = fontSize * 1.65
    var (x, y) = (2.0, top)
    for (index, entry) in entries.enumerated() {
      let label = SVG.shortened(entry, to: width - 30, size: fontSize)
      let advance = 26 + SVG.width(of: label, size: fontSize) + 14
      if x > 2 && x + advance - 14 > width {
        (x, y) = (2, y + line)
      }
      mark(&self, index, x, y + line / 2)
      add(SVG.text(label, x + 26, y + line / 2 + fontSize * 0.36, class: "label"))
      x += advance
    }
    return entries.isEmpty ? 0 : y + line - top
  }

  /// The marker of a series: a shape that differs from series to series.
  mutating func marker(_ series: Int, _ x: Double, _ y: Double, size: Double = 5) {
    let style = "s\(series % FigureStyle.seriesCount)"
    switch series % FigureStyle.seriesCount {
    case 0: add(SVG.circle(x, y, radius: size, class: style))
    case 1:
      add(SVG.rectangle(x - size * 0.9, y - size * 0.9, width: size * 1.8, height: size * 1.8, class: style))
    case 2:
      add(
        SVG.polygon(
          [(x, y - size * 1.2), (x + size * 1.1, y + size * 0.8), (x - size * 1.1, y + size * 0.8)],
          class: style))
    case 3:
      add(
        SVG.polygon(
          [(x, y - size * 1.3), (x + size * 1.3, y), (x, y + size * 1.3), (x - size * 1.3, y)], class: style))
    case 4:
      add(
        SVG.polygon(
          [(x, y + size * 1.2), (x + size * 1.1, y - size * 0.8), (x - size * 1.1, y - size * 0.8)],
          class: style))
    default: add(SVG.rectangle(x - size * 1.2, y - size * 0.5, width: size * 2.4, height: size, class: style))
    }
  }
}
