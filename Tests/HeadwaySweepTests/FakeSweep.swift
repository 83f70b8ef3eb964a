import Foundation
import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace

/// A sweep whose runs are a shell script: real processes that write a summary prepared by the test.
///
/// The script is called with the run's directory as `$1`, the arm's identifier as `$2`, the run's name
/// below the arm (`0`, `0-attempt-2`) as `$3` and the folder of prepared summaries as `$4`.
struct FakeSweep {
  /// What every well-behaved run does.
  static let succeed = "cp \"$4/$2.json\" \"$1/summary.json\""

  let temporary: TemporaryDirectory
  let plan: SweepPlan
  let directory: SweepDirectory
  let observer = RecordingObserver()
  var cancellation = Cancellation()
  let script: String

  /// Plans `lines` on top of ``profile(_:)``; `body` is the script. Without `predictions` nothing is recorded ahead of
  /// the blocks.
  init(_ lines: String = "", script body: String = Self.succeed, predictions: Bool = false) throws {
    temporary = try TemporaryDirectory()
    plan = try SweepPlan(profile: profile("\(lines)\npredictions: \(predictions)"), context: .literal)
    directory = try SweepDirectory(creating: temporary.path("sweep"))
    script = temporary.path("run.sh")
    try temporary.write("set -e\n\(body)\n", to: "run.sh")
    for (index, arm) in plan.arms.enumerated() {
      guard let configuration = arm.configuration else { continue }
      let summary = RunSummary.literal(
        configuration: configuration, tokensPerSecond: 1_000 * Double(index + 1), steps: configuration.steps)
      try temporary.write(try HeadwayJSON.document(summary), to: "prepared/\(arm.id).json")
    }
  }

  /// Runs the sweep to its end.
  func run(activity: @escaping SweepDriver.ActivityReader = { nil }, graceSeconds: Double = 60) throws {
    try driver(observer, activity, graceSeconds).run()
  }

  /// Goes on where the journal ends, as a new process would: nothing is known but the directory.
  func resume(
    telling observer: RecordingObserver = RecordingObserver(),
    activity: @escaping SweepDriver.ActivityReader = { nil }
  ) throws -> Bool {
    try driver(observer, activity, 60).resume(as: "2026-01-02T00:00:00Z")
  }

  /// The same sweep in a process that nobody has asked to stop.
  func afterwards() -> FakeSweep {
    var later = self
    later.cancellation = Cancellation()
    return later
  }

  private func driver(
    _ observer: RecordingObserver, _ activity: @escaping SweepDriver.ActivityReader, _ graceSeconds: Double
  ) throws -> SweepDriver {
    let prepared = temporary.path("prepared")
    let script = script
    let command = RunCommand(executable: "/bin/sh") { request in
      let parts = request.runDirectory.split(separator: "/").map(String.init)
      return [script, request.runDirectory, parts[parts.count - 2], parts[parts.count - 1], prepared]
    }
    return SweepDriver(
      plan: plan, directory: directory, command: command, observer: observer,
      cancellation: cancellation, activity: activity, graceSeconds: graceSeconds)
  }

  /// What the directory holds now.
  func read() throws -> RecordedSweep { try SweepReader.read(directory) }

  /// Every line of the journal about a run.
  func records() throws -> [RunRecord] {
    try JournalContents(of: directory.journalPath, JournalEntry.self).records.compactMap(\.run)
  }
}

/// Keeps what a driver tells.
final class RecordingObserver: SweepObserver {
  var planned: [Int] = []
  var recordings: [String] = []
  var started: [String] = []
  var finished: [SweepProgress] = []
  var warnings: [String] = []
  /// Called after every run.
  var afterRun: (RunRecord) -> Void = { _ in }
  /// Called when a recording is about to be made.
  var beforeRecording: (_ number: Int) -> Void = { _ in }

  func planned(runs: Int) { planned.append(runs) }
  func recordingStarted(label: String, number: Int, of count: Int) {
    recordings.append("\(label) \(number)/\(count)")
    beforeRecording(number)
  }
  func runStarted(label: String, block: Int, progress: SweepProgress) { started.append(label) }
  func runFinished(_ record: RunRecord, label: String, progress: SweepProgress) {
    finished.append(progress)
    afterRun(record)
  }
  func warning(_ text: String) { warnings.append(text) }
}
