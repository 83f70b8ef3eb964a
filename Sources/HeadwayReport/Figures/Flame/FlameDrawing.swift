/// A function in a tree of calls, as both flame graphs draw it.
protocol FlameNode {
  /// The functions that it called.
  var callees: [Self] { get }
}

extension FlameTree.Node: FlameNode {}
extension FlameDifference.Node: FlameNode {}

/// Where the functions of a flame graph lie: each as wide as its share, the ones that it called below it.
struct FlameLayout<Node: FlameNode> {
  struct Frame {
    let node: Node
    let left: Double
    let width: Double
    let depth: Int
  }

  private(set) var frames: [Frame] = []
  private(set) var depth = 0
  /// Functions that are not drawn.
  private(set) var omitted = 0
  /// Whether some of them are too deep.
  private(set) var isCut = false
  private let form: FigureForm
  private let share: (Node) -> Double

  /// - Parameter share: The share of the samples that went through a function, 0 … 1.
  init(_ roots: [Node], form: FigureForm, share: @escaping (Node) -> Double) {
    self.form = form
    self.share = share
    place(roots, left: 0, depth: 0)
  }

  private mutating func place(_ nodes: [Node], left: Double, depth: Int) {
    // On a phone a frame needs as many units to be seen.
    let least = form == .wide ? FlameDrawing.leastShare * form.width : 1.6
    var left = left
    for node in nodes {
      let width = share(node) * form.width
      if width < least || depth >= FlameDrawing.depthLimit {
        omitted += Self.size(of: node)
        isCut = isCut || depth >= FlameDrawing.depthLimit
      } else {
        frames.append(Frame(node: node, left: left, width: width, depth: depth))
        self.depth = max(self.depth, depth + 1)
        place(node.callees, left: left, depth: depth + 1)
      }
      left += width
    }
  }

  private static func size(of node: Node) -> Int { 1 + node.callees.reduce(0) { $0 + size(of: $1) } }

  /// What is too narrow or too deep to draw, in a sentence that begins with a blank; empty when all is drawn.
  var note: String {
    guard omitted > 0 else { return "" }
    return
      " \(Numerals.plural(omitted, "function")) under \(Numerals.share(FlameDrawing.leastShare)) of the samples"
      + (isCut ? " or deeper than \(FlameDrawing.depthLimit) calls " : " ") + (omitted == 1 ? "is" : "are")
      + " not drawn."
  }
}

/// What both flame graphs draw: a row for each depth of call, and in the group `marks`, by which a page's script zooms
/// into a function, a rectangle for each.
enum FlameDrawing {
  /// How a function is drawn.
  struct Mark {
    /// Its class.
    var style: String
    /// What it says to who points at it; the script takes the function's name from what stands before the first comma.
    var words: String
    /// What stands in it, as far as there is room.
    var label: String
  }

  /// Rows beyond these are not drawn.
  static let depthLimit = 48
  /// Functions with a smaller share of the samples are not drawn.
  static let leastShare = 0.002
  private static let pitch = 18.0

  /// The drawing of a layout.
  ///
  /// - Parameter legend: Classes with what they mean.
  static func document<Node>(
    _ layout: FlameLayout<Node>, legend: [(style: String, words: String)], title: String, form: FigureForm,
    mark: (Node) -> Mark
  ) -> SVGDocument {
    var canvas = Canvas(form)
    let top =
      canvas.legend(legend.map(\.words), top: 0) { canvas, index, x, y in
        canvas.add(SVG.rectangle(x, y - 6, width: 20, height: 12, class: legend[index].style))
      } + 8
    var marks: [SVGElement?] = []
    var labels: [SVGElement?] = []
    for frame in layout.frames {
      let y = top + Double(frame.depth) * pitch
      let mark = mark(frame.node)
      marks.append(
        SVG.rectangle(frame.left, y, width: frame.width, height: pitch - 1, class: mark.style)?
          .titled(mark.words))
      let text = SVG.shortened(mark.label, to: frame.width - 8, size: canvas.fontSize)
      if text.count > 4 || text == mark.label && !text.isEmpty {
        labels.append(SVG.text(text, frame.left + 4, y + 13, class: "label"))
      }
    }
    canvas.group(
      "marks", [("data-left", "0"), ("data-right", SVG.number(form.width) ?? "0"), ("data-kind", "flame")],
      marks)
    canvas.group("labels", [], labels)
    return canvas.document(height: top + Double(layout.depth) * pitch + 2, title: title)
  }
}
