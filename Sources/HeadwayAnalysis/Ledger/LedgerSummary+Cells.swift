import HeadwayStatistics
import HeadwayTrace

extension LedgerSummary {
  /// Holds what was predicted against what was measured.
  ///
  /// - Parameters:
  ///   - ledger: The predictions.
  ///   - hash: The hash of their file, as the journal noted it.
  ///   - frozenNs: When that was, since the sweep's start.
  ///   - cells: The sweep's cells with their figures, in the profile's order.
  public init(
    _ ledger: PredictionLedger, hash: String, frozenNs: Nanoseconds, measured cells: [CellSummary]
  ) {
    let predictions = Dictionary(ledger.cells.map { ($0.cell, $0) }, uniquingKeysWith: { first, _ in first })
    let baseline = cells.first { $0.id == ledger.baseline }
    let rows = cells.filter { $0.id != ledger.baseline }.map { cell in
      LedgerRow(predictions[cell.id], of: cell)
    }
    self.init(
      hash: hash, frozenNs: frozenNs,
      recording: LedgerRecording(
        ledger.recordings, label: baseline?.label ?? ledger.baseline, measured: baseline?.tokensPerSecond),
      past: ledger.past, rows: rows, throughput: LedgerScore(rows, \.tokensPerSecond),
      speedup: LedgerScore(rows, \.speedup))
  }
}

extension LedgerRecording {
  fileprivate init(_ runs: [BaselineRecording], label: String, measured: Estimate?) {
    let first = runs.first?.directory ?? ""
    let folder = first.split(separator: "/").dropLast().joined(separator: "/")
    let disturbances = runs.compactMap(\.disturbance)
    self.init(
      label: label, directory: runs.count > 1 && !folder.isEmpty ? folder : first,
      tokensPerSecond: Quantiles.median(of: runs.compactMap { $0.pace?.tokensPerSecond }), measured: measured,
      replayError: runs.compactMap(\.replayError).max { $0.magnitude < $1.magnitude },
      disturbance: disturbances.isEmpty ? nil : disturbances.joined(separator: "; "), runs: runs)
  }
}

extension LedgerRow {
  fileprivate init(_ prediction: CellPrediction?, of cell: CellSummary) {
    self.init(
      cell: cell.id, label: cell.label,
      tokensPerSecond: prediction?.tokensPerSecond.map {
        Outcome(predicted: $0, measured: cell.tokensPerSecond)
      },
      speedup: prediction?.speedup.map { Outcome(predicted: $0, measured: cell.speedup) },
      ownHalfWidth: prediction?.ownHalfWidth,
      reason: prediction == nil ? "the predictions do not name this cell" : prediction?.reason)
  }
}

extension LedgerScore {
  /// The score over the rows that have an outcome; `nil` where none has.
  fileprivate init?(_ rows: [LedgerRow], _ outcome: (LedgerRow) -> LedgerRow.Outcome?) {
    let judged = rows.compactMap { row in outcome(row).flatMap { one in one.error.map { (row, one, $0) } } }
    guard let worst = judged.max(by: { $0.2.magnitude < $1.2.magnitude }),
      let median = Quantiles.median(of: judged.map { $0.2.magnitude })
    else { return nil }
    self.init(
      outcomes: judged.count, covered: judged.count { $0.1.isCovered == true }, medianAbsoluteError: median,
      largestAbsoluteError: worst.2.magnitude, worst: worst.0.label)
  }
}
