import HeadwayTrace

/// A sweep's result in one or two sentences, with its intervals. Where the data cannot say, it says so.
public enum VerdictSentence {
  /// The sentence for a sweep.
  public static func words(for sweep: SweepSummary) -> String {
    let measured = sweep.cells.filter { $0.tokensPerSecond?.value.isFinite ?? false }
    guard let fastest = measured.max(by: { rate($0) < rate($1) }) else {
      return "No cell of this sweep has a measured throughput."
    }
    let machine = "On \(Numerals.cpus(sweep.machine.usableCpus))"
    let figure = "\(Numerals.rateWithInterval(fastest.tokensPerSecond).replacing(" [", with: " tokens/s ["))"
    let speed = figure.contains("tokens/s") ? figure : figure + " tokens/s"
    if measured.count == 1 { return "\(machine), \(fastest.label) trains \(speed)." }
    return machine + " " + comparison(of: fastest, speed: speed, in: sweep, measured: measured)
      + rivals(of: fastest, among: measured)
  }

  private static func comparison(
    of fastest: CellSummary, speed: String, in sweep: SweepSummary, measured: [CellSummary]
  ) -> String {
    guard let baseline = sweep.cells.first(where: \.isBaseline) else {
      return "the fastest cell measured is \(fastest.label): \(speed)."
    }
    if fastest.isBaseline {
      return "no cell measured more than the baseline, \(fastest.label): \(speed)."
    }
    let against = "\(Numerals.ratioWithInterval(fastest.speedup)) the baseline (\(baseline.label))"
    switch fastest.verdict {
    case .faster: return "the fastest cell is \(fastest.label): \(speed), \(against)."
    case .equivalent:
      return "no cell is faster than the baseline by more than the margin: the highest, \(fastest.label),"
        + " has \(speed), \(against)."
    case .inconclusive, .slower, nil:
      return "it is inconclusive whether any cell beats the baseline: the highest, \(fastest.label), has"
        + " \(speed), \(against), from \(Numerals.plural(fastest.speedup?.sampleCount ?? fastest.samples.count, "block"))."
    }
  }

  /// The cells whose intervals reach into the fastest one's: which of them is fastest is open.
  private static func rivals(of fastest: CellSummary, among cells: [CellSummary]) -> String {
    guard let floor = fastest.tokensPerSecond?.lower else { return "" }
    let rivals = cells.filter { $0.id != fastest.id && ($0.tokensPerSecond?.upper ?? -.infinity) >= floor }
    guard let first = rivals.first else { return "" }
    let rest = rivals.count == 1 ? "" : " and \(rivals.count - 1) more"
    return " Its interval overlaps that of \(first.label)\(rest), so the order among them is open."
  }

  private static func rate(_ cell: CellSummary) -> Double { cell.tokensPerSecond?.value ?? -.infinity }
}
