import HeadwayTrace

/// What one training run gave: everything that its summary and its checkpoint are made of.
public struct TrainingOutcome: Sendable {
  /// The parameters of the run.
  public let configuration: RunConfiguration
  /// Whether the last step was taken; `false` when the observer stopped the run.
  public let completed: Bool
  /// How long each step took, from before its batches until the weights were updated; evaluations and
  /// the observer's calls are outside.
  public let stepDurations: [Nanoseconds]
  /// The losses and the hashes of their bits and of the final weights' bits.
  public let loss: LossCurve
  /// The thread accounts of the measured window; `nil` with `probe: off`.
  public let accounts: RunAccounts?
  /// Stretches of the window in which nothing was completed; `nil` when no watchdog looked.
  public let stalls: [StallReport]?
  /// The sampled stacks; `nil` when none were sampled.
  public let stacks: StackProfile?
  /// Resident bytes by component after the last step: weights, gradients, optimizer, activations, batches,
  /// corpus, packing, stacks, probes, heap, program, trace. A component that could not be read is absent.
  public let memoryComponents: [String: Int]
  /// What the steps allocated once warm; `nil` where nobody counted.
  public let stepAllocations: StepAllocations?
  /// The memory over the measured window; `nil` with `probe: off`.
  public let memorySamples: MemorySamples?
  /// What a reader of the figures must know.
  public let warnings: [String]
  /// The model and all that training needs to go on, ready to be saved.
  public let checkpoint: Checkpoint

  /// Steps taken in this run.
  public var steps: Int { stepDurations.count }
}
