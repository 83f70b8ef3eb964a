import HeadwayTrace

/// A sweep's result in one or two sentences, with its intervals. Where the data cannot say, it says so.
public enum VerdictSentence {
  /// The sentence for a sweep.
  public static func words(for sweep: SweepSummary) -> String {
    let metric = sweep.metric
    let measured = sweep.cells.filter { $0.figure?.value.isFinite ?? false }
    func rate(_ cell: CellSummary) -> Double {
      guard let value = cell.figure?.value else { return -.infinity }
      return metric.better == .higher ? value : -value
    }
    guard let fastest = measured.max(by: { rate($0) < rate($1) }) else {
      return "No cell of this sweep has a measured \(metric.name)."
    }
    let machine = "On \(Numerals.cpus(sweep.machine.usableCpus))"
    let figure = Numerals.rateWithInterval(fastest.figure).replacing(" [", with: " \(metric.unit) [")
    let speed = figure.contains(" \(metric.unit) [") ? figure : "\(figure) \(metric.unit)"
    if measured.count == 1 {
      let verb = sweep.program == nil ? "trains" : "has a \(metric.name) of"
      return "\(machine), \(fastest.label) \(verb) \(speed)."
    }
    return machine + " " + comparison(of: fastest, speed: speed, in: sweep, measured: measured)
      + rivals(of: fastest, among: measured, metric.better)
  }

  private static func comparison(
    of fastest: CellSummary, speed: String, in sweep: SweepSummary, measured: [CellSummary]
  ) -> String {
    guard let baseline = sweep.cells.first(where: \.isBaseline) else {
      return "the fastest cell measured is \(fastest.label): \(speed)."
    }
    if fastest.isBaseline {
      let more = sweep.metric.better == .higher ? "more" : "less"
      return "no cell measured \(more) than the baseline, \(fastest.label): \(speed)."
    }
    let against = "\(Numerals.ratioWithInterval(fastest.speedup)) the baseline (\(baseline.label))"
    switch fastest.verdict {
    case .faster: return "the fastest cell is \(fastest.label): \(speed), \(against)."
    case .equivalent:
      return
        "no cell is faster than the baseline by more than the margin: the \(best(sweep)), \(fastest.label),"
        + " has \(speed), \(against)."
    case .inconclusive, .slower, nil:
      return
        "it is inconclusive whether any cell beats the baseline: the \(best(sweep)), \(fastest.label), has"
        + " \(speed), \(against), from \(Numerals.plural(fastest.speedup?.sampleCount ?? fastest.figures.count, "block"))."
    }
  }

  private static func best(_ sweep: SweepSummary) -> String {
    sweep.metric.better == .higher ? "highest" : "lowest"
  }

  /// The cells whose intervals reach into the fastest one's: which of them is fastest is open.
  private static func rivals(
    of fastest: CellSummary, among cells: [CellSummary], _ better: SweepMetric.Polarity
  ) -> String {
    func reaches(_ cell: CellSummary) -> Bool? {
      switch better {
      case .higher:
        fastest.figure?.lower.map { (cell.figure?.upper ?? -.infinity) >= $0 }
      case .lower:
        fastest.figure?.upper.map { (cell.figure?.lower ?? .infinity) <= $0 }
      }
    }
    let rivals = cells.filter { $0.id != fastest.id && reaches($0) ?? false }
    guard let first = rivals.first else { return "" }
    let rest = rivals.count == 1 ? "" : " and \(rivals.count - 1) more"
    return " Its interval overlaps that of \(first.label)\(rest), so the order among them is open."
  }
}
