import ArgumentParser
import Foundation
import HeadwayCorpus
import HeadwayFiles
import HeadwayProbes
import HeadwayReading
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// A sweep as a command runs it, from its beginning or from where it ended.
struct SweepSession {
  private let plan: SweepPlan
  private let directory: SweepDirectory
  private let isQuiet: Bool
  private let json: Bool
  private let inFull: Bool

  /// Runs a profile in a fresh directory, and reports.
  static func start(_ profile: Profile, output: String?, isQuiet: Bool, json: Bool, inFull: Bool) throws {
    var request = profile
    var corpus: Corpus?
    // Another program has no corpus of ours.
    if request.program == nil { corpus = try CorpusSource.open(&request, isQuiet: isQuiet) }
    let command = CommandLine.arguments.map(ProgramTemplate.quoted).joined(separator: " ")
    let plan = try SweepPlan(
      profile: request, context: try context(command: command, program: request.program, corpus: corpus))
    let directory = try SweepDirectory(
      creating: output ?? "\(sweepsFolder)/\(request.name)-\(Provenance.fileTimestamp())")
    try SweepSession(plan: plan, directory: directory, isQuiet: isQuiet, json: json, inFull: inFull)
      .measure { try $0.run() }
  }

  /// Goes on with a sweep where its journal ends, and reports. One that is complete is reported only.
  static func resume(_ path: String, isQuiet: Bool, json: Bool, inFull: Bool) throws {
    let directory = try SweepDirectory(opening: path)
    let plan = try SweepReader.plan(of: directory)
    let now = try context(
      command: plan.context.command, program: plan.program, corpus: nil,
      directory: plan.context.workingDirectory)
    if let obstacle = plan.context.obstacle(toResumingAs: now) {
      throw InputError(
        path, problem: obstacle, remedy: "start a new sweep; headway report still reads this one")
    }
    let notes = plan.context.changes(toResumingAs: now)
    try SweepSession(plan: plan, directory: directory, isQuiet: isQuiet, json: json, inFull: inFull).measure {
      driver in
      if try !driver.resume(as: Provenance.timestamp(), notes: notes) && !isQuiet {
        Terminal.complain("\(path): the sweep is complete; there is nothing left to measure")
      }
    }
  }

  /// Runs the baseline of a profile once, in a directory that is removed again: for what it tells of a sweep's time.
  ///
  /// - Parameter profile: Becomes what a sweep of it would be: of characters it learns how many there are.
  /// - Throws: ``InputError`` when the run does not succeed; a sweep would fare no better.
  static func trial(_ profile: inout Profile, isQuiet: Bool) throws -> SweepForecast.Earlier {
    let corpus = profile.program == nil ? try CorpusSource.open(&profile, isQuiet: isQuiet) : nil
    var plan = try SweepPlan(
      profile: profile,
      context: try context(command: "headway plan", program: profile.program, corpus: corpus))
    plan.cells.removeAll { !$0.isBaseline }
    plan.bareArm = nil
    plan.budgetSeconds = nil
    plan.blocks.minimum = 1
    plan.blocks.maximum = 1
    plan.order = [plan.cells.map(\.id)]
    let path = FileManager.default.temporaryDirectory.path + "/headway-trial-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let directory = try SweepDirectory(creating: path)
    let session = SweepSession(plan: plan, directory: directory, isQuiet: isQuiet, json: false, inFull: false)
    let display = SweepDisplay(plan: plan, isQuiet: isQuiet)
    let cancellation = Cancellation()
    let signals = InterruptionSource { cancellation.cancel() }
    defer { signals.stop() }
    try SweepDriver(
      plan: plan, directory: directory, command: try session.runCommand(), observer: display,
      cancellation: cancellation
    ).run()
    display.finish()
    if cancellation.isCancelled { throw ExitCode(130) }
    let runs = try SweepReader.runs(of: directory)
    guard runs.contains(where: { $0.outcome == .completed }) else {
      let last = runs.last.flatMap { $0.lastLines.last }.map { " (\($0))" } ?? ""
      throw InputError(
        profile.path,
        problem: "the baseline's run did not succeed: \(runs.last?.reason ?? "none was made")\(last)",
        remedy: "mend it first: a sweep would fare no better")
    }
    return SweepForecast.Earlier(plan: plan, runs: runs)
  }

  /// Where sweeps are written that nobody gave another place.
  static let sweepsFolder = ".headway/sweeps"

  /// Runs the driver and reports. What was predicted in the sweeps beside this one tells how far to trust a prediction.
  private func measure(_ body: (SweepDriver) throws -> Void) throws {
    let folder = URL(filePath: directory.path).deletingLastPathComponent().path
    let cancellation = Cancellation()
    let signals = InterruptionSource { cancellation.cancel() }
    defer { signals.stop() }
    let display = SweepDisplay(plan: plan, isQuiet: isQuiet)
    let driver = SweepDriver(
      plan: plan, directory: directory, command: try runCommand(), observer: display,
      cancellation: cancellation,
      past: plan.predicts == true
        ? EarlierSweeps.pastErrors(in: folder, on: plan.context.machine, but: directory.path) : nil)
    try body(driver)
    display.finish()

    let report = try SweepReport(of: directory)
    try report.write()
    try report.show(json: json, inFull: inFull)
    if cancellation.isCancelled { throw ExitCode(130) }
    if report.summary.cells.allSatisfy({ $0.figures.isEmpty }) { throw ExitCode(1) }
  }

  /// How a run of the plan is started.
  private func runCommand() throws -> RunCommand {
    if plan.program != nil { return .ofPlan() }
    guard let corpus = plan.context.corpusDirectory else {
      throw InputError(
        directory.planPath, problem: "it does not say where its corpus is: an earlier version wrote it",
        remedy: "start a new sweep")
    }
    if !Corpus.isCorpus(corpus) {
      throw InputError(corpus, problem: "the corpus of the sweep is gone", remedy: "start a new sweep")
    }
    return .train(executable: try OwnExecutable.path(), corpus: corpus)
  }

  /// Where and how a sweep is started now.
  ///
  /// - Throws: ``InputError`` when the program that it is to run is not there.
  private static func context(
    command: String, program: ProgramTemplate?, corpus: Corpus?, directory: String? = nil
  ) throws -> SweepContext {
    let here = directory ?? FileManager.default.currentDirectoryPath
    let environment = ProcessInfo.processInfo.environment
    let executable = try program?.executable(path: environment["PATH"], directory: here)
    let hash =
      program == nil
      ? Provenance.binaryHash() : executable.flatMap { try? ContentHash(ofFiles: [$0]).hexadecimal }
    let whole = corpus.map { $0.directory.hasPrefix("/") ? $0.directory : here + "/" + $0.directory }
    return SweepContext(
      command: command, startedAt: Provenance.timestamp(), toolVersion: Headway.toolVersion,
      machine: MachineFacts.read(),
      corpus: program.map { $0.command.map(ProgramTemplate.quoted).joined(separator: " ") }
        ?? corpus?.describe() ?? "",
      corpusDirectory: whole, workingDirectory: here, programHash: hash,
      environment: performanceEnvironment(),
      surroundings: Surroundings.read(), gitCommit: GitCheckout.commit())
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

  func recordingStarted(label: String, number: Int, of count: Int) {
    let which = count > 1 ? "recording \(number)/\(count)" : "recording"
    progress.update(0, detail: "\(which) of \(label), to predict the others from")
  }

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
