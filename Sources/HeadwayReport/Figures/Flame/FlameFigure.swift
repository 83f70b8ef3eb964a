import HeadwayTrace

/// A flame graph that hangs from the top: a row for each depth of call, as wide as the share of the samples
/// that went through the function.
public enum FlameFigure {
  /// The figure as a file of its own.
  public static func svg(tree: FlameTree, form: FigureForm = .wide) -> String {
    document(tree: tree, name: "flame", form: form).standalone
  }

  /// The figure; `name` says what the samples are of.
  public static func document(tree: FlameTree, name: String, form: FigureForm) -> SVGDocument {
    let modules = FlameModules(tree)
    return FlameDrawing.document(
      layout(tree, form: form), legend: modules.legend,
      title: "\(name): callers above, what they call below, as wide as their share of the samples.",
      form: form
    ) { node in
      FlameDrawing.Mark(
        style: modules.style(node),
        words: "\(node.name)\(node.module.map { " in \($0)" } ?? ""),"
          + " \(Numerals.share(node.share(of: tree))) of the samples",
        label: FunctionWords.withoutModule(node.name))
    }
  }

  /// What is too narrow or too deep to draw, in a sentence that begins with a blank; empty when all is drawn.
  static func note(_ tree: FlameTree) -> String { layout(tree, form: .wide).note }

  private static func layout(_ tree: FlameTree, form: FigureForm) -> FlameLayout<FlameTree.Node> {
    FlameLayout(tree.roots, form: form) { $0.share(of: tree) }
  }
}

extension FlameTree.Node {
  func share(of tree: FlameTree) -> Double { Double(periods) / Double(max(tree.periods, 1)) }
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

  /// Each colour with whose it is.
  var legend: [(style: String, words: String)] {
    names.enumerated().map { ("f\($0)", $1) } + [("f\(FigureStyle.moduleCount - 1)", "roles and other code")]
  }

  func style(_ node: FlameTree.Node) -> String {
    let place = node.module.flatMap { names.firstIndex(of: $0) }
    return "f\(place ?? FigureStyle.moduleCount - 1)"
  }
}
