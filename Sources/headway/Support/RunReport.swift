import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// The report of a run directory, from the best that the run left: its summary, the accounts of another
/// engine, or the trace of a run that was killed before it could write either.
struct RunReport {
  let directory: RunDirectory
  let summary: RunSummary

  /// Reads a run.
  ///
  /// - Throws: ``InputError`` when the directory holds none of the three, or the best of them cannot be read.
  init(of directory: RunDirectory) throws(InputError) {
    self.directory = directory
    if !Self.exists(directory.summaryPath), Self.exists(directory.accountsPath) {
      summary = try Self.summary(ofAccountsIn: directory)
    } else if !Self.exists(directory.summaryPath), Self.exists(directory.tracePath) {
      summary = try RunAnalysis.summarize(
        trace: try TraceFile.reader(of: directory.tracePath), manifest: try Self.manifest(in: directory))
    } else {
      summary = try directory.summary()
    }
  }

  /// Writes `report.html` and `report.md` into the run's directory.
  func write() throws {
    let command = try Self.manifest(in: directory)?.command.joined(separator: " ")
    try directory.writeReports(
      html: try HTMLReport.render(run: summary, command: command),
      markdown: try MarkdownReport.render(run: summary))
  }

  /// Prints it: the contract `headway.summary/1`, or a page for the terminal.
  func show(json: Bool) throws {
    if json { return try Terminal.writeJSON(summary) }
    Terminal.write(
      TerminalReport.render(run: summary, width: Terminal.columns(), color: Terminal.colours)
        + "\nreports     \(directory.htmlReportPath)\n            \(directory.markdownReportPath)\n")
  }

  private static func summary(ofAccountsIn directory: RunDirectory) throws(InputError) -> RunSummary {
    let recorded = try directory.accounts()
    let manifest = try manifest(in: directory)
    var warnings: [String] = []
    let patterns = patterns(ofTraceIn: directory, warnings: &warnings)
    return RunAnalysis.summarize(
      configuration: manifest?.configuration, completed: true, accounts: recorded.accounts,
      stepDurations: recorded.stepsNs, loss: nil, memory: recorded.memory, warnings: warnings,
      usableCpus: manifest?.machine.usableCpus, program: manifest?.program, patterns: patterns)
  }

  /// What the order of a run's events tells; `nil` without a trace, and with a warning where it is damaged.
  static func patterns(ofTraceIn directory: RunDirectory, warnings: inout [String]) -> TracePatterns? {
    guard exists(directory.tracePath) else { return nil }
    do {
      return try TracePatterns(of: try TraceFile.reader(of: directory.tracePath))
    } catch {
      warnings.append("the findings that need the order of events are absent: \(error)")
      return nil
    }
  }

  /// The manifest; a killed run may have none.
  private static func manifest(in directory: RunDirectory) throws(InputError) -> Manifest? {
    exists(directory.manifestPath) ? try directory.manifest() : nil
  }

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
