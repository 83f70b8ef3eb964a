import HeadwayTrace

extension TerminalReport {
  /// The experiments of virtual speed-up of a run.
  public static func render(
    causal record: CausalRecord, width: Int = 110, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(CausalWords.headline(record), .strong)
    page.gap()
    let speedups = Set(record.curves.flatMap { $0.points.map(\.speedup) }).sorted()
    page.table(
      TextTable(
        columns: [.init("region", right: false)]
          + speedups.map { .init("\(Numerals.share($0))\nfaster") } + [.init("gain for\neach 1 %")],
        rows: record.curves.map { curve in
          [curve.region]
            + speedups.map { speedup in CausalWords.gain(curve.points.first { $0.speedup == speedup }) }
            + [Numerals.fixed(curve.potential, 2) + " %"]
        }))
    page.paragraph(CausalWords.legend(record), .faint)
    write(comparison: record.comparison, to: page)
    if !record.warnings.isEmpty {
      page.heading("Warnings")
      for warning in record.warnings { page.paragraph(warning, first: "! ", rest: "  ", .doubtful) }
    }
    return page.text
  }
}

extension TerminalReport {
  /// The experiments beside the replay: both rankings, and where they differ.
  private static func write(comparison: CausalComparison?, to page: TerminalPage) {
    guard let comparison else { return }
    page.heading("Beside the replay")
    page.paragraph(CausalWords.verdict(comparison))
    for disagreement in comparison.disagreements {
      page.paragraph(CausalWords.words(disagreement), first: "- ", rest: "  ", .doubtful)
    }
    page.gap()
    page.table(
      TextTable(
        columns: [
          .init("region", right: false), .init("experiments:\ngain for 1 %"), .init("replay:\ngain for 1 %"),
          .init("rank by\nexperiments"), .init("rank by\nreplay"), .init("", right: false),
        ],
        rows: CausalWords.rows(comparison)))
    page.paragraph(CausalWords.legend(comparison), .faint)
  }
}

/// Experiments of virtual speed-up in words.
enum CausalWords {
  /// Whether experiments and replay rank the regions alike.
  static func verdict(_ comparison: CausalComparison) -> String {
    let pairs = Numerals.plural(comparison.pairs, "pair")
    if comparison.agreed + comparison.disagreements.count == 0 {
      return
        "The experiments rank none of \(pairs) of regions beyond doubt, so they neither confirm the replay's order"
        + " nor contradict it."
    }
    let open = comparison.undecided > 0 ? "; \(comparison.undecided) the experiments cannot rank" : ""
    if comparison.disagreements.isEmpty {
      return "Experiments and replay rank the regions alike wherever the experiments can tell:"
        + " \(comparison.agreed) of \(pairs) agree\(open)."
    }
    return
      "Experiments and replay disagree about the order of \(comparison.disagreements.count) of \(pairs) of regions;"
      + " \(comparison.agreed) agree\(open)."
  }

  /// One pair that the two rank differently.
  static func words(_ one: CausalComparison.Disagreement) -> String {
    "By the experiments a faster \(one.more) brings \(share(one.experiment)) more than a faster \(one.less) for each"
      + " 1 %; by the replay it brings \(Numerals.fixed(-one.replay, 2)) % less."
  }

  /// A row for each region: what a faster one brings and where it stands, by both.
  static func rows(_ comparison: CausalComparison) -> [[String]] {
    let replayed = comparison.regions.compactMap { region in region.replay.map { (region.region, $0) } }
      .sorted { $0.1 > $1.1 }.map(\.0)
    let known = comparison.regions.filter { $0.replay != nil }.map(\.region)
    return comparison.regions.map { region in
      func rank(_ order: [String]) -> String {
        order.firstIndex(of: region.region).map { String($0 + 1) } ?? Numerals.absent
      }
      let remark = region.replay == nil ? "no replay" : region.isApart == true ? "outside the interval" : ""
      return [
        region.region, share(region.experiment),
        region.replay.map { Numerals.fixed($0, 2) + " %" } ?? Numerals.absent,
        rank(known), rank(replayed), remark,
      ]
    }
  }

  static func legend(_ comparison: CausalComparison) -> String {
    let lacking = comparison.regions.filter { $0.replay == nil }.map(\.region)
    let left =
      lacking.isEmpty
      ? "" : " It cannot shorten \(lacking.joined(separator: ", ")), which has no place in the ranking."
    return
      "The replay simulates a recorded run of the same configuration (\(comparison.run)) with the region that much"
      + " shorter; its own step is reproduced with an error of \(PredictionWords.signed(comparison.replayError))."
      + left
  }

  private static func share(_ estimate: Estimate) -> String {
    let value = Numerals.fixed(estimate.value, 2) + " %"
    guard let lower = estimate.lower, let upper = estimate.upper else { return value }
    return "\(value) [\(Numerals.fixed(lower, 2)), \(Numerals.fixed(upper, 2))]"
  }

  /// What would help most, if anything does beyond doubt.
  static func headline(_ record: CausalRecord) -> String {
    let proven = record.curves.filter { curve in curve.points.contains { ($0.lower ?? -1) > 0 } }
    guard let best = proven.first else {
      return "No region would make the steps faster beyond the noise of these experiments."
    }
    let point = best.points.last { ($0.lower ?? -1) > 0 }
    let gain = point.map {
      "\(Numerals.share($0.speedup)) faster, it would shorten a step by \(Self.gain($0))"
    }
    return "A faster \(best.region) helps most: \(gain ?? "")."
  }

  /// A gain and its interval.
  static func gain(_ point: CausalCurve.Point?) -> String {
    guard let point else { return Numerals.absent }
    let value = Numerals.share(point.gain)
    guard let lower = point.lower, let upper = point.upper else { return value }
    return "\(value) [\(Numerals.fixed(lower * 100, 1)), \(Numerals.fixed(upper * 100, 1))]"
  }

  static func legend(_ record: CausalRecord) -> String {
    let blocks = (record.measurements.map(\.block).max() ?? -1) + 1
    let noise = record.noise.map { "; without a speed-up they vary by \(Numerals.share($0))" } ?? ""
    return
      "Share of a step's time that would vanish if a region took that much less, and its 95 % interval over"
      + " \(Numerals.plural(blocks, "block")). Each experiment is \(record.stepsPerExperiment) steps in which the"
      + " other threads waited for what the region would have saved\(noise)."
  }
}
