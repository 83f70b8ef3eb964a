import HeadwayProbes
import HeadwayTrace

/// Work handed out by position: task i goes to worker i mod n, between a barrier that starts the phase and
/// one that ends it. The main thread is participant n of both.
@usableFromInline
final class BarrierSchedule<B: Barrier>: @unchecked Sendable {
  // @unchecked Sendable: `command` is written by the main thread only while every worker has not yet
  // passed `start`, and read by the workers only between `start` and `end`; the barriers order both.
  @usableFromInline let start: B
  @usableFromInline let end: B
  @usableFromInline let startSite: WaitSite
  @usableFromInline let endSite: WaitSite
  @usableFromInline let workers: Int
  @usableFromInline var command = Command.stop

  /// What the workers find behind the starting barrier.
  @usableFromInline enum Command: Sendable {
    case perform(WorkPhase, count: Int)
    case stop
  }

  init(workers: Int, probe: some Probe, makeBarrier: (Int) -> B) {
    self.workers = workers
    start = makeBarrier(workers + 1)
    end = makeBarrier(workers + 1)
    startSite = .barrier("work_start", polls: start.polls, probe: probe)
    endSite = .barrier("work_end", polls: end.polls, probe: probe)
  }

  /// A worker's life between its registration and its retirement.
  @inlinable
  func serve<W: TeamWork>(_ work: W, worker: Int, probe: W.Handle) {
    while true {
      start.wait(participant: worker, at: startSite, probe: probe)
      guard case .perform(let phase, let count) = command else { return }
      var index = worker
      while index < count {
        work.perform(phase, index: index, worker: WorkerIndex(worker), probe: probe)
        index += workers
      }
      end.wait(participant: worker, at: endSite, probe: probe)
    }
  }

  /// Performs one phase; on the main thread.
  @inlinable
  func run(_ phase: WorkPhase, count: Int, probe: some ThreadProbe) {
    command = .perform(phase, count: count)
    start.wait(participant: workers, at: startSite, probe: probe)
    end.wait(participant: workers, at: endSite, probe: probe)
  }

  /// Lets every worker end; on the main thread.
  @inlinable
  func dismiss(probe: some ThreadProbe) {
    command = .stop
    start.wait(participant: workers, at: startSite, probe: probe)
  }

  /// Workers that wait for the next phase.
  var parkedWorkers: Int { start.countWaiting(for: workers) }
}
