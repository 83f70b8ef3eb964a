import ArgumentParser
import Foundation
import HeadwayHistory
import HeadwayReport
import HeadwayTrace

/// Keeps runs in a history and shows it.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show a metric over the commits, with the points at which it changed.",
    discussion: """
      headway history                     every series of tokens_per_second
      headway history add .headway/runs .headway/sweeps
      headway history rebuild .headway    all of it anew, from the directories
      A series is of one machine, one workload and one arrangement of it: they are never mixed.
      """,
    subcommands: [HistoryList.self, HistoryAdd.self, HistoryRebuild.self], defaultSubcommand: HistoryList.self
  )
}

/// Which history.
struct HistoryOptions: ParsableArguments {
  @Option(help: "The history's file.", completion: .file(extensions: ["sqlite"]))
  var history = HistoryDatabase.usualPath
}

/// Shows a metric.
struct HistoryList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List a metric's series; of a single one, plot it.",
    discussion: "headway history list --metric step_ms")

  @OptionGroup var options: HistoryOptions

  @Option(help: "The metric: \(HistoryMetric.allCases.map(\.rawValue).joined(separator: ", ")).")
  var metric = HistoryMetric.tokensPerSecond.rawValue

  @Option(help: "Only series whose workload, arrangement or sweep contains this.")
  var workload: String?

  @Flag(help: "Print the history as JSON.")
  var json = false

  func run() throws {
    guard let known = HistoryMetric(rawValue: metric) else {
      let names = HistoryMetric.allCases.map(\.rawValue)
      throw InputError(
        "--metric", field: metric, problem: "unknown metric",
        remedy: nearestMatch(to: metric, among: names).map { "did you mean \($0)?" }
          ?? "the known ones are \(names.joined(separator: ", "))", isUsage: true)
    }
    let database = try HistoryDatabase(path: options.history, isCreating: false)
    let history = try database.history(of: known, matching: workload)
    if json { return try Terminal.writeJSON(history) }
    Terminal.write(
      TerminalReport.render(history: history, width: Terminal.columns(), color: Terminal.colours))
  }
}

/// Adds runs.
struct HistoryAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add the runs of directories; a run that is there is replaced.",
    discussion: "headway history add .headway/runs .headway/sweeps")

  @Argument(help: "Directories of runs, of sweeps, or with such in them.", completion: .directory)
  var directories: [String]

  @OptionGroup var options: HistoryOptions

  func run() throws {
    let runs = try RunCollection(directories)
    let count = try HistoryDatabase(path: options.history, isCreating: true).add(runs)
    runs.report(count, into: options.history)
  }
}

/// Builds the history anew.
struct HistoryRebuild: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild", abstract: "Replace the history by the runs of directories.",
    discussion: """
      headway history rebuild .headway

      Until it is done, and if it is interrupted, the history is the old one.
      """)

  @Argument(help: "Directories of runs, of sweeps, or with such in them.", completion: .directory)
  var directories: [String]

  @OptionGroup var options: HistoryOptions

  func run() throws {
    let runs = try RunCollection(directories)
    let count = try HistoryDatabase(path: options.history, isCreating: true).rebuild(from: runs)
    runs.report(count, into: options.history)
  }
}
