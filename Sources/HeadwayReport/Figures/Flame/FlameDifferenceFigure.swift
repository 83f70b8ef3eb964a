import HeadwayTrace

/// A differential flame graph: a function is as wide as the mean of its shares in both runs; what gained has one
/// hue and what lost another, in three strengths, and a sign with the difference in percentage points stands in
/// its text. Where the difference is no more than chance gives, the function is grey.
public enum FlameDifferenceFigure {
  /// The figure; `name` says what the samples are of.
  public static func document(_ difference: FlameDifference, name: String, form: FigureForm) -> SVGDocument {
    var canvas = Canvas(form)
    let layout = FlameDifferenceLayout(difference, form: form)
    let entries = [
      ("f-gained-2", "▲ gained share"), ("f-lost-2", "▼ lost share"), ("f-same", "no clear difference"),
    ]
    let top =
      canvas.legend(entries.map(\.1), top: 0) { canvas, index, x, y in
        canvas.add(SVG.rectangle(x, y - 6, width: 20, height: 12, class: entries[index].0))
      } + 8
    var marks: [SVGElement?] = []
    var labels: [SVGElement?] = []
    for frame in layout.frames {
      let y = top + Double(frame.depth) * FlameLayout.pitch
      marks.append(
        SVG.rectangle(
          frame.left, y, width: frame.width, height: FlameLayout.pitch - 1,
          class: style(frame.node, difference))?
          .titled(words(frame.node, difference)))
      let label = "\(sign(frame.node, difference))\(FunctionWords.withoutModule(frame.node.name))"
      let text = SVG.shortened(label, to: frame.width - 8, size: canvas.fontSize)
      if text.count > 4 || text == label && !text.isEmpty {
        labels.append(SVG.text(text, frame.left + 4, y + 13, class: "label"))
      }
    }
    canvas.group(
      "marks", [("data-left", "0"), ("data-right", SVG.number(form.width) ?? "0"), ("data-kind", "flame")],
      marks)
    canvas.group("labels", [], labels)
    return canvas.document(
      height: top + Double(layout.depth) * FlameLayout.pitch + 2,
      title:
        "\(name), candidate against base: callers above, what they call below, with gained and lost shares.")
  }

  /// What is too narrow or too deep to draw, in a sentence that begins with a blank; empty when all is drawn.
  static func note(_ difference: FlameDifference) -> String {
    let layout = FlameDifferenceLayout(difference, form: .wide)
    guard layout.omitted > 0 else { return "" }
    return
      " \(Numerals.plural(layout.omitted, "function")) under \(Numerals.share(FlameLayout.leastShare)) of the"
      + " samples or deeper than \(FlameFigure.depthLimit) calls "
      + (layout.omitted == 1 ? "is" : "are") + " not drawn."
  }

  /// `▲`, `▼` or nothing, with a blank behind it.
  static func sign(_ node: FlameDifference.Node, _ difference: FlameDifference) -> String {
    guard difference.isClear(node) else { return "" }
    return (difference.gain(node) > 0 ? "▲" : "▼") + points(difference.gain(node)) + " "
  }

  /// A difference of shares: `+12.3`, in percentage points.
  static func points(_ gain: Double) -> String {
    guard gain.isFinite else { return Numerals.absent }
    return (gain < 0 ? "−" : "+") + Numerals.fixed((gain * 100).magnitude, gain.magnitude < 0.0995 ? 1 : 0)
  }

  /// The script takes a function's name from what stands before the first comma.
  private static func words(_ node: FlameDifference.Node, _ difference: FlameDifference) -> String {
    let (old, new) = difference.shares(node)
    let module = node.module.map { " in \($0)" } ?? ""
    let verdict = difference.isClear(node) ? "\(points(new - old)) percentage points" : "no clear difference"
    return
      "\(sign(node, difference))\(node.name)\(module), \(Numerals.share(old)) → \(Numerals.share(new)) of the samples"
      + " (\(verdict))"
  }

  private static func style(_ node: FlameDifference.Node, _ difference: FlameDifference) -> String {
    guard difference.isClear(node) else { return "f-same" }
    let gain = difference.gain(node)
    let strength = gain.magnitude < 0.02 ? 1 : gain.magnitude < 0.1 ? 2 : 3
    return "\(gain > 0 ? "f-gained" : "f-lost")-\(strength)"
  }
}

/// Where the functions of a differential flame graph lie.
struct FlameDifferenceLayout {
  struct Frame {
    let node: FlameDifference.Node
    let left: Double
    let width: Double
    let depth: Int
  }

  private(set) var frames: [Frame] = []
  private(set) var depth = 0
  /// Functions that are not drawn.
  private(set) var omitted = 0
  private let difference: FlameDifference
  private let across: Double
  private let least: Double

  init(_ difference: FlameDifference, form: FigureForm) {
    self.difference = difference
    across = form.width
    least = form == .wide ? FlameLayout.leastShare * form.width : 1.6
    place(difference.roots, left: 0, depth: 0)
  }

  private mutating func place(_ nodes: [FlameDifference.Node], left: Double, depth: Int) {
    var left = left
    for node in nodes {
      let (old, new) = difference.shares(node)
      let width = (old + new) / 2 * across
      if width < least || depth >= FlameFigure.depthLimit {
        omitted += Self.size(of: node)
      } else {
        frames.append(Frame(node: node, left: left, width: width, depth: depth))
        self.depth = max(self.depth, depth + 1)
        place(node.callees, left: left, depth: depth + 1)
      }
      left += width
    }
  }

  private static func size(of node: FlameDifference.Node) -> Int {
    1 + node.callees.reduce(0) { $0 + size(of: $1) }
  }
}
