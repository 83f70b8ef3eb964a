import HeadwayCorpus
import HeadwayEngine
import HeadwayTrace

/// Stops a run after a step.
struct StoppingObserver: TrainingObserver {
  let last: Int

  func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation {
    step >= last ? .stop : .proceed
  }
}

/// Notes every call. Used by one thread: an observer is only called on the thread that started the run.
final class NotingObserver: TrainingObserver {
  private(set) var calls: [String] = []
  private(set) var plan: TrainingPlan?

  func trainingStarted(_ plan: TrainingPlan) {
    self.plan = plan
    calls.append("started")
  }

  func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation {
    calls.append("step \(step): \(tokens) tokens")
    return .proceed
  }

  func evaluated(step: Int, loss: Float) { calls.append("evaluated \(step)") }
}

/// Trains silently.
func train(
  _ configuration: RunConfiguration, _ corpus: Corpus, tracePath: String? = nil,
  resumeFrom checkpoint: Checkpoint? = nil
) throws -> TrainingOutcome {
  try TrainingRun.run(
    configuration: configuration, corpus: corpus, tracePath: tracePath, resumeFrom: checkpoint,
    observer: SilentObserver())
}
