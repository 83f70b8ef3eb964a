import HeadwayTrace

extension TerminalReport {
  /// A gate: what it says, cell by cell, and the counters.
  public static func render(
    gate: GateResult, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(GateWords.headline(of: gate), .strong)
    page.gap()
    page.table(
      TextTable(
        columns: [
          .init("cell", right: false), .init("candidate / base\n[95 %]"), .init("again\n[95 %]"),
          .init("", right: false),
        ],
        rows: gate.rows.map { row in
          [
            row.cell, Numerals.ratioWithInterval(row.first), Numerals.ratioWithInterval(row.second),
            GateWords.state(of: row, margin: gate.margin),
          ]
        }))
    page.paragraph(
      "Throughput over \(Numerals.plural(gate.blocks, "block")), paired; a cell that differs by more than"
        + " \(Numerals.share(gate.margin)) is measured again with fresh blocks and counts if it repeats.",
      .faint)
    var notes = GateWords.counters(of: gate).map { ("Counters", $0) }
    if let slowdown = gate.possibleSlowdown, gate.outcome != .regression {
      notes.append(
        ("Sharpness", "the intervals leave room for a slow-down of at most \(Numerals.share(slowdown))"))
    }
    notes += [
      ("Base", GateWords.program(gate.base)), ("Candidate", GateWords.program(gate.candidate)),
      ("Machine", Phrases.machine(gate.machine)),
    ]
    write(notes: notes, to: page)
    write(warnings: gate.warnings, to: page)
    return page.text
  }
}

/// Words about a gate.
enum GateWords {
  static func headline(of gate: GateResult) -> String {
    let worse = gate.counters.filter { $0.state == .worse }.count
    let slower = gate.rows.filter { confirmed($0) && $0.first.value < 1 }.count
    switch gate.outcome {
    case .pass:
      return "Pass: nothing changed by more than \(Numerals.share(gate.margin)), as far as the runs can say."
    case .inconclusive:
      return gate.rows.contains { $0.isFlagged }
        ? "Inconclusive: what the first look saw was not seen again."
        : "Inconclusive: too few runs succeeded for an interval."
    case .improvement: return "Improvement: the candidate is better, and nowhere worse."
    case .regression:
      let parts = [
        slower > 0 ? "slower in \(Numerals.plural(slower, "cell")), twice" : nil,
        worse > 0 ? "\(Numerals.plural(worse, "counter")) rose" : nil,
      ].compactMap(\.self)
      return "Regression: the candidate is worse (\(parts.joined(separator: "; ")))."
    }
  }

  /// What happened to a cell.
  static func state(of row: GateRow, margin: Double) -> String {
    guard row.first.lower != nil else { return "too few runs" }
    guard row.isFlagged else { return "within the margin, or not told apart from it" }
    guard row.second != nil else { return "could not be measured again" }
    return confirmed(row) ? (row.first.value < 1 ? "slower, twice" : "faster, twice") : "did not repeat"
  }

  /// Whether both looks exclude "no difference" on the same side.
  private static func confirmed(_ row: GateRow) -> Bool {
    func side(_ estimate: Estimate?) -> Int {
      guard let estimate, let lower = estimate.lower, let upper = estimate.upper else { return 0 }
      return lower > 1 ? 1 : upper < 1 ? -1 : 0
    }
    return row.isFlagged && side(row.first) != 0 && side(row.first) == side(row.second)
  }

  /// The counters that differ, one by one, and how many do not.
  static func counters(of gate: GateResult) -> [String] {
    let told = gate.counters.filter { [.worse, .better, .varies].contains($0.state) }.map { counter in
      let name = counter.name.replacing("_", with: " ")
      if counter.state == .varies {
        return "\(counter.cell): \(name) vary from run to run and are not judged"
      }
      let (old, new) = (counter.base ?? 0, counter.candidate ?? 0)
      return "\(counter.cell): \(name) \(Numerals.count(old)) → \(Numerals.count(new)),"
        + " \(counter.state == .worse ? "worse" : "better")"
    }
    let equal = gate.counters.count { $0.state == .equal }
    let absent = gate.counters.count { $0.state == .absent }
    return told + ["\(equal) equal, \(absent) not counted by both"]
  }

  static func program(_ program: GatedProgram) -> String {
    var parts = [program.name]
    if let commit = program.gitCommit { parts.append("commit \(commit.prefix(12))") }
    if let hash = program.binaryHash { parts.append("binary \(hash)") }
    return parts.joined(separator: ", ")
  }
}
