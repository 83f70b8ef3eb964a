import HeadwayTrace

/// The differences in wall time split into their parts: a row a comparison, with what was saved to the left of
/// the middle and what was lost to the right.
public enum DifferenceFigure {
  /// The figure; `nil` when no row has a split difference.
  public static func document(rows: [ComparisonRow], form: FigureForm) -> SVGDocument? {
    let split = rows.compactMap { row in row.wall.map { (row: row, wall: $0) } }
    let sums = split.map { sides(of: $0.wall) }
    guard let widest = sums.flatMap({ [$0.saved, $0.lost] }).max(), widest > 0 else { return nil }
    var canvas = Canvas(form)
    let hatching = Hatching(name: "difference-\(rows[0].against.rawValue)-\(form.rawValue)")
    canvas.add(hatching.definitions())
    let shown = DifferenceParts.all.filter { part in split.contains { part.part($0.wall).count != 0 } }
    let legend = canvas.legend(shown.map(\.words) + ["the difference"], top: 0) { canvas, index, x, y in
      if index < shown.count {
        canvas.add(area(shown[index], hatching, x, y - 6, width: 20, height: 12))
      } else {
        canvas.add(SVG.line(x + 10, y - 9, x + 10, y + 9, class: "mark"))
      }
    }
    let isWide = form == .wide
    let names = split.map { SVG.width(of: ComparisonWords.pair($0.row), size: form.fontSize) }.max() ?? 0
    let gutter = isWide ? min(names + 16, form.width * 0.36) : 0
    let pitch = isWide ? 30.0 : 46.0
    let (top, bottom) = (legend + 26, legend + 26 + Double(split.count) * pitch)
    // One scale for both sides, from the largest saving to the largest loss.
    let (saved, lost) = (sums.map(\.saved).max() ?? 0, sums.map(\.lost).max() ?? 0)
    let x = Scale(domain: -saved...max(lost, 0), start: gutter + 8, end: form.width - 8)
    let middle = x(0)
    if saved > 0 && middle - gutter > 70 {
      canvas.add(SVG.text("← saved", middle - 8, top - 9, anchor: .end, class: "faint"))
    }
    if lost > 0 && form.width - middle > 60 {
      canvas.add(SVG.text("lost →", middle + 8, top - 9, class: "faint"))
    }
    for (index, item) in split.enumerated() {
      let y = top + Double(index) * pitch + (isWide ? 0 : 18)
      let name = ComparisonWords.pair(item.row)
      if isWide {
        let text = SVG.shortened(name, to: gutter - 14, size: form.fontSize)
        canvas.add(SVG.text(text, gutter - 8, y + 17, anchor: .end, class: "label"))
      } else {
        let text = SVG.shortened(name, to: form.width - 6, size: form.fontSize)
        canvas.add(SVG.text(text, 0, y - 5, class: "label"))
      }
      draw(item.wall, name: name, y: y + 3, x: x, hatching, on: &canvas)
    }
    canvas.add(SVG.line(middle, top, middle, bottom, class: "axis"))
    return canvas.document(
      height: bottom + 4,
      title:
        "The difference in wall time of \(Numerals.plural(split.count, "comparison")), split into its parts.")
  }

  /// What the parts save together and what they cost together, both above zero.
  private static func sides(of wall: WallTimeDifference) -> (saved: Double, lost: Double) {
    let parts = DifferenceParts.all.map { Double($0.part(wall).count) }
    return (-parts.filter { $0 < 0 }.reduce(0, +), parts.filter { $0 > 0 }.reduce(0, +))
  }

  private static func draw(
    _ wall: WallTimeDifference, name: String, y: Double, x: Scale, _ hatching: Hatching,
    on canvas: inout Canvas
  ) {
    var (left, right) = (0.0, 0.0)
    for part in DifferenceParts.all {
      let value = Double(part.part(wall).count)
      if value == 0 { continue }
      let (from, to) = value < 0 ? (left + value, left) : (right, right + value)
      if value < 0 { left += value } else { right += value }
      let words = "\(name): \(part.words), \(Numerals.signed(part.part(wall)))"
      canvas.add(area(part, hatching, x(from), y, width: x(to) - x(from), height: 20)?.titled(words))
    }
    let place = x(Double(wall.differenceNs.count))
    canvas.add(
      SVG.line(place, y - 3, place, y + 23, class: "mark")?
        .titled("\(name): \(Numerals.signed(wall.differenceNs)) in all"))
  }

  private static func area(
    _ part: DifferenceParts.Part, _ hatching: Hatching, _ x: Double, _ y: Double, width: Double,
    height: Double
  ) -> SVGElement? {
    guard let category = part.category else {
      return SVG.rectangle(
        x, y, width: width, height: height, class: part.words == "amount of work" ? "s4" : "s2")
    }
    return hatching.area(category, x, y, width: width, height: height)
  }
}
