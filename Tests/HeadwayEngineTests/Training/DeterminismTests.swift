import HeadwayCorpus
import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The same losses and the same weights, bit for bit, under every axis that does not change arithmetic.
@Suite(.serialized) struct DeterminismTests {
  static let text = PlantedCorpus.prose(words: 120)

  struct Result: Equatable {
    let losses: String
    let weights: String
    let validation: [LossPoint]

    init(_ outcome: TrainingOutcome) {
      losses = outcome.loss.trainBitsHash
      weights = outcome.loss.weightBitsHash
      validation = outcome.loss.validation
    }
  }

  private func corpus() throws -> PlantedCorpus {
    try PlantedCorpus(train: Self.text, validation: PlantedCorpus.prose(words: 40, seed: 2))
  }

  @Test(arguments: [1, 2, 3, 8])
  func threadsSchedulingAndPlacementDoNotChangeABit(threads: Int) throws {
    let planted = try corpus()
    let expected = Result(try train(try .tiny.with(["evaluate_every": "2"]), planted.corpus))
    #expect(expected.validation.map(\.step) == [2, 4, 5])
    for wait in ["pthread", "futex", "spin", "spin_then_block", "queue"] {
      for prefetch in ["off", "2"] {
        for reduction in ["serial", "segmented"] {
          for optimizer in ["serial", "segmented"] {
            let keys = [
              "threads": "\(threads)", "scheduling": wait == "queue" ? "queue" : "barrier",
              "barrier": wait == "queue" ? "futex" : wait, "prefetch": prefetch, "reduction": reduction,
              "optimizer": optimizer, "evaluate_every": "2",
            ]
            let result = Result(try train(try .tiny.with(keys), planted.corpus))
            #expect(result == expected, "\(keys)")
          }
        }
      }
    }
  }

  /// Sequences as tasks: other sums than batches as tasks, but the same ones for every number of threads.
  @Test func theGrainOfSequencesIsDeterministicToo() throws {
    let planted = try corpus()
    let expected = Result(try train(try .tiny.with(["grain": "sequence"]), planted.corpus))
    for threads in ["2", "5"] {
      for scheduling in ["barrier", "queue"] {
        let keys = ["grain": "sequence", "threads": threads, "scheduling": scheduling]
        #expect(Result(try train(try .tiny.with(keys), planted.corpus)) == expected)
      }
    }
    let batches = try train(.tiny, planted.corpus)
    let sequences = try train(try .tiny.with(["grain": "sequence"]), planted.corpus)
    for (left, right) in zip(batches.loss.train, sequences.loss.train) {
      #expect(abs(left.value - right.value) < 1e-4)
    }
  }

  @Test func threadLifetimeAndProbesDoNotChangeABit() throws {
    let planted = try corpus()
    let expected = Result(try train(try .tiny.with(["steps": "20"]), planted.corpus))
    for keys in [
      ["thread_lifetime": "per_epoch", "threads": "2"], ["probe": "counters", "threads": "2"],
      ["probe": "events", "threads": "2", "prefetch": "1"],
    ] {
      var keys = keys
      keys["steps"] = "20"
      let path = planted.directory.path("trace.hwtrace")
      let result = Result(try train(try .tiny.with(keys), planted.corpus, tracePath: path))
      #expect(result == expected, "\(keys)")
    }
  }

  /// Text tokenised as it streams gives the same run as the token file, by whoever it is tokenised.
  @Test func theLoaderDoesNotChangeABit() throws {
    let directory = try TemporaryDirectory()
    try directory.write(PlantedCorpus.prose(words: 400), to: "text/prose.txt")
    var options = CorpusOptions()
    options.vocabularySize = 270
    let corpus = try CorpusBuilder(sources: [directory.path("text")], options: options)
      .build(to: directory.path("corpus"))
    let configuration = try RunConfiguration.tiny.with(["vocabulary_size": "270", "steps": "20"])
    let expected = Result(try train(configuration, corpus))
    #expect(Result(try train(try configuration.with(["loader": "text"]), corpus)) == expected)
    let ahead = ["loader": "text", "prefetch": "2", "threads": "2", "scheduling": "queue"]
    #expect(Result(try train(try configuration.with(ahead), corpus)) == expected)
  }

  /// The hashes tell different runs apart.
  @Test func anotherSeedGivesOtherBits() throws {
    let planted = try corpus()
    let first = Result(try train(.tiny, planted.corpus))
    let second = Result(try train(try .tiny.with(["seed": "2"]), planted.corpus))
    #expect(first.losses != second.losses)
    #expect(first.weights != second.weights)
  }
}
