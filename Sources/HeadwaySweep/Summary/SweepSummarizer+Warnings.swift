import HeadwayStatistics
import HeadwayTrace

extension SweepSummarizer {
  /// What a reader must know before believing the figures.
  static func warnings(_ sweep: RecordedSweep, comparisons: [PairedComparison]) -> [String] {
    var warnings = sweep.warnings
    if let cutShort = sweep.cutShort { warnings.append(cutShort + "; what was measured until then is here") }
    if let program = sweep.plan.program {
      warnings.append(ForeignProgram.defaultAbsence)
      if program.sameWork == nil {
        warnings.append(
          "nothing checks that every run did the same work: the profile has no same_work")
      }
    }
    if sweep.runs.isEmpty { warnings.append("no run was measured") }
    if !sweep.excluded.isEmpty {
      let runs = sweep.excluded.count == 1 ? "1 run is" : "\(sweep.excluded.count) runs are"
      warnings.append("\(runs) not in the figures; each is listed with its reason")
    }
    warnings += power(comparisons)
    warnings += disturbances(sweep)
    warnings += repeated(sweep.runs.compactMap(\.summary?.warnings))
    return warnings
  }

  /// What the number of blocks cannot carry.
  private static func power(_ comparisons: [PairedComparison]) -> [String] {
    guard let blocks = comparisons.map(\.logRatios.count).min() else { return [] }
    if blocks < 6 {
      return ["fewer than 6 blocks carry no 95 % interval, so no cell is called faster or slower"]
    }
    let fewest = Holm.fewestBlocks(rows: comparisons.count)
    if blocks >= fewest { return [] }
    return [
      "\(comparisons.count) cells are compared with the baseline in \(blocks) blocks, and Holm's correction "
        + "lets none be called faster or slower before \(fewest)"
    ]
  }

  private static func disturbances(_ sweep: RecordedSweep) -> [String] {
    var warnings: [String] = []
    for block in sweep.blocks where !block.disturbances.isEmpty {
      let others = block.disturbances.count - 1
      let more = others > 0 ? " (and \(others == 1 ? "1 more run" : "\(others) more runs"))" : ""
      let how = block.passes > 1 ? "in both passes, of which the quieter counts" : "and was not repeated"
      warnings.append("block \(block.block + 1) was disturbed \(how): \(block.disturbances[0])\(more)")
    }
    let blind = sweep.runs.count { $0.record.stealShare == nil }
    if blind > 0 {
      warnings.append(
        "in \(blind) of \(sweep.runs.count) runs the machine's other load could not be told: /proc/stat was "
          + "unreadable or the run too short for its ticks")
    }
    return warnings
  }

  /// The warnings of runs, each once with how many runs gave it; the most frequent first, at most five.
  /// Warnings that differ in their figures alone are of one kind, of which one is shown as an example.
  private static func repeated(_ warnings: [[String]]) -> [String] {
    var kinds: [String: (runs: Int, examples: Set<String>)] = [:]
    for run in warnings {
      for (kind, texts) in Dictionary(grouping: run, by: { $0.replacing(/[0-9]+(\.[0-9]+)?/, with: "#") }) {
        kinds[kind, default: (0, [])].runs += 1
        kinds[kind]?.examples.formUnion(texts)
      }
    }
    let ordered = kinds.values.sorted {
      ($1.runs, $0.examples.min() ?? "") < ($0.runs, $1.examples.min() ?? "")
    }
    let shown = ordered.prefix(5).map { kind in
      "in \(kind.runs) of \(warnings.count) runs\(kind.examples.count > 1 ? ", for example" : ""): "
        + (kind.examples.min() ?? "")
    }
    return ordered.count > 5
      ? shown + ["\(ordered.count - 5) more kinds of warning stand in the runs"] : shown
  }
}
