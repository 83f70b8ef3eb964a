import HeadwayStatistics
import HeadwayTrace

/// The findings of a sweep: each cause once, at the cell that shows it best, judged by the experiments
/// that the sweep holds.
public enum SweepFindings {
  /// A reader gets at most this many.
  public static let limit = 6

  /// The findings of a sweep, largest saving first, contradicted ones last.
  ///
  /// A cause is stated where its saving is above the largest of 2 %, the probes' measured overhead and
  /// the noise of the cell's throughput.
  ///
  /// - Parameters:
  ///   - sweep: The sweep's cells and samples; its own `findings` are not read.
  ///   - runs: The runs of each cell, by the cell's id.
  public static func findings(for sweep: SweepSummary, runs: [String: [RunSummary]]) -> [Finding] {
    let cases = sweep.cells.flatMap { cell in
      symptoms(of: cell, runs: runs[cell.id] ?? [], usableCpus: sweep.machine.usableCpus)
    }
    var findings = Cause.allCases.compactMap { cause in
      finding(from: cases.filter { $0.symptom.cause == cause }, in: sweep)
    }
    let judged = findings.contains {
      [Cause.loadImbalance.rawValue, Cause.barrierLatency.rawValue].contains($0.cause)
        && $0.status != .untested
    }
    if judged { findings.removeAll { $0.cause == Cause.barrierWait.rawValue } }
    if let overhead = overheadFinding(sweep) { findings.append(overhead) }
    return Array(RunFindings.ordered(findings).prefix(limit))
  }

  /// A symptom at the cell that shows it.
  private struct Case {
    let cell: CellSummary
    let symptom: Symptom
  }

  private static func symptoms(of cell: CellSummary, runs: [RunSummary], usableCpus: Double) -> [Case] {
    let foreign = Quantiles.median(of: cell.samples.compactMap(\.foreignShare)) ?? 0
    let views = runs.compactMap { RunView($0, usableCpus: usableCpus, foreignShare: foreign) }
    let symptoms = views.flatMap {
      RunFindings.symptoms(in: $0) + [BarrierWait.symptom(in: $0)].compactMap(\.self)
    }
    return Cause.allCases.compactMap { cause in
      Symptom.combined(symptoms.filter { $0.cause == cause }, runs: views.count).map {
        Case(cell: cell, symptom: $0)
      }
    }
  }

  private static func finding(from cases: [Case], in sweep: SweepSummary) -> Finding? {
    let notable = clearest(
      cases.filter { $0.symptom.isNotable(above: threshold(for: $0.cell, in: sweep)) }, in: sweep)
    guard let most = notable.map(\.symptom.saving).max() else { return nil }
    let judged = notable.filter { $0.symptom.saving >= most / 2 }
      .sorted { $0.symptom.saving > $1.symptom.saving }
      .map { item in
        let margin = RunFindings.threshold
        return (item, Experiment.judging(item.symptom, of: item.cell, in: sweep, margin: margin))
      }
    let settled = judged.first { $0.1.map { $0.status != .untested } ?? false }
    guard let (shown, experiment) = settled ?? judged.first(where: { $0.1 != nil }) ?? judged.first else {
      return nil
    }
    if shown.symptom.cause == .barrierWait && settled == nil { return nil }
    var finding = RunFindings.finding(from: shown.symptom, scope: shown.cell.label, experiment: experiment)
    let others = notable.filter { $0.cell.id != shown.cell.id }.map(\.cell.label)
    if !others.isEmpty { finding.statement += " " + also(in: others) }
    return finding
  }

  /// The cells with a CPU for every worker, where there is one: with more workers than CPUs a wait for
  /// others and a wait for a CPU look alike.
  private static func clearest(_ cases: [Case], in sweep: SweepSummary) -> [Case] {
    guard cases.first?.symptom.cause != .oversubscription else { return cases }
    let clear = cases.filter { $0.cell.hasCpuForEach(of: sweep.machine.usableCpus) ?? false }
    return clear.isEmpty ? cases : clear
  }

  private static func also(in labels: [String]) -> String {
    let named = labels.prefix(2).map { "“\($0)”" }
    let rest = labels.count - named.count
    return "Also seen in " + list(named + (rest > 0 ? ["\(rest) more"] : [])) + "."
  }

  /// The smallest saving that the data of a cell can carry.
  private static func threshold(for cell: CellSummary, in sweep: SweepSummary) -> Double {
    let overhead = sweep.overhead.map { 1 - $0.ratio.value } ?? 0
    var noise = 0.0
    if let estimate = cell.tokensPerSecond, let lower = estimate.lower, let upper = estimate.upper {
      noise = ratio(upper - lower, 2 * estimate.value)
    }
    return [RunFindings.threshold, overhead, noise].filter(\.isFinite).max() ?? RunFindings.threshold
  }

  /// The probes' own cost, where the bare runs show that it is above the threshold.
  private static func overheadFinding(_ sweep: SweepSummary) -> Finding? {
    guard let overhead = sweep.overhead, let lower = overhead.ratio.lower, let upper = overhead.ratio.upper,
      upper < 1, 1 - overhead.ratio.value >= RunFindings.threshold
    else { return nil }
    return Finding(
      cause: Cause.probeOverhead.rawValue, scope: overhead.cell,
      statement:
        "Measuring cost \(percent(1 - overhead.ratio.value)) of the throughput: the same cell was run with"
        + " and without the probes, paired by block.",
      saving: 1 - overhead.ratio.value, interval: SavingInterval(lower: 1 - upper, upper: 1 - lower),
      evidence: [
        Finding.Evidence(
          query: "tokens/s with probes / tokens/s without, paired by block", value: overhead.ratio.value,
          unit: "ratio", lower: lower, upper: upper)
      ],
      change: "probe: counters, which writes no events",
      refutation: "more blocks bring the ratio to 1", status: .supported)
  }
}
