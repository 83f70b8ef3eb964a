import ArgumentParser
import Foundation
import HeadwayReading
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// Reports on a sweep or a run again, also one that was cut short.
struct ReportVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract:
      "Report on a sweep or a run again, and write the report's files anew; or test the whole system.",
    discussion: """
      headway report DIR             the report of a sweep or a run
      headway report --system-test   build, tokenise, train, evaluate, write and sweep the phases, and report it

      A run that was killed has no summary: the report is then made from its trace, as far as that goes, and \
      says that it is partial. The run of another engine, recorded with the library, is summarised here. Of a run \
      of experiments (train --causal, or the library's) it says what a faster region would bring.
      """)

  @Argument(help: "The directory of a sweep or of a run.", completion: .directory)
  var directory: String?

  @OptionGroup(title: "System test") var system: SystemTestOptions

  @Option(help: "Also write the drawings as SVG files into this directory.", completion: .directory)
  var figures: String?

  @Option(
    help: """
      The ceilings of the run's machine, as headway machine --json wrote them: the report then says how close the \
      run came to them, and of a sweep where the memory's bandwidth would end the scaling (default: machine.json in \
      the directory, where there is one).
      """, completion: .file())
  var machine: String?

  @Option(
    help: """
      Of experiments: a recorded run of the same work, whose replay is asked what a faster region would bring.
      """, completion: .directory)
  var recording: String?

  @Flag(help: "Print all of the report, not what fits forty lines.")
  var full = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func run() throws {
    if system.systemTest { return try testSystem() }
    if let stray = system.stray {
      throw InputError(
        stray, problem: "it is an option of a system test", remedy: "add --system-test, or leave it out",
        isUsage: true)
    }
    guard let directory, !directory.isEmpty else {
      throw InputError(
        "report", problem: "no directory was named",
        remedy: "name the directory of a sweep or of a run, or ask for --system-test", isUsage: true)
    }
    try report(directory)
  }

  private func testSystem() throws {
    if directory != nil || machine != nil || figures != nil || recording != nil {
      throw InputError(
        "--system-test", problem: "it measures everything anew",
        remedy: "leave the directory, --machine, --figures and --recording out", isUsage: true)
    }
    var session = try SystemTestSession(system)
    try session.run(json: json)
  }

  private func report(_ directory: String) throws {
    let run = try RunDirectory(opening: directory)
    if ExperimentReport.isMeant(by: run) { return try show(experimentsIn: run) }
    if recording != nil {
      throw InputError(
        "--recording", problem: "\(directory) holds no experiments",
        remedy: "leave it out, or name the directory of a run of experiments", isUsage: true)
    }
    if SweepDirectory.exists(at: directory) {
      var report = try SweepReport(of: SweepDirectory(opening: directory))
      if let complaint = try report.addBandwidth(ceilings: machine) { Terminal.complain(complaint) }
      try report.write()
      if let figures { try report.writeFigures(into: figures) }
      try report.show(json: json, inFull: full)
      return
    }
    var report = try RunReport(of: run)
    try report.addRoofline(ceilings: machine)
    try report.write()
    if let figures { try report.writeFigures(into: figures) }
    try report.show(json: json, inFull: full)
  }

  private func show(experimentsIn directory: RunDirectory) throws {
    if machine != nil || figures != nil {
      throw InputError(
        directory.path, problem: "it holds experiments, which have no ceilings and no drawings",
        remedy: "leave --machine and --figures out", isUsage: true)
    }
    let recording = try recording.map { try RunDirectory(opening: $0) }
    let record = try ExperimentReport(of: directory, recording: recording).record
    if json { return try Terminal.writeJSON(record) }
    Terminal.write(
      TerminalReport.render(causal: record, width: Terminal.columns(), color: Terminal.colours))
  }
}
