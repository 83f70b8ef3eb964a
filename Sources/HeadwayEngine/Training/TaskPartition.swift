import HeadwayTrace

/// How the batches of a step are cut into tasks: whole batches, or single sequences.
struct TaskPartition: Sendable {
  /// Sequences of one task.
  let sequences: Int
  /// Tokens of one sequence.
  let length: Int
  /// Tasks of one batch.
  let tasksPerBatch: Int

  init(_ configuration: RunConfiguration) {
    sequences = configuration.grain == .batch ? configuration.batchSize : 1
    length = configuration.sequenceLength
    tasksPerBatch = configuration.batchSize / sequences
  }

  /// Tokens of one task.
  var tokens: Int { sequences * length }

  /// The batch of a task, and where the task's tokens start in it.
  func place(of task: Int) -> (batch: Int, offset: Int) {
    (task / tasksPerBatch, task % tasksPerBatch * tokens)
  }
}
