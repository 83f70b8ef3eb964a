import HeadwayProbes
import HeadwayTrace

/// How one generation of a team's threads gets its work. An enumeration rather than an existential: each
/// case's worker loop is compiled for its barrier and its probe.
@usableFromInline
enum TeamSchedule: Sendable {
  /// Barriers that count arrivals: `futex`, `spin`, `spin_then_block`.
  case counting(BarrierSchedule<CountingBarrier>)
  /// The C library's barriers.
  case pthread(BarrierSchedule<PthreadBarrier>)
  /// The lock-free queue.
  case queue(QueueSchedule)

  init(
    _ scheduling: Scheduling, workers: Int, barrier: BarrierKind, queueCapacity: Int, usableCPUs: Int,
    probe: some Probe
  ) {
    switch (scheduling, barrier) {
    case (.queue, _):
      self = .queue(
        QueueSchedule(workers: workers, capacity: queueCapacity, usableCPUs: usableCPUs, probe: probe))
    case (.barrier, .pthread):
      self = .pthread(
        BarrierSchedule(workers: workers, probe: probe) { PthreadBarrier(participants: $0) })
    case (.barrier, _):
      let polling = barrier.polling(participants: workers + 1, usableCPUs: usableCPUs)
      self = .counting(
        BarrierSchedule(workers: workers, probe: probe) {
          CountingBarrier(participants: $0, polling: polling)
        })
    }
  }

  @inlinable
  func serve<W: TeamWork>(_ work: W, worker: Int, probe: W.Handle) {
    switch self {
    case .counting(let schedule): schedule.serve(work, worker: worker, probe: probe)
    case .pthread(let schedule): schedule.serve(work, worker: worker, probe: probe)
    case .queue(let schedule): schedule.serve(work, worker: worker, probe: probe)
    }
  }

  @inlinable
  func run(_ phase: WorkPhase, count: Int, probe: some ThreadProbe) {
    switch self {
    case .counting(let schedule): schedule.run(phase, count: count, probe: probe)
    case .pthread(let schedule): schedule.run(phase, count: count, probe: probe)
    case .queue(let schedule): schedule.run(phase, count: count, probe: probe)
    }
  }

  @inlinable
  func dismiss(probe: some ThreadProbe) {
    switch self {
    case .counting(let schedule): schedule.dismiss(probe: probe)
    case .pthread(let schedule): schedule.dismiss(probe: probe)
    case .queue(let schedule): schedule.dismiss(probe: probe)
    }
  }

  @usableFromInline var parkedWorkers: Int {
    switch self {
    case .counting(let schedule): schedule.parkedWorkers
    case .pthread(let schedule): schedule.parkedWorkers
    case .queue(let schedule): schedule.parkedWorkers
    }
  }
}

extension BarrierKind {
  /// How long the participants of a counting barrier of this kind poll.
  public func polling(participants: Int, usableCPUs: Int) -> Polling {
    switch self {
    case .pthread, .futex: .never
    case .spin: .forever
    case .spinThenBlock: .bounded(threads: participants, usableCPUs: usableCPUs)
    }
  }
}
