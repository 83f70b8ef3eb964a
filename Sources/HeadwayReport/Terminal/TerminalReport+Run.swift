import HeadwayTrace

extension TerminalReport {
  /// A run in full: throughput, where the thread-seconds went, thread by thread, the waits, the loss, the findings
  /// and, with its manifest, the machine and what surrounded it.
  /// ``brief(run:manifest:places:width:color:ascii:)`` is what fits a screen.
  public static func render(
    run: RunSummary, manifest: Manifest? = nil, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(RunWords.headline(of: run), .strong)
    page.paragraph(RunWords.description(of: run))
    write(books: run, to: page)
    write(threads: run, to: page)
    write(waits: run, to: page)
    write(counters: run, to: page)
    write(roofline: run.roofline, to: page)
    write(operations: run.operations, to: page)
    write(stacks: run.stacks, to: page)
    write(findings: run.findings, to: page)
    write(notes: notes(of: run) + notes(of: manifest), to: page)
    write(warnings: run.warnings, to: page)
    return page.text
  }

  private static func write(books run: RunSummary, to page: TerminalPage) {
    page.heading("Where the thread-seconds went")
    guard let books = run.books else {
      page.paragraph(RunWords.closure(of: run))
      return
    }
    page.table(
      table(of: books, StateCategory.allCases, heading: "category", bar: page.style.ascii ? "#" : "█"))
    page.paragraph(RunWords.closure(of: run), .faint)
    if let steps = run.stepBooks { page.paragraph(StepBookWords.sentence(steps), .faint) }
  }

  /// The time of all threads in some categories, with bars, of which the longest possible stands for all of it.
  static func table(
    of books: Books, _ categories: [StateCategory], heading: String, bar: String, longest: Int = 40
  ) -> TextTable {
    let total = Double(books.threadCount) * Double(books.wallNs.count)
    return TextTable(
      columns: [.init(heading, right: false), .init("time"), .init("share"), .init("", right: false)],
      rows: categories.map { category in
        let time = books.time(category)
        let share = total > 0 ? Double(time.count) / total : .nan
        let length = share.isFinite ? Int((share * Double(longest)).rounded()) : 0
        return [
          Phrases.word(category), Numerals.duration(time), Numerals.share(share),
          String(repeating: bar, count: min(max(length, 0), longest)),
        ]
      })
  }

  private static func write(threads run: RunSummary, to page: TerminalPage) {
    guard !run.threads.isEmpty else { return }
    page.heading("Threads")
    page.table(table(of: run.threads, width: page.style.width))
  }

  /// A row for each thread, with its totals where the width holds them.
  static func table(of threads: [ThreadBook], width: Int) -> TextTable {
    func share(_ thread: ThreadBook, _ category: StateCategory) -> String {
      thread.wallNs.count > 0 ? Numerals.share(thread.time(category) / thread.wallNs) : Numerals.absent
    }
    func table(hasTotals: Bool) -> TextTable {
      let totals: [TextTable.Column] = hasTotals ? [.init("tasks"), .init("tokens")] : []
      return TextTable(
        columns: [
          .init("thread", right: false), .init("useful"), .init("spin"), .init("blocked"), .init("ready"),
          .init("unknown"), .init("CPU time"),
        ] + totals + [.init("tasks/s"), .init("tokens/s")],
        rows: threads.map { thread in
          [
            thread.name, share(thread, .useful), share(thread, .spin), share(thread, .blocked),
            share(thread, .runnable), share(thread, .unknown), Numerals.duration(thread.cpuNs),
          ] + (hasTotals ? [Numerals.count(thread.tasks), Numerals.count(thread.tokens)] : [])
            + [Numerals.perSecond(thread.tasksPerSecond), Numerals.perSecond(thread.tokensPerSecond)]
        })
    }
    let whole = table(hasTotals: true)
    return whole.width <= width ? whole : table(hasTotals: false)
  }

  private static func write(waits run: RunSummary, to page: TerminalPage) {
    guard !run.barriers.isEmpty || !run.waits.isEmpty else { return }
    page.heading("Waits")
    let barriers = run.barriers.map { site in
      [
        site.site, Numerals.count(site.episodes), Numerals.duration(site.waitNs),
        Numerals.duration(site.imbalanceNs), Numerals.duration(site.wakeupNs),
      ] + WaitWords.percentiles(site.spreadNs) + [WaitWords.last(site)]
    }
    let waits = run.waits.map { site in
      [
        site.site, Numerals.count(site.waits), Numerals.duration(site.waitNs), Numerals.absent,
        Numerals.absent,
      ] + WaitWords.percentiles(site.durationNs) + [""]
    }
    page.table(
      TextTable(
        columns: [
          .init("site", right: false), .init("times"), .init("wait, all\nthreads"), .init("imbal-\nance"),
          .init("wake-up"), .init("p50"), .init("p90"), .init("p99"), .init("longest"),
          .init("last to arrive", right: false),
        ], rows: barriers + waits, gap: page.style.width < 100 ? 1 : 2))
    page.paragraph(
      "The percentiles of a barrier are of its spread, from an episode's first arrival to its last; those of"
        + " other sites of single waits.", .faint)
  }

  private static func notes(of manifest: Manifest?) -> [(String, String)] {
    guard let manifest else { return [] }
    return [("Machine", Phrases.machine(manifest.machine))]
      + (manifest.surroundings.map { [("Around", Phrases.surroundings($0))] } ?? [])
  }

  private static func notes(of run: RunSummary) -> [(String, String)] {
    var notes: [(String, String)] = []
    if let loss = run.loss, let curve = LossWords.curve(loss) { notes.append(("Loss", curve)) }
    notes.append(("Memory", MemoryWords.peak(of: run.memory)))
    if let accounts = MemoryWords.accounts(of: run.memory) { notes.append(("Accounts", accounts)) }
    if let steps = run.memory.stepAllocations {
      notes.append(("Allocations", MemoryWords.allocations(steps)))
    }
    return notes
  }
}
