import HeadwayProbes
import HeadwayTrace

/// The groups of a team, and what its threads do in them: the main thread and the control threads hand out
/// and collect, the workers perform.
@usableFromInline
final class TeamTree<G: WorkGroup>: Sendable {
  /// A thread's place in the group above it.
  @usableFromInline
  struct Seat: Sendable {
    @usableFromInline let group: G
    @usableFromInline let member: Int

    init(group: G, member: Int) { (self.group, self.member) = (group, member) }
  }

  /// The group that the main thread coordinates.
  @usableFromInline let top: G
  /// The seat of each worker.
  @usableFromInline let workers: [Seat]
  /// The seat of each control thread.
  @usableFromInline let controls: [Seat]
  /// The groups that each control thread coordinates.
  @usableFromInline let lower: [[G]]

  /// Makes the groups of a tree; `make` gets each plan, its number and how many there are.
  init(_ tree: CoordinationTree, make: (_ plan: GroupPlan, _ number: Int, _ count: Int) -> G) {
    let plans = tree.plans(meeting: G.assignsByPosition)
    let groups = plans.enumerated().map { make($1, $0, plans.count) }
    top = groups[0]
    var workers = Array(repeating: Seat(group: top, member: 0), count: tree.workers)
    var controls = Array(repeating: Seat(group: top, member: 0), count: tree.controls.count)
    var lower = Array(repeating: [G](), count: tree.controls.count)
    for (plan, group) in zip(plans, groups) {
      if let coordinator = plan.coordinator { lower[coordinator].append(group) }
      for (member, number) in plan.members.enumerated() {
        let seat = Seat(group: group, member: member)
        if plan.areWorkers { workers[number] = seat } else { controls[number] = seat }
      }
    }
    (self.workers, self.controls, self.lower) = (workers, controls, lower)
  }

  /// A worker's life between its registration and its retirement.
  @inlinable
  func serve<W: TeamWork>(_ work: W, worker: Int, probe: W.Handle) {
    let (group, member) = (workers[worker].group, workers[worker].member)
    let (offset, stride) = G.assignsByPosition ? (worker, workers.count) : (0, 1)
    while true {
      let order = group.nextOrder(member: member, probe: probe)
      if order.isStop { return }
      var index = Int(order.first) + offset
      while index < order.end {
        work.perform(WorkPhase(order.phase), index: index, worker: WorkerIndex(worker), probe: probe)
        index += stride
      }
      group.report(member: member, probe: probe)
    }
  }

  /// A control thread's life between its registration and its retirement: it opens its groups one after
  /// the other, then collects them one after the other, asleep wherever it waits.
  @inlinable
  func coordinate(control: Int, probe: some ThreadProbe) {
    let (group, member) = (controls[control].group, controls[control].member)
    let below = lower[control]
    while true {
      let order = group.nextOrder(member: member, probe: probe)
      for group in below { group.open(order, probe: probe) }
      if order.isStop { return }
      for group in below { group.collect(probe: probe) }
      group.report(member: member, probe: probe)
    }
  }

  /// Performs the tasks 0 ..< `count` of a phase; on the main thread.
  @inlinable
  func run(_ phase: WorkPhase, count: Int, probe: some ThreadProbe) {
    top.open(Order(phase: phase.rawValue, first: 0, end: UInt32(count)), probe: probe)
    top.collect(probe: probe)
  }

  /// Lets every thread end; on the main thread.
  @inlinable
  func dismiss(probe: some ThreadProbe) { top.open(.stop, probe: probe) }

  /// Whether every worker and every control thread waits for an order; to be asked by the main thread.
  ///
  /// From the top down: a thread that waits for an order stays there, so what it coordinates is at rest
  /// when it is looked at.
  @usableFromInline var isParked: Bool {
    top.isParked && lower.allSatisfy { $0.allSatisfy(\.isParked) }
  }
}
