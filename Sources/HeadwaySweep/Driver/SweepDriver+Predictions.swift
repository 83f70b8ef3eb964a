import HeadwayAnalysis
import HeadwayProbes
import HeadwayStore
import HeadwayTrace

extension SweepDriver {
  /// Freezes what is predicted of the cells (method 8): records the baseline a few times, ahead of the blocks,
  /// replays each in every other cell's configuration, writes the file, and notes its hash in the journal before the
  /// first run.
  ///
  /// What has been frozen stays as it is, and once a run has been made nothing is predicted any more. A sweep that was
  /// killed before records all of them anew: what lies closer together is more alike. Where every recorded run fails it
  /// is frozen that nothing could be predicted, and why.
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
    let cells = plan.cells.compactMap { cell in
      cell.configuration.map { LedgerCell(id: cell.id, configuration: $0) }
    }
    let cores = max(1, Int(plan.context.machine.usableCpus.rounded()))
    let count = plan.recordings ?? 1
    var sources: [LedgerSource] = []
    var due = elapsed.seconds
    for number in 0..<count {
      observer.recordingStarted(label: baseline.label, number: number + 1, of: count)
      cancellation.wait(atMostSeconds: due - elapsed.seconds)
      due = elapsed.seconds + (plan.recordingIntervalSeconds ?? 0)
      guard let source = try recording(number, of: baseline, cores: cores) else { return nil }
      if case .failure(let error) = source.replay {
        observer.warning("nothing is predicted from \(source.directory): \(error.problem)")
      }
      sources.append(source)
    }
    return PredictionLedger(of: cells, baseline: baseline.id, from: sources, cores: cores, past: past)
  }

  /// Records the baseline once; `nil` when the sweep was stopped meanwhile.
  private func recording(
    _ number: Int, of baseline: PlannedCell, cores: Int
  ) throws(InputError) -> LedgerSource? {
    var arm = baseline
    arm.configuration?.probe = .events
    let place = directory.relativeRecordingPath(number)
    var record: RunRecord?
    for attempt in 0...plan.retries where record?.outcome != .completed && !cancellation.isCancelled {
      // Counted on over the recordings, so that each has an environment of another size.
      record = try measure(
        Slot(arm: arm, block: 0, pass: 0, position: 0), in: place,
        attempt: number * (plan.retries + 1) + attempt)
    }
    guard let record, !cancellation.isCancelled else { return nil }
    func source(_ replay: Result<Replay, InputError>) -> LedgerSource {
      LedgerSource(directory: place, replay: replay, disturbance: record.disturbance)
    }
    func unusable(_ problem: String) -> LedgerSource {
      source(
        .failure(InputError(place, problem: problem, remedy: "start a new sweep, or set predictions: false")))
    }
    if record.outcome != .completed {
      return unusable("the run to predict from failed: \(record.reason ?? "without a reason")")
    }
    do throws(InputError) {
      return source(.success(try Self.replay(of: directory, place, cores: cores)))
    } catch {
      return unusable("the run to predict from cannot be replayed: \(error.problem)")
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
