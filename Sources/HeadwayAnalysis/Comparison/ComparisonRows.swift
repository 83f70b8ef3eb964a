import Foundation
import HeadwayStatistics
import HeadwayTrace

/// The rows of one table of comparisons, of which each may be refused by itself. Verdicts are corrected over the
/// rows that were added.
struct ComparisonRows {
  private let limits: ComparisonLimits
  private var drafts: [(row: ComparisonRow, comparison: PairedComparison?)] = []

  init(_ limits: ComparisonLimits) { self.limits = limits }

  /// Compares two configurations: by block where `isPaired`, else as two samples.
  mutating func add(
    _ base: ComparedCell, _ candidate: ComparedCell, against: ComparisonRow.Against, isPaired: Bool
  ) {
    let pairs = isPaired ? Self.pairs(base, candidate) : []
    var row = ComparisonRow(
      base: base.label, candidate: candidate.label, against: against, isPaired: isPaired,
      changes: base.runs.first.flatMap { old in
        candidate.runs.first.map { WorkIdentity.changes(from: old.summary, to: $0.summary) }
      } ?? [],
      samples: isPaired
        ? SampleCounts(base: pairs.count, candidate: pairs.count)
        : SampleCounts(base: base.runs.count, candidate: candidate.runs.count))
    row.refusal = refusal(base, candidate, hasPairs: !isPaired || !pairs.isEmpty)
    guard row.refusal == nil else {
      drafts.append((row, nil))
      return
    }
    let loss = LossAgreement(of: base.runs + candidate.runs, tolerance: limits.lossTolerance)
    row.loss = loss
    if loss.level == .apart {
      let apart = String(format: "%.2f %%", (loss.largestDifference ?? 0) * 100)
      row.refusal =
        "they did not reach the same result: their training losses differ by up to \(apart), and at most "
        + String(format: "%.2f %%", limits.lossTolerance * 100) + " counts as the same"
      drafts.append((row, nil))
      return
    }
    var comparison: PairedComparison?
    if isPaired {
      row.wall = WallTimeDifference(pairs: pairs)
      comparison = compare(pairs, &row)
    } else {
      row.wall = WallTimeDifference(base: base.runs, candidate: candidate.runs)
      compare(base.runs, candidate.runs, &row)
    }
    drafts.append((row, comparison))
  }

  /// The rows, their verdicts corrected.
  var rows: [ComparisonRow] {
    let corrected = PairedComparison.corrected(drafts.compactMap(\.comparison))
    var next = corrected.makeIterator()
    return drafts.map { draft in
      var row = draft.row
      if draft.comparison != nil, let comparison = next.next() {
        row.verdict = Verdict(rawValue: comparison.verdict.rawValue)
        row.furtherBlocks = comparison.furtherBlocks
      }
      return row
    }
  }

  /// The runs of two configurations that were measured in the same block.
  static func pairs(
    _ base: ComparedCell, _ candidate: ComparedCell
  ) -> [(base: ComparedRun, candidate: ComparedRun)] {
    let others = Dictionary(
      candidate.runs.compactMap { run in run.block.map { ($0, run) } },
      uniquingKeysWith: { first, _ in first })
    return base.runs.compactMap { run in
      run.block.flatMap { others[$0] }.map { (base: run, candidate: $0) }
    }
  }

  /// Why two configurations cannot be compared; `nil` when they can.
  private func refusal(_ base: ComparedCell, _ candidate: ComparedCell, hasPairs: Bool) -> String? {
    guard let old = base.runs.first, let new = candidate.runs.first else {
      return "\(base.runs.isEmpty ? base.label : candidate.label) has no run that counts"
    }
    if !hasPairs { return "no block has a run of both" }
    for run in base.runs + candidate.runs {
      let differences = old.work.differences(from: run.work)
      if differences.isEmpty { continue }
      return "they did different work: " + differences.map(Self.words).joined(separator: "; ")
    }
    let machines = (base.runs + candidate.runs).compactMap(\.manifest?.machine)
    if let machine = machines.first {
      for other in machines {
        let differences = machine.identityDifferences(from: other)
        if differences.isEmpty { continue }
        return "they ran on different machines: " + differences.map(Self.words).joined(separator: "; ")
      }
    }
    return metric(old, new) == nil ? "no rate of work was measured in both" : nil
  }

  private static func words(_ difference: NamedDifference) -> String {
    "\(difference.name) \(difference.base ?? "unknown") and \(difference.candidate ?? "unknown")"
  }

  private func metric(_ base: ComparedRun, _ candidate: ComparedRun) -> RateMetric? {
    RateMetric.allCases.first { base.rate($0) != nil && candidate.rate($0) != nil }
  }

  private func compare(
    _ pairs: [(base: ComparedRun, candidate: ComparedRun)], _ row: inout ComparisonRow
  ) -> PairedComparison? {
    guard let first = pairs.first, let metric = metric(first.base, first.candidate) else { return nil }
    let ratios = pairs.compactMap { pair -> Double? in
      guard let old = pair.base.rate(metric), let new = pair.candidate.rate(metric) else { return nil }
      return log(new / old)
    }
    guard let comparison = PairedComparison(logRatios: ratios, margin: limits.margin) else { return nil }
    row.metric = metric.rawValue
    row.speedup = Estimate(
      value: comparison.ratio, lower: comparison.ratioInterval?.lower,
      upper: comparison.ratioInterval?.upper, sampleCount: ratios.count)
    return comparison
  }

  private func compare(_ base: [ComparedRun], _ candidate: [ComparedRun], _ row: inout ComparisonRow) {
    guard let old = base.first, let new = candidate.first, let metric = metric(old, new) else { return }
    let first = base.compactMap { $0.rate(metric).map { log($0) } }
    let second = candidate.compactMap { $0.rate(metric).map { log($0) } }
    guard let shift = HodgesLehmannShift(first: first, second: second) else { return }
    let interval = shift.interval()?.mapped { exp($0) }
    row.metric = metric.rawValue
    row.speedup = Estimate(
      value: exp(shift.estimate), lower: interval?.lower, upper: interval?.upper,
      sampleCount: min(first.count, second.count))
  }
}
