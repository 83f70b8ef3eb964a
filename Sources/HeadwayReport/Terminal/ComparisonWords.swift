import HeadwayTrace

/// A comparison in words.
enum ComparisonWords {
  static func headline(of comparison: RunComparison) -> String {
    switch comparison.kind {
    case .runs:
      guard let row = comparison.rows.first else { return "There is nothing to compare." }
      return "\(row.candidate) runs at \(Numerals.ratioWithInterval(row.speedup)) the speed of \(row.base)"
        + " (\(sampling(row)))."
    case .sweeps:
      let count = Numerals.plural(comparison.rows.count, "cell")
      let candidate = comparison.candidate?.path ?? ""
      return "\(candidate) compared with \(comparison.base.path) in the \(count) that both have"
        + " (drift not controlled)."
    case .phases:
      let whole = comparison.rows.last { $0.against == .first }
      guard let whole, whole.speedup != nil else { return "The phases of \(comparison.base.path)." }
      return
        "\(whole.candidate) runs at \(Numerals.ratioWithInterval(whole.speedup)) the speed of \(whole.base)"
        + " (\(sampling(whole)))."
    }
  }

  static func heading(of kind: ComparisonRow.Against) -> String {
    switch kind {
    case .counterpart: "Candidate against base"
    case .previous: "Each phase against the one before"
    case .first: "Each phase against the first"
    }
  }

  /// The two that a row compares, in a cell of a table.
  static func pair(_ row: ComparisonRow) -> String {
    row.candidate == row.base ? row.candidate : "\(row.base) → \(row.candidate)"
  }

  /// Where a side comes from.
  static func side(_ side: ComparedSide) -> String {
    var parts = [side.path, Numerals.plural(side.runs, "run")]
    if let start = side.startedAt { parts.append("from \(start)") }
    if let commit = side.gitCommit { parts.append("commit \(commit.prefix(12))") }
    if let hash = side.binaryHash { parts.append("binary \(hash)") }
    return parts.joined(separator: ", ")
  }

  /// A verdict, or why there is none.
  static func verdict(of row: ComparisonRow, ascii: Bool) -> String {
    if row.refusal != nil { return "not compared" }
    guard row.isPaired else { return "drift not controlled" }
    let word = Phrases.sign(row.verdict, ascii: ascii) + " " + Phrases.word(row.verdict)
    return row.furtherBlocks.map { "\(word), \(Numerals.plural($0, "more block"))" } ?? word
  }

  /// How fast a row is: the ratio, both wall times and their difference.
  static func speeds(of row: ComparisonRow) -> [String] {
    [
      Numerals.ratioWithInterval(row.speedup),
      row.wall.map { Numerals.duration($0.baseNs) } ?? Numerals.absent,
      row.wall.map { Numerals.duration($0.candidateNs) } ?? Numerals.absent,
      row.wall.map { Numerals.signed($0.differenceNs) } ?? Numerals.absent,
    ]
  }

  static func difference(_ difference: NamedDifference) -> String {
    "\(difference.name) \(difference.base ?? "absent") → \(difference.candidate ?? "absent")"
  }

  /// Whether the same results were reached.
  static func losses(_ rows: [ComparisonRow]) -> String {
    let agreements = rows.compactMap(\.loss)
    func count(_ level: LossAgreement.Level) -> Int { agreements.count { $0.level == level } }
    var parts: [String] = []
    if count(.bitwise) == 1 && agreements.count == 1 {
      parts.append("the training losses are bitwise the same")
    } else if count(.bitwise) > 0 {
      parts.append(
        "the training losses are bitwise the same in \(Numerals.plural(count(.bitwise), "comparison"))")
    }
    let near = agreements.filter { $0.level == .withinTolerance }
    if let worst = near.compactMap(\.largestDifference).max(), let limit = near.first?.tolerance {
      parts.append(
        "they agree to \(Numerals.rounded(worst * 100, digits: 2)) % in \(near.count), where"
          + " \(Numerals.share(limit)) is the tolerance")
    }
    if count(.apart) > 0 { parts.append("they are further apart in \(count(.apart))") }
    if count(.unknown) > 0 { parts.append("they were not noted in \(count(.unknown))") }
    return parts.isEmpty ? "nothing was compared" : parts.joined(separator: "; ")
  }

  private static func sampling(_ row: ComparisonRow) -> String {
    if row.isPaired { return "paired by block, \(Numerals.plural(row.samples.base, "block"))" }
    return row.samples.base == 1 && row.samples.candidate == 1
      ? "one run each, drift not controlled"
      : "\(row.samples.base) and \(row.samples.candidate) runs, drift not controlled"
  }
}

extension Numerals {
  /// A difference in time with its sign: `+12.3 ms`, `−4.56 s`.
  static func signed(_ interval: Nanoseconds) -> String {
    if interval.count == 0 { return "0" }
    let magnitude = duration(Nanoseconds(Int64(interval.count.magnitude)))
    return (interval.count < 0 ? "−" : "+") + magnitude
  }
}
