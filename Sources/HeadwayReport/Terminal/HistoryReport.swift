import HeadwayTrace

extension TerminalReport {
  /// The history of a metric: a line for each series and, of a single one, its plot and its points.
  public static func render(
    history: MetricHistory, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    let series = history.series
    guard !series.isEmpty else {
      page.paragraph("No run of this history has measured \(history.metric), or none matches.")
      return page.text
    }
    page.paragraph(
      "\(history.metric) in \(history.unit), \(history.higherIsBetter ? "higher" : "lower") is better:"
        + " \(Numerals.plural(history.runs, "run")), \(series.count) series.", .strong)
    for (machine, own) in grouped(series, by: \.machine) {
      page.heading(machine)
      for (workload, same) in grouped(own, by: HistoryWords.workload) {
        page.gap()
        page.paragraph(workload)
        write(series: same, to: page)
      }
    }
    if series.count == 1 {
      write(plot: series[0], to: page)
      write(points: series[0], of: history, to: page)
    }
    write(warnings: history.warnings, to: page)
    return page.text
  }

  /// The series in groups, in the order in which each group is first met.
  private static func grouped(
    _ series: [MetricSeries], by key: (MetricSeries) -> String
  ) -> [(String, [MetricSeries])] {
    var groups: [(String, [MetricSeries])] = []
    for item in series {
      if let index = groups.firstIndex(where: { $0.0 == key(item) }) {
        groups[index].1.append(item)
      } else {
        groups.append((key(item), [item]))
      }
    }
    return groups
  }

  private static func write(series: [MetricSeries], to page: TerminalPage) {
    page.table(
      TextTable(
        columns: [
          .init("arrangement", right: false), .init("programs"), .init("runs"),
          .init("over time", right: false),
          .init("latest [95 %]"), .init("last change", right: false),
        ],
        rows: series.map { item in
          [
            item.arrangement, Numerals.count(item.points.count),
            Numerals.count(item.points.reduce(0) { $0 + $1.value.sampleCount }),
            Sparkline.text(item.points.map(\.value.value), columns: 24, ascii: page.style.ascii),
            Numerals.rateWithInterval(item.points.last?.value), HistoryWords.lastChange(of: item),
          ]
        }, gap: page.style.width < 110 ? 1 : 2))
  }

  private static func write(plot series: MetricSeries, to page: TerminalPage) {
    guard series.points.count > 1 else { return }
    page.gap()
    let plot = PointPlot(
      values: series.points.map(\.value.value), marks: series.changes.map(\.point), ascii: page.style.ascii)
    for line in plot.lines(width: min(page.style.width, 120), height: 10) { page.line(line) }
  }

  private static func write(points series: MetricSeries, of history: MetricHistory, to page: TerminalPage) {
    let shown = series.points.suffix(20)
    page.gap()
    page.table(
      TextTable(
        columns: [
          .init("program", right: false), .init("first run", right: false), .init("runs"),
          .init("\(history.metric) [95 %]"), .init("", right: false),
        ],
        rows: shown.indices.map { index in
          let point = series.points[index]
          return [
            HistoryWords.program(point), point.startedAt, Numerals.count(point.value.sampleCount),
            Numerals.rateWithInterval(point.value),
            series.changes.first { $0.point == index }.map { HistoryWords.change($0, from: series) } ?? "",
          ]
        }))
    if shown.count < series.points.count {
      page.paragraph("The last \(shown.count) of \(series.points.count); --json has all.", .faint)
    }
  }
}

/// Words about a history.
enum HistoryWords {
  /// What a series is of, with the sweeps that measured it.
  static func workload(_ series: MetricSeries) -> String {
    series.sweeps.isEmpty ? series.workload : series.sweeps.joined(separator: ", ") + ": " + series.workload
  }

  /// A commit, with the first digits of the binary where that is known.
  static func program(_ point: MetricPoint) -> String {
    let commit = point.gitCommit.map { String($0.prefix(9)) }
    let binary = point.binaryHash.map { String($0.prefix(6)) }
    switch (commit, binary) {
    case (let commit?, let binary?): return "\(commit) (\(binary))"
    case (let name?, nil), (nil, let name?): return name
    case (nil, nil): return "unknown"
    }
  }

  static func change(_ change: MetricChange, from series: MetricSeries) -> String {
    "from \(Numerals.rounded(change.before)) to \(Numerals.rounded(change.after)),"
      + " \(Numerals.ratio(change.after / change.before))"
  }

  static func lastChange(of series: MetricSeries) -> String {
    guard let last = series.changes.last else {
      return series.points.count < 6 ? "too few programs to tell" : "none"
    }
    return "\(Numerals.ratio(last.after / last.before)) at \(program(series.points[last.point]))"
  }
}
