import HeadwayTrace

/// Waits at barriers, site by site: the wait of each thread with its part of waking up, how often each was
/// the last to arrive, and how far the arrivals of an episode lay apart.
public enum BarrierFigure {
  /// Sites beyond these are not drawn; the table has them all.
  static let siteLimit = 12

  /// The figure; `nil` for a run without barrier crossings.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let sites = shown(run)
    guard !sites.isEmpty else { return nil }
    var canvas = Canvas(form)
    var y = canvas.legend(
      ["imbalance: until the last arrived", "wake-up", "episodes"], top: 0
    ) { canvas, index, x, y in
      canvas.add(SVG.rectangle(x, y - 6, width: 20, height: 12, class: ["s0", "s1", "s2"][index]))
    }
    for site in sites {
      y += 26
      for (index, text) in heading(site, form).enumerated() {
        y += index == 0 ? 0 : 17
        canvas.add(SVG.text(text, 0, y, class: index == 0 ? "strong" : "faint"))
      }
      y = WaitPanels.draw(panels(site, form), top: y + 14, on: &canvas)
    }
    return canvas.document(
      height: y, title: "The wait of each thread at each barrier, who arrived last, and the spread.")
  }

  /// The sites with the most waiting, in the run's order.
  private static func shown(_ run: RunSummary) -> [BarrierSummary] {
    let sites = run.barriers.filter { $0.episodes > 0 && $0.threadWaitNs.values.contains { $0 > .zero } }
    let ranked = sites.enumerated().sorted {
      ($1.element.waitNs, $0.offset) < ($0.element.waitNs, $1.offset)
    }
    let kept = Set(ranked.prefix(siteLimit).map(\.offset))
    return sites.enumerated().filter { kept.contains($0.offset) }.map(\.element)
  }

  /// Sites that are not drawn, in a sentence that begins with a blank.
  static func note(_ run: RunSummary) -> String {
    let drawn = shown(run).count
    return drawn == siteLimit && run.barriers.count > drawn
      ? " The \(drawn) sites with the most waiting are drawn, of \(run.barriers.count); the table has all."
      : ""
  }

  private static func heading(_ site: BarrierSummary, _ form: FigureForm) -> [String] {
    let episodes = "\(site.site): \(Numerals.plural(site.episodes, "episode"))"
    let share = site.waitNs.count > 0 ? site.imbalanceNs / site.waitNs : .nan
    let wait =
      "all threads waited \(Numerals.duration(site.waitNs)), \(Numerals.share(share)) of it imbalance"
    let last = "last most often \(WaitWords.last(site))"
    let lines = form == .wide ? [episodes, "\(wait); \(last)"] : [episodes, wait, last]
    return lines.map { SVG.shortened($0, to: form.width - 6, size: form.fontSize) }
  }

  private static func panels(_ site: BarrierSummary, _ form: FigureForm) -> [WaitPanels.Panel] {
    let names = site.threadWaitNs.keys.sorted(by: ThreadOrder.isBefore)
    let width = form == .wide ? 246.0 : form.width
    let marks = WaitPanels.marks(of: names, width: width, size: form.fontSize)
    let waits = names.map { name -> WaitPanels.Column in
      let wait = Double(site.threadWaitNs[name]?.count ?? 0)
      let wakeup = min(max(Double(site.threadWakeupNs[name]?.count ?? 0), 0), wait)
      return .init(
        label: name, parts: [(wait - wakeup, "s0"), (wakeup, "s1")],
        words: "\(name) waited \(duration(wait)), \(duration(wakeup)) of it waking up")
    }
    let arrivals = site.lastArrivals.values.reduce(0, +)
    let lasts = names.map { name -> WaitPanels.Column in
      let count = site.lastArrivals[name] ?? 0
      return .init(
        label: name, parts: [(Double(count), "s2")],
        words: "\(name) arrived last in \(Numerals.plural(count, "episode")) of \(Numerals.count(arrivals))")
    }
    var panels = [
      WaitPanels.Panel(
        title: "Wait by thread", columns: waits, top: duration(waits.map(\.total).max() ?? 0), marks: marks)
    ]
    if arrivals > 0 {
      let most = Int(lasts.map(\.total).max() ?? 0)
      panels.append(
        .init(title: "Times last", columns: lasts, top: Numerals.count(most), marks: marks))
    }
    if let spread = site.spreadNs,
      let panel = LengthColumns.panel("Spread of the arrivals", spread, noun: "episode")
    {
      panels.append(panel)
    }
    return panels
  }

  private static func duration(_ nanoseconds: Double) -> String {
    guard nanoseconds.isFinite, nanoseconds.magnitude < 9e18 else { return Numerals.absent }
    return Numerals.duration(Nanoseconds(Int64(nanoseconds)))
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
