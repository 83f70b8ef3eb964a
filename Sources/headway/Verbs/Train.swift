import ArgumentParser
import Foundation
import HeadwayAnalysis
import HeadwayCorpus
import HeadwayEngine
import HeadwayProbes
import HeadwayReading
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// Trains a model on a text and records where the thread-seconds went.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on a text, and record where the thread-seconds went.",
    discussion: """
      headway train --corpus my-text/ --checkpoint out --set threads=4

      The corpus is a text file, a directory of text files, or a directory that `headway corpus build` wrote. \
      An interruption (Ctrl-C) stops after the current step, saves the checkpoint and exits with 130.
      """)

  @Option(
    help: "The text: a file, a directory of text, or a built corpus (default: that of the profile).",
    completion: .directory)
  var corpus: String?

  @Option(help: "Where to save the checkpoint, a directory; replaced as a whole or not at all.")
  var checkpoint: String?

  @Option(help: "A checkpoint to continue from.", completion: .directory)
  var resume: String?

  @OptionGroup var options: ConfigurationOptions

  @Option(help: "Seconds without progress after which a stall is reported; 0 is off.")
  var watchdog: String?

  @Option(help: "What happens to a run that has stalled: report or abort.")
  var onStall: String?

  @Flag(
    help: """
      Experiment instead of recording: show what a faster region would bring, by making the other threads wait.
      """)
  var causal = false

  @Option(help: "Where to record the run (default: a new directory under .headway/runs).")
  var runDirectory: String?

  @Flag(
    help:
      "Show the threads, waits and queues in place while it trains; q leaves the display, Ctrl-C ends the run."
  )
  var live = false

  @Flag(help: "Print all of the report, not what fits forty lines.")
  var full = false

  @Flag(help: "Print the run's summary as JSON instead of the report.")
  var json = false

  @Flag(help: "No progress and no report.")
  var quiet = false

  func validate() throws {
    if live && quiet { throw ValidationError("--live shows what --quiet leaves out; name one of them") }
    if live && causal {
      throw ValidationError("--causal records no states of threads; leave --live out")
    }
  }

  func run() throws {
    var configuration = try options.resolved()
    if let watchdog { try configuration.set("watchdog_seconds", to: watchdog, subject: "--watchdog") }
    if let onStall { try configuration.set("on_stall", to: onStall, subject: "--on-stall") }
    // Before hours of training, not after them.
    if let checkpoint { try Checkpoint.requirePlace(at: checkpoint) }
    if causal && resume != nil {
      throw ValidationError("--causal starts a run of its own; leave --resume out")
    }
    if causal { _ = try CausalTraining(configuration) }
    let earlier = try resume.map { try Checkpoint.load($0, for: .training) }
    let text = try CorpusSource.open(
      corpus, profile: options.profile, configuration: &configuration, isQuiet: quiet)

    var manifest = Provenance.manifest(configuration: configuration, corpusHash: text.contentHash)
    let directory = try openDirectory()
    try directory.write(manifest)

    Interruption.listen()
    let status = try openStatus(of: directory)
    if causal {
      try experiment(configuration, text, directory, status.file, usableCpus: manifest.machine.usableCpus)
      status.file?.finish()
      return
    }
    let live = self.live ? try LiveDisplay(of: directory.path) : nil
    defer { live?.end() }
    let (outcome, summary) = try record(
      configuration, text, directory, resumeFrom: earlier, manifest: &manifest, status: status, live: live)
    if let checkpoint { try outcome.checkpoint.save(to: checkpoint) }
    status.file?.finish()
    live?.end()

    if json {
      try Terminal.writeJSON(summary)
    } else if !quiet {
      let saved = checkpoint.map { [ReportPlaces.Entry("checkpoint", $0)] } ?? []
      Terminal.write(
        run: summary, manifest: manifest,
        places: ReportPlaces(
          saved + [.init("recorded", directory.path)],
          command: ["headway", "report", directory.path, "--full"]), inFull: full)
    }
    if !outcome.completed { throw ExitCode(130) }
  }

  /// Trains, and writes what was recorded into a directory, the manifest with what the machine did meanwhile.
  private func record(
    _ configuration: RunConfiguration, _ text: Corpus, _ directory: RunDirectory,
    resumeFrom earlier: Checkpoint? = nil, manifest: inout Manifest,
    status: (file: LiveFile?, warning: String?) = (nil, nil), live: LiveDisplay? = nil
  ) throws -> (outcome: TrainingOutcome, summary: RunSummary) {
    let usableCpus = manifest.machine.usableCpus
    let before = SystemActivity.read()
    let stalls = StallDisplay(
      configuration: configuration, directory: directory, usableCpus: usableCpus, live: live)
    let display = TrainingDisplay(
      configuration: configuration, stalls: stalls, status: status.file, live: live, isQuiet: quiet)
    let outcome = try TrainingRun.run(
      configuration: configuration, corpus: text,
      tracePath: configuration.probe == .events ? directory.tracePath : nil, resumeFrom: earlier,
      observer: display, live: status.file, allocations: Allocations.counter, stallObserver: stalls.show)
    display.finish()

    // Before the trace is read: that is no part of the training.
    let peakRssBytes = peakResidentBytes()
    manifest.surroundings?.note(activityFrom: before, to: SystemActivity.read())
    try directory.write(manifest)
    let trouble = status.file?.trouble.map { LiveFile.warning(of: $0) }
    var warnings = outcome.warnings + [status.warning, trouble].compactMap(\.self)
    let patterns = RunReport.patterns(ofTraceIn: directory, warnings: &warnings)
    let unexplained = RunReport.unexplainedSteps(ofTraceIn: directory, warnings: &warnings)
    let summary = RunAnalysis.summarize(
      configuration: configuration, completed: outcome.completed, accounts: outcome.accounts,
      stepDurations: outcome.stepDurations, loss: outcome.loss,
      memory: MemorySummary(
        peakRssBytes: peakRssBytes, components: outcome.memoryComponents,
        stepAllocations: outcome.stepAllocations, samples: outcome.memorySamples),
      stalls: outcome.stalls, warnings: warnings, stacks: outcome.stacks,
      usableCpus: usableCpus, patterns: patterns, unexplained: unexplained)
    if let stacks = outcome.stacks { try directory.write(stacks) }
    try directory.write(summary)
    return (outcome, summary)
  }

  /// Records a few steps of the configuration and replays them, to be held against the experiments.
  private func replay(
    _ configuration: RunConfiguration, _ text: Corpus, _ directory: RunDirectory, usableCpus: Double
  ) throws -> Replay {
    let recording = try RunDirectory(creating: directory.path + "/recording")
    let brief = CausalTraining.recorded(configuration)
    var manifest = Provenance.manifest(configuration: brief, corpusHash: text.contentHash)
    try recording.write(manifest)
    let summary = try record(brief, text, recording, manifest: &manifest).summary
    return try Replay(
      of: ReplaySource(
        name: recording.path, trace: try TraceFile.read(recording.tracePath), configuration: brief,
        cores: Int(usableCpus.rounded()), warmupSteps: summary.throughput.warmupSteps))
  }

  /// Trains as a series of experiments, and shows what they say.
  private func experiment(
    _ configuration: RunConfiguration, _ text: Corpus, _ directory: RunDirectory, _ status: LiveFile?,
    usableCpus: Double
  ) throws {
    let replayed = Result { try replay(configuration, text, directory, usableCpus: usableCpus) }
    let display = TrainingDisplay(
      configuration: configuration,
      stalls: StallDisplay(configuration: configuration, directory: directory, usableCpus: usableCpus),
      status: status, live: nil, isQuiet: quiet)
    var (record, outcome) = try CausalTraining(configuration).run(
      on: text, observer: display, usableCpus: usableCpus)
    display.finish()
    record.compare(with: replayed)
    try directory.write(record)
    if let checkpoint { try outcome.checkpoint.save(to: checkpoint) }
    if json {
      try Terminal.writeJSON(record)
    } else if !quiet {
      Terminal.write(
        TerminalReport.render(causal: record, width: Terminal.columns(), color: Terminal.colours))
      Terminal.writeLine("recorded    \(directory.path)")
    }
    if !outcome.completed { throw ExitCode(130) }
  }

  /// The file through which others follow the run. Without it the run goes on, and says so; not where the
  /// person wants to follow it.
  private func openStatus(of directory: RunDirectory) throws(InputError) -> (
    file: LiveFile?, warning: String?
  ) {
    do throws(InputError) {
      let file = try LiveFile(path: directory.livePath)
      try file.startCopying()
      return (file, nil)
    } catch {
      if live { throw error }
      return (nil, LiveFile.warning(of: "\(error)"))
    }
  }

  /// A fresh directory, or the one that a sweep made for its configuration.
  private func openDirectory() throws -> RunDirectory {
    if let runDirectory, options.configuration == runDirectory + "/configuration.json" {
      return try RunDirectory(opening: runDirectory)
    }
    let process = ProcessInfo.processInfo.processIdentifier
    return try RunDirectory(
      creating: runDirectory ?? ".headway/runs/\(Provenance.fileTimestamp())-\(process)")
  }
}

/// Shows a training run while it goes on, and stops it when the person asks.
final class TrainingDisplay: TrainingObserver {
  private let steps: Int
  private let progress: ProgressDisplay
  private let stalls: StallDisplay
  private let status: LiveFile?
  private let live: LiveDisplay?
  private var validation = ""
  private var seconds = 0.0
  private var tokens = 0

  init(
    configuration: RunConfiguration, stalls: StallDisplay, status: LiveFile?, live: LiveDisplay?,
    isQuiet: Bool
  ) {
    steps = configuration.steps
    self.stalls = stalls
    self.status = status
    self.live = live
    progress = ProgressDisplay("train", isQuiet: isQuiet)
  }

  func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation {
    stalls.stepFinished(step: step, loss: loss, elapsed: elapsed)
    status?.stepFinished(step, tokens: tokens, loss: loss)
    // An average that forgets, so that the speed shown is the recent one.
    seconds = 0.9 * seconds + elapsed.seconds
    self.tokens = self.tokens * 9 / 10 + tokens
    if live?.isShowing == true { return Interruption.isRequested ? .stop : .proceed }
    let speed = seconds > 0 ? Double(self.tokens) / seconds : 0
    progress.update(
      Double(step) / Double(steps),
      detail: "step \(step)/\(steps)  loss \(String(format: "%.4f", loss))\(validation)  "
        + "\(Int(speed).formatted()) tokens/s")
    return Interruption.isRequested ? .stop : .proceed
  }

  func evaluated(step: Int, loss: Float) {
    status?.evaluated(after: step, loss: loss)
    validation = "  validation \(String(format: "%.4f", loss))"
  }

  func finish() { progress.clear() }
}
