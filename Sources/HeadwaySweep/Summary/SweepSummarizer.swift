import Foundation
import HeadwayAnalysis
import HeadwayStatistics
import HeadwayTrace

/// Reduces the runs of a sweep to its summary: estimates with exact intervals, verdicts, checks and
/// findings. A pure function: the same journal gives the same summary, whenever it is read.
public enum SweepSummarizer {
  /// The summary of a sweep, whole or cut short.
  ///
  /// Throughputs, and the metrics of other programs, are estimated on their logarithms (Hodges–Lehmann over the blocks); ratios are paired by
  /// block; the verdicts are Holm-corrected over the table (method 15).
  public static func summarize(_ sweep: RecordedSweep) -> SweepSummary {
    let table = ThroughputTable(sweep)
    let comparisons = table.comparisons(margin: sweep.plan.margin)
    let cells = sweep.plan.cells.map { cell in
      CellSummary(
        id: cell.id, label: cell.label, settings: cell.settings, isBaseline: cell.isBaseline,
        threads: cell.threads, samples: table.samples(of: cell.id),
        tokensPerSecond: table.tokensPerSecond(of: cell.id),
        speedup: comparisons[cell.id].map(Estimate.init(ratioOf:)),
        efficiency: table.efficiency(of: cell),
        verdict: comparisons[cell.id].flatMap { Verdict(rawValue: $0.verdict.rawValue) },
        shares: CellShares(mediansOf: table.runs(of: cell.id).compactMap(\.summary)),
        metric: table.metric(of: cell.id))
    }
    var summary = SweepSummary(
      name: sweep.plan.name, command: sweep.plan.context.command, startedAt: sweep.plan.context.startedAt,
      elapsedNs: sweep.elapsedNs, toolVersion: sweep.plan.context.toolVersion,
      machine: sweep.plan.context.machine, seed: sweep.plan.seed, corpus: sweep.plan.context.corpus,
      blocks: blockCount(sweep), partial: sweep.cutShort != nil, cells: cells,
      checks: SweepChecks(sweep).all, effects: EffectTables(sweep.plan, table).all,
      scaling: ScalingSeriesFits(sweep.plan, table).all, overhead: table.overhead(), findings: [],
      warnings: warnings(sweep, comparisons: Array(comparisons.values)), excluded: sweep.excluded,
      program: sweep.plan.program.map { ForeignProgram(command: $0.command, metric: $0.metric.metric) },
      stoppedBy: sweep.stoppedBy,
      predictions: sweep.predictions.map {
        LedgerSummary($0.ledger, hash: $0.record.hash, frozenNs: $0.record.frozenNs, measured: cells)
      },
      driver: DriverTime(sweep.gaps), surroundings: sweep.plan.context.surroundings)
    // What another program recorded nothing of has no findings.
    if sweep.plan.program == nil {
      summary.findings = SweepFindings.findings(for: summary, runs: sweep.runsByCell)
    }
    return summary
  }

  private static func blockCount(_ sweep: RecordedSweep) -> BlockCount {
    let arms = Set(sweep.plan.arms.map(\.id))
    let measured = Dictionary(grouping: sweep.runs, by: \.record.block)
      .mapValues { Set($0.map(\.record.arm)) }
    let complete = sweep.blocks.count { block in
      block.disturbances.isEmpty && measured[block.block] == arms
    }
    let begun = max(sweep.blocks.count, measured.keys.count)
    return BlockCount(
      complete: complete, planned: max(sweep.plan.blocks.minimum, begun),
      disturbed: sweep.blocks.count { $0.passes > 1 })
  }
}

extension Estimate {
  /// The ratio of a comparison with its exact interval.
  init(ratioOf comparison: PairedComparison) {
    self.init(
      value: comparison.ratio, lower: comparison.ratioInterval?.lower,
      upper: comparison.ratioInterval?.upper, sampleCount: comparison.logRatios.count)
  }

  /// The Hodges–Lehmann estimate of positive values, on their logarithms; `nil` when there is none.
  init?(positive values: [Double]) {
    guard let centre = HodgesLehmann(values.map { log($0) }) else { return nil }
    let interval = centre.interval()?.mapped { exp($0) }
    self.init(
      value: exp(centre.estimate), lower: interval?.lower, upper: interval?.upper, sampleCount: values.count)
  }
}

extension CellShares {
  /// The median of each share over a cell's runs; `nil` when no run has books. The categories are scaled
  /// to sum to 1 again, which medians by themselves need not.
  init?(mediansOf runs: [RunSummary]) {
    let shares = runs.compactMap { CellShares(of: $0) }
    guard !shares.isEmpty else { return nil }
    func median(_ value: (CellShares) -> Double) -> Double {
      Quantiles.median(of: shares.map(value)) ?? .nan
    }
    // In a fixed order, so that summarising twice gives the same bits.
    let names = Set(shares.flatMap(\.categories.keys)).sorted()
    let medians = names.map { name in (name, median { $0.categories[name] ?? 0 }) }
    let sum = medians.reduce(0) { $0 + $1.1 }
    self.init(
      useful: median(\.useful), barrierIdle: median(\.barrierIdle), queueIdle: median(\.queueIdle),
      inputWait: median(\.inputWait), runnable: median(\.runnable), spin: median(\.spin),
      unknown: median(\.unknown),
      categories: Dictionary(uniqueKeysWithValues: medians.map { ($0, sum > 0 ? $1 / sum : $1) }))
  }
}
