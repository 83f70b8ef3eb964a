import HeadwayTrace

/// Whether training goes on after a step.
public enum Continuation: Sendable {
  /// Take the next step.
  case proceed
  /// End here: the outcome is valid and says that it is partial.
  case stop
}

/// What a run is about to do.
public struct TrainingPlan: Sendable {
  /// The parameters of the run.
  public let configuration: RunConfiguration
  /// Numbers that training will fit.
  public let parameterCount: Int
  /// The first step, from 1; later when the run resumes a checkpoint.
  public let firstStep: Int
  /// Bytes allocated by component.
  public let memoryComponents: [String: Int]
}

/// Follows a run. Every call comes on the thread that started the run, between two steps; its time is not
/// in any step's duration and is booked to the tool's own cost.
public protocol TrainingObserver {
  /// Everything is allocated and the workers wait; the first step comes next.
  func trainingStarted(_ plan: TrainingPlan)

  /// A step ended.
  ///
  /// - Parameters:
  ///   - step: The step, from 1.
  ///   - loss: Mean cross-entropy of the step's batch, in nats per token.
  ///   - tokens: Tokens that this step trained on.
  ///   - elapsed: How long this step took.
  /// - Returns: Whether to go on.
  func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation

  /// The held-out loss after a step, in nats per token.
  func evaluated(step: Int, loss: Float)
}

extension TrainingObserver {
  /// Ignores the start.
  public func trainingStarted(_ plan: TrainingPlan) {}
  /// Goes on.
  public func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation {
    .proceed
  }
  /// Ignores the evaluation.
  public func evaluated(step: Int, loss: Float) {}
}

/// Follows nothing.
public struct SilentObserver: TrainingObserver {
  /// An observer that ignores everything.
  public init() {}
}
