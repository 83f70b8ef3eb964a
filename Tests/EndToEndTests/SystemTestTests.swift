import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway report --system-test` with the smallest settings.
@Suite(.serialized) struct SystemTestTests {
  private static let tiny = [
    "vocabulary_size=300", "width=32", "layers=1", "heads=2", "batch_size=2", "sequence_length=16",
    "steps=20",
    "threads=2",
  ].flatMap { ["--set", $0] }

  private static let phases = """
    name: tiny-phases
    corpus: { sources: [text], vocabulary_size: 300 }
    base: { width: 32, layers: 1, heads: 2, batch_size: 2, sequence_length: 16, batches_per_step: 4, steps: 8,
      warmup_steps: 2, evaluation_batches: 0, threads: 2 }
    phases:
      - name: "0"
        set: { scheduling: barrier }
      - name: "1"
        set: { scheduling: queue }
    baseline: { phase: "0" }
    blocks: { minimum: 1, maximum: 1 }
    overhead_check: false
    """

  /// What a system test wrote, which keeps to the published schema.
  private func written(_ json: Data) throws -> SystemTest {
    let file = packageRoot.appending(path: "docs/schemas/headway.system_test-1.schema.json")
    let problems = try JSONSchema(contentsOf: file).check(JSONValue(parsing: json)).problems
    #expect(problems.isEmpty, "\(problems)")
    return try HeadwayJSON.decode(SystemTest.self, from: json, subject: "system test")
  }

  /// Starts a system test, interrupts it as soon as `isReached` holds, and returns what it left.
  private func interrupted(
    _ place: Workplace, _ settings: [String], when isReached: () -> Bool
  ) throws -> SystemTest {
    try place.write(
      Self.phases.replacing("minimum: 1, maximum: 1", with: "minimum: 60, maximum: 60"), to: "phases.yaml")
    let child = try place.start(
      [
        "report", "--system-test", "--quick", "--corpus", "text", "--phases", "phases.yaml", "--output",
        "out",
      ]
        + Self.tiny + settings.flatMap { ["--set", $0] })
    while !isReached() {
      try #require(child.isRunning)
      sched_yield()
      try Task.checkCancellation()
    }
    child.interrupt()
    child.waitUntilExit()
    #expect(child.terminationReason == .exit && child.terminationStatus == 130)
    let files = FileManager.default.enumerator(at: place.url("out"), includingPropertiesForKeys: nil)
    let halves = (files?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent.contains("hwtmp") }
    #expect(halves.isEmpty, "nothing is half-written: \(halves)")
    return try written(Data(contentsOf: place.url("out/system-test.json")))
  }

  private func state(_ test: SystemTest) -> [String] {
    test.parts.map { "\($0.kind.rawValue): \($0.reason ?? "measured")" }
  }

  private static let build =
    "build: the command does not stand in a checkout of headway, so there is nothing to build"

  /// A build puts another file in the place of the running program, whose parts go on with that one.
  @Test(.timeLimit(.minutes(5)))
  func aProgramThatIsReplacedMeanwhileGoesOn() throws {
    let place = try Workplace()
    try place.write(Self.phases, to: "phases.yaml")
    let arguments =
      [
        "report", "--system-test", "--quick", "--corpus", "text", "--phases", "phases.yaml", "--output",
        "out",
      ]
      + Self.tiny
    let script = """
      cp "$0" tool; cp "$0" new
      ./tool "$@" >text.txt 2>errors.txt & tool=$!
      # It runs: its first part has made the directory.
      while [ ! -d out ] && kill -0 $tool; do :; done
      mv new tool
      wait $tool
      """
    let result = try place.run("/bin/sh", ["-c", script, try Workplace.binary().path] + arguments)
    let errors = try String(contentsOf: place.url("errors.txt"), encoding: .utf8)
    #expect(result.status == 0, "\(errors)")
    let test = try written(Data(contentsOf: place.url("out/system-test.json")))
    #expect(test.training?.completed == true && test.sweep != nil, "\(errors)")
  }

  @Test(.timeLimit(.minutes(5)))
  func anInterruptedTrainingIsReportedAsFarAsItWent() throws {
    let place = try Workplace()
    // The event: more chunks of the trace than the threads claim at their start.
    let test = try interrupted(place, ["steps=10000000"]) {
      let file = try? FileManager.default.attributesOfItem(
        atPath: place.url("out/training/trace.hwtrace").path)
      return (file?[.size] as? Int ?? 0) > 16 * 65_536
    }
    let later = "the test was interrupted before it"
    #expect(
      state(test) == [
        Self.build, "corpus: measured", "training: it was interrupted", "quality: \(later)",
        "inference: \(later)",
        "phases: \(later)",
      ])
    let run = try #require(test.training)
    #expect(!run.completed && run.throughput.steps > 0 && run.throughput.steps < 10_000_000)
    #expect(test.quality == nil && test.inference == nil && test.sweep == nil && test.phases == nil)
    let page = try String(contentsOf: place.url("out/report.html"), encoding: .utf8)
    let markdown = try String(contentsOf: place.url("out/report.md"), encoding: .utf8)
    for text in [page, markdown] {
      #expect(text.contains("training was measured in part only: it was interrupted"))
      #expect(text.contains("easured in part: training; not measured: build, quality, inference, phases"))
    }
    #expect(
      try place.contents("out") == [
        "checkpoint", "corpus", "report.html", "report.md", "system-test.json", "training", "training.yaml",
      ])
  }

  @Test(.timeLimit(.minutes(5)))
  func anInterruptedSweepOfThePhasesIsReportedAsFarAsItWent() throws {
    let place = try Workplace()
    // The event: some of the runs of 60 blocks have ended.
    let test = try interrupted(place, []) {
      let journal = (try? String(contentsOf: place.url("out/phases/journal.jsonl"), encoding: .utf8)) ?? ""
      return journal.split(separator: "\n").count >= 6
    }
    #expect(test.parts.last?.reason == "it was interrupted" && test.parts.count == 6)
    #expect(test.training?.completed == true && test.quality != nil && test.inference?.elapsedNs.count == 5)
    let sweep = try #require(test.sweep)
    #expect(sweep.partial && sweep.cells.contains { !$0.samples.isEmpty })
    let page = try String(contentsOf: place.url("out/report.html"), encoding: .utf8)
    #expect(page.contains("phases was measured in part only: it was interrupted"))
    #expect(page.contains("the sweep was cut short"))
  }

  @Test(.timeLimit(.minutes(5)))
  func everyPartIsMeasuredOrSaysWhyNot() throws {
    let place = try Workplace()
    try place.write(Self.phases, to: "phases.yaml")
    let result = try place.headway(
      [
        "report", "--system-test", "--quick", "--corpus", "text", "--phases", "phases.yaml", "--output",
        "out", "--json",
      ]
        + Self.tiny)
    try #require(result.status == 0, "\(result.stderr)")
    let test = try written(Data(result.stdout.utf8))
    #expect(try written(Data(contentsOf: place.url("out/system-test.json"))) == test)
    #expect(test.parts.map(\.kind) == [.build, .corpus, .training, .quality, .inference, .phases])
    #expect(test.parts.compactMap(\.reason).count == 1)
    #expect(test.parts[0].reason?.contains("does not stand in a checkout") == true && test.build == nil)
    let corpus = try #require(test.corpus)
    #expect(corpus.wasBuilt && corpus.trainTokens > 1_000 && corpus.vocabularySize == 300)
    let run = try #require(test.training)
    #expect(run.throughput.steps == 20 && run.threads.contains { $0.name == "worker-1" })
    #expect(run.memory.peakRssBytes != nil && (run.throughput.tokensPerSecond ?? 0) > 0)
    let quality = try #require(test.quality)
    #expect(quality.validationLoss > 0 && quality.bigramLoss != nil)
    let inference = try #require(test.inference)
    #expect(inference.rates.count == 5 && inference.rates.allSatisfy { $0 > 0 } && !inference.text.isEmpty)
    #expect(test.sweep?.cells.map(\.label) == ["phase 0", "phase 1"])
    #expect(test.phases?.rows.contains { $0.candidate == "phase 1" && $0.wall != nil } == true)
    for file in [
      "system-test.json", "report.html", "report.md", "training/report.html", "checkpoint/model.safetensors",
    ] {
      #expect(place.exists("out/\(file)"), "\(file)")
    }
    let page = try String(contentsOf: place.url("out/report.html"), encoding: .utf8)
    #expect(page.contains("does not stand in a checkout") && page.contains("id=\"difference-previous\""))
    // A second one does not write over the first.
    let again = try place.headway(["report", "--system-test", "--quick", "--output", "out"])
    #expect(again.status == 1 && again.stderr.contains("is not empty"))
  }

  @Test(.timeLimit(.minutes(5)))
  func aBuildIsMeasuredWithItsWarnings() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      at: place.url("Sources/headway"), withIntermediateDirectories: true)
    try place.write(
      """
      // swift-tools-version: 6.0
      import PackageDescription
      let package = Package(name: "headway", targets: [.executableTarget(name: "headway")])
      """, to: "Package.swift")
    try place.write("func work() { let planted = 1 }\nwork()\n", to: "Sources/headway/main.swift")
    // No text: all that can be measured is the build.
    try FileManager.default.createDirectory(at: place.url("empty"), withIntermediateDirectories: true)
    let result = try place.headway(
      [
        "report", "--system-test", "--quick", "--corpus", "empty", "--fresh-build", "--output", "out",
        "--json",
      ]
        + Self.tiny)
    #expect(result.status == 1, "nothing was trained")
    let test = try written(Data(result.stdout.utf8))
    let build = try #require(test.build, "\(result.stderr)")
    #expect(build.isFresh && build.compiledModules == ["headway"] && build.binaryHash != nil)
    #expect(build.warnings.count == 1 && build.warnings[0].contains("planted"), "\(build.warnings)")
    #expect(test.parts.filter { $0.reason == nil }.map(\.kind) == [.build])
    #expect(place.exists("out/report.html"))
  }

  @Test func optionsOfASystemTestStandWithItOnly() throws {
    let place = try Workplace()
    for arguments in [
      ["report", "--quick", "somewhere"], ["report"], ["report", "--system-test", "somewhere"],
      ["report", "--system-test", "--profile", "nowhere.yaml"],
    ] {
      let result = try place.headway(arguments)
      #expect(result.status == 64 || result.status == 1, "\(arguments)")
      #expect(result.stderr.split(separator: "\n").count == 1, "\(result.stderr)")
      #expect(!place.exists(".headway"))
    }
  }
}
