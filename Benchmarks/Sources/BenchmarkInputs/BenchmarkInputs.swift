import Foundation
import HeadwayCorpus
import HeadwayTrace

/// What the benchmarks train on, and the configurations that `docs/benchmarks.md` names.
public enum BenchmarkInputs {
  /// The project's own sources, encoded once and kept with the other build products.
  public static func corpus() throws -> Corpus {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Corpus.openOrBuild(
      from: [root.appending(path: "Sources").path], options: CorpusOptions(),
      cache: root.appending(path: "Benchmarks/.build/corpus").path)
  }
}

/// A model and its batches, two of which make a step.
public enum BenchmarkModel: String, CaseIterable, Sendable {
  /// Width 128, 2 layers, 4 heads, batches of 2 × 32 tokens: steps of some 3 ms on two cores.
  case S
  /// Width 256, 4 layers, 8 heads, batches of 16 × 128 tokens: steps of half a second.
  case F

  /// The model on two workers, with nothing evaluated and nobody watching for stalls.
  public func configuration(steps: Int) -> RunConfiguration {
    var configuration = RunConfiguration()
    let shape = self == .S ? (128, 2, 4) : (256, 4, 8)
    (configuration.width, configuration.layers, configuration.heads) = shape
    (configuration.batchSize, configuration.sequenceLength) = self == .S ? (2, 32) : (16, 128)
    configuration.batchesPerStep = 2
    configuration.threads = 2
    configuration.steps = steps
    configuration.evaluationBatches = 0
    configuration.watchdogSeconds = 0
    return configuration
  }
}
