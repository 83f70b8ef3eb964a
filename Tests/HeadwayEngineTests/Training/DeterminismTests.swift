import HeadwayCorpus
import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The same losses and the same weights, bit for bit, under every axis that does not change arithmetic.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DeterminismTests {
  private func corpus() throws -> PlantedCorpus {
    try PlantedCorpus(
      train: PlantedCorpus.prose(words: 120), validation: PlantedCorpus.prose(words: 40, seed: 2))
  }

  /// Every pair of values of any two axes, within one kernel set and one grain.
  @Test(arguments: ["reference", "simd", "blas"], ["batch", "sequence"])
  func noPairOfAxisValuesChangesABit(kernels: String, grain: String) throws {
    let array = CoveringArray(EngineAxes.all)
    #expect(array.uncovered().isEmpty)
    let text = try ShortText()
    #expect(text.epochs > 2, "threads that live for an epoch are created anew")
    let configuration = try ShortText.configuration.with(["kernels": kernels, "grain": grain])
    let expected = RunBits(try text.train(configuration))
    #expect(expected.losses.map(\.step) == Array(1...6))
    #expect(expected.validation.map(\.step) == Array(1...6))
    for row in array.rows {
      #expect(RunBits(try text.train(try configuration.with(row))) == expected, "\(row)")
    }
  }

  /// Every number of threads with every topology and every reduction, on the fast kernels.
  @Test func threadsTopologyAndReductionDoNotChangeABit() throws {
    let text = try ShortText()
    let configuration = try ShortText.configuration.with(["kernels": "simd"])
    let expected = RunBits(try text.train(configuration))
    for threads in EngineAxes.threads.values {
      for topology in EngineAxes.topology.values {
        for reduction in EngineAxes.reduction.values {
          let row = ["threads": threads, "topology": topology, "reduction": reduction]
          #expect(RunBits(try text.train(try configuration.with(row))) == expected, "\(row)")
        }
      }
    }
  }

  /// A batch for each worker is the arithmetic of as many batches a step, whoever computes them.
  @Test(arguments: [1, 2, 3, 5]) func groupedBatchingIsThatManyBatches(threads: Int) throws {
    let planted = try corpus()
    let fixed = try RunConfiguration.tiny.with(["batches_per_step": "\(threads)", "evaluate_every": "1"])
    let expected = RunBits(try train(fixed, planted.corpus))
    for others in [1, 3] {
      #expect(RunBits(try train(try fixed.with(["threads": "\(others)"]), planted.corpus)) == expected)
    }
    for keys in [
      [:], ["scheduling": "queue", "prefetch": "2"], ["topology": "kissing", "reduction": "tree"],
      ["reduction": "segmented", "optimizer": "segmented"],
    ] {
      // What batches_per_step says is of no account.
      var grouped = ["batching": "grouped", "threads": "\(threads)", "batches_per_step": "7"]
      grouped.merge(keys) { $1 }
      let configuration = try fixed.with(grouped)
      #expect(configuration.tokensPerStep == threads * 2 * 8)
      let observer = NotingObserver()
      let outcome = try TrainingRun.run(
        configuration: configuration, corpus: planted.corpus, tracePath: nil, resumeFrom: nil,
        observer: observer)
      #expect(RunBits(outcome) == expected, "\(grouped)")
      let steps = observer.calls.filter { $0.hasPrefix("step") }
      #expect(steps == (1...5).map { "step \($0): \(threads * 16) tokens" })
    }
  }

  /// Sequences as tasks are other sums than batches as tasks, of the same numbers.
  @Test func theGrainChangesRoundingOnly() throws {
    let planted = try corpus()
    let batches = try train(.tiny, planted.corpus)
    let sequences = try train(try .tiny.with(["grain": "sequence"]), planted.corpus)
    #expect(batches.loss.weightBitsHash != sequences.loss.weightBitsHash)
    for (left, right) in zip(batches.loss.train, sequences.loss.train) {
      #expect(abs(left.value - right.value) < 1e-4)
    }
  }

  /// The hashes tell different runs apart.
  @Test func anotherSeedGivesOtherBits() throws {
    let planted = try corpus()
    let first = RunBits(try train(.tiny, planted.corpus))
    let second = RunBits(try train(try .tiny.with(["seed": "2"]), planted.corpus))
    #expect(first.losses != second.losses)
    #expect(first.weights != second.weights)
  }
}
