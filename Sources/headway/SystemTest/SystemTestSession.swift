import ArgumentParser
import Foundation
import HeadwayAnalysis
import HeadwayCorpus
import HeadwayEngine
import HeadwayFiles
import HeadwayProbes
import HeadwayReading
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// Runs a system test part by part. A part that fails costs itself and what needs its result; the report says
/// why, and the rest is measured.
struct SystemTestSession {
  private let options: SystemTestOptions
  private let place: String
  private let interruption = SystemTestInterruption()
  private var test: SystemTest

  /// Prepares a fresh directory.
  ///
  /// - Throws: ``InputError`` when the directory holds anything, or a named profile is not there.
  init(_ options: SystemTestOptions) throws {
    self.options = options
    // Before anything that takes minutes.
    for profile in [options.profile, options.phases].compactMap(\.self) { _ = try Profile.load(profile) }
    place = options.output ?? ".headway/system-tests/\(Provenance.fileTimestamp())"
    try Directory.createFresh(place, what: "a system test")
    test = SystemTest(
      command: CommandLine.arguments.map(ProgramTemplate.quoted).joined(separator: " "),
      startedAt: Provenance.timestamp(), toolVersion: Headway.toolVersion, gitCommit: GitCheckout.commit(),
      binaryHash: Provenance.binaryHash(), machine: MachineFacts.read())
  }

  /// Does everything, writes `system-test.json`, `report.html` and `report.md`, and prints the report.
  ///
  /// - Throws: ``ExitCode`` 1 when nothing of the engine could be measured, 130 when it was interrupted.
  mutating func run(json: Bool) throws {
    let started = ContinuousClock.now
    let signals = interruption.listen()
    defer { signals.stop() }
    let profile = try trainingProfile()
    part(.build, in: nil) { (session) throws in try session.build() }
    part(.corpus, in: "corpus") { (session) throws in try session.buildCorpus(of: profile) }
    part(.training, in: "training") { (session) throws in try session.train(profile) }
    part(.quality, in: nil) { (session) throws in try session.evaluate() }
    part(.inference, in: nil) { (session) throws in try session.generate() }
    part(.phases, in: "phases") { (session) throws in try session.sweepPhases() }
    test.elapsedNs = Nanoseconds(elapsedSince: started)
    try write()
    if json {
      try Terminal.writeJSON(test)
    } else {
      Terminal.write(
        TerminalReport.render(systemTest: test, width: Terminal.columns(), color: Terminal.colours)
          + "\nreports     \(path("report.html"))\n            \(path("report.md"))\n")
    }
    if interruption.isRequested { throw ExitCode(130) }
    if test.training == nil { throw ExitCode(1) }
  }

  private func path(_ name: String) -> String { place + "/" + name }

  private func write() throws {
    try AtomicFile.writeJSON(test, to: path("system-test.json"))
    try AtomicFile.write(Data(try HTMLReport.render(systemTest: test).utf8), to: path("report.html"))
    try AtomicFile.write(Data(try MarkdownReport.render(systemTest: test).utf8), to: path("report.md"))
  }

  /// Does one part and notes how it ended.
  private mutating func part(
    _ kind: SystemTestPart.Kind, in directory: String?, _ body: (inout Self) throws -> Void
  ) {
    var part = SystemTestPart(kind: kind, elapsedNs: .zero)
    if interruption.isRequested {
      part.reason = "the test was interrupted before it"
    } else {
      Terminal.complain("system test: \(kind.rawValue)")
      let started = ContinuousClock.now
      do {
        try body(&self)
      } catch {
        part.reason = interruption.isRequested ? "it was interrupted" : "\(error)"
      }
      part.elapsedNs = Nanoseconds(elapsedSince: started)
      if let reason = part.reason { Terminal.complain("system test: \(kind.rawValue): \(reason)") }
    }
    if let directory, FileManager.default.fileExists(atPath: path(directory)) {
      part.directory = path(directory)
    }
    test.parts.append(part)
  }

  /// The profile that is trained: the named one, the project's, or the built-in one, which is written beside the
  /// results so that its run can be repeated.
  private func trainingProfile() throws -> String {
    if let named = options.profile { return named }
    let own = SystemTestSettings.trainingProfile
    if !options.quick && FileManager.default.fileExists(atPath: own) { return own }
    try AtomicFile.write(
      Data(SystemTestSettings.training(sources: [options.corpus ?? "."]).utf8), to: path("training.yaml"))
    return path("training.yaml")
  }

  private mutating func build() throws {
    guard let directory = CheckoutBuild.directory() else {
      throw SystemTestFailure(
        "the command does not stand in a checkout of headway, so there is nothing to build")
    }
    let display = ProgressDisplay("build")
    defer { display.clear() }
    let scratch =
      path("build").hasPrefix("/")
      ? path("build") : FileManager.default.currentDirectoryPath + "/" + path("build")
    test.build = try CheckoutBuild.run(in: directory, scratch: options.freshBuild ? scratch : nil) {
      done, line in
      display.update(done, detail: String(line.prefix(60)))
    } started: { [interruption] in
      interruption.watch($0)
    }
    interruption.watch(0)
  }

  private mutating func buildCorpus(of profile: String) throws {
    let loaded = try Profile.load(profile)
    let request = loaded.corpus
    let sources = options.corpus.map { [$0] } ?? request?.sources ?? ["."]
    if sources.count == 1, Corpus.isCorpus(sources[0]) {
      test.corpus = CorpusResult(try Corpus.open(sources[0]).facts, sources: sources, wasBuilt: false)
      return
    }
    var settings = CorpusOptions()
    settings.tokenizer = loaded.base.tokenizer
    settings.vocabularySize = try vocabularySize(in: loaded.base)
    settings.validationShare = loaded.base.validationShare
    settings.limitBytes = request?.limitBytes
    let display = CorpusDisplay(isQuiet: false)
    defer { display.clear() }
    // A profile may name text that is not everywhere, such as that of the resolved dependencies.
    let present = sources.filter { FileManager.default.fileExists(atPath: $0) }
    let corpus = try CorpusBuilder(sources: present.isEmpty ? sources : present, options: settings)
      .build(to: path("corpus"), progress: display.show)
    test.corpus = CorpusResult(corpus.facts, sources: present, wasBuilt: true)
  }

  /// The vocabulary that the training will ask for.
  private func vocabularySize(in base: RunConfiguration) throws -> Int {
    var configuration = base
    for setting in options.settings where setting.hasPrefix("vocabulary_size=") {
      try configuration.set(
        "vocabulary_size", to: String(setting.dropFirst("vocabulary_size=".count)), subject: "--set")
    }
    return configuration.vocabularySize
  }

  /// The text that was built, or the built one that was named.
  private func corpusDirectory() throws -> String {
    guard let corpus = test.corpus else { throw SystemTestFailure("there is no text to train on") }
    return corpus.wasBuilt ? path("corpus") : corpus.sources[0]
  }

  private mutating func train(_ profile: String) throws {
    var arguments = [
      "train", "--profile", profile, "--corpus", try corpusDirectory(), "--run-directory", path("training"),
      "--checkpoint", path("checkpoint"), "--json",
    ]
    for setting in options.settings { arguments += ["--set", setting] }
    try runOwn(arguments) { (session) throws in
      var report = try RunReport(of: RunDirectory(opening: session.path("training")))
      try report.addRoofline(ceilings: nil)
      try report.write()
      session.test.training = report.summary
    }
  }

  private mutating func evaluate() throws {
    let model = try model()
    let corpus = try Corpus.open(try corpusDirectory())
    let display = ProgressDisplay("evaluate")
    defer { display.clear() }
    let started = ContinuousClock.now
    let evaluation = try Evaluator(model).evaluate(on: corpus) { done, total in
      display.update(Double(done) / Double(total), detail: "\(done)/\(total) windows")
      return interruption.isRequested ? .stop : .proceed
    }
    let elapsed = Nanoseconds(elapsedSince: started)
    let baselines =
      evaluation.isReencoded ? nil : NGramBaselines(train: corpus.train, validation: corpus.validation)
    test.quality = QualityResult(
      validationLoss: Double(evaluation.loss), unigramLoss: baselines?.unigramLoss,
      bigramLoss: baselines?.bigramLoss, tokens: evaluation.tokens, elapsedNs: elapsed)
  }

  /// Writes some text several times over.
  private mutating func generate() throws {
    let (repetitions, tokens) = (5, 100)
    let generator = Generator(try model())
    let display = ProgressDisplay("generate")
    defer { display.clear() }
    var result = InferenceResult(tokens: tokens, elapsedNs: [], text: "")
    for repetition in 1...repetitions {
      var options = SamplingOptions()
      (options.count, options.seed) = (tokens, UInt64(repetition))
      var text = ""
      let started = ContinuousClock.now
      // A character vocabulary without a line break has nothing to start from but a prompt.
      try generator.write(prompt: "", options: options) { piece in
        text += piece
        return !interruption.isRequested
      }
      // A text that was cut short has taken no time that compares with the others'.
      if interruption.isRequested { break }
      result.elapsedNs.append(Nanoseconds(elapsedSince: started))
      if repetition == 1 { result.text = text }
      display.update(Double(repetition) / Double(repetitions), detail: "\(repetition)/\(repetitions) texts")
    }
    if !result.elapsedNs.isEmpty { test.inference = result }
    if result.elapsedNs.count < repetitions { throw SystemTestFailure("it was interrupted") }
  }

  private func model() throws -> Checkpoint {
    guard FileManager.default.fileExists(atPath: path("checkpoint")) else {
      throw SystemTestFailure("there is no trained model")
    }
    return try Checkpoint.load(path("checkpoint"), for: .inference)
  }

  private mutating func sweepPhases() throws {
    let profile = try phasesProfile()
    try runOwn(["sweep", profile, "--output", path("phases"), "--json"]) { (session) throws in
      session.test.sweep = try SweepReport(of: SweepDirectory(opening: session.path("phases"))).summary
      session.test.phases = try RunComparison.ofPhases(
        try ComparedDirectory(session.path("phases")).subject)
    }
  }

  private func phasesProfile() throws -> String {
    if let named = options.phases { return named }
    let own = SystemTestSettings.phasesProfile
    if !options.quick && FileManager.default.fileExists(atPath: own) { return own }
    let corpus = try Corpus.open(try corpusDirectory())
    let text = SystemTestSettings.phases(
      corpus: corpus.directory, vocabularySize: corpus.tokenizer.vocabularySize,
      tokenizer: corpus.tokenizer.kind.rawValue)
    try AtomicFile.write(Data(text.utf8), to: path("phases.yaml"))
    return path("phases.yaml")
  }

  /// Runs this program once more, as a process of its own, with its progress shown, and takes over what it measured;
  /// of one that was interrupted, what it had measured by then.
  private mutating func runOwn(_ arguments: [String], result: (inout Self) throws -> Void) throws {
    let child = ToolRun(executable: try OwnExecutable.path(), arguments: arguments)
    let status = try child.runShowingProgress(started: interruption.watch)
    interruption.watch(0)
    if status == 0 { return try result(&self) }
    if status == 130 && interruption.isRequested { try result(&self) }
    throw SystemTestFailure(
      "headway \(arguments[0]) ended with status \(status); what it said stands above")
  }
}

/// Why a part was not measured, in a sentence without a remedy: the report is where it is read.
struct SystemTestFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension CorpusResult {
  fileprivate init(_ facts: CorpusFacts, sources: [String], wasBuilt: Bool) {
    self.init(
      sources: sources, wasBuilt: wasBuilt, files: facts.filesTaken, skipped: facts.filesSkipped.describe(),
      textBytes: facts.textBytes, trainTokens: facts.trainTokens, validationTokens: facts.validationTokens,
      vocabularySize: facts.vocabularySize, contentHash: facts.contentHash)
  }
}
