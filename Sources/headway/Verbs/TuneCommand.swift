import ArgumentParser
import Foundation
import HeadwayCorpus
import HeadwayFiles
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// Finds the fastest configuration of this machine.
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Find the configuration with the highest throughput on this machine, in few runs.",
    discussion: """
      headway tune --corpus my-text/ --budget 5m

      It records a run, predicts every combination of threads, scheduling, reduction, optimizer, prefetching, grain \
      and kernels from it, measures the most promising ones, and compares the winner with the beginning in paired \
      blocks. It makes at most a fifth of the runs that measuring everything would take. The model, the batches and so \
      the work stay as they are. --axis threads=2,4 --axis scheduling narrows the search.
      """)

  @Option(
    help: "The text: a file, a directory of text, or a built corpus (default: that of the profile).",
    completion: .directory)
  var corpus: String?

  @OptionGroup var options: ConfigurationOptions

  @Option(
    name: .customLong("axis"),
    help: "An axis to search, NAME or NAME=VALUE,VALUE; may be repeated (default: all, for this machine).")
  var axes: [String] = []

  @Option(help: "How long it may take: 90s, 5m, 1h.")
  var budget = "5m"

  @Option(help: "Where the runs go (default: a new directory under .headway/tuning).")
  var output: String?

  @Flag(help: "Print the result as JSON (headway.tuning/1).")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  func run() throws {
    let seconds = try Self.seconds(in: budget)
    var configuration = try options.resolved()
    let text = try CorpusSource.open(
      corpus, profile: options.profile, configuration: &configuration, isQuiet: quiet)
    let directory =
      output ?? ".headway/tuning/\(Provenance.fileTimestamp())-\(ProcessInfo.processInfo.processIdentifier)"
    try Directory.createFresh(directory, what: "search")
    var request = Tuner.Request(
      base: configuration, corpus: text.directory, executable: try OwnExecutable.path(),
      directory: directory, cpus: max(1, Int(MachineFacts.read().usableCpus)), budgetSeconds: seconds)
    request.axes = axes
    request.secondsPerRun = min(max(seconds / 150, 0.3), 4)

    let cancellation = Cancellation()
    let signals = InterruptionSource { cancellation.cancel() }
    defer { signals.stop() }
    let progress = ProgressDisplay("tune", isQuiet: quiet)
    let tuner = Tuner(request, cancellation: cancellation) { share, what in
      progress.update(share, detail: what)
    }
    let result = try tuner.run()
    progress.clear()
    try AtomicFile.writeJSON(result, to: directory + "/tuning.json")
    if json {
      try Terminal.writeJSON(result)
    } else {
      Terminal.write(
        TerminalReport.render(tuning: result, width: Terminal.columns(), color: Terminal.colours))
      Terminal.writeLine("recorded    \(directory)")
    }
    if cancellation.isCancelled { throw ExitCode(130) }
  }

  /// A number of seconds, minutes or hours.
  private static func seconds(in text: String) throws(InputError) -> Double {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600]
    let unit = text.last.flatMap { units[$0] }
    guard let number = Double(unit == nil ? text : String(text.dropLast())), number > 0, number < 1e6 else {
      throw InputError(
        "--budget", problem: "\(text) is no length of time", remedy: "write for example 90s, 5m or 1h",
        isUsage: true)
    }
    return number * (unit ?? 1)
  }
}
