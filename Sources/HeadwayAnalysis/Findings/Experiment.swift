import Foundation
import HeadwayStatistics
import HeadwayTrace

/// Two cells of a sweep that differ in one axis: what changing it did to the throughput.
package struct Experiment: Equatable, Sendable {
  /// The axis that was changed.
  package let axis: String
  /// Its value in the cell that showed the symptom.
  package let before: String
  /// Its value in the other cell.
  package let after: String
  /// Throughput after / throughput before, paired by block.
  package let ratio: Double
  /// Its 95 % interval; absent with too few blocks.
  package let ratioInterval: SavingInterval?
  /// Blocks compared.
  package let blocks: Int
  /// What the comparison says at the margin below which a difference does not matter.
  package let verdict: PairedComparison.Verdict

  /// Compares the blocks that both cells have; `nil` when there is none.
  package init?(axis: String, before: CellSummary, after: CellSummary, margin: Double) {
    let firsts = Dictionary(before.samples.map { ($0.block, $0.tokensPerSecond) }) { first, _ in first }
    let ratios = after.samples.compactMap { sample -> Double? in
      guard let first = firsts[sample.block], first > 0, sample.tokensPerSecond > 0 else { return nil }
      return log(sample.tokensPerSecond / first)
    }
    guard let comparison = PairedComparison(logRatios: ratios, margin: margin) else { return nil }
    self.axis = axis
    self.before = before.value(of: axis)
    self.after = after.value(of: axis)
    ratio = comparison.ratio
    ratioInterval = comparison.ratioInterval.map { SavingInterval(lower: $0.lower, upper: $0.upper) }
    blocks = ratios.count
    verdict = comparison.verdict
  }

  /// The change removed the symptom's cause: faster supports it, equivalent or slower contradicts it.
  package var status: Finding.Status {
    switch verdict {
    case .faster: .supported
    case .slower, .equivalent: .contradicted
    case .inconclusive: .untested
    }
  }

  /// Share of the wall time that the change saved; never below zero.
  package var saving: Double { max(1 - 1 / ratio, 0) }

  /// The interval of ``saving``.
  package var savingInterval: SavingInterval? {
    ratioInterval.map { SavingInterval(lower: max(1 - 1 / $0.lower, 0), upper: max(1 - 1 / $0.upper, 0)) }
  }

  /// What was done and what followed, without a full stop.
  package var sentence: String {
    let interval = ratioInterval.map {
      String(format: " [%.2f, %.2f]", $0.lower, $0.upper)
    }
    return "Changing \(axis) from \(before) to \(after) made it \(times(ratio))\(interval ?? "") as fast"
      + " (\(verdict.rawValue), \(blocks) blocks)"
  }

  /// The comparison as evidence.
  package var evidence: Finding.Evidence {
    Finding.Evidence(
      query: "tokens/s with \(axis) \(after) / tokens/s with \(axis) \(before), paired by block",
      value: ratio,
      unit: "ratio", lower: ratioInterval?.lower, upper: ratioInterval?.upper)
  }
}

extension CellSummary {
  /// The value of an axis; the number of workers also where `threads` is no axis of the sweep.
  package func value(of axis: String) -> String {
    settings.first { $0.axis == axis }?.value ?? (axis == "threads" ? threads.map(String.init) ?? "" : "")
  }

  /// Whether there is a CPU for every worker; `nil` where the number of workers is not known.
  package func hasCpuForEach(of usableCpus: Double) -> Bool? { threads.map { Double($0) <= usableCpus } }

  /// Whether another cell has the same settings on every axis but one.
  package func differs(from other: CellSummary, onlyIn axis: String) -> Bool {
    guard id != other.id, value(of: axis) != other.value(of: axis) else { return false }
    let axes = Set(settings.map(\.axis)).union(other.settings.map(\.axis)).subtracting([axis])
    return axes.allSatisfy { value(of: $0) == other.value(of: $0) }
      && (axis == "threads" || threads == other.threads)
  }
}
