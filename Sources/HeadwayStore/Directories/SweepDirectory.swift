import Foundation
import HeadwayFiles
import HeadwayTrace

/// The files of one sweep: `plan.json` and `predictions.json`, which are written once, `journal.jsonl`, which only
/// grows and is the truth about what was run, a directory for every run, and what is derived from them.
public struct SweepDirectory: Equatable, Sendable {
  /// Where it stands.
  public let path: String

  /// Creates a fresh directory; refuses one that holds anything.
  public init(creating path: String) throws(InputError) {
    try Directory.createFresh(path, what: "a sweep")
    self.path = path
  }

  /// Opens the directory of a sweep that has been started.
  public init(opening path: String) throws(InputError) {
    let remedy = "name a directory that a sweep has written"
    try Directory.require(path, remedy: remedy)
    self.path = path
    if !Self.exists(at: path) {
      throw InputError(path, problem: "it holds no plan.json", remedy: remedy)
    }
  }

  /// Whether a directory is that of a sweep.
  public static func exists(at path: String) -> Bool { access(planPath(in: path), F_OK) == 0 }

  /// What was to be run, in which order.
  public var planPath: String { Self.planPath(in: path) }

  private static func planPath(in path: String) -> String { path + "/plan.json" }

  /// What was predicted before anything was run.
  public var predictionsPath: String { path + "/predictions.json" }
  /// What was run.
  public var journalPath: String { path + "/journal.jsonl" }
  /// What was measured: the contract `headway.sweep/1`.
  public var summaryPath: String { path + "/summary.json" }
  /// The report as a page.
  public var htmlReportPath: String { path + "/report.html" }
  /// The report as Markdown.
  public var markdownReportPath: String { path + "/report.md" }

  /// The directory of one run, relative to the sweep's: `runs/<cell>/<block>`, with the attempt in the
  /// name from the second on.
  public func relativeRunPath(cell: String, block: Int, attempt: Int) -> String {
    let suffix = attempt == 0 ? "" : "-attempt-\(attempt + 1)"
    return "runs/\(cell)/\(block)\(suffix)"
  }

  /// The whole path of something named relative to the sweep's directory.
  public func resolve(_ relative: String) -> String { path + "/" + relative }

  /// Writes the plan, once: a sweep does not change its mind.
  public func writePlan(_ plan: some Encodable) throws(InputError) {
    if Self.exists(at: path) {
      throw InputError(
        planPath, problem: "the plan has been written and does not change",
        remedy: "start a new sweep elsewhere")
    }
    try AtomicFile.writeJSON(plan, to: planPath)
  }

  /// Reads the plan.
  public func plan<Plan: Decodable>(_ type: Plan.Type) throws(InputError) -> Plan {
    try StoredFile.decode(type, planPath, remedy: "name a directory that a sweep has written")
  }

  /// The directory, relative to the sweep's, of a run that predictions rest on; they are numbered from 0.
  public func relativeRecordingPath(_ number: Int) -> String { "recordings/\(number)" }

  /// Writes what is predicted, once: a prediction is never edited.
  public func freeze(_ predictions: some Encodable) throws(InputError) {
    if access(predictionsPath, F_OK) == 0 {
      throw InputError(
        predictionsPath, problem: "the predictions have been frozen and do not change",
        remedy: "start a new sweep elsewhere")
    }
    try AtomicFile.writeJSON(predictions, to: predictionsPath)
  }

  /// The hash of the frozen predictions' bytes; `nil` where nothing was frozen.
  public func predictionsHash() throws(InputError) -> String? {
    if access(predictionsPath, F_OK) != 0 { return nil }
    return try ContentHash(ofFiles: [predictionsPath]).hexadecimal
  }

  /// What was predicted; refuses a version that this tool does not know.
  public func predictions() throws(InputError) -> PredictionLedger {
    let ledger = try StoredFile.decode(
      PredictionLedger.self, predictionsPath, remedy: "put back the file that the sweep wrote")
    try requireSchema(ledger.schema, PredictionLedger.schemaName, predictionsPath)
    return ledger
  }

  /// Opens the journal to add to it; refuses one that another process is adding to.
  public func journal() throws(InputError) -> Journal { try Journal(appendingTo: journalPath) }

  /// What the journal holds; nothing where the sweep was killed between its plan and its journal.
  public func journalContents<Record: Decodable>(
    _ type: Record.Type
  ) throws(InputError) -> JournalContents<Record> {
    if access(journalPath, F_OK) != 0 { return JournalContents() }
    return try JournalContents(of: journalPath, type)
  }

  /// Removes the directory of a run that was killed with its sweep, so that the run can be made anew in its place.
  /// Only for a run that the journal does not know.
  public func discardUnfinishedRun(_ relative: String) throws(InputError) {
    let path = resolve(relative)
    if access(path, F_OK) != 0 { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw InputError(
        path, problem: "what a killed run left there cannot be removed (\(error.localizedDescription))",
        remedy: "change its permissions, or remove it")
    }
  }

  /// Writes what was measured.
  public func write(_ summary: SweepSummary) throws(InputError) {
    try AtomicFile.writeJSON(summary, to: summaryPath)
  }

  /// What was measured; refuses a version that this tool does not know.
  public func summary() throws(InputError) -> SweepSummary {
    let summary = try StoredFile.decode(
      SweepSummary.self, summaryPath, remedy: "the sweep did not finish; rebuild its report from the journal")
    try requireSchema(summary.schema, SweepSummary.schemaName, summaryPath)
    return summary
  }

  /// Writes the reports, each whole or not at all.
  public func writeReports(html: String, markdown: String) throws(InputError) {
    try AtomicFile.write(Data(html.utf8), to: htmlReportPath)
    try AtomicFile.write(Data(markdown.utf8), to: markdownReportPath)
  }
}
