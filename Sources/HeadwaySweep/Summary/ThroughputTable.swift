import Foundation
import HeadwayStatistics
import HeadwayTrace

/// The rates of a sweep by arm and block, and what follows from pairing them by block. A rate is tokens per second
/// or another program's metric; of a metric of which less is better, its inverse: the more, the better, always.
struct ThroughputTable {
  private let plan: SweepPlan
  private let byArm: [String: [MeasuredRun]]
  private let isInverted: Bool

  init(_ sweep: RecordedSweep) {
    plan = sweep.plan
    isInverted = sweep.plan.program?.metric.metric.better == .lower
    byArm = Dictionary(grouping: sweep.runs, by: \.record.arm)
      .mapValues { $0.sorted { $0.record.block < $1.record.block } }
  }

  /// The runs of an arm in the order of the blocks.
  func runs(of arm: String) -> [MeasuredRun] { byArm[arm] ?? [] }

  /// The runs of an arm of Headway's own training, each reduced to its one number.
  func samples(of arm: String) -> [RunSample] {
    runs(of: arm).compactMap { run in
      guard let throughput = run.summary?.throughput, let rate = throughput.tokensPerSecond else {
        return nil
      }
      return RunSample(
        block: run.record.block, position: run.record.position, tokensPerSecond: rate,
        warmupSteps: throughput.warmupSteps, stealShare: run.record.stealShare,
        foreignShare: run.record.foreignShare, directory: run.record.directory)
    }
  }

  /// What the runs of an arm of another program measured; `nil` for Headway's own training.
  func metric(of arm: String) -> MetricSummary? {
    guard plan.program != nil else { return nil }
    let samples = runs(of: arm).compactMap { run in
      run.figure.map {
        MetricSample(
          block: run.record.block, position: run.record.position, value: $0,
          stealShare: run.record.stealShare,
          foreignShare: run.record.foreignShare, directory: run.record.directory)
      }
    }
    return MetricSummary(estimate: Estimate(positive: samples.map(\.value)), samples: samples)
  }

  /// The throughput of an arm over the blocks; `nil` for another program.
  func tokensPerSecond(of arm: String) -> Estimate? {
    Estimate(positive: runs(of: arm).compactMap { $0.summary?.throughput.tokensPerSecond })
  }

  /// The rate of a run.
  private func rate(_ run: MeasuredRun) -> Double? {
    run.figure.map { isInverted ? 1 / $0 : $0 }
  }

  /// Every cell but the baseline compared with it, as one table.
  func comparisons(margin: Double) -> [String: PairedComparison] {
    guard let baseline = plan.baseline else { return [:] }
    let rows = plan.cells.filter { !$0.isBaseline }.compactMap { cell in
      PairedComparison(logRatios: logRatios(cell.id, over: baseline.id), margin: margin).map { (cell.id, $0) }
    }
    let corrected = PairedComparison.corrected(rows.map(\.1))
    return Dictionary(uniqueKeysWithValues: zip(rows.map(\.0), corrected))
  }

  /// Speed-up of a cell over its own configuration at the fewest threads, divided by the ratio of the
  /// threads. Exactly 1, without an interval, for that configuration itself; `nil` where the sweep does
  /// not vary the threads of the cell.
  func efficiency(of cell: PlannedCell) -> Estimate? {
    func rest(_ cell: PlannedCell) -> [AxisSetting] { cell.settings.filter { $0.axis != "threads" } }
    guard let own = cell.threads else { return nil }
    let family = plan.cells.filter { rest($0) == rest(cell) }
    let counts = family.compactMap { member in member.threads.map { (id: member.id, threads: $0) } }
    guard let fewest = counts.min(by: { $0.threads < $1.threads }), Set(counts.map(\.threads)).count > 1
    else {
      return nil
    }
    let ratio = Double(own) / Double(fewest.threads)
    let ratios = logRatios(cell.id, over: fewest.id).map { exp($0) / ratio }
    if cell.id == fewest.id {
      return ratios.isEmpty ? nil : Estimate(value: 1, lower: nil, upper: nil, sampleCount: ratios.count)
    }
    return Estimate(positive: ratios)
  }

  /// Instrumented against bare throughput of the baseline (method 10).
  func overhead() -> Overhead? {
    guard let baseline = plan.baseline, let bare = plan.bareArm,
      let ratio = Estimate(positive: logRatios(baseline.id, over: bare.id).map { exp($0) })
    else { return nil }
    return Overhead(cell: baseline.label, ratio: ratio)
  }

  /// The rates of some arms in every block in which all of them were measured: rows by block.
  func complete(_ arms: [String]) -> [[Double]] {
    let byBlock = arms.map { arm in
      Dictionary(
        runs(of: arm).compactMap { run in
          rate(run).map { (run.record.block, $0) }
        },
        uniquingKeysWith: { first, _ in first })
    }
    let blocks = byBlock.first?.keys.sorted() ?? []
    return blocks.compactMap { block in
      let row = byBlock.compactMap { $0[block] }
      return row.count == arms.count ? row : nil
    }
  }

  /// ln(rate of `arm` / rate of `other`) in every block that has both.
  private func logRatios(_ arm: String, over other: String) -> [Double] {
    let others = Dictionary(
      runs(of: other).compactMap { run in
        rate(run).map { (run.record.block, $0) }
      },
      uniquingKeysWith: { first, _ in first })
    return runs(of: arm).compactMap { run in
      guard let rate = rate(run), let other = others[run.record.block] else {
        return nil
      }
      return log(rate / other)
    }
  }
}
