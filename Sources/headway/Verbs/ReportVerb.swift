import ArgumentParser
import Foundation
import HeadwayStore
import HeadwayTrace

/// Reports on a sweep or a run again, also one that was cut short.
struct ReportVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Report on a sweep or a run again, and write the report's files anew.",
    discussion: """
      headway report .headway/runs/20261121T023900Z-4711

      A run that was killed has no summary: the report is then made from its trace, as far as that goes, and \
      says that it is partial. The run of another engine, recorded with the library, is summarised here.
      """)

  @Argument(help: "The directory of a sweep or of a run.", completion: .directory)
  var directory: String

  @Option(help: "Also write the drawings as SVG files into this directory.", completion: .directory)
  var figures: String?

  @Option(
    help: """
      The ceilings of the run's machine, as headway machine --json wrote them: the report then says how close the \
      run came to them (default: machine.json in the run's directory, where there is one).
      """, completion: .file())
  var machine: String?

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func run() throws {
    let files = FileManager.default
    if files.fileExists(atPath: directory + "/plan.json") {
      guard machine == nil else {
        throw InputError(
          "--machine", problem: "ceilings are held against a run, and \(directory) is a sweep",
          remedy: "name one of the sweep's runs, or leave --machine out", isUsage: true)
      }
      let report = try SweepReport(of: SweepDirectory(opening: directory))
      try report.write()
      if let figures { try report.writeFigures(into: figures) }
      try report.show(json: json)
      return
    }
    var report = try RunReport(of: RunDirectory(opening: directory))
    try report.addRoofline(ceilings: machine)
    try report.write()
    if let figures { try report.writeFigures(into: figures) }
    try report.show(json: json)
  }
}
