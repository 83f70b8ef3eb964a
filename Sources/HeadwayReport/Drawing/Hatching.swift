import HeadwayTrace

/// The hatchings that stand beside the colours of the categories, so that no colour carries meaning alone.
///
/// A pattern brings the colour of its ground with it: one shape is enough for a hatched area.
struct Hatching {
  private enum Marks { case falling, rising, specks, crossed }

  /// Distinguishes the patterns of two drawings on one page.
  let name: String

  private static let marks: [(category: StateCategory, marks: Marks)] = [
    (.spin, .specks), (.runnable, .rising), (.lifecycle, .falling), (.unknown, .crossed),
  ]

  /// Whether a category is hatched; the others are plain.
  static func covers(_ category: StateCategory) -> Bool { marks.contains { $0.category == category } }

  /// An area of a category.
  func area(
    _ category: StateCategory, _ x: Double, _ y: Double, width: Double, height: Double
  ) -> SVGElement? {
    if !Self.covers(category) {
      return SVG.rectangle(x, y, width: width, height: height, class: "c-\(category.rawValue)")
    }
    return SVG.rectangle(x, y, width: width, height: height, class: "p-\(category.rawValue)")?
      .with("fill", "url(#\(name)-\(category.rawValue))")
  }

  /// The patterns of the categories, to be defined once in the drawing.
  func definitions(of categories: [StateCategory] = StateCategory.allCases) -> SVGElement {
    SVGElement(
      "defs",
      children: Self.marks.filter { categories.contains($0.category) }.map { category, marks in
        SVGElement(
          "pattern",
          [
            "id": "\(name)-\(category.rawValue)", "width": "8", "height": "8",
            "patternUnits": "userSpaceOnUse",
          ],
          children: [SVGElement("rect", ["width": "8", "height": "8", "class": "c-\(category.rawValue)"])]
            + Self.shapes(marks))
      })
  }

  private static func shapes(_ marks: Marks) -> [SVGElement] {
    let falling = SVGElement("path", ["d": "M-2 6 L2 10 M0 0 L8 8 M6 -2 L10 2", "class": "hatch"])
    let rising = SVGElement("path", ["d": "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", "class": "hatch"])
    return switch marks {
    case .falling: [falling]
    case .rising: [rising]
    case .crossed: [falling, rising]
    case .specks: [SVGElement("circle", ["cx": "4", "cy": "4", "r": "1.6", "class": "speck"])]
    }
  }
}
