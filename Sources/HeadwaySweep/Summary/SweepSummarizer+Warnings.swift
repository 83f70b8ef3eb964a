import HeadwayStatistics
import HeadwayTrace

extension SweepSummarizer {
  /// What a reader must know before believing the figures.
  static func warnings(_ sweep: RecordedSweep, comparisons: [PairedComparison]) -> [String] {
    var warnings = sweep.warnings
    if let cutShort = sweep.cutShort { warnings.append(cutShort + "; what was measured until then is here") }
    if sweep.runs.isEmpty { warnings.append("no run was measured") }
    if !sweep.excluded.isEmpty {
      let runs = sweep.excluded.count == 1 ? "1 run is" : "\(sweep.excluded.count) runs are"
      warnings.append("\(runs) not in the figures; each is listed with its reason")
    }
    warnings += power(comparisons)
    warnings += disturbances(sweep)
    warnings += repeated(sweep.runs.map(\.summary.warnings))
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
  private static func repeated(_ warnings: [[String]]) -> [String] {
    var counts: [String: Int] = [:]
    for run in warnings {
      for text in Set(run) { counts[text, default: 0] += 1 }
    }
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = ordered.prefix(5).map { "in \($0.value) of \(warnings.count) runs: \($0.key)" }
    return ordered.count > 5
      ? shown + ["\(ordered.count - 5) more kinds of warning stand in the runs"] : shown
  }
}
