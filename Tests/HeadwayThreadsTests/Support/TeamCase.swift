import HeadwayProbes
import HeadwayThreads
import HeadwayTrace

/// A way of running a team.
struct TeamCase: CustomStringConvertible, Sendable {
  var threads: Int
  var scheduling: Scheduling
  var topology = Topology.flat
  var barrier = BarrierKind.futex
  var queueCapacity = 64
  var usableCPUs = usableCPUCount()

  var description: String {
    let way = scheduling == .queue ? "queue of \(queueCapacity)" : "\(barrier) barriers"
    return "\(threads) workers, \(topology), \(way), \(usableCPUs) CPUs"
  }

  func make<P: Probe, W: TeamWork>(
    _ probe: P, _ work: W
  ) throws -> WorkerTeam<P, W> where W.Handle == P.Handle {
    try WorkerTeam(
      threads: threads, scheduling: scheduling, topology: topology, barrier: barrier,
      queueCapacity: queueCapacity,
      usableCPUs: usableCPUs, probe: probe, work: work)
  }

  /// Every way for a number of workers.
  static func all(threads: Int, _ topology: Topology = .flat) -> [TeamCase] {
    let flat =
      BarrierKind.allCases.map { TeamCase(threads: threads, scheduling: .barrier, barrier: $0) } + [
        TeamCase(threads: threads, scheduling: .queue, queueCapacity: 1),
        TeamCase(threads: threads, scheduling: .queue, queueCapacity: 64),
        // As on a machine with CPUs for all: the polling ways.
        TeamCase(threads: threads, scheduling: .barrier, barrier: .spinThenBlock, usableCPUs: 65),
        TeamCase(threads: threads, scheduling: .queue, usableCPUs: 65),
      ]
    return flat.map { teamCase in
      var teamCase = teamCase
      teamCase.topology = topology
      return teamCase
    }
  }

  /// Small teams, and one as large as a run's.
  static let all =
    [1, 2, 3, 8, 63].flatMap { all(threads: $0) }
    + [1, 2, 11, 12, 13, 63].flatMap { all(threads: $0, .kissing) }

  /// Trees of two and three levels of threads: with up to 144 workers there is one control thread.
  static let large: [TeamCase] =
    [144, 145, 200].flatMap { threads in
      [.pthread, .futex, .spinThenBlock].map {
        TeamCase(threads: threads, scheduling: .barrier, topology: .kissing, barrier: $0)
      } + [
        TeamCase(threads: threads, scheduling: .queue, topology: .kissing),
        TeamCase(threads: threads, scheduling: .queue, topology: .kissing, queueCapacity: 1),
      ]
    } + [TeamCase(threads: 145, scheduling: .barrier, topology: .kissing, barrier: .spin)]
}

/// Work given as a closure.
struct ClosureWork<Handle: ThreadProbe>: TeamWork {
  var body: @Sendable (WorkPhase, _ index: Int, WorkerIndex, Handle) -> Void

  func perform(_ phase: WorkPhase, index: Int, worker: WorkerIndex, probe: Handle) {
    body(phase, index, worker, probe)
  }
}
