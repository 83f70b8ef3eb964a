import HeadwayAnalysis
import HeadwayProbes
import HeadwayStore
import HeadwayTrace

extension SweepDriver {
  /// Freezes what is predicted of the cells (method 8): records the baseline once, ahead of the blocks, replays it in
  /// every other cell's configuration, writes the file, and notes its hash in the journal before the first run.
  ///
  /// What has been frozen stays as it is, and once a run has been made nothing is predicted any more. A recorded run that
  /// fails freezes that nothing could be predicted, and why.
  func freezePredictions(_ journal: borrowing Journal) throws(InputError) {
    guard plan.predicts == true, earlier.predictions == nil, earlier.runs.isEmpty,
      let baseline = plan.baseline
    else { return }
    // A sweep that was killed before its journal knew of the file goes on with that file.
    if try directory.predictionsHash() == nil {
      guard let ledger = try predictions(from: baseline) else { return }
      try directory.freeze(ledger)
    }
    guard let hash = try directory.predictionsHash() else { return }
    try journal.append(JournalEntry(LedgerRecord(hash: hash, frozenNs: elapsed)))
  }

  /// Records the baseline, with every event, and predicts from it; `nil` when the sweep was stopped meanwhile.
  private func predictions(from baseline: PlannedCell) throws(InputError) -> PredictionLedger? {
    var arm = baseline
    arm.configuration?.probe = .events
    let cells = plan.cells.compactMap { cell in
      cell.configuration.map { LedgerCell(id: cell.id, configuration: $0) }
    }
    let place = directory.relativeRecordingPath
    let cores = max(1, Int(plan.context.machine.usableCpus.rounded()))
    observer.recordingStarted(label: baseline.label)
    var record: RunRecord?
    for attempt in 0...plan.retries where record?.outcome != .completed && !cancellation.isCancelled {
      record = try measure(
        Slot(arm: arm, block: 0, pass: 0, position: 0), in: place, attempt: attempt)
    }
    guard let record, !cancellation.isCancelled else { return nil }
    func nothing(_ reason: String) -> PredictionLedger {
      observer.warning("nothing is predicted: \(reason)")
      return PredictionLedger(
        of: cells, baseline: baseline.id, directory: place, cores: cores, unusable: reason,
        disturbance: record.disturbance, past: past)
    }
    if record.outcome != .completed {
      return nothing("the run to predict from failed: \(record.reason ?? "without a reason")")
    }
    do throws(InputError) {
      return PredictionLedger(
        of: cells, baseline: baseline.id, replay: try Self.replay(of: directory, place, cores: cores),
        directory: place, cores: cores, disturbance: record.disturbance, past: past)
    } catch {
      return nothing("the run to predict from cannot be replayed: \(error.problem)")
    }
  }

  private static func replay(
    of directory: SweepDirectory, _ place: String, cores: Int
  ) throws(InputError) -> Replay {
    let run = try RunDirectory(opening: directory.resolve(place))
    let summary = try run.summary()
    let asked = try run.configuration()
    return try Replay(
      of: ReplaySource(
        name: place, trace: try TraceFile.read(run.tracePath),
        configuration: summary.configuration ?? asked, cores: cores,
        warmupSteps: summary.throughput.warmupSteps))
  }
}
