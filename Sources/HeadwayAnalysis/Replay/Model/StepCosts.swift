/// What one step costs in a configuration, ready to be simulated.
package struct StepCosts: Equatable, Sendable {
  /// A part of a step, after the one before it.
  package enum Part: Equatable, Sendable {
    /// On the main thread.
    case serial(Work)
    /// Pieces for the team's workers; the main thread waits until all are done.
    case phase([Work])
  }

  /// Assembling the batches.
  package var assemble: Work
  /// Forward and backward of each task, the first phase.
  package var tasks: [Work]
  /// What follows, in order.
  package var parts: [Part]
  /// How many of ``parts``, from the first, are the reduction.
  package var reductionParts = 0
  /// Between this step and the next, on the main thread.
  package var gap: Work
}
