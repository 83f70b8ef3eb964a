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
  /// What was found wrong with the files.
  public var warnings: [String]

  /// Assembles a sweep.
  public init(
    plan: SweepPlan, runs: [MeasuredRun], excluded: [ExcludedRun] = [], blocks: [BlockRecord] = [],
    elapsedNs: Nanoseconds = .zero, cutShort: String? = nil, warnings: [String] = []
  ) {
    self.plan = plan
    self.runs = runs
    self.excluded = excluded
    self.blocks = blocks
    self.elapsedNs = elapsedNs
    self.cutShort = cutShort
    self.warnings = warnings
  }

  /// The summaries of the runs that count, by cell, in the order of the blocks.
  public var runsByCell: [String: [RunSummary]] {
    Dictionary(grouping: runs.sorted { $0.record.block < $1.record.block }, by: \.record.arm)
      .mapValues { $0.map(\.summary) }
  }
}

/// A run that counts, with what it measured.
public struct MeasuredRun: Sendable {
  /// What the journal says of it.
  public var record: RunRecord
  /// What it measured.
  public var summary: RunSummary
  /// Pairs a journal's record with the run's summary.
  public init(record: RunRecord, summary: RunSummary) {
    self.record = record
    self.summary = summary
  }
}

/// Reads a sweep's directory back, whole or cut short at any moment: the journal is the truth, and the
/// runs' own summaries are what was measured.
public enum SweepReader {
  /// Reads a sweep.
  ///
  /// - Throws: ``InputError`` when the directory holds no sweep, or a plan of another version.
  public static func read(_ directory: SweepDirectory) throws(InputError) -> RecordedSweep {
    let plan = try directory.plan(SweepPlan.self)
    if plan.schema != SweepPlan.schemaName {
      throw InputError(
        directory.planPath, field: "schema",
        problem: "got \(plan.schema), and this tool reads \(SweepPlan.schemaName)",
        remedy: "use the version of the tool that wrote it")
    }
    let journal = try JournalContents(of: directory.journalPath, JournalEntry.self)
    let records = journal.records.compactMap(\.run)
    let blocks = journal.records.compactMap(\.block)
    let end = journal.records.compactMap(\.end).last
    let lastEnd = records.map { $0.startedNs + $0.wallNs }.max() ?? .zero
    var sweep = RecordedSweep(
      plan: plan, runs: [], blocks: blocks, elapsedNs: end?.elapsedNs ?? lastEnd,
      cutShort: end == nil ? "the sweep was killed before its end" : end?.cutShort, warnings: journal.damage)
    let labels = Dictionary(plan.arms.map { ($0.id, $0.label) }, uniquingKeysWith: { first, _ in first })
    for record in records {
      let label = labels[record.arm] ?? record.arm
      if let reason = exclusion(of: record, blocks: blocks) {
        if let reason = reason.isEmpty ? nil : reason {
          sweep.excluded.append(
            ExcludedRun(cell: label, block: record.block, reason: reason, lastLines: record.lastLines))
        }
        continue
      }
      do {
        let run = try RunDirectory(opening: directory.resolve(record.directory))
        sweep.runs.append(MeasuredRun(record: record, summary: try run.summary()))
      } catch {
        sweep.excluded.append(
          ExcludedRun(cell: label, block: record.block, reason: "\(error)", lastLines: []))
      }
    }
    return sweep
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
