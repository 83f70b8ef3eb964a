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
    let test = try HeadwayJSON.decode(
      SystemTest.self, from: Data(result.stdout.utf8), subject: "standard output")
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
    let test = try HeadwayJSON.decode(
      SystemTest.self, from: Data(result.stdout.utf8), subject: "standard output")
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
