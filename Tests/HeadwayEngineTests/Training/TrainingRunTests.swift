import Foundation
import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What a run reports, whom it calls, and what it refuses.
@Suite(.serialized) struct TrainingRunTests {
  private func corpus() throws -> PlantedCorpus {
    try PlantedCorpus(
      train: PlantedCorpus.prose(words: 120), validation: PlantedCorpus.prose(words: 40, seed: 2))
  }

  @Test func theObserverSeesEveryStepAndEvaluation() throws {
    let planted = try corpus()
    let observer = NotingObserver()
    let outcome = try TrainingRun.run(
      configuration: try .tiny.with(["steps": "3", "evaluate_every": "2"]), corpus: planted.corpus,
      tracePath: nil, resumeFrom: nil, observer: observer)
    #expect(
      observer.calls == [
        "started", "step 1: 64 tokens", "evaluated 2", "step 2: 64 tokens", "step 3: 64 tokens",
        "evaluated 3",
      ])
    #expect(outcome.completed)
    #expect(outcome.steps == 3)
    #expect(outcome.stepDurations.allSatisfy { $0 > .zero })
    #expect(outcome.accounts == nil)
    let plan = try #require(observer.plan?.memoryComponents)
    #expect(plan.count == 5 && plan.allSatisfy { outcome.memoryComponents[$0.key] == $0.value })
    #expect(
      outcome.memorySamples == nil && outcome.stepAllocations == nil, "nothing recorded, nobody counted")
    let padded = ParameterLayout(ModelShape(outcome.configuration)).count
    #expect(outcome.memoryComponents["weights"] == 4 * padded)
    #expect(outcome.memoryComponents["optimizer"] == 8 * padded)
  }

  @Test func aStoppedRunIsAPartialOutcome() throws {
    let planted = try corpus()
    let outcome = try TrainingRun.run(
      configuration: try .tiny.with(["prefetch": "2", "threads": "2"]), corpus: planted.corpus,
      tracePath: nil, resumeFrom: nil, observer: StoppingObserver(last: 2))
    #expect(!outcome.completed)
    #expect(outcome.steps == 2)
    #expect(outcome.loss.train.map(\.step) == [1, 2])
    #expect(outcome.loss.validation.map(\.step) == [2])
    #expect(outcome.checkpoint.state?.step == 2)
    #expect(outcome.checkpoint.state?.nextBatch == 8)
  }

  /// The accounts count every task and token, and know the engine's states.
  @Test(arguments: ["barrier", "queue"]) func theAccountsHoldTheWork(scheduling: String) throws {
    let planted = try corpus()
    let configuration = try RunConfiguration.tiny.with([
      "probe": "counters", "threads": "2", "scheduling": scheduling, "prefetch": "1",
      "reduction": "segmented", "evaluate_every": "2",
    ])
    let accounts = try #require(try train(configuration, planted.corpus).accounts)
    let workers = accounts.threads.filter { $0.role == .worker }
    #expect(workers.map(\.name).sorted() == ["worker-0", "worker-1"])
    #expect(workers.reduce(0) { $0 + $1.tasks } == 5 * 4)
    #expect(workers.reduce(0) { $0 + $1.tokens } == 5 * 64)
    func count(_ role: ThreadRole, _ state: String) -> Int {
      accounts.threads.filter { $0.role == role }.reduce(0) { $0 + ($1.states[state]?.count ?? 0) }
    }
    #expect(count(.worker, "forward") == 20)
    #expect(count(.worker, "backward") == 20)
    #expect(count(.worker, "reduce") == 10)
    #expect(count(.worker, "evaluate") == 2 * 3)
    #expect(count(.main, "optimize") == 10)
    // The prefetch thread looks once more, and finds that there is nothing left to assemble.
    #expect((5...6).contains(count(.prefetch, "batch.assemble")))
    #expect(count(.main, "batch.assemble") == 0)
    for thread in accounts.threads {
      let booked = thread.states.values.reduce(Nanoseconds.zero) { $0 + $1.wallNs }
      #expect(booked == thread.presentNs)
      #expect(thread.presentNs <= accounts.windowNs)
    }
  }

  @Test func whatDoesNotFitIsRefusedInWords() throws {
    let planted = try corpus()
    let cases: [(keys: [String: String], words: String)] = [
      (["sequence_length": "4000"], "needs"), (["heads": "3"], "do not divide"),
    ]
    for (keys, words) in cases {
      #expect("\(keys)") {
        try train(try .tiny.with(keys), planted.corpus)
      } throws: { error in
        error is InputError && "\(error)".contains(words)
      }
    }
  }

  /// Refused before anything is allocated: 1,024 arenas for sequences of 65,536 tokens.
  @Test func aRunBeyondTheMachinesMemoryIsRefused() throws {
    let configuration = try RunConfiguration.tiny.with(["threads": "1024", "sequence_length": "65536"])
    #expect {
      try configuration.requireMemory(ofBytes: 16 << 30)
    } throws: { error in
      "\(error)".contains("GB of memory")
    }
    try RunConfiguration.tiny.requireMemory(ofBytes: 1 << 20)
    try configuration.requireMemory(ofBytes: nil)
  }

  /// Without a file for them, events are not recorded, and the outcome says so.
  @Test func eventsWithoutAFileAreAWarning() throws {
    let planted = try corpus()
    let configuration = try RunConfiguration.tiny.with(["probe": "events"])
    let without = try train(configuration, planted.corpus)
    #expect(without.warnings == ["no event trace: no file was named for it"])
    #expect(without.memoryComponents["trace"] == nil)
    let path = planted.directory.path("trace.hwtrace")
    let outcome = try train(configuration, planted.corpus, tracePath: path)
    #expect(outcome.warnings.isEmpty)
    #expect((outcome.memoryComponents["trace"] ?? 0) > 0)
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func aTextWithoutHeldOutPartIsTrainedWithAWarning() throws {
    let planted = try PlantedCorpus(train: PlantedCorpus.prose(words: 100))
    let outcome = try train(.tiny, planted.corpus)
    #expect(outcome.loss.validation.isEmpty)
    #expect(outcome.warnings.count == 1)
    #expect(outcome.warnings[0].contains("validation"))
  }
}
