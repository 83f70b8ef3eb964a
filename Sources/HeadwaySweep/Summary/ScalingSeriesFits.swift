import HeadwayStatistics
import HeadwayTrace

/// Laws of throughput over threads, fitted to every series of cells that differ in their threads only.
///
/// Cells with more threads than usable CPUs are left out: beyond that step another law would hold.
struct ScalingSeriesFits {
  private let plan: SweepPlan
  private let table: ThroughputTable

  init(_ plan: SweepPlan, _ table: ThroughputTable) {
    self.plan = plan
    self.table = table
  }

  /// A fit, or the reason why there is none, for each series; `nil` when no series varies its threads.
  var all: [ScalingSummary]? {
    var order: [[AxisSetting]] = []
    var series: [[AxisSetting]: [PlannedCell]] = [:]
    for cell in plan.cells where cell.settings.contains(where: { $0.axis == "threads" }) {
      let shared = cell.settings.filter { $0.axis != "threads" }
      if series[shared] == nil { order.append(shared) }
      series[shared, default: []].append(cell)
    }
    let fits = order.compactMap { shared -> ScalingSummary? in
      guard let cells = series[shared], cells.count > 1 else { return nil }
      return fit(shared, cells.sorted { ($0.threads ?? 0) < ($1.threads ?? 0) })
    }
    return fits.isEmpty ? nil : fits
  }

  private func fit(_ shared: [AxisSetting], _ cells: [PlannedCell]) -> ScalingSummary {
    let cpus = plan.context.machine.usableCpus
    let usable = cells.filter { Double($0.threads ?? .max) <= max(cpus, 1) }
    var summary = ScalingSummary(
      settings: shared, label: shared.isEmpty ? "all cells" : PlannedCell.words(shared),
      threads: usable.compactMap(\.threads))
    summary.serialFractions = serialFractions(usable)
    guard usable.count >= ScalingFit.fewestThreadCounts else {
      summary.reason =
        "a law takes \(ScalingFit.fewestThreadCounts) numbers of threads within the machine's CPUs, the sweep"
        + " has \(usable.count)"
      return summary
    }
    guard
      let sample = ScalingSample(threads: summary.threads, blocks: table.complete(usable.map(\.id))),
      let fit = ScalingFit(sample, seed: plan.seed)
    else {
      summary.reason = "no block measured every number of threads"
      return summary
    }
    summary.laws = fit.candidates.map {
      FittedLaw(
        form: $0.form.rawValue, gamma: $0.law.gamma, sigma: $0.law.sigma, kappa: $0.law.kappa,
        criterion: $0.criterion, largestError: $0.largestError)
    }
    summary.best = fit.best.form.rawValue
    if let usl = fit.candidates.first(where: { $0.form == .usl })?.law {
      func estimate(_ value: Double, _ interval: Interval?) -> Estimate {
        Estimate(
          value: value, lower: interval?.lower, upper: interval?.upper, sampleCount: sample.blocks.count)
      }
      summary.sigma = estimate(usl.sigma, fit.interval { $0.sigma })
      summary.kappa = estimate(usl.kappa, fit.interval { $0.kappa })
      summary.band = Self.band(of: usl, fit, threads: summary.threads, blocks: sample.blocks.count)
      summary.peakThreads = fit.peak.map { estimate($0.threads, $0.interval) }
    }
    if summary.peakThreads == nil {
      summary.reason = "no peak seen up to \(summary.threads.last ?? 1) threads"
    }
    return summary
  }

  /// The universal law at each measured number of threads and between them, where the blocks carry a band.
  private static func band(
    of law: ScalingLaw, _ fit: ScalingFit, threads: [Int], blocks: Int
  ) -> [LawPoint]? {
    guard let least = threads.first, let most = threads.last, least < most else { return nil }
    let between = (0...24).map { Double(least) + Double(most - least) * Double($0) / 24 }
    let places = Set(between + threads.map(Double.init)).sorted()
    let points = places.compactMap { place -> LawPoint? in
      guard let band = fit.band(threads: place), band.lower.isFinite, band.upper.isFinite else { return nil }
      let rate = law.throughput(threads: place)
      return LawPoint(
        threads: place,
        value: Estimate(value: rate, lower: band.lower, upper: band.upper, sampleCount: blocks))
    }
    return points.count == places.count ? points : nil
  }

  /// Karp and Flatt's fraction of every cell against the one-thread cell of its series; none without one.
  private func serialFractions(_ cells: [PlannedCell]) -> [SerialFraction] {
    guard let one = cells.first, one.threads == 1 else { return [] }
    return cells.dropFirst().compactMap { cell in
      guard let count = cell.threads else { return nil }
      let threads = Double(count)
      let values = table.complete([one.id, cell.id]).compactMap {
        karpFlatt(speedUp: $0[1] / $0[0], threads: threads)
      }
      // A fraction may be negative (a speed-up above N), so it is estimated as it is, not on its logarithm.
      guard let centre = HodgesLehmann(values) else { return nil }
      let interval = centre.interval()
      return SerialFraction(
        threads: count,
        value: Estimate(
          value: centre.estimate, lower: interval?.lower, upper: interval?.upper,
          sampleCount: values.count))
    }
  }
}
