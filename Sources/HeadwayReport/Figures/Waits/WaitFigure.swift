import HeadwayTrace

/// Waits at queues, latches, locks and for input, site by site: the wait of each thread and how long single
/// waits were.
public enum WaitFigure {
  /// The figure; `nil` for a run in which nobody waited at such a site.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let sites = run.waits.filter { $0.waits > 0 && $0.waitNs > .zero }.prefix(BarrierFigure.siteLimit)
    guard !sites.isEmpty else { return nil }
    var canvas = Canvas(form)
    var y = canvas.legend(["wait of a thread", "single waits"], top: 0) { canvas, index, x, y in
      canvas.add(SVG.rectangle(x, y - 6, width: 20, height: 12, class: ["s0", "s2"][index]))
    }
    for site in sites {
      y += 26
      canvas.add(SVG.text(fitted(site.site + ": " + Self.kind(site.kind), form), 0, y, class: "strong"))
      y += 17
      let words =
        "\(Numerals.plural(site.waits, "wait")), \(Numerals.duration(site.waitNs)) in all"
        + (site.threadWaitNs.count == 1 ? ", of \(site.threadWaitNs.keys.first ?? "")" : "")
        + (site.durationNs.map { ", median \(Numerals.duration($0.p50))" } ?? "")
      canvas.add(SVG.text(fitted(words, form), 0, y, class: "faint"))
      let panels = panels(site, form)
      y = panels.isEmpty ? y + 8 : WaitPanels.draw(panels, top: y + 14, on: &canvas)
    }
    return canvas.document(
      height: y, title: "The wait of each thread at each queue, latch and lock, and for input.")
  }

  private static func fitted(_ text: String, _ form: FigureForm) -> String {
    SVG.shortened(text, to: form.width - 6, size: form.fontSize)
  }

  private static func panels(_ site: WaitSummary, _ form: FigureForm) -> [WaitPanels.Panel] {
    let names = site.threadWaitNs.keys.sorted(by: ThreadOrder.isBefore)
    var panels: [WaitPanels.Panel] = []
    // One thread has nothing to be compared with: its wait stands in the heading.
    if names.count > 1 {
      let columns = names.map { name -> WaitPanels.Column in
        let wait = site.threadWaitNs[name] ?? .zero
        return .init(
          label: name, parts: [(Double(wait.count), "s0")],
          words: "\(name) waited \(Numerals.duration(wait))")
      }
      let longest = names.compactMap { site.threadWaitNs[$0] }.max() ?? .zero
      panels.append(
        .init(
          title: "Wait by thread", columns: columns, top: Numerals.duration(longest),
          marks: WaitPanels.marks(
            of: names, width: form == .wide ? 385 : form.width, size: form.fontSize)))
    }
    if let durations = site.durationNs,
      let panel = LengthColumns.panel("Length of the waits", durations, noun: "wait")
    {
      panels.append(panel)
    }
    return panels
  }

  /// What a site waits for, in words.
  static func kind(_ kind: SiteKind) -> String {
    switch kind {
    case .barrier: "until all have arrived"
    case .queueEmpty: "until there is something in the queue"
    case .queueFull: "until there is room in the queue"
    case .prefetchNotReady: "until the input is assembled"
    case .latch: "until the tasks are done"
    case .lock: "until the lock is free"
    }
  }
}
