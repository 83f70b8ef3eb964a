import HeadwayCorpus
import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization

/// Hands the main thread the batches of one step after the other: assembled ahead by a prefetch thread, or
/// on the spot by the main thread.
///
/// With `prefetch: d` there are d + 1 steps' batches: one in use and d ahead.
final class BatchFeed<P: Probe> {
  private let source: any BatchSource
  private let assemble: StateID
  /// Where the main thread assembles when nothing is assembled ahead.
  private let spot: StepBatch?
  private let prefetcher: Prefetcher<P, StepBatch>?
  /// Bytes of all batches.
  let byteCount: Int

  init(
    _ configuration: RunConfiguration, source: any BatchSource, firstStep: Int, states: EngineStates,
    probe: P
  ) throws(InputError) {
    self.source = source
    assemble = states.assemble
    if configuration.prefetch == 0 {
      let batch = StepBatch(configuration)
      spot = batch
      prefetcher = nil
      byteCount = batch.byteCount
      return
    }
    let slots = (0...configuration.prefetch).map { _ in StepBatch(configuration) }
    byteCount = slots.reduce(0) { $0 + $1.byteCount }
    spot = nil
    // Relaxed: only the prefetch thread touches the counter; its start orders the initial value.
    let next = SendableCounter(firstStep)
    let last = configuration.steps
    // The prefetcher books the filling to `batch.assemble`.
    prefetcher = Prefetcher(slots: slots, probe: probe) { batch, me in
      let step = next.value.wrappingAdd(1, ordering: .relaxed).oldValue
      guard step <= last else { return false }
      batch.fill(from: source, step: step, probe: me)
      return true
    }
  }

  /// Starts the prefetch thread, if there is one.
  func start() throws(InputError) { try prefetcher?.start() }

  /// The batches of a step; steps are taken in order. Waits for the prefetch thread, or assembles here.
  func take(step: Int, probe: P.Handle) -> StepBatch {
    if let spot {
      probe.enter(assemble)
      spot.fill(from: source, step: step, probe: probe)
      probe.leave()
      return spot
    }
    guard let batch = prefetcher?.take(probe: probe) else {
      preconditionFailure("the prefetch thread ended before step \(step)")
    }
    return batch
  }

  /// Returns a step's batches once nobody reads them any more.
  func giveBack(_ batch: StepBatch) { prefetcher?.giveBack(batch) }

  /// Ends the prefetch thread, if there is one.
  func stop(probe: P.Handle) { prefetcher?.stop(probe: probe) }
}

/// A counter that a `@Sendable` closure can hold.
private final class SendableCounter: Sendable {
  let value: Atomic<Int>
  init(_ start: Int) { value = Atomic(start) }
}
