import ArgumentParser
import Foundation
import HeadwayCorpus
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// Runs every cell of a profile in blocks, each run a process, and reports.
struct SweepVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every cell of a profile, each run a fresh process, and report what was measured.",
    discussion: """
      An interruption (Ctrl-C) ends the running process, reports what was measured so far and exits with 130.
      """)

  @Argument(help: "The profile.", completion: .file(extensions: ["yaml", "yml"]))
  var profile: String

  @Option(help: "Where to write the sweep (default: a new directory under .headway/sweeps).")
  var output: String?

  @Option(help: "Seeds the order of the runs, instead of the profile's.")
  var seed: UInt64?

  @Flag(help: "Print the sweep's summary as JSON instead of the report.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  func run() throws {
    var request = try Profile.load(profile)
    if let seed { request.seed = seed }
    _ = try request.cells()
    let corpus = try CorpusSource.open(&request, isQuiet: quiet)
    let context = SweepContext(
      command: CommandLine.arguments.map(Self.quoted).joined(separator: " "),
      startedAt: Provenance.timestamp(), toolVersion: Headway.toolVersion, machine: MachineFacts.read(),
      corpus: corpus.describe())
    let plan = try SweepPlan(profile: request, context: context)
    let directory = try SweepDirectory(
      creating: output ?? ".headway/sweeps/\(request.name)-\(Provenance.fileTimestamp())")

    let cancellation = Cancellation()
    let signals = InterruptionSource { cancellation.cancel() }
    defer { signals.stop() }
    let display = SweepDisplay(plan: plan, isQuiet: quiet)
    let driver = SweepDriver(
      plan: plan, directory: directory,
      command: .train(executable: try Self.ownExecutable(), corpus: corpus.directory), observer: display,
      cancellation: cancellation)
    try driver.run()
    display.finish()

    let report = try SweepReport(of: directory)
    try report.write()
    try report.show(json: json)
    if cancellation.isCancelled { throw ExitCode(130) }
    if report.summary.cells.allSatisfy(\.samples.isEmpty) { throw ExitCode(1) }
  }

  /// The program that runs now, which is also what each run is.
  private static func ownExecutable() throws -> String {
    do {
      return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    } catch {
      throw InputError(
        "/proc/self/exe", problem: "the running program cannot be found (\(error))",
        remedy: "mount /proc and try again")
    }
  }

  /// A word as a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:".contains($0) }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

/// Shows how far a sweep is.
final class SweepDisplay: SweepObserver {
  private let progress: ProgressDisplay
  private let blocks: Int

  init(plan: SweepPlan, isQuiet: Bool) {
    progress = ProgressDisplay("sweep", isQuiet: isQuiet)
    blocks = plan.blocks.maximum
    let arms = plan.arms.count
    progress.note(
      "\(plan.name): \(plan.cells.count) cells"
        + (arms > plan.cells.count ? " and the baseline without probes" : "")
        + ", \(plan.blocks.minimum == blocks ? "\(blocks)" : "\(plan.blocks.minimum)–\(blocks)") blocks, "
        + "each run a process; \(plan.context.corpus)")
  }

  func planned(runs: Int) {}

  func runStarted(label: String, block: Int, progress state: SweepProgress) {
    show(state, "block \(block + 1)/\(blocks)  \(label)")
  }

  func runFinished(_ record: RunRecord, label: String, progress state: SweepProgress) {
    if let reason = record.reason { progress.note("block \(record.block + 1), \(label): \(reason)") }
    show(state, "block \(record.block + 1)/\(blocks)  \(label)")
  }

  func warning(_ text: String) { progress.note("warning: \(text)") }

  func finish() { progress.clear() }

  private func show(_ state: SweepProgress, _ detail: String) {
    let share = Double(state.done) / Double(max(1, state.total))
    progress.update(
      share, detail: "\(state.done)/\(state.total) runs  \(detail)", remaining: state.remaining?.seconds)
  }
}
