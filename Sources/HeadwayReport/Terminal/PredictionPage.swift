import HeadwayTrace

extension TerminalReport {
  /// A prediction: the figures with their intervals, where the time would go, what the intervals are made of
  /// and what is taken for granted.
  public static func render(
    prediction: Prediction, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(PredictionWords.headline(of: prediction), .strong)
    page.gap()
    page.table(
      TextTable(
        columns: [.init("", right: false), .init("recorded"), .init("predicted"), .init("interval")],
        rows: [
          [
            "step", PredictionWords.milliseconds(prediction.recorded.stepNs),
            PredictionWords.milliseconds(prediction.stepNs.value),
            PredictionWords.interval(prediction.stepNs) { PredictionWords.milliseconds($0) },
          ],
          [
            "tokens/s", Numerals.perSecond(prediction.recorded.tokensPerSecond),
            Numerals.perSecond(prediction.tokensPerSecond.value),
            PredictionWords.interval(prediction.tokensPerSecond) { Numerals.rounded($0) },
          ],
          [
            "speed-up", Numerals.ratio(1), Numerals.ratio(prediction.speedup.value),
            PredictionWords.interval(prediction.speedup) { Numerals.fixed($0, 2) },
          ],
        ]))
    page.heading("Where the thread-seconds would go")
    page.table(
      TextTable(
        columns: [.init("category", right: false), .init("recorded,\nreplayed"), .init("predicted")],
        rows: StateCategory.allCases.compactMap { category in
          guard let share = prediction.categories[category.rawValue] else { return nil }
          return [
            Phrases.word(category), Numerals.share(prediction.recordedCategories[category.rawValue]),
            Numerals.share(share),
          ]
        }))
    page.heading("What the intervals are made of")
    for term in prediction.uncertainty {
      page.paragraph("\(Numerals.share(term.share)): \(term.reason)", first: "- ", rest: "  ")
    }
    page.paragraph(
      "Each is half of an interval; they add up as squares. The replay of the unchanged run misses its measured step by"
        + " \(PredictionWords.signed(prediction.replayError)).", .faint)
    write(assumptions: prediction.assumptions, to: page)
    return page.text
  }

  /// A predicted scaling curve: a column for each topology, and what ends it.
  public static func render(
    curve: PredictionCurve, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(PredictionWords.headline(of: curve), .strong)
    page.gap()
    let threads = curve.series.first?.points.map(\.threads) ?? []
    page.table(
      TextTable(
        columns: [.init("threads"), .init("cores")]
          + curve.series.flatMap { series in
            [
              TextTable.Column("\(series.topology.rawValue)\nstep"), .init("tokens/s"),
              .init("speed-\nup"),
            ]
          },
        rows: threads.indices.map { row in
          [Numerals.count(threads[row]), Numerals.count(curve.series[0].points[row].cores)]
            + curve.series.flatMap { series -> [String] in
              guard row < series.points.count else { return ["", "", ""] }
              let point = series.points[row]
              return [
                PredictionWords.milliseconds(point.stepNs), Numerals.perSecond(point.tokensPerSecond.value),
                Numerals.ratio(point.speedup),
              ]
            }
        }))
    page.heading("What ends the scaling")
    for series in curve.series {
      page.paragraph(PredictionWords.boundary(of: series), first: "- ", rest: "  ")
    }
    write(limitsOf: curve, to: page)
    if let last = curve.series.first?.points.last {
      page.paragraph(
        "At \(Numerals.plural(last.threads, "thread")) the interval is"
          + " \(PredictionWords.interval(last.tokensPerSecond) { Numerals.rounded($0) }) tokens/s. The replay of the"
          + " unchanged run misses its measured step by \(PredictionWords.signed(curve.replayError)).", .faint
      )
    }
    write(assumptions: curve.assumptions, to: page)
    return page.text
  }

  /// Where each limit by itself would end the scaling, a column for each topology.
  private static func write(limitsOf curve: PredictionCurve, to page: TerminalPage) {
    let known = ScalingBoundary.Kind.allCases.filter { kind in
      // With a core for every worker their number is no limit; an unknown bandwidth is one that must be named.
      kind == .bandwidth || curve.series.contains { $0.limits?.contains { $0.kind == kind } ?? false }
    }
    guard curve.series.contains(where: { $0.limits != nil }) else { return }
    page.gap()
    page.table(
      TextTable(
        columns: [.init("by itself, the others lifted, it would end", right: false)]
          + curve.series.map { .init($0.topology.rawValue, right: false) },
        rows: known.map { kind in
          [PredictionWords.words(of: kind)] + curve.series.map { PredictionWords.end(of: kind, in: $0) }
        }))
    page.gap()
  }

  private static func write(assumptions: [String], to page: TerminalPage) {
    page.heading("Taken for granted")
    for sentence in assumptions { page.paragraph(sentence, first: "- ", rest: "  ") }
  }
}
