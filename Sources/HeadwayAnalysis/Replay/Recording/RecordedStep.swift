/// Work as it was recorded: how long it took, and how long of that the thread computed.
package struct MeasuredWork: Equatable, Sendable {
  /// Wall time, in nanoseconds.
  package var wallNs: Double
  /// The thread's CPU time inside it, in nanoseconds.
  package var cpuNs: Double

  /// Assembles a measurement; CPU time beyond the wall time is the clocks' disagreement.
  package init(wallNs: Double, cpuNs: Double) {
    self.wallNs = wallNs
    self.cpuNs = min(max(cpuNs, 0), wallNs)
  }

  /// Nothing.
  package static let none = MeasuredWork(wallNs: 0, cpuNs: 0)

  /// One after the other.
  package static func + (left: Self, right: Self) -> Self {
    MeasuredWork(wallNs: left.wallNs + right.wallNs, cpuNs: left.cpuNs + right.cpuNs)
  }
}

/// One step of a recorded run, taken apart (method 7): who computed what, phase by phase.
package struct RecordedStep: Equatable, Sendable {
  /// From taking the batches to the updated weights, in nanoseconds.
  package var lengthNs: Double
  /// From its end to the next step's beginning, in nanoseconds; the usual one where that held an evaluation.
  package var gapNs: Double
  /// Assembling the step's batches, on whichever thread.
  package var assemble: MeasuredWork
  /// Forward and backward of each task, in the order of the tasks; in the order of their beginnings where
  /// workers took them from a queue.
  package var tasks: [MeasuredWork]
  /// The sum of the gradient slots: one phase, or one for each level of the tree and one for the squares. The
  /// pieces of a phase may run side by side.
  package var reduction: [[MeasuredWork]]
  /// The norm and the optimizer's scalars, on the main thread.
  package var norm: MeasuredWork
  /// The update of the parameters, in pieces that may run side by side.
  package var update: [MeasuredWork]
  /// What is left of the step on the main thread, between the states, in nanoseconds.
  package var restNs: Double
}

/// What lies between the waits and the work of a recorded run, in nanoseconds each time.
package struct RecordedOverhead: Equatable, Sendable {
  /// A worker, before each task: leaving the wait, taking the task, the probe.
  package var taskNs: Double
  /// A worker, after its last task of a phase.
  package var phaseNs: Double
  /// The main thread, for handing out a phase, beside its waits and what it pays for waking.
  package var openNs: Double

  /// None.
  package static let none = RecordedOverhead(taskNs: 0, phaseNs: 0, openNs: 0)
}
