import HeadwayTrace

/// The tables of a sweep's page.
enum SweepTables {
  /// Every cell with its figures and verdict.
  static func cells(_ sweep: SweepSummary) -> TableView {
    TableView(
      tableLabel: "Cells", corner: "cell",
      headings: [
        .init("\(sweep.metric.unit) [95\u{A0}%]"), .init("speed-up [95\u{A0}%]"), .init("verdict", "w"),
      ]
        + ["efficiency [95\u{A0}%]", "barrier idle", "queue idle", "input wait", "no CPU"].map { .init($0) },
      rows: sweep.cells.map { cell in
        let sign = Phrases.sign(cell.verdict, isBaseline: cell.isBaseline)
        let verdict = "\(sign) \(Phrases.word(cell.verdict, isBaseline: cell.isBaseline))"
        let shares = cell.shares
        return .init(
          head: cell.label,
          cells: [
            .init(Numerals.rateWithInterval(cell.figure)),
            .init(Numerals.ratioWithInterval(cell.speedup)), .init(verdict, "w " + style(cell)),
            .init(Numerals.shareWithInterval(cell.efficiency)), .init(Numerals.share(shares?.barrierIdle)),
            .init(Numerals.share(shares?.queueIdle)), .init(Numerals.share(shares?.inputWait)),
            .init(Numerals.share(shares?.runnable)),
          ])
      })
  }

  private static func style(_ cell: CellSummary) -> String {
    switch cell.verdict {
    case .faster: "good"
    case .slower: "bad"
    default: "plain"
    }
  }

  /// What was predicted of every cell, and what came of it.
  static func predictions(_ ledger: LedgerSummary) -> TableView {
    TableView(
      tableLabel: LedgerWords.heading, corner: "cell", headings: LedgerWords.headings.map { .init($0) },
      rows: ledger.rows.map { row in
        .init(head: row.label, cells: LedgerWords.figures(row).map { .init($0) })
      })
  }

  /// The estimates and the runs behind the scaling figure.
  static func scaling(_ sweep: SweepSummary) -> TableView {
    TableView(
      tableLabel: "\(ScalingFigure.subject(sweep)) over threads", corner: "cell",
      headings: ["threads", sweep.metric.unit, "95 % interval"].map { .init($0) } + [
        .init("runs, by block", "w")
      ],
      rows: sweep.cells.map { cell -> TableView.Row in
        let runs = cell.figures.map { Numerals.rounded($0.value) }.joined(separator: " · ")
        let estimate = cell.figure
        var interval = Numerals.absent
        if let lower = estimate?.lower, let upper = estimate?.upper {
          interval = "\(Numerals.rounded(lower)) – \(Numerals.rounded(upper))"
        }
        return .init(
          head: cell.label,
          cells: [
            .init(cell.threads.map(Numerals.count) ?? Numerals.absent), .init(Numerals.rate(estimate)),
            .init(interval),
            .init(runs, "w"),
          ])
      } + ScalingLawDrawing.rows(sweep))
  }

  /// The efficiencies behind their figure.
  static func efficiency(_ sweep: SweepSummary) -> TableView {
    TableView(
      tableLabel: "Parallel efficiency over threads", corner: "cell",
      headings: [.init("threads"), .init("efficiency [95\u{A0}%]")],
      rows: sweep.cells.filter { $0.efficiency != nil }.map { cell in
        .init(
          head: cell.label,
          cells: [
            .init(cell.threads.map(Numerals.count) ?? Numerals.absent),
            .init(Numerals.shareWithInterval(cell.efficiency)),
          ])
      })
  }

  /// The shares of the categories behind the bars of the cells.
  static func time(_ sweep: SweepSummary) -> TableView {
    TableView(
      tableLabel: "Shares of the thread-time by category", corner: "cell", headings: categoryHeadings,
      rows: sweep.cells.map { cell in
        .init(
          head: cell.label,
          cells: StateCategory.allCases.map { .init(Numerals.share(cell.shares?.categories[$0.rawValue])) })
      })
  }

  /// The shares of the categories of each thread of a run.
  static func threads(_ run: RunSummary) -> TableView {
    TableView(
      tableLabel: "Each thread's time by category", corner: "thread",
      headings: categoryHeadings + ["CPU time", "tasks", "tasks/s", "tokens", "tokens/s"].map { .init($0) },
      rows: run.threads.map { thread in
        let shares = StateCategory.allCases.map { category in
          TableView.Cell(
            thread.wallNs.count > 0 ? Numerals.share(thread.time(category) / thread.wallNs) : Numerals.absent)
        }
        let counts = [
          Numerals.duration(thread.cpuNs), Numerals.count(thread.tasks),
          Numerals.perSecond(thread.tasksPerSecond), Numerals.count(thread.tokens),
          Numerals.perSecond(thread.tokensPerSecond),
        ]
        return .init(head: thread.name, cells: shares + counts.map { .init($0) })
      })
  }

  /// The wait of each thread at each barrier.
  static func barriers(_ run: RunSummary) -> TableView {
    let rows = run.barriers.flatMap { site in
      [
        TableView.Row(
          head: site.site,
          cells: [
            .init("all", "w"), .init(Numerals.count(site.episodes)), .init(Numerals.duration(site.waitNs)),
            .init(Numerals.duration(site.imbalanceNs)), .init(Numerals.duration(site.wakeupNs)),
            .init(Numerals.count(site.lastArrivals.values.reduce(0, +))),
          ] + WaitWords.percentiles(site.spreadNs).map { .init($0) })
      ]
        + site.threadWaitNs.sorted { ThreadOrder.isBefore($0.key, $1.key) }.map { name, wait in
          .init(
            head: site.site,
            cells: [
              .init(name, "w"), .init(Numerals.count(site.episodes)), .init(Numerals.duration(wait)),
              .init(Numerals.absent), .init(Numerals.absent),
              .init(Numerals.count(site.lastArrivals[name] ?? 0)),
            ] + WaitWords.percentiles(nil).map { .init($0) })
        }
    }
    return TableView(
      tableLabel: "Waits at barriers", corner: "site",
      headings: [.init("thread", "w")]
        + ["episodes", "wait", "imbalance", "wake-up", "times last", "spread p50", "p90", "p99", "longest"]
        .map { .init($0) }, rows: rows)
  }

  /// The waits of the sites that are no barriers.
  static func waits(_ run: RunSummary) -> TableView {
    TableView(
      tableLabel: "Waits at queues, latches, locks and for input", corner: "site",
      headings: [.init("waits for", "w")]
        + ["waits", "wait", "p50", "p90", "p99", "longest"].map { .init($0) },
      rows: run.waits.map { site in
        .init(
          head: site.site,
          cells: [
            .init(site.kind.rawValue.replacing("_", with: " "), "w"), .init(Numerals.count(site.waits)),
            .init(Numerals.duration(site.waitNs)),
          ] + WaitWords.percentiles(site.durationNs).map { .init($0) })
      })
  }

  /// The losses, thinned to what a person reads.
  static func loss(_ run: RunSummary) -> TableView {
    let train = run.loss?.train ?? []
    let validation = Dictionary((run.loss?.validation ?? []).map { ($0.step, $0.value) }) { $1 }
    let stride = max(train.count / 20, 1)
    let shown = train.enumerated().filter { item in
      item.offset % stride == 0 || item.offset == train.count - 1
        || validation[item.element.step] != nil
    }
    return TableView(
      tableLabel: "Loss over steps", corner: "step", headings: [.init("training"), .init("validation")],
      rows: shown.map { item in
        .init(
          head: Numerals.count(item.element.step),
          cells: [
            .init(LossWords.value(item.element.value)),
            .init(validation[item.element.step].map(LossWords.value) ?? Numerals.absent),
          ])
      })
  }

  private static var categoryHeadings: [TableView.Cell] {
    StateCategory.allCases.map { .init(Phrases.word($0)) }
  }
}
