import HeadwayTrace

extension TerminalReport {
  /// A run in at most forty lines: how fast it was, machine and warnings, findings, threads, where the time went, what
  /// was waited for, the checks, and where the rest is. ``render(run:manifest:width:color:ascii:)`` is all of it.
  public static func brief(
    run: RunSummary, manifest: Manifest? = nil, places: ReportPlaces, width: Int = 100, color: Bool = false,
    ascii: Bool = false
  ) -> String {
    let style = TerminalStyle(width: width, color: color, ascii: ascii)
    return BriefPage.fitted(style, rows: run.threads.count, places: places) { brief in
      let page = brief.page
      page.paragraph(RunWords.headline(of: run), limit: brief.limits.headline, .strong)
      if let sentence = RunVerdict.sentence(of: run) {
        page.paragraph(sentence, limit: brief.limits.linesEach)
      }
      page.paragraph(RunWords.description(of: run), limit: brief.limits.linesEach, .faint)
      if let manifest { page.paragraph(Phrases.machine(manifest.machine), limit: 1, .faint) }
      let warnings = run.warnings + (run.roofline?.warnings ?? []) + (run.operations?.warnings ?? [])
      brief.write(warnings, sign: "!", limit: brief.limits.warnings, kind: ("warning", "warnings"), .doubtful)
      if !run.findings.isEmpty { brief.write(findings: run.findings, none: "") }
      brief.writeThreads(of: run)
      brief.writeBooks(of: run)
      brief.writeWaits(of: run)
      brief.writeNotes(of: run)
      page.gap()
      brief.write(
        checks: TrustView(run).items.map { item in
          (
            item.itemStyle == "plain" ? nil : item.itemStyle == "good",
            item.claim + (item.detail.isEmpty ? "" : ": " + item.detail)
          )
        })
    }
  }
}

extension BriefPage {
  /// All threads, or those whose share of useful work is the furthest from the middle, in their order; the tool's own
  /// threads come last.
  fileprivate func writeThreads(of run: RunSummary) {
    guard !run.threads.isEmpty else { return }
    func useful(_ thread: ThreadBook) -> Double {
      thread.wallNs.count > 0 ? thread.time(.useful) / thread.wallNs : 0
    }
    let shares = run.threads.filter { $0.role == .worker }.map(useful).sorted()
    let middle = shares.isEmpty ? 0 : shares[shares.count / 2]
    func rank(_ thread: ThreadBook) -> Double {
      thread.role == .sampler ? -1 : abs(useful(thread) - middle)
    }
    let ranked = run.threads.enumerated().sorted {
      (rank($1.element), $0.offset) < (rank($0.element), $1.offset)
    }
    let kept = Set(ranked.prefix(mainRows).map(\.offset))
    let shown = run.threads.enumerated().filter { kept.contains($0.offset) }.map(\.element)
    page.gap()
    page.table(TerminalReport.table(of: shown, width: page.style.width), ruled: false)
    page.note(omitted: run.threads.count - shown.count, "thread")
  }

  /// Time by category, the largest where there is not room for all; what is unknown is always there.
  fileprivate func writeBooks(of run: RunSummary) {
    page.gap()
    guard let books = run.books else {
      return page.paragraph(RunWords.closure(of: run), limit: limits.linesEach)
    }
    let taken = StateCategory.allCases.filter { $0 != .unknown && books.time($0) > .zero }
    let largest = taken.sorted { books.time($0) > books.time($1) }.prefix(limits.rows + 1)
    let shown = taken.filter(largest.contains) + [.unknown]
    page.table(
      TerminalReport.table(
        of: books, shown,
        heading: "All threads' time" + Self.share(shown.count, of: taken.count + 1),
        bar: page.style.ascii ? "#" : "█", longest: min(40, max(page.style.width - 58, 4))), ruled: false)
  }

  /// The sites at which most time was waited.
  fileprivate func writeWaits(of run: RunSummary) {
    let barriers = run.barriers.filter { $0.episodes > 0 }.map { site in
      (
        site.waitNs,
        [
          site.site, Numerals.count(site.episodes), Numerals.duration(site.waitNs),
          Numerals.duration(site.imbalanceNs), WaitWords.last(site),
        ]
      )
    }
    let others = run.waits.filter { $0.waits > 0 }.map { site in
      (
        site.waitNs,
        [site.site, Numerals.count(site.waits), Numerals.duration(site.waitNs), Numerals.absent, ""]
      )
    }
    let all = (barriers + others).sorted { $0.0 > $1.0 }
    let shown = all.prefix(limits.rows)
    guard !shown.isEmpty else { return }
    page.gap()
    page.table(
      TextTable(
        columns: [
          .init("Waits" + Self.share(shown.count, of: all.count), right: false), .init("times"),
          .init("all threads"), .init("imbalance"), .init("last to arrive", right: false),
        ], rows: shown.map(\.1)), ruled: false)
  }

  /// Loss, memory, the hottest functions, the roofs, and what else was recorded, a line each.
  fileprivate func writeNotes(of run: RunSummary) {
    var notes: [(String, String)] = []
    if let loss = run.loss, let curve = LossWords.curve(loss) { notes.append(("Loss", curve)) }
    notes.append(("Memory", MemoryWords.peak(of: run.memory)))
    if let stacks = run.stacks, let hottest = StackWords.hottest(stacks) {
      notes.append(("Hottest", hottest))
    }
    if let roofline = run.roofline, let words = RooflineWords.closest(roofline) {
      notes.append(("Roof", words))
    }
    let more: [(String, Bool)] = [
      ("counters", run.counters != nil), ("operations", run.operations != nil), ("stacks", run.stacks != nil),
      ("roofline", run.roofline != nil),
    ]
    let recorded = more.filter(\.1).map(\.0)
    if !recorded.isEmpty {
      notes.append(("Recorded", recorded.joined(separator: ", ") + "; the report in full has their tables"))
    }
    page.gap()
    for (name, text) in notes {
      page.paragraph(
        text, first: name + String(repeating: " ", count: 12 - name.count),
        rest: String(repeating: " ", count: 12),
        limit: max(limits.linesEach - 1, 1))
    }
  }
}
