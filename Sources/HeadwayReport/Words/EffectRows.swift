import HeadwayTrace

/// The rows of a table of effects, in words and numerals, with only the columns that the sweep carries.
struct EffectRows {
  /// One switch or pair, its values by column.
  struct Row {
    var name: String
    var values: [String: String]
  }

  /// How to read the columns.
  static let note =
    "× is the speed with / without the switch, over all combinations of the others; share is what it explains "
    + "of the variation between cells. Others on: what the program with everything on owes to it. In order: "
    + "switched on one after the other as the profile lists them, which depends on that order; averaged over all "
    + "orders beside it. […] is the 95 % interval over blocks."

  let columns: [String]
  let rows: [Row]

  init(_ table: EffectTable, withPairs: Bool) {
    var columns: [String] = []
    var rows: [Row] = []
    for effect in table.rows where withPairs || effect.settings.count == 1 {
      let cells: [(String, String?)] = [
        ("× [95\u{A0}%]", Numerals.ratioWithInterval(effect.factor)), ("share", Numerals.share(effect.share)),
        ("others on", effect.leftOut.map { Numerals.ratio($0.value) }),
        ("in order", effect.ladder.map { Numerals.ratio($0.value) }),
        ("all orders", effect.average.map { Numerals.ratio($0.value) }),
        ("per doubling\u{A0}of\u{A0}threads", effect.perDoubling.map { Numerals.ratioWithInterval($0) }),
      ]
      var values: [String: String] = [:]
      for (column, text) in cells {
        guard let text else { continue }
        if !columns.contains(column) { columns.append(column) }
        values[column] = text
      }
      rows.append(Row(name: Self.name(effect), values: values))
    }
    self.columns = columns
    self.rows = rows
  }

  /// A family's table as the page shows it.
  static func view(_ table: EffectTable) -> TableView {
    let shown = EffectRows(table, withPairs: true)
    let rest = "unexplained: \(Numerals.share(table.unexplained))"
    let fraction = table.isFraction ? ", a fraction of the combinations" : ""
    return TableView(
      tableLabel: "\(table.scope) (\(rest)\(fraction))", corner: "switch",
      headings: shown.columns.map { .init($0) },
      rows: shown.rows.map { row in
        .init(head: row.name, cells: shown.columns.map { .init(row.values[$0] ?? Numerals.absent) })
      })
  }

  /// What was switched: `scheduling barrier → queue`.
  static func name(_ effect: EffectRow) -> String {
    zip(effect.settings, effect.from).map { setting, from in
      effect.settings.count == 1
        ? "\(setting.axis) \(from) → \(setting.value)" : "\(setting.axis) \(setting.value)"
    }.joined(separator: " with ")
  }
}

/// What the fitted laws of scaling say, one sentence a series; one sentence for all series that say the same.
enum ScalingWords {
  static func lines(_ series: [ScalingSummary]) -> [String] {
    let lines = series.map { ($0.label, sentence($0)) }
    guard let first = lines.first else { return [] }
    if lines.count > 1 && lines.allSatisfy({ $0.1 == first.1 }) { return ["every series: \(first.1)"] }
    if let together = without(series) { return together }
    return lines.map { "\($0.0): \($0.1)" }
  }

  /// Two lines for several series to which no law is fitted, all for the same reason; `nil` for others.
  private static func without(_ series: [ScalingSummary]) -> [String]? {
    guard series.count > 1, let reason = series[0].reason,
      series.allSatisfy({ $0.laws.isEmpty && $0.reason == reason })
    else { return nil }
    let fractions = series.compactMap { one in
      one.serialFractions.last.map { last in
        "\(one.label) \(Numerals.shareWithInterval(last.value)) at \(last.threads) threads"
      }
    }
    return ["every series: no law is fitted: \(reason)"]
      + (fractions.isEmpty ? [] : ["serial fractions (Karp–Flatt): " + fractions.joined(separator: ", ")])
  }

  private static func sentence(_ series: ScalingSummary) -> String {
    var parts: [String] = []
    if let best = series.laws.first(where: { $0.form == series.best }) {
      let name = ["linear": "a line", "amdahl": "Amdahl's law", "usl": "the universal scalability law"]
      parts.append(
        "\(name[best.form] ?? best.form) fits best (largest error \(Numerals.share(best.largestError)))")
      if let sigma = series.sigma {
        parts.append("contention σ = \(Numerals.shareWithInterval(sigma))")
      }
      if let peak = series.peakThreads {
        parts.append(
          "most throughput at \(Numerals.rounded(peak.value)) threads"
            + (peak.lower.flatMap { lower in
              peak.upper.map { " [\(Numerals.rounded(lower)), \(Numerals.rounded($0))]" }
            } ?? ""))
      }
    }
    if let reason = series.reason {
      parts.append(series.laws.isEmpty ? "no law is fitted: \(reason)" : reason)
    }
    if let last = series.serialFractions.last {
      parts.append(
        "serial fraction (Karp–Flatt) at \(last.threads) threads \(Numerals.shareWithInterval(last.value))")
    }
    return parts.joined(separator: "; ")
  }
}
