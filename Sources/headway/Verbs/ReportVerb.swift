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
      A run that was killed has no summary: the report is then made from its trace, as far as that goes, and
      says that it is partial. The run of another engine, recorded with the library, is summarised here.
      """)

  @Argument(help: "The directory of a sweep or of a run.", completion: .directory)
  var directory: String

  @Option(help: "Also write the drawings as SVG files into this directory.", completion: .directory)
  var figures: String?

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func run() throws {
    let files = FileManager.default
    if files.fileExists(atPath: directory + "/plan.json") {
      let report = try SweepReport(of: SweepDirectory(opening: directory))
      try report.write()
      if let figures { try report.writeFigures(into: figures) }
      try report.show(json: json)
      return
    }
    let report = try RunReport(of: RunDirectory(opening: directory))
    try report.write()
    if let figures { try report.writeFigures(into: figures) }
    try report.show(json: json)
  }
}
