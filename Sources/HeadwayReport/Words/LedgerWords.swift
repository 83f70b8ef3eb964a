import HeadwayTrace

/// Predictions beside their outcomes, in words and numerals.
enum LedgerWords {
  static let heading = "Predicted before the first run"

  /// How well it was predicted, a sentence for each kind of figure; none where nothing has an outcome.
  static func scores(_ ledger: LedgerSummary) -> String {
    let predicted = ledger.rows.count { $0.tokensPerSecond != nil }
    guard predicted > 0 else { return "Nothing could be predicted." }
    guard let throughput = ledger.throughput else {
      return "\(Numerals.plural(predicted, "cell")) predicted; none of them has been measured."
    }
    var text =
      "\(Numerals.count(throughput.covered)) of \(Numerals.plural(throughput.outcomes, "throughput")) measured within"
      + " the predicted interval; errors \(errors(throughput))."
    if let speedup = ledger.speedup {
      text +=
        " Of the speed-ups over the baseline, \(Numerals.count(speedup.covered)) of"
        + " \(Numerals.count(speedup.outcomes)); errors \(errors(speedup))."
    }
    return text
  }

  private static func errors(_ score: LedgerScore) -> String {
    "\(Numerals.share(score.medianAbsoluteError)) in the middle and"
      + " \(Numerals.share(score.largestAbsoluteError)) at most (\(score.worst))"
  }

  /// What the predictions rest on, and that they were made before.
  static func basis(_ ledger: LedgerSummary) -> String {
    let recording = ledger.recording
    let runs = recording.runs ?? []
    let isOne = runs.count < 2
    var text =
      "Replayed from \(isOne ? "one run" : "\(runs.count) runs") of the baseline (\(recording.label),"
      + " \(recording.directory)), made ahead of the blocks\(isOne ? "" : ", of which the middle counts")"
    if let rate = recording.tokensPerSecond {
      text += "; \(isOne ? "it reached \(Numerals.rounded(rate))" : "they reached \(rates(runs))") tokens/s"
      if let measured = recording.measured?.value, measured > 0 {
        text += ", \(isOne ? "" : "in the middle ")\(signed(rate / measured - 1)) against the blocks"
      }
    }
    if let error = recording.replayError {
      text +=
        isOne
        ? ", and its own step is reproduced with an error of \(signed(error))"
        : ", and their own steps are reproduced with an error of \(signed(error)) at most"
    }
    text += ". Frozen \(Numerals.duration(ledger.frozenNs)) after the start, before the first run of a block;"
    text += " the journal holds the file's hash, \(ledger.hash)."
    if let disturbance = recording.disturbance {
      text += " While \(isOne ? "it was" : "they were") recorded, \(disturbance)."
    }
    for run in runs where !isOne {
      guard let reason = run.reason else { continue }
      text += " \(run.directory) is left out: \(reason)."
    }
    return text + " " + past(ledger.past)
  }

  /// The throughputs of recorded runs, those that could not be replayed left out: “1, 2 and 3”.
  private static func rates(_ runs: [BaselineRecording]) -> String {
    let rates = runs.compactMap { $0.pace.map { Numerals.rounded($0.tokensPerSecond) } }
    guard let last = rates.last, rates.count > 1 else { return rates.first ?? Numerals.absent }
    return rates.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func past(_ past: PastErrors?) -> String {
    guard let past else { return "No earlier sweep here tells how far predictions are off." }
    let base =
      "\(Numerals.plural(past.outcomes, "earlier prediction")) of \(Numerals.plural(past.sweeps, "sweep"))"
    return past.widening > 1
      ? "\(base) widened the intervals by the factor \(Numerals.fixed(past.widening, 2))."
      : "\(base) gave no reason to widen the intervals."
  }

  /// What the columns mean.
  static let note =
    "Measured values have their 95 % interval over blocks; predicted intervals are made to hold four of five outcomes."
    + " The error is predicted / measured − 1: above zero, too much was promised."

  static let headings = [
    "predicted, 1000 tokens/s", "measured, 1000 tokens/s", "error", "within", "predicted speed-up",
    "measured speed-up",
    "error", "within",
  ]

  /// The figures of a cell under ``headings``.
  static func figures(_ row: LedgerRow) -> [String] {
    figures(row.tokensPerSecond, Numerals.thousandsWithInterval)
      + figures(row.speedup, Numerals.ratioWithInterval)
  }

  private static func figures(
    _ outcome: LedgerRow.Outcome?, _ format: (Estimate?) -> String
  ) -> [String] {
    [format(outcome?.predicted), format(outcome?.measured), error(outcome), within(outcome)]
  }

  /// A signed error.
  static func error(_ outcome: LedgerRow.Outcome?) -> String {
    outcome?.error.map(signed) ?? Numerals.absent
  }

  /// Whether the interval holds the outcome.
  static func within(_ outcome: LedgerRow.Outcome?) -> String {
    outcome?.isCovered.map { $0 ? "yes" : "no" } ?? Numerals.absent
  }

  /// The cells of which nothing is predicted, a sentence for each reason.
  static func unknown(_ ledger: LedgerSummary) -> [String] {
    var order: [String] = []
    var cells: [String: [String]] = [:]
    for row in ledger.rows {
      guard let reason = row.reason else { continue }
      if cells[reason] == nil { order.append(reason) }
      cells[reason, default: []].append(row.label)
    }
    return order.map { reason in
      let labels = cells[reason] ?? []
      let named = labels.prefix(3).map { "“\($0)”" }.joined(separator: ", ")
      let more = labels.count > 3 ? " and \(labels.count - 3) more" : ""
      return "Not predicted: \(named)\(more): \(reason)."
    }
  }

  private static func signed(_ share: Double) -> String { PredictionWords.signed(share, decimals: 1) }
}
