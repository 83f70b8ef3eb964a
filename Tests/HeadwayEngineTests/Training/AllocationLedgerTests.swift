import HeadwayEngine
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Synchronization
import Testing

/// What counts as an allocation of a step, with a counter that the test moves by hand.
@Suite(.serialized) struct AllocationLedgerTests {
  /// A counter of one thread's and of all threads' allocations; an observer and the test add to it.
  private final class ManualCounter: Sendable {
    let ofMain = Atomic<UInt64>(0)
    let ofOthers = Atomic<UInt64>(0)

    var counter: AllocationCounter {
      AllocationCounter(
        thread: { AllocationCount(self.ofMain.load(ordering: .relaxed)) },
        process: {
          AllocationCount(self.ofMain.load(ordering: .relaxed) + self.ofOthers.load(ordering: .relaxed))
        })
    }
  }

  /// Allocates 100 times in every call, on the main thread, and lets another thread allocate after one step.
  private struct WastefulObserver: TrainingObserver {
    let counts: ManualCounter
    let plantedStep: Int

    func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation {
      counts.ofMain.wrappingAdd(100, ordering: .relaxed)
      if step == plantedStep { counts.ofOthers.wrappingAdd(7, ordering: .relaxed) }
      return .proceed
    }
    func evaluated(step: Int, loss: Float) { counts.ofMain.wrappingAdd(100, ordering: .relaxed) }
  }

  private func count(planted: Int, steps: Int = 5) throws -> StepAllocations? {
    let corpus = try PlantedCorpus(
      train: PlantedCorpus.prose(words: 120), validation: PlantedCorpus.prose(words: 40, seed: 2))
    let counts = ManualCounter()
    return try TrainingRun.run(
      configuration: try .tiny.with(["steps": "\(steps)", "evaluate_every": "2"]), corpus: corpus.corpus,
      tracePath: nil, resumeFrom: nil, observer: WastefulObserver(counts: counts, plantedStep: planted),
      allocations: counts.counter
    ).stepAllocations
  }

  @Test func theObserversShareIsLeftOut() throws {
    #expect(try count(planted: -1) == StepAllocations(steps: 3, calls: 0, bytes: 0))
  }

  @Test func anotherThreadsAllocationCountsAfterTheSecondStep() throws {
    #expect(try count(planted: 3)?.calls == 7)
    #expect(try count(planted: 4)?.calls == 7)
    #expect(try count(planted: 1)?.calls == 0, "the first two steps may allocate")
  }

  @Test func withoutAWarmStepThereIsNoCount() throws {
    #expect(try count(planted: 1, steps: 2) == nil)
    #expect(try count(planted: 1, steps: 3)?.steps == 1)
  }
}

extension AllocationCount {
  /// Allocations of eight bytes.
  fileprivate init(_ calls: UInt64) { self.init(calls: calls, bytes: 8 * calls) }
}
