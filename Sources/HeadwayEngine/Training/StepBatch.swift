import HeadwayCorpus
import HeadwayProbes
import HeadwayTrace

/// The batches of one step, assembled by one thread and then read by the workers.
///
/// Reused for many steps: filled by the prefetch thread or the main thread while nobody else holds it; the
/// prefetcher's hand-over, or the start of the team's phase, orders the memory.
final class StepBatch: Sendable {
  /// One (B, T) pair of inputs and targets for each batch of the step.
  let batches: [TokenBatch]

  init(_ configuration: RunConfiguration) {
    batches = (0..<configuration.stepBatches).map { _ in
      TokenBatch(batchSize: configuration.batchSize, sequenceLength: configuration.sequenceLength)
    }
  }

  /// Assembles the batches of a step, counted from 1: batch (step − 1) · batches per step and its
  /// successors in the sampler's order. Each is progress.
  func fill(from source: some BatchSource, step: Int, probe: some ThreadProbe) {
    for (place, batch) in batches.enumerated() {
      source.fill(batch, index: (step - 1) * batches.count + place)
      probe.advance()
    }
  }

  /// Bytes of the batches' tokens.
  var byteCount: Int { batches.reduce(0) { $0 + 4 * ($1.inputs.count + $1.targets.count) } }
}
