import Foundation

/// An element of a drawing. Text and attribute values are escaped when it is written.
public struct SVGElement: Equatable, Sendable {
  /// The tag: `rect`, `text`.
  public var name: String
  /// The attributes in the order in which they are written.
  public var attributes: [Attribute]
  /// The elements inside.
  public var children: [SVGElement]
  /// The text inside, before the children.
  public var text: String

  /// A name with its value.
  public struct Attribute: Equatable, Sendable {
    /// The name.
    public var name: String
    /// The value, not yet escaped.
    public var value: String
  }

  /// Describes an element.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String = "",
    children: [SVGElement] = []
  ) {
    self.name = name
    self.attributes = attributes.map { Attribute(name: $0.key, value: $0.value) }
    self.children = children
    self.text = text
  }

  /// The element with one more attribute.
  public func with(_ name: String, _ value: String) -> SVGElement {
    var element = self
    element.attributes.append(Attribute(name: name, value: value))
    return element
  }

  /// The element with a text that a reader sees who points at it.
  public func titled(_ words: String) -> SVGElement {
    var element = self
    element.children.insert(SVGElement("title", text: words), at: 0)
    return element
  }

  /// The element as XML.
  public var xml: String {
    let attributes = attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
    if children.isEmpty && text.isEmpty { return "<\(name)\(attributes)/>" }
    return "<\(name)\(attributes)>\(Self.escaped(text))\(children.map(\.xml).joined())</\(name)>"
  }

  /// Text in which XML's own characters are escaped and those that XML forbids are replaced.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result += " "
      case _
      where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
