import HeadwayTestSupport
import HeadwayTrace

/// System tests with known figures for the renderers.
enum SampleSystemTest {
  /// Everything was measured.
  static var whole: SystemTest {
    var test = bare
    test.elapsedNs = Nanoseconds(95_000_000_000)
    test.parts = SystemTestPart.Kind.allCases.map {
      SystemTestPart(
        kind: $0, elapsedNs: .milliseconds(1_500), directory: $0 == .training ? "out/training" : nil)
    }
    test.build = BuildResult(
      directory: "/home/somebody/headway", command: "swift build -c release --product headway",
      elapsedNs: Nanoseconds(41_000_000_000), isFresh: true, compiledModules: ["HeadwayTrace", "headway"],
      warnings: ["Sources/headway/A.swift:3:7: variable 'x' was never used"], binaryHash: "90cc11")
    test.corpus = CorpusResult(
      sources: ["."], wasBuilt: true, files: 412, skipped: "3 binary", textBytes: 5_100_000,
      trainTokens: 1_443_799,
      validationTokens: 160_422, vocabularySize: 1_000, contentHash: "77aa")
    test.training = SampleRun.whole
    test.quality = QualityResult(
      validationLoss: 3.7, unigramLoss: 5.9, bigramLoss: 4.2, tokens: 160_000,
      elapsedNs: Nanoseconds(2_000_000_000))
    test.inference = InferenceResult(
      tokens: 100, elapsedNs: [100, 125, 110, 105, 115].map { .milliseconds($0) }, text: "The <b>end</b>")
    test.sweep = phases
    test.phases = SampleComparison.phases
    return test
  }

  /// Nothing but the data set was.
  static var broken: SystemTest {
    var test = bare
    test.corpus = whole.corpus
    test.corpus?.wasBuilt = false
    test.parts = SystemTestPart.Kind.allCases.map { kind in
      SystemTestPart(
        kind: kind, elapsedNs: .zero, reason: kind == .corpus ? nil : "the planted reason of \(kind.rawValue)"
      )
    }
    return test
  }

  private static var bare: SystemTest {
    SystemTest(
      command: "headway report --system-test", startedAt: "2026-03-01T10:00:00Z", toolVersion: "0.1.0",
      gitCommit: "5f3a91c2", binaryHash: "90cc11", machine: .literal)
  }

  private static var phases: SweepSummary {
    SampleSweep.summary(
      ["0", "1", "2A"].enumerated().map { index, name in
        var cell = SampleSweep.cell(2, "barrier", "off")
        (cell.id, cell.label) = ("phase-\(name)", "phase \(name)")
        cell.settings = [AxisSetting(axis: "phase", value: name)]
        cell.isBaseline = index == 0
        cell.tokensPerSecond?.value += Double(index) * 1_000
        return cell
      })
  }
}
