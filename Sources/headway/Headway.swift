import ArgumentParser
import Foundation
import HeadwayTrace

/// The command. Results go to stdout, progress and warnings to stderr.
///
/// Exit codes: 0 done, 1 error, 64 misuse of the command line or of a profile, 130 interrupted; of a gate 2 is a
/// regression, 3 inconclusive, 4 an improvement only.
@main
struct Headway: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "headway",
    abstract: "Says where every thread-second of a multi-threaded training engine went.",
    discussion: """
      Start with:  headway sweep profiles/quick.yaml
      Results go to standard output, progress and warnings to standard error.
      Exit codes: 0 done, 1 error, 64 misuse, 130 interrupted; of gate 2 regression, 3 inconclusive, 4 improvement.
      """,
    version: toolVersion,
    subcommands: [
      Train.self, Generate.self, Evaluate.self, CorpusVerb.self, SweepVerb.self, PlanVerb.self,
      ResumeVerb.self, ReportVerb.self, TopCommand.self, TuneCommand.self, Doctor.self, Machine.self,
      SimdCommand.self, AnalyzeCommand.self, PredictCommand.self, CompareCommand.self, HistoryCommand.self,
      GateCommand.self, ExportCommand.self, ServeCommand.self,
    ])

  /// The version that manifests and reports name.
  static let toolVersion = Manifest.currentToolVersion

  static func main() {
    // A reader of our output that goes away must not kill a run that is training.
    signal(SIGPIPE, SIG_IGN)
    // Nor a limit on the size of files (ulimit -f): a write that it refuses is an error in words.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try requireVerb(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
    } catch let error as InputError {
      Terminal.complain("headway: \(error)")
      exit(withError: ExitCode(error.isUsage ? 64 : 1))
    } catch {
      exit(withError: error)
    }
  }

  /// Refuses a first word that is no verb, with the verb that it resembles.
  private static func requireVerb(_ word: String?) throws(InputError) {
    guard let word, !word.hasPrefix("-") else { return }
    let verbs =
      configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() } + ["help"]
    if verbs.contains(word) { return }
    let hint = nearestMatch(to: word, among: verbs).map { "write headway \($0), or " } ?? ""
    throw InputError(
      word, problem: "headway has no such verb", remedy: hint + "see headway --help for all of them",
      isUsage: true)
  }
}
