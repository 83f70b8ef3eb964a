import HeadwayProbes
import HeadwayTrace

/// How a team's threads get their work. An enumeration rather than an existential: each case's loops are
/// compiled for its barrier and its probe.
@usableFromInline
enum TeamSchedule: Sendable {
  /// Barriers that count arrivals: `futex`, `spin`, `spin_then_block`.
  case counting(TeamTree<BarrierGroup<CountingBarrier>>)
  /// The C library's barriers.
  case pthread(TeamTree<BarrierGroup<PthreadBarrier>>)
  /// Lock-free queues.
  case queue(TeamTree<QueueGroup>)

  init(
    _ scheduling: Scheduling, tree: CoordinationTree, barrier: BarrierKind, queueCapacity: Int,
    usableCPUs: Int, probe: some Probe
  ) {
    let threads = tree.workers + tree.controls.count + 1
    let hasControls = !tree.controls.isEmpty
    switch (scheduling, barrier) {
    case (.queue, _):
      let polling = Polling.bounded(threads: threads, usableCPUs: usableCPUs)
      let sites = QueueSites.team(polls: polling.polls, hasControls: hasControls, probe: probe)
      self = .queue(
        TeamTree(tree) { plan, _, _ in
          QueueGroup(plan, sites: sites, capacity: queueCapacity, polling: polling)
        })
    case (.barrier, .pthread):
      let sites = BarrierSites.team(polls: false, hasControls: hasControls, probe: probe)
      self = .pthread(
        TeamTree(tree) { plan, number, count in
          BarrierGroup(plan, sites: sites, part: number, parts: count) { PthreadBarrier(participants: $0) }
        })
    case (.barrier, _):
      let polling = barrier.polling(participants: threads, usableCPUs: usableCPUs)
      let sites = BarrierSites.team(polls: polling.polls, hasControls: hasControls, probe: probe)
      self = .counting(
        TeamTree(tree) { plan, number, count in
          BarrierGroup(plan, sites: sites, part: number, parts: count) {
            CountingBarrier(participants: $0, polling: polling)
          }
        })
    }
  }

  @inlinable
  func serve<W: TeamWork>(_ work: W, worker: Int, probe: W.Handle) {
    switch self {
    case .counting(let tree): tree.serve(work, worker: worker, probe: probe)
    case .pthread(let tree): tree.serve(work, worker: worker, probe: probe)
    case .queue(let tree): tree.serve(work, worker: worker, probe: probe)
    }
  }

  @inlinable
  func coordinate(control: Int, probe: some ThreadProbe) {
    switch self {
    case .counting(let tree): tree.coordinate(control: control, probe: probe)
    case .pthread(let tree): tree.coordinate(control: control, probe: probe)
    case .queue(let tree): tree.coordinate(control: control, probe: probe)
    }
  }

  @inlinable
  func run(_ phase: WorkPhase, count: Int, probe: some ThreadProbe) {
    switch self {
    case .counting(let tree): tree.run(phase, count: count, probe: probe)
    case .pthread(let tree): tree.run(phase, count: count, probe: probe)
    case .queue(let tree): tree.run(phase, count: count, probe: probe)
    }
  }

  @inlinable
  func dismiss(probe: some ThreadProbe) {
    switch self {
    case .counting(let tree): tree.dismiss(probe: probe)
    case .pthread(let tree): tree.dismiss(probe: probe)
    case .queue(let tree): tree.dismiss(probe: probe)
    }
  }

  @usableFromInline var isParked: Bool {
    switch self {
    case .counting(let tree): tree.isParked
    case .pthread(let tree): tree.isParked
    case .queue(let tree): tree.isParked
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
