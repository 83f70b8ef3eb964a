import HeadwayTrace

extension TerminalReport {
  /// Candidates that the report shows.
  private static let shownCandidates = 8

  /// What a search chose, and why.
  public static func render(
    tuning result: TuningResult, width: Int = 110, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(TuningWords.headline(result), .strong)
    if !result.changes.isEmpty { page.paragraph("Use: " + TuningWords.flags(result)) }
    page.gap()
    let varied = Set(result.candidates.flatMap(\.settings.keys)).sorted()
    page.table(
      TextTable(
        columns: varied.map { .init($0, right: false) } + [
          .init("predicted\n1000 tokens/s"), .init("measured"), .init("believed"), .init("runs"),
        ],
        rows: result.candidates.prefix(shownCandidates).map { candidate in
          varied.map { candidate.settings[$0] ?? Numerals.absent } + [
            TuningWords.thousands(candidate.predicted?.value),
            TuningWords.thousands(
              candidate.measured.isEmpty
                ? nil : candidate.measured.reduce(0, +) / Double(candidate.measured.count)),
            TuningWords.thousands(candidate.believed.value), Numerals.count(candidate.measured.count),
          ]
        }))
    page.paragraph(TuningWords.effort(result), .faint)
    for warning in result.warnings { page.paragraph(warning, first: "! ", rest: "  ", .doubtful) }
    return page.text
  }
}

/// A search in words.
enum TuningWords {
  static func headline(_ result: TuningResult) -> String {
    guard !result.changes.isEmpty else {
      return "Nothing that was tried is faster than the configuration that the search began with."
    }
    guard let gain = result.gain else {
      return "The search chose another configuration; it was not compared with the one it began with."
    }
    guard let lower = gain.lower, let upper = gain.upper else {
      return
        "The chosen configuration reaches \(Numerals.ratio(gain.value)) the throughput of the one that the"
        + " search began with, in \(Numerals.plural(gain.sampleCount, "block")): too few for an interval."
    }
    let interval = "[\(Numerals.fixed(lower, 2)), \(Numerals.fixed(upper, 2))]"
    let verdict =
      lower > 1
      ? ""
      : upper < 1 ? " It is slower: keep the one you had." : " The interval includes 1: no gain is proven."
    return
      "The chosen configuration reaches \(Numerals.ratio(gain.value)) \(interval) the throughput of the one"
      + " that the search began with, paired over \(Numerals.plural(gain.sampleCount, "block"))." + verdict
  }

  /// The chosen values as arguments of the command.
  static func flags(_ result: TuningResult) -> String {
    result.changes.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
  }

  static func thousands(_ value: Double?) -> String {
    value.map { Numerals.rounded($0 / 1_000) } ?? Numerals.absent
  }

  static func effort(_ result: TuningResult) -> String {
    let end =
      switch result.ending {
      case .settled: "No other configuration promised to be faster."
      case .budget: "The search ended with its time, before it was settled."
      case .runs: "The search ended with a fifth of these runs, before it was settled."
      case .interrupted: "The search was interrupted."
      }
    return "\(Numerals.plural(result.runs, "run")) in \(Numerals.duration(result.wallNs)), of"
      + " \(Numerals.count(result.candidates.count)) configurations; six blocks of each would be"
      + " \(Numerals.count(result.exhaustiveRuns)) runs. \(end)"
  }
}
