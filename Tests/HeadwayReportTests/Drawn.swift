import HeadwayReport
import Testing

/// Access to what a drawing holds.
enum Drawn {
  /// The group with a class.
  static func group(_ style: String, in document: SVGDocument) throws -> SVGElement {
    try #require(document.elements.first { $0.name == "g" && attribute($0, "class") == style })
  }

  static func attribute(_ element: SVGElement, _ name: String) -> String? {
    element.attributes.first { $0.name == name }?.value
  }

  /// A coordinate; no number where there is none.
  static func number(_ element: SVGElement, _ name: String) -> Double {
    attribute(element, name).flatMap(Double.init) ?? .nan
  }

  /// What an element says to who points at it.
  static func title(_ element: SVGElement) -> String? { element.children.first { $0.name == "title" }?.text }

  /// Every element of a drawing.
  static func all(_ document: SVGDocument) -> [SVGElement] {
    func inside(_ element: SVGElement) -> [SVGElement] { [element] + element.children.flatMap(inside) }
    return document.elements.flatMap(inside)
  }

  /// The texts of a drawing.
  static func texts(_ document: SVGDocument) -> [String] {
    all(document).filter { $0.name == "text" }.map(\.text)
  }
}
