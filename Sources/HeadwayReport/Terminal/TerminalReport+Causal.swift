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
    if !record.warnings.isEmpty {
      page.heading("Warnings")
      for warning in record.warnings { page.paragraph(warning, first: "! ", rest: "  ", .doubtful) }
    }
    return page.text
  }
}

/// Experiments of virtual speed-up in words.
enum CausalWords {
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
