/// A whole drawing: a view box, a title for those who cannot see it, and its elements.
public struct SVGDocument: Equatable, Sendable {
  /// The width of the view box.
  public var width: Double
  /// The height of the view box.
  public var height: Double
  /// The font size in units of the view box.
  public var fontSize: Double
  /// What the drawing shows, in a sentence.
  public var title: String
  /// The elements, from back to front.
  public var elements: [SVGElement]

  /// Describes a drawing.
  public init(width: Double, height: Double, fontSize: Double, title: String, elements: [SVGElement]) {
    self.width = width
    self.height = height
    self.fontSize = fontSize
    self.title = title
    self.elements = elements
  }

  /// The drawing for a page that brings its own style sheet (``FigureStyle/rules``).
  public var inline: String { root(extra: []).xml }

  /// The drawing as a file of its own, with its style inside; it follows the reader's colour scheme.
  public var standalone: String {
    let style = SVGElement("style", text: "")
    let sheet = FigureStyle.standalone
    // A style sheet is text without markup: it is written as it is, between the tags.
    let xml = root(extra: [style]).xml.replacing("<style/>", with: "<style>\(sheet)</style>")
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml + "\n"
  }

  private func root(extra: [SVGElement]) -> SVGElement {
    let box = "0 0 \(SVG.number(width) ?? "0") \(SVG.number(height) ?? "0")"
    return SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": box, "role": "img", "class": "figure",
        "font-size": SVG.number(fontSize) ?? "12",
      ], children: [SVGElement("title", text: title)] + extra + elements)
  }
}
