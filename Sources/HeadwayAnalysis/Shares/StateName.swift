/// The names of the states that the findings ask for, and the families that they form.
package enum StateName {
  /// The main thread assembling a batch itself.
  package static let assemble = "batch.assemble"
  /// A worker waiting for the main thread to hand out the work.
  package static let workStart = "barrier.work_start"
  /// The site of the barrier at the end of a step's tasks.
  package static let stepEndSite = "work_end"
  /// A participant waiting for the last worker to end.
  package static let workEnd = "barrier.work_end"
  /// A worker waiting at an empty queue.
  package static let queueEmpty = "queue.empty"
  /// The main thread waiting for the last task of a step.
  package static let stepDone = "latch.step_done"
  /// The step waiting for its input.
  package static let prefetchNotReady = "prefetch.not_ready"

  /// Whether a state is any wait at a barrier, asleep or spinning.
  package static func isBarrier(_ name: String) -> Bool { name.hasPrefix("barrier.") }

  /// Whether a state is a wait or its polling twin, which has the suffix `.spin`.
  package static func isWait(_ name: String, of wait: String) -> Bool {
    name == wait || name == wait + ".spin"
  }
}
