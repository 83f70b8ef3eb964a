import HeadwayTrace

extension RunComparison {
  /// Compares two runs (method 18).
  ///
  /// - Throws: ``InputError`` when they did different work or came to different results, or on different machines.
  public static func ofRuns(
    _ base: ComparedSubject, _ candidate: ComparedSubject, limits: ComparisonLimits = ComparisonLimits()
  ) throws(InputError) -> RunComparison {
    var rows = ComparisonRows(limits)
    if let old = base.cells.first, let new = candidate.cells.first {
      rows.add(old, new, against: .counterpart, isPaired: false)
    }
    let table = rows.rows
    if let refusal = table.first?.refusal { throw refused(base, candidate, refusal) }
    return assemble(.runs, base, candidate, table, limits, warnings: [])
  }

  /// Compares the cells that two sweeps share: those with the same settings.
  ///
  /// - Throws: ``InputError`` when they share none that can be compared.
  public static func ofSweeps(
    _ base: ComparedSubject, _ candidate: ComparedSubject, limits: ComparisonLimits = ComparisonLimits()
  ) throws(InputError) -> RunComparison {
    var rows = ComparisonRows(limits)
    var alone: [String] = []
    for cell in base.cells {
      guard let other = candidate.cells.first(where: { Set($0.settings) == Set(cell.settings) }) else {
        alone.append("\u{201C}\(cell.label)\u{201D} is in \(base.path) only")
        continue
      }
      rows.add(cell, other, against: .counterpart, isPaired: false)
    }
    for cell in candidate.cells where !base.cells.contains(where: { Set($0.settings) == Set(cell.settings) })
    {
      alone.append("\u{201C}\(cell.label)\u{201D} is in \(candidate.path) only")
    }
    let table = rows.rows
    if table.isEmpty { throw refused(base, candidate, "the two sweeps share no cell") }
    if let refusal = table[0].refusal, table.allSatisfy({ $0.refusal != nil }) {
      throw refused(base, candidate, refusal)
    }
    return assemble(.sweeps, base, candidate, table, limits, warnings: alone)
  }

  /// Compares each phase of a sweep with the one before it and with the first, paired by block. Where the sweep has
  /// other axes too, each combination of those has its own ladder. A phase that did other work has a row that says
  /// so, and no figures.
  ///
  /// - Throws: ``InputError`` when the sweep has fewer than two phases.
  public static func ofPhases(
    _ sweep: ComparedSubject, limits: ComparisonLimits = ComparisonLimits()
  ) throws(InputError) -> RunComparison {
    func rest(_ cell: ComparedCell) -> [AxisSetting] { cell.settings.filter { $0.axis != "phase" } }
    let phased = sweep.cells.filter { cell in cell.settings.contains { $0.axis == "phase" } }
    var families: [[ComparedCell]] = []
    for cell in phased {
      if let index = families.firstIndex(where: { rest($0[0]) == rest(cell) }) {
        families[index].append(cell)
      } else {
        families.append([cell])
      }
    }
    families.removeAll { $0.count < 2 }
    if families.isEmpty {
      throw InputError(
        sweep.path, problem: "the sweep has no phases to compare",
        remedy: "name a sweep of a profile with two phases or more, such as profiles/phases.yaml")
    }
    var previous = ComparisonRows(limits)
    var first = ComparisonRows(limits)
    for family in families {
      for (cell, before) in zip(family.dropFirst(), family) {
        previous.add(before, cell, against: .previous, isPaired: true)
        first.add(family[0], cell, against: .first, isPaired: true)
      }
    }
    return assemble(.phases, sweep, nil, previous.rows + first.rows, limits, warnings: [])
  }

  private static func refused(
    _ base: ComparedSubject, _ candidate: ComparedSubject, _ why: String
  ) -> InputError {
    InputError(
      "\(base.path) and \(candidate.path)", problem: "not compared, because \(why)",
      remedy: "compare runs of the same work on the same machine")
  }

  private static func assemble(
    _ kind: Kind, _ base: ComparedSubject, _ candidate: ComparedSubject?, _ rows: [ComparisonRow],
    _ limits: ComparisonLimits, warnings: [String]
  ) -> RunComparison {
    let runs = base.runs + (candidate?.runs ?? [])
    return RunComparison(
      kind: kind, base: base.side, candidate: candidate?.side,
      machine: runs.compactMap(\.manifest?.machine).first, margin: limits.margin, rows: rows,
      environment: candidate.map {
        SideFacts.differences(from: SideFacts(base.runs), to: SideFacts($0.runs))
      } ?? [],
      warnings: warnings + [base, candidate].compactMap(\.self).compactMap(variations)
        + cautions(runs, rows: rows))
  }

  /// What was not the same around all runs of one side.
  private static func variations(in side: ComparedSubject) -> String? {
    let found = SideFacts(side.runs).variations
    return found.isEmpty
      ? nil
      : "the runs of \(side.path) were not all made in the same surroundings: "
        + found.joined(separator: "; ")
  }

  private static func cautions(_ runs: [ComparedRun], rows: [ComparisonRow]) -> [String] {
    var cautions: [String] = []
    if rows.contains(where: { !$0.isPaired }) {
      cautions.append(
        "drift not controlled: the runs were not measured side by side, so whatever changed on the machine between "
          + "them is part of every figure")
    }
    func count(_ text: String, _ isSo: (ComparedRun) -> Bool) {
      let number = runs.count(where: isSo)
      if number > 0 { cautions.append("\(number) of \(runs.count) runs \(text)") }
    }
    count("left no manifest: their machine and corpus are not checked") { $0.manifest == nil }
    count("have no books: their wall time is not split") { $0.summary.books == nil }
    count("did not do all of their steps") { !$0.summary.completed }
    if rows.contains(where: { $0.loss?.level == .unknown }) {
      cautions.append("some runs noted no losses, so that they came to the same result is not shown")
    }
    for row in rows where row.loss?.level == .withinTolerance {
      if row.changes.contains(where: { WorkIdentity.arithmeticKeys.contains($0.name) }) { continue }
      cautions.append(
        "the losses of \(row.base) and \(row.candidate) are not bitwise the same, although neither kernels nor grain "
          + "differ: they are of different programs, or one is at fault")
    }
    return cautions
  }
}
