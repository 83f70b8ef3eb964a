import Foundation
import FoundationXML

/// An SVG read back: whether it is well-formed, its coordinates are numbers, and all of it is in view.
final class DrawnSVG: NSObject, XMLParserDelegate {
  private(set) var problems: [String] = []
  private(set) var shapes = 0
  private var width = 0.0
  private var height = 0.0
  private var size = 12.0
  private var text: (content: String, attributes: [String: String])?
  private var isInDefinitions = false

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    if !parser.parse() { problems.append("not well-formed: \(String(describing: parser.parserError))") }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "svg" {
      let box = (attributes["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
      if box.count == 4 { (width, height) = (box[2], box[3]) } else { problems.append("no view box") }
      size = Double(attributes["font-size"] ?? "") ?? 0
      if size < 11 { problems.append("text of \(size) units is too small") }
    }
    if name == "defs" { isInDefinitions = true }
    guard !isInDefinitions else { return }
    shapes += 1
    let across = ["x", "x1", "x2", "cx"].compactMap { key in attributes[key].map { (key, $0) } }
    let down = ["y", "y1", "y2", "cy"].compactMap { key in attributes[key].map { (key, $0) } }
    for (key, value) in across { check(value, in: width, "\(name) \(key)") }
    for (key, value) in down { check(value, in: height, "\(name) \(key)") }
    if name == "rect", let x = number(attributes["x"]), let wide = number(attributes["width"]) {
      check(String(x + wide), in: width, "rect right")
    }
    for pair in (attributes["points"] ?? "").split(separator: " ") {
      let point = pair.split(separator: ",").map(String.init)
      guard point.count == 2 else {
        problems.append("point \(pair)")
        continue
      }
      check(point[0], in: width, "point x")
      check(point[1], in: height, "point y")
    }
    if name == "text" { text = ("", attributes) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text?.content += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    if name == "defs" { isInDefinitions = false }
    guard name == "text", let text, let x = number(text.attributes["x"]) else { return }
    let length = Double(text.content.count) * size * 0.5
    let left =
      switch text.attributes["text-anchor"] {
      case "middle": x - length / 2
      case "end": x - length
      default: x
      }
    if left < -4 || left + length > width + 4 {
      problems.append("text “\(text.content)” at \(left) of \(width)")
    }
    self.text = nil
  }

  private func number(_ text: String?) -> Double? { text.flatMap(Double.init) }

  private func check(_ text: String, in limit: Double, _ what: String) {
    guard let value = Double(text), value.isFinite else {
      problems.append("\(what) is \(text)")
      return
    }
    if value < -0.01 || value > limit + 0.01 { problems.append("\(what) \(value) is outside of \(limit)") }
  }
}
