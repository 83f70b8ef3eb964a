import HeadwayTrace

/// A flame graph that hangs from the top: a row for each depth of call, as wide as the share of the samples
/// that went through the function. A page's script zooms into a function by moving what lies in the group
/// `marks`.
public enum FlameFigure {
  /// Rows beyond these are not drawn.
  static let depthLimit = 48

  /// The figure as a file of its own.
  public static func svg(tree: FlameTree, form: FigureForm = .wide) -> String {
    document(tree: tree, name: "flame", form: form).standalone
  }

  /// The figure; `name` says what the samples are of.
  public static func document(tree: FlameTree, name: String, form: FigureForm) -> SVGDocument {
    var canvas = Canvas(form)
    let layout = FlameLayout(tree, form: form)
    let modules = FlameModules(tree)
    let top =
      canvas.legend(modules.legend, top: 0) { canvas, index, x, y in
        let place = index < modules.names.count ? index : FigureStyle.moduleCount - 1
        canvas.add(SVG.rectangle(x, y - 6, width: 20, height: 12, class: "f\(place)"))
      } + 8
    var marks: [SVGElement?] = []
    var labels: [SVGElement?] = []
    for frame in layout.frames {
      let y = top + Double(frame.depth) * FlameLayout.pitch
      let words =
        "\(frame.node.name)\(frame.node.module.map { " in \($0)" } ?? ""),"
        + " \(Numerals.share(frame.node.share(of: tree))) of the samples"
      marks.append(
        SVG.rectangle(
          frame.left, y, width: frame.width, height: FlameLayout.pitch - 1, class: modules.style(frame.node))?
          .titled(words))
      let name = FunctionWords.withoutModule(frame.node.name)
      let text = SVG.shortened(name, to: frame.width - 8, size: canvas.fontSize)
      if text.count > 4 || text == name && !text.isEmpty {
        labels.append(SVG.text(text, frame.left + 4, y + 13, class: "label"))
      }
    }
    canvas.group(
      "marks", [("data-left", "0"), ("data-right", SVG.number(form.width) ?? "0"), ("data-kind", "flame")],
      marks)
    canvas.group("labels", [], labels)
    return canvas.document(
      height: top + Double(layout.depth) * FlameLayout.pitch + 2,
      title: "\(name): callers above, what they call below, as wide as their share of the samples.")
  }

  /// What is too narrow or too deep to draw, in a sentence that begins with a blank; empty when all is drawn.
  static func note(_ tree: FlameTree) -> String {
    let layout = FlameLayout(tree, form: .wide)
    guard layout.omitted > 0 else { return "" }
    return
      " \(Numerals.plural(layout.omitted, "function")) under \(Numerals.share(FlameLayout.leastShare)) of the"
      + " samples\(layout.isCut ? " or deeper than \(depthLimit) calls" : "") "
      + (layout.omitted == 1 ? "is" : "are") + " not drawn."
  }
}

extension FlameTree.Node {
  func share(of tree: FlameTree) -> Double { Double(periods) / Double(max(tree.periods, 1)) }
}

/// Where the functions of a flame graph lie.
struct FlameLayout {
  struct Frame {
    let node: FlameTree.Node
    let left: Double
    let width: Double
    let depth: Int
  }

  static let pitch = 18.0
  /// Functions with a smaller share of the samples are not drawn.
  static let leastShare = 0.002

  private(set) var frames: [Frame] = []
  private(set) var depth = 0
  /// Functions that are not drawn.
  private(set) var omitted = 0
  /// Whether some of them are too deep.
  private(set) var isCut = false
  private let unit: Double
  private let least: Double

  init(_ tree: FlameTree, form: FigureForm) {
    unit = form.width / Double(max(tree.periods, 1))
    // On a phone a frame needs as many units to be seen.
    least = form == .wide ? Self.leastShare * form.width : 1.6
    place(tree.roots, left: 0, depth: 0)
  }

  private mutating func place(_ nodes: [FlameTree.Node], left: Double, depth: Int) {
    var left = left
    for node in nodes {
      let width = Double(node.periods) * unit
      if width < least || depth >= FlameFigure.depthLimit {
        omitted += Self.size(of: node)
        isCut = isCut || depth >= FlameFigure.depthLimit
      } else {
        frames.append(Frame(node: node, left: left, width: width, depth: depth))
        self.depth = max(self.depth, depth + 1)
        place(node.callees, left: left, depth: depth + 1)
      }
      left += width
    }
  }

  private static func size(of node: FlameTree.Node) -> Int {
    1 + node.callees.reduce(0) { $0 + size(of: $1) }
  }
}

/// The modules of a flame graph by their own samples: the first have a colour each, the others share one.
private struct FlameModules {
  private static let coloured = FigureStyle.moduleCount - 1
  let names: [String]

  init(_ tree: FlameTree) {
    var own: [String: Int] = [:]
    func count(_ node: FlameTree.Node) {
      if let module = node.module { own[module, default: 0] += node.ownPeriods }
      for callee in node.callees { count(callee) }
    }
    for root in tree.roots { count(root) }
    names = own.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.coloured).map(\.key)
  }

  var legend: [String] { names + ["roles and other code"] }

  func style(_ node: FlameTree.Node) -> String {
    let place = node.module.flatMap { names.firstIndex(of: $0) }
    return "f\(place ?? FigureStyle.moduleCount - 1)"
  }
}
