import Foundation
import HeadwayFiles
import HeadwayTrace

/// The files of one run: `configuration.json` where a sweep started it, `manifest.json`,
/// `trace.hwtrace`, `stacks.json` where stacks were sampled, `summary.json` or, of another engine,
/// `accounts.json`, `log.txt`, `live.hwlive` while it goes on, `stall-1.json` with `stall-1.txt` for each stall, and the reports.
///
///     let directory = try RunDirectory(creating: "runs/first")
///     try directory.write(manifest)
public struct RunDirectory: Equatable, Sendable {
  /// Where it stands.
  public let path: String

  /// Creates a fresh directory; refuses one that holds anything.
  public init(creating path: String) throws(InputError) {
    try Directory.createFresh(path, what: "a run")
    self.path = path
  }

  /// Opens the directory of a run that has been started.
  public init(opening path: String) throws(InputError) {
    try Directory.require(path, remedy: "name a directory that a run has written")
    self.path = path
  }

  /// The parameters that a sweep asks the run to use.
  public var configurationPath: String { path + "/configuration.json" }
  /// Where the run came from.
  public var manifestPath: String { path + "/manifest.json" }
  /// The event trace.
  public var tracePath: String { path + "/trace.hwtrace" }
  /// The status of the run while it goes on; what is left of it after the end is that of a killed run.
  public var livePath: String { path + "/live.hwlive" }
  /// The sampled stacks.
  public var stacksPath: String { path + "/stacks.json" }
  /// What the run measured.
  public var summaryPath: String { path + "/summary.json" }
  /// Experiments of virtual speed-up.
  public var causalPath: String { path + "/causal.json" }
  /// What another engine measured of itself, before anybody made a summary of it.
  public var accountsPath: String { path + "/accounts.json" }
  /// The ceilings of the run's machine, where somebody put them.
  public var ceilingsPath: String { path + "/machine.json" }
  /// The report as one HTML file.
  public var htmlReportPath: String { path + "/report.html" }
  /// The report as Markdown.
  public var markdownReportPath: String { path + "/report.md" }
  /// What the run printed.
  public var logPath: String { path + "/log.txt" }

  /// Writes the parameters.
  public func write(_ configuration: RunConfiguration) throws(InputError) {
    try AtomicFile.writeJSON(configuration, to: configurationPath)
  }

  /// Writes the manifest.
  public func write(_ manifest: Manifest) throws(InputError) {
    try AtomicFile.writeJSON(manifest, to: manifestPath)
  }

  /// Writes what was measured.
  public func write(_ summary: RunSummary) throws(InputError) {
    try AtomicFile.writeJSON(summary, to: summaryPath)
  }

  /// Where the text of a stall goes.
  public func stallTextPath(_ number: Int) -> String { path + "/stall-\(number).txt" }

  /// Writes a stall as its contract; one that is written again replaces the first.
  public func write(_ stall: StallReport) throws(InputError) {
    try AtomicFile.writeJSON(stall, to: path + "/stall-\(stall.number).json")
  }

  /// Writes a stall, as its contract and as text.
  public func write(_ stall: StallReport, text: String) throws(InputError) {
    try write(stall)
    try AtomicFile.write(Data(text.utf8), to: stallTextPath(stall.number))
  }

  /// Writes what another engine measured of itself.
  public func write(_ accounts: RecordedAccounts) throws(InputError) {
    try AtomicFile.writeJSON(accounts, to: accountsPath)
  }

  /// What another engine measured of itself; refuses a version that this tool does not know.
  public func accounts() throws(InputError) -> RecordedAccounts {
    let accounts = try StoredFile.decode(RecordedAccounts.self, accountsPath, remedy: Self.unfinished)
    try requireSchema(accounts.schema, RecordedAccounts.schemaName, accountsPath)
    return accounts
  }

  /// Writes the sampled stacks, on one line: its columns are long.
  public func write(_ profile: StackProfile) throws(InputError) {
    try AtomicFile.writeJSONLine(profile, to: stacksPath)
  }

  /// The sampled stacks; refuses a version that this tool does not know, and tables that do not hold
  /// together.
  public func stacks() throws(InputError) -> StackProfile {
    let remedy = "the run did not sample stacks; train with --set stack_sampling_hz=99"
    let profile = try StoredFile.decode(StackProfile.self, stacksPath, remedy: remedy)
    try profile.check(subject: stacksPath)
    return profile
  }

  /// Writes experiments of virtual speed-up.
  public func write(_ record: CausalRecord) throws(InputError) {
    try AtomicFile.writeJSON(record, to: causalPath)
  }

  /// Experiments of virtual speed-up; refuses a version that this tool does not know.
  public func causal() throws(InputError) -> CausalRecord {
    let record = try StoredFile.decode(CausalRecord.self, causalPath, remedy: Self.unfinished)
    try requireSchema(record.schema, CausalRecord.schemaName, causalPath)
    return record
  }

  /// A machine's ceilings from a file; refuses a version that this tool does not know.
  public static func ceilings(at path: String) throws(InputError) -> MachineCeilings {
    let remedy = "write it with headway machine --json"
    let ceilings = try StoredFile.decode(MachineCeilings.self, path, remedy: remedy)
    try requireSchema(ceilings.schema, MachineCeilings.schemaName, path)
    return ceilings
  }

  /// Writes the report in both forms.
  public func writeReports(html: String, markdown: String) throws(InputError) {
    try AtomicFile.write(Data(html.utf8), to: htmlReportPath)
    try AtomicFile.write(Data(markdown.utf8), to: markdownReportPath)
  }

  /// The parameters that a sweep asked for.
  public func configuration() throws(InputError) -> RunConfiguration {
    try StoredFile.decode(RunConfiguration.self, configurationPath, remedy: Self.unfinished)
  }

  /// The manifest; refuses a version that this tool does not know.
  public func manifest() throws(InputError) -> Manifest {
    let manifest = try StoredFile.decode(Manifest.self, manifestPath, remedy: Self.unfinished)
    try requireSchema(manifest.schema, Manifest.schemaName, manifestPath)
    return manifest
  }

  /// What was measured; refuses a version that this tool does not know.
  public func summary() throws(InputError) -> RunSummary {
    let summary = try StoredFile.decode(RunSummary.self, summaryPath, remedy: Self.unfinished)
    try requireSchema(summary.schema, RunSummary.schemaName, summaryPath)
    return summary
  }

  private static let unfinished = "the run did not finish, or this is not a run's directory; see its log.txt"
}

/// Refuses a contract of another version in words.
func requireSchema(_ found: String, _ known: String, _ path: String) throws(InputError) {
  if found == known { return }
  throw InputError(
    path, field: "schema", problem: "got \(found), and this tool reads \(known)",
    remedy: "use the version of the tool that wrote it")
}
