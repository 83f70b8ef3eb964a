import HeadwayTrace

/// How the batches of a step are cut into tasks: whole batches, or single sequences.
package struct TaskPartition: Sendable {
  /// Sequences of one task.
  let sequences: Int
  /// Tokens of one sequence.
  let length: Int
  /// Sequences that go through the model together: whole sequences of about ``passTokens`` tokens. A task
  /// takes as many passes as it needs, so that the arena of a worker does not grow with the batch.
  package let sequencesPerPass: Int
  /// Tasks of one batch.
  let tasksPerBatch: Int

  /// Tokens of a pass: enough rows for efficient matrix products, few enough that a block's activations
  /// stay near the core.
  static let passTokens = 256

  /// The partition that a configuration asks for.
  package init(_ configuration: RunConfiguration) {
    sequences = configuration.grain == .batch ? configuration.batchSize : 1
    length = configuration.sequenceLength
    tasksPerBatch = configuration.batchSize / sequences
    sequencesPerPass = min(sequences, max(1, Self.passTokens / length))
  }

  /// Tokens of one task.
  var tokens: Int { sequences * length }

  /// The batch of a task, and where the task's tokens start in it.
  func place(of task: Int) -> (batch: Int, offset: Int) {
    (task / tasksPerBatch, task % tasksPerBatch * tokens)
  }
}
