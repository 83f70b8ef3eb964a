import HeadwayTrace

/// Waits at barriers: per site the mean per participant, parted into imbalance and wake-up, then the wait
/// of each thread.
public enum BarrierFigure {
  /// The figure; `nil` for a run without barrier crossings.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let sites = run.barriers.filter { $0.episodes > 0 && !$0.threadWaitNs.isEmpty }
    let longest = sites.flatMap { $0.threadWaitNs.values.map(\.count) }.max() ?? 0
    guard longest > 0 else { return nil }
    var canvas = Canvas(form)
    var y = canvas.legend(["imbalance", "wake-up", "a thread's whole wait"], top: 0) { canvas, index, x, y in
      canvas.add(SVG.rectangle(x, y - 6, width: 20, height: 12, class: ["s0", "s1", "s5"][index]))
    }
    let gutter = form == .wide ? 170.0 : 84.0
    let scale = Scale(domain: 0...Double(longest), start: gutter, end: canvas.width - 74)
    for site in sites {
      y += 24
      for (index, text) in heading(site, form).enumerated() {
        y += index == 0 ? 0 : 16
        canvas.add(SVG.text(text, 0, y, class: index == 0 ? "strong" : "faint"))
      }
      y += 8
      let count = Double(site.threadWaitNs.count)
      let imbalance = Double(site.imbalanceNs.count) / count
      let mean = Double(site.waitNs.count) / count
      bar("mean", [(imbalance, "s0"), (mean - imbalance, "s1")], at: y, scale, on: &canvas)
      y += 22
      for (name, wait) in site.threadWaitNs.sorted(by: { ThreadOrder.isBefore($0.key, $1.key) }) {
        bar(name, [(Double(wait.count), "s5")], at: y, scale, on: &canvas)
        y += 20
      }
    }
    return canvas.document(
      height: y + 8, title: "The wait of each thread at each barrier, and its parts, over the run.")
  }

  private static func heading(_ site: BarrierSummary, _ form: FigureForm) -> [String] {
    let episodes = "\(site.site): \(Numerals.plural(site.episodes, "episode"))"
    let last = "last most often \(WaitWords.last(site))"
    let lines = form == .wide ? ["\(episodes), \(last)"] : [episodes, last]
    return lines.map { SVG.shortened($0, to: form.width - 6, size: form.fontSize) }
  }

  private static func bar(
    _ label: String, _ parts: [(length: Double, style: String)], at y: Double, _ scale: Scale,
    on canvas: inout Canvas
  ) {
    let name = SVG.shortened(label, to: scale.start - 12, size: canvas.fontSize)
    canvas.add(SVG.text(name, scale.start - 8, y + 12, anchor: .end, class: "label"))
    var x = scale.start
    for part in parts where part.length > 0 {
      let width = scale(part.length) - scale.start
      canvas.add(SVG.rectangle(x, y + 1, width: width, height: 14, class: part.style))
      x += width
    }
    let total = parts.reduce(0) { $0 + $1.length }
    guard total.isFinite, total < 9e18 else { return }
    canvas.add(SVG.text(Numerals.duration(Nanoseconds(Int64(total))), x + 6, y + 12, class: "faint"))
  }
}

/// The order in which threads are listed: main first, then by name with numbers as numbers.
enum ThreadOrder {
  static func isBefore(_ left: String, _ right: String) -> Bool { key(left) < key(right) }

  private static func key(_ name: String) -> (Int, String, Int) {
    let digits = String(name.reversed().prefix { $0.isNumber }.reversed())
    return (name == "main" ? 0 : 1, String(name.dropLast(digits.count)), Int(digits) ?? 0)
  }
}
