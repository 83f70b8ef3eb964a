import HeadwayTrace

/// A differential flame graph: a function is as wide as the mean of its shares in both runs; what gained has one
/// hue and what lost another, in three strengths, and a sign with the difference in percentage points stands in
/// its text. Where the difference is no more than chance gives, the function is grey.
public enum FlameDifferenceFigure {
  /// The figure; `name` says what the samples are of.
  public static func document(_ difference: FlameDifference, name: String, form: FigureForm) -> SVGDocument {
    FlameDrawing.document(
      layout(difference, form: form),
      legend: [
        ("f-gained-2", "▲ gained share"), ("f-lost-2", "▼ lost share"), ("f-same", "no clear difference"),
      ],
      title:
        "\(name), candidate against base: callers above, what they call below, with gained and lost shares.",
      form: form
    ) { node in
      FlameDrawing.Mark(
        style: style(node, difference), words: words(node, difference),
        label: "\(sign(node, difference))\(FunctionWords.withoutModule(node.name))")
    }
  }

  /// What is too narrow or too deep to draw, in a sentence that begins with a blank; empty when all is drawn.
  static func note(_ difference: FlameDifference) -> String { layout(difference, form: .wide).note }

  private static func layout(
    _ difference: FlameDifference, form: FigureForm
  ) -> FlameLayout<FlameDifference.Node> {
    FlameLayout(difference.roots, form: form) { node in
      let (old, new) = difference.shares(node)
      return (old + new) / 2
    }
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
