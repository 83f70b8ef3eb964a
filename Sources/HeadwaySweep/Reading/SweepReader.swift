import HeadwayStore
import HeadwayTrace

/// A sweep as its directory holds it: the plan, and of the journal what counts.
public struct RecordedSweep: Sendable {
  /// What was to be run.
  public var plan: SweepPlan
  /// The runs that count: completed, of the pass that counts.
  public var runs: [MeasuredRun]
  /// The runs that do not count, and why.
  public var excluded: [ExcludedRun]
  /// Blocks that are complete.
  public var blocks: [BlockRecord]
  /// From the start to the end, or to the end of the last run when the sweep was killed.
  public var elapsedNs: Nanoseconds
  /// Why the sweep is not all that it was planned to be; absent when it is.
  public var cutShort: String?
  /// Which rule ended it; absent when it was cut short.
  public var stoppedBy: StopRule?
  /// What was found wrong with the files.
  public var warnings: [String]
  /// What was predicted before the first run, with the journal's word for it; absent where nothing was, or where the
  /// file is not the one that was frozen.
  public var predictions: FrozenPredictions?
  /// What the driver took between each two runs.
  public var gaps: [Nanoseconds] = []

  /// Assembles a sweep.
  public init(
    plan: SweepPlan, runs: [MeasuredRun], excluded: [ExcludedRun] = [], blocks: [BlockRecord] = [],
    elapsedNs: Nanoseconds = .zero, cutShort: String? = nil, stoppedBy: StopRule? = nil,
    warnings: [String] = [], predictions: FrozenPredictions? = nil
  ) {
    self.stoppedBy = stoppedBy
    self.predictions = predictions
    self.plan = plan
    self.runs = runs
    self.excluded = excluded
    self.blocks = blocks
    self.elapsedNs = elapsedNs
    self.cutShort = cutShort
    self.warnings = warnings
  }

  /// The summaries of the runs that count, by cell, in the order of the blocks; none of another program.
  public var runsByCell: [String: [RunSummary]] {
    Dictionary(grouping: runs.sorted { $0.record.block < $1.record.block }, by: \.record.arm)
      .mapValues { $0.compactMap(\.summary) }
  }
}

/// Predictions, and that they were frozen before the first run.
public struct FrozenPredictions: Equatable, Sendable {
  /// What was predicted.
  public var ledger: PredictionLedger
  /// What the journal says of it.
  public var record: LedgerRecord
  /// Pairs them.
  public init(ledger: PredictionLedger, record: LedgerRecord) {
    self.ledger = ledger
    self.record = record
  }
}

/// A run that counts, with what it measured.
public struct MeasuredRun: Sendable {
  /// What the journal says of it.
  public var record: RunRecord
  /// What it measured; absent for a run of another program, whose one number stands in the record.
  public var summary: RunSummary?
  /// Pairs a journal's record with the run's summary.
  public init(record: RunRecord, summary: RunSummary?) {
    self.record = record
    self.summary = summary
  }

  /// The run's one number: tokens per second, or another program's metric in its unit.
  public var figure: Double? { summary.map(\.throughput.tokensPerSecond) ?? record.value }
}

/// Reads a sweep's directory back, whole or cut short at any moment: the journal is the truth, and the
/// runs' own summaries are what was measured.
public enum SweepReader {
  /// What a sweep was to run.
  ///
  /// - Throws: ``InputError`` when the directory holds no plan, or one of another version.
  public static func plan(of directory: SweepDirectory) throws(InputError) -> SweepPlan {
    let plan = try directory.plan(SweepPlan.self)
    if plan.schema == SweepPlan.schemaName { return plan }
    throw InputError(
      directory.planPath, field: "schema",
      problem: "got \(plan.schema), and this tool reads \(SweepPlan.schemaName)",
      remedy: "use the version of the tool that wrote it")
  }

  /// The runs that a sweep's journal holds, those that went wrong among them.
  ///
  /// - Throws: ``InputError`` when the journal cannot be read.
  public static func runs(of directory: SweepDirectory) throws(InputError) -> [RunRecord] {
    try directory.journalContents(JournalEntry.self).records.compactMap(\.run)
  }

  /// What is wrong with a sweep's journal, a sentence for each line that was left out.
  ///
  /// - Throws: ``InputError`` when the journal cannot be read.
  public static func damage(of directory: SweepDirectory) throws(InputError) -> [String] {
    try directory.journalContents(JournalEntry.self).damage
  }

  /// Reads a sweep.
  ///
  /// - Throws: ``InputError`` when the directory holds no sweep, or a plan of another version.
  public static func read(_ directory: SweepDirectory) throws(InputError) -> RecordedSweep {
    let plan = try plan(of: directory)
    let journal = try directory.journalContents(JournalEntry.self)
    let state = JournalState(journal.records)
    var sweep = RecordedSweep(
      plan: plan, runs: [], blocks: state.blocks, elapsedNs: state.end?.elapsedNs ?? state.elapsedNs,
      cutShort: state.end == nil ? "the sweep was killed before its end" : state.end?.cutShort,
      stoppedBy: state.end?.stoppedBy, warnings: journal.damage + warnings(of: state))
    do throws(InputError) {
      sweep.predictions = try predictions(of: directory, state)
    } catch {
      sweep.warnings.append("the predictions are left out: \(error)")
    }
    sweep.gaps = state.gaps
    let labels = Dictionary(plan.arms.map { ($0.id, $0.label) }, uniquingKeysWith: { first, _ in first })
    var counted: Set<[String]> = []
    // Reading the summaries is what takes time in a large sweep.
    let exclusions = state.runs.map { exclusion(of: $0, blocks: state.blocks) }
    let readings = state.runs.indices.map { $0 }.concurrentMap { place in
      Result { () throws(InputError) -> RunSummary? in
        exclusions[place] == nil ? try summary(of: state.runs[place], plan, in: directory) : nil
      }
    }
    for (record, (exclusion, reading)) in zip(state.runs, zip(exclusions, readings)) {
      let label = labels[record.arm] ?? record.arm
      if let reason = exclusion {
        if let reason = reason.isEmpty ? nil : reason {
          sweep.excluded.append(
            ExcludedRun(cell: label, block: record.block, reason: reason, lastLines: record.lastLines))
        }
        continue
      }
      do {
        let run = MeasuredRun(record: record, summary: try reading.get())
        // A run whose files were gone for a while may have been made again: an arm counts once a block.
        if counted.insert([record.arm, String(record.block)]).inserted { sweep.runs.append(run) }
      } catch {
        sweep.excluded.append(
          ExcludedRun(cell: label, block: record.block, reason: "\(error)", lastLines: []))
      }
    }
    return sweep
  }

  /// What was predicted before the first run; `nil` where the journal knows of nothing.
  ///
  /// - Throws: ``InputError`` when the file is gone, or is not the one that the journal knows.
  private static func predictions(
    of directory: SweepDirectory, _ state: JournalState
  ) throws(InputError) -> FrozenPredictions? {
    guard let record = state.predictions else { return nil }
    let ledger = try directory.predictions()
    if try directory.predictionsHash() == record.hash {
      return FrozenPredictions(ledger: ledger, record: record)
    }
    throw InputError(
      directory.predictionsPath, problem: "it is not the file that was frozen before the first run",
      remedy: "put back the one that the sweep wrote")
  }

  private static func summary(
    of record: RunRecord, _ plan: SweepPlan, in directory: SweepDirectory
  ) throws(InputError) -> RunSummary? {
    if plan.program != nil { return nil }
    return try RunDirectory(opening: directory.resolve(record.directory)).summary()
  }

  /// What a reader must know of a sweep that was measured in parts.
  private static func warnings(of state: JournalState) -> [String] {
    let late =
      state.hasLatePredictions
      ? ["the journal notes predictions after runs had been made: such are none, and are left out"] : []
    let count = state.resumptions.count
    if count == 0 { return late }
    var text = "the sweep was interrupted and resumed \(count == 1 ? "once" : "\(count) times")"
    let blocks = state.dividedBlocks.map { String($0 + 1) }
    if !blocks.isEmpty {
      text +=
        blocks.count == 1
        ? "; block \(blocks[0]) was measured in parts, whose pairs are further apart in time"
        : "; blocks \(blocks.joined(separator: ", ")) were measured in parts, whose pairs are further apart in time"
    }
    return late + [text] + Set(state.resumptions.flatMap(\.notes)).sorted()
  }

  /// Why a run does not count; `nil` when it does, and empty when that needs no line of its own: it was
  /// itself in order and left out together with the disturbed run that has one.
  private static func exclusion(of record: RunRecord, blocks: [BlockRecord]) -> String? {
    if record.outcome != .completed { return record.reason ?? "it failed" }
    let kept = blocks.first { $0.block == record.block }?.keptPass ?? 0
    if record.pass == kept { return nil }
    return record.disturbance.map { "\($0), so the whole block was measured twice and this pass left out" }
      ?? ""
  }
}
