import HeadwayTestSupport
import HeadwayTrace

extension MaximalContracts {
  static var comparison: RunComparison {
    let changes = [NamedDifference(name: "scheduling", base: "barrier", candidate: "queue")]
    var row = ComparisonRow(
      base: "phase 0", candidate: "phase 1", against: .previous, isPaired: true, changes: changes,
      samples: SampleCounts(base: 6, candidate: 6))
    (row.metric, row.verdict, row.furtherBlocks) = ("tokens_per_second", .inconclusive, 12)
    row.speedup = Estimate(value: 1.1, lower: 0.9, upper: 1.2, sampleCount: 6)
    row.loss = LossAgreement(level: .withinTolerance, steps: 8, largestDifference: 0.001, tolerance: 0.01)
    func part(_ name: String, _ ns: Int64) -> DifferencePart {
      DifferencePart(
        name: name, ns: Nanoseconds(ns), lowerNs: Nanoseconds(ns - 2), upperNs: Nanoseconds(ns + 2))
    }
    row.wall = WallTimeDifference(
      baseNs: Nanoseconds(100), candidateNs: Nanoseconds(93), differenceNs: Nanoseconds(-7), baseThreads: 3,
      candidateThreads: 2, work: part("work", 0),
      categories: StateCategory.allCases.map { part($0.rawValue, -1) }, usefulAmountNs: Nanoseconds(1),
      usefulSharingNs: Nanoseconds(-2))
    var refused = ComparisonRow(
      base: "a", candidate: "b", against: .counterpart, isPaired: false, changes: [],
      samples: SampleCounts(base: 1, candidate: 1))
    refused.refusal = "they did not do the same work"
    let side = ComparedSide(
      path: "runs/a", startedAt: "2026-01-01T00:00:00Z", gitCommit: "aaa", binaryHash: "1", runs: 1)
    return RunComparison(
      kind: .runs, base: side, candidate: side, machine: sweep.machine, margin: 0.02, rows: [row, refused],
      environment: changes, warnings: ["a warning"])
  }

  static var systemTest: SystemTest {
    var test = SystemTest(
      command: "headway report --system-test", startedAt: "2026-01-01T00:00:00Z", toolVersion: "0.1.0",
      gitCommit: "aaa", binaryHash: "1", machine: sweep.machine)
    test.elapsedNs = Nanoseconds(9)
    test.parts = SystemTestPart.Kind.allCases.map {
      SystemTestPart(kind: $0, elapsedNs: Nanoseconds(1), reason: "it was interrupted", directory: "out")
    }
    test.build = BuildResult(
      directory: "/checkout", command: "swift build", elapsedNs: Nanoseconds(2), isFresh: true,
      compiledModules: ["headway"], warnings: ["main.swift:1:1: unused"], binaryHash: "1")
    test.corpus = CorpusResult(
      sources: ["text"], wasBuilt: true, files: 1, skipped: "1 binary", textBytes: 9, trainTokens: 3,
      validationTokens: 2, vocabularySize: 300, contentHash: "77")
    test.training = run
    test.quality = QualityResult(
      validationLoss: 3.5, unigramLoss: 5.5, bigramLoss: 4.5, tokens: 2, elapsedNs: Nanoseconds(3))
    test.inference = InferenceResult(tokens: 4, elapsedNs: [Nanoseconds(5)], text: "text")
    test.sweep = sweep
    test.phases = comparison
    return test
  }
}
