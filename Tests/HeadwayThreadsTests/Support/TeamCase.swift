import HeadwayProbes
import HeadwayThreads
import HeadwayTrace

/// A way of running a team.
struct TeamCase: CustomStringConvertible, Sendable {
  var threads: Int
  var scheduling: Scheduling
  var barrier = BarrierKind.futex
  var queueCapacity = 64
  var usableCPUs = usableCPUCount()

  var description: String {
    let way = scheduling == .queue ? "queue of \(queueCapacity)" : "\(barrier) barriers"
    return "\(threads) workers, \(way), \(usableCPUs) CPUs"
  }

  func make<P: Probe, W: TeamWork>(
    _ probe: P, _ work: W
  ) throws -> WorkerTeam<P, W> where W.Handle == P.Handle {
    try WorkerTeam(
      threads: threads, scheduling: scheduling, barrier: barrier, queueCapacity: queueCapacity,
      usableCPUs: usableCPUs, probe: probe, work: work)
  }

  /// Every way for a number of workers.
  static func all(threads: Int) -> [TeamCase] {
    BarrierKind.allCases.map { TeamCase(threads: threads, scheduling: .barrier, barrier: $0) } + [
      TeamCase(threads: threads, scheduling: .queue, queueCapacity: 1),
      TeamCase(threads: threads, scheduling: .queue, queueCapacity: 64),
      // As on a machine with CPUs for all: the polling ways.
      TeamCase(threads: threads, scheduling: .barrier, barrier: .spinThenBlock, usableCPUs: 65),
      TeamCase(threads: threads, scheduling: .queue, usableCPUs: 65),
    ]
  }

  static let all = [1, 2, 3, 8, 63].flatMap { all(threads: $0) }
}

/// Work given as a closure.
struct ClosureWork<Handle: ThreadProbe>: TeamWork {
  var body: @Sendable (WorkPhase, _ index: Int, WorkerIndex, Handle) -> Void

  func perform(_ phase: WorkPhase, index: Int, worker: WorkerIndex, probe: Handle) {
    body(phase, index, worker, probe)
  }
}
