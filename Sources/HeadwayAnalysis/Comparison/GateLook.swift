import Foundation
import HeadwayStatistics
import HeadwayTrace

/// One look of a gate: the same cells run by two programs, side by side in the same blocks.
public struct GateLook: Sendable {
  /// One cell.
  public struct Cell: Sendable {
    /// The cell's label.
    public var label: String
    /// Its runs by the program that is there.
    public var base: [ComparedRun]
    /// Its runs by the program that wants to replace it.
    public var candidate: [ComparedRun]
    /// Takes a cell.
    public init(label: String, base: [ComparedRun], candidate: [ComparedRun]) {
      self.label = label
      self.base = base
      self.candidate = candidate
    }
  }

  /// The cells, in the profile's order.
  public var cells: [Cell]
  let comparisons: [PairedComparison?]
  let losses: [LossAgreement]

  /// Compares the two programs cell by cell.
  ///
  /// - Throws: ``InputError`` when they did different work or came to different results: then speed says nothing.
  public init(cells: [Cell], limits: ComparisonLimits) throws(InputError) {
    self.cells = cells
    var comparisons: [PairedComparison?] = []
    var losses: [LossAgreement] = []
    for cell in cells {
      losses.append(LossAgreement(of: cell.base + cell.candidate, tolerance: limits.lossTolerance))
      if cell.base.isEmpty || cell.candidate.isEmpty {
        comparisons.append(nil)
        continue
      }
      let base = ComparedCell(label: "the base", runs: cell.base)
      let candidate = ComparedCell(label: "the candidate", runs: cell.candidate)
      var rows = ComparisonRows(limits)
      rows.add(base, candidate, against: .counterpart, isPaired: true)
      if let refusal = rows.rows.first?.refusal {
        throw InputError(
          "\u{201C}\(cell.label)\u{201D}", problem: "the gate cannot judge, because \(refusal)",
          remedy: "gate a candidate that does the same work")
      }
      let ratios = ComparisonRows.pairs(base, candidate).compactMap { pair -> Double? in
        guard let old = pair.base.rate(.tokens), let new = pair.candidate.rate(.tokens) else { return nil }
        return log(new / old)
      }
      comparisons.append(PairedComparison(logRatios: ratios, margin: limits.margin))
    }
    self.comparisons = comparisons
    self.losses = losses
  }

  /// The labels of the cells that look different by more than the margin, which a second look measures again.
  public var flagged: [String] { gate.flagged.map { measured[$0].cell.label } }

  var gate: RegressionGate { RegressionGate(first: measured.map(\.comparison)) }

  /// The cells that have a comparison.
  private var measured: [(cell: Cell, comparison: PairedComparison)] {
    zip(cells, comparisons).compactMap { cell, comparison in comparison.map { (cell, $0) } }
  }

  func comparison(of label: String) -> PairedComparison? {
    zip(cells, comparisons).first { $0.0.label == label }?.1
  }
}

extension GateResult {
  /// What one or two looks come to.
  ///
  /// - Parameters:
  ///   - first: All cells.
  ///   - second: The flagged cells, measured with fresh blocks; absent where none was flagged.
  public init(
    first: GateLook, second: GateLook?, base: GatedProgram, candidate: GatedProgram, machine: MachineFacts,
    profile: String, margin: Double, blocks: Int, seed: UInt64, warnings: [String] = []
  ) {
    let flagged = first.flagged
    let outcome = first.gate.outcome(second: flagged.map { second?.comparison(of: $0) })
    let rows = zip(first.cells, zip(first.comparisons, first.losses)).compactMap { cell, look -> GateRow? in
      guard let comparison = look.0 else { return nil }
      return GateRow(
        cell: cell.label, first: Estimate(gated: comparison), isFlagged: flagged.contains(cell.label),
        second: second?.comparison(of: cell.label).map { Estimate(gated: $0) }, loss: look.1)
    }
    let counters = first.cells.flatMap { GateCounter.all(of: $0) }
    // A cell with too few runs for an interval cannot be flagged, and so must not pass either.
    let isBlind = first.comparisons.contains { $0?.interval == nil }
    var cautions = warnings
    for cell in first.cells where !rows.contains(where: { $0.cell == cell.label }) {
      cautions.append("\u{201C}\(cell.label)\u{201D} was not measured with both programs and is not judged")
    }
    self.init(
      outcome: Self.outcome(outcome, counters, isBlind: isBlind), base: base, candidate: candidate,
      machine: machine,
      profile: profile, margin: margin, blocks: blocks, seed: seed, rows: rows, counters: counters,
      warnings: cautions)
  }

  private static func outcome(
    _ outcome: RegressionGate.Outcome, _ counters: [GateCounter], isBlind: Bool
  ) -> Outcome {
    if outcome == .regression || counters.contains(where: { $0.state == .worse }) { return .regression }
    if outcome == .inconclusive || isBlind { return .inconclusive }
    return outcome == .improvement || counters.contains { $0.state == .better } ? .improvement : .pass
  }
}

extension Estimate {
  fileprivate init(gated comparison: PairedComparison) {
    self.init(
      value: comparison.ratio, lower: comparison.ratioInterval?.lower, upper: comparison.ratioInterval?.upper,
      sampleCount: comparison.logRatios.count)
  }
}
