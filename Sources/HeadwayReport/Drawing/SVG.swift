import Foundation

/// The shapes that the figures are made of. A shape whose coordinates are no numbers is not drawn: every
/// maker gives `nil` for it.
public enum SVG {
  /// Where a text is held.
  public enum Anchor: String, Sendable {
    /// At its left end.
    case start
    /// At its middle.
    case middle
    /// At its right end.
    case end
  }

  /// A coordinate as text, to a hundredth; `nil` when it is no number.
  public static func number(_ value: Double) -> String? {
    guard value.isFinite, value.magnitude < 1e7 else { return nil }
    let rounded = (value * 100).rounded() / 100
    if rounded == rounded.rounded() { return String(Int(rounded)) }
    var text = String(format: "%.2f", rounded)
    while text.last == "0" { text.removeLast() }
    return text
  }

  /// A straight line.
  public static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class style: String
  ) -> SVGElement? {
    guard let x1 = number(x1), let y1 = number(y1), let x2 = number(x2), let y2 = number(y2) else {
      return nil
    }
    return SVGElement("line", ["x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": style])
  }

  /// A rectangle; `nil` also when its width or height is negative.
  public static func rectangle(
    _ x: Double, _ y: Double, width: Double, height: Double, class style: String, radius: Double = 0
  ) -> SVGElement? {
    guard width >= 0, height >= 0, let left = number(x), let top = number(y), let across = number(width),
      let down = number(height)
    else { return nil }
    let shape = SVGElement(
      "rect", ["x": left, "y": top, "width": across, "height": down, "class": style])
    return radius > 0 ? number(radius).map { shape.with("rx", $0) } : shape
  }

  /// A circle.
  public static func circle(_ x: Double, _ y: Double, radius: Double, class style: String) -> SVGElement? {
    guard radius >= 0, let x = number(x), let y = number(y), let radius = number(radius) else { return nil }
    return SVGElement("circle", ["cx": x, "cy": y, "r": radius, "class": style])
  }

  /// Straight lines through points; points that are no numbers are left out, and fewer than two points
  /// draw nothing.
  public static func polyline(_ points: [(x: Double, y: Double)], class style: String) -> SVGElement? {
    let coordinates = points.compactMap { point -> String? in
      guard let x = number(point.x), let y = number(point.y) else { return nil }
      return "\(x),\(y)"
    }
    guard coordinates.count > 1 else { return nil }
    return SVGElement("polyline", ["points": coordinates.joined(separator: " "), "class": style])
  }

  /// A filled polygon.
  public static func polygon(_ points: [(x: Double, y: Double)], class style: String) -> SVGElement? {
    var shape = polyline(points, class: style)
    shape?.name = "polygon"
    return shape
  }

  /// A line of text whose baseline is at `y`.
  public static func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, class style: String
  ) -> SVGElement? {
    guard let x = number(x), let y = number(y) else { return nil }
    return SVGElement(
      "text", ["x": x, "y": y, "text-anchor": anchor.rawValue, "class": style], text: text)
  }

  /// A generous estimate of the width of a text at a font size: digits and letters of a sans-serif face.
  public static func width(of text: String, size: Double) -> Double {
    text.reduce(0) { $0 + letterWidth($1) } * size
  }

  /// A text shortened so that it fits a width.
  public static func shortened(_ text: String, to room: Double, size: Double) -> String {
    guard width(of: text, size: size) > room else { return text }
    var kept = text
    while !kept.isEmpty && width(of: kept + "…", size: size) > room { kept.removeLast() }
    return kept.isEmpty ? "" : kept + "…"
  }

  /// The width of a letter in a wide sans-serif face, as a share of the font size.
  private static func letterWidth(_ letter: Character) -> Double {
    if "iljtfr.,:;'| []()!".contains(letter) { return 0.4 }
    if "mwMW%…—".contains(letter) { return 0.95 }
    return letter.isUppercase || !letter.isASCII ? 0.7 : 0.62
  }
}
