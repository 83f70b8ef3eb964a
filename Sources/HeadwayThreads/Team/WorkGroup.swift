import HeadwayProbes
import HeadwayTrace

/// A coordinating thread and its members: orders go down to them, completions come up.
///
/// The coordinator is the main thread or a control thread, and alone calls ``open(_:probe:)`` and
/// ``collect(probe:)``, in turns; the members are workers, or control threads on behalf of theirs.
///
/// Memory: what the coordinator wrote before opening is visible to the members, and what they wrote before
/// reporting is visible to the coordinator once it has collected. Down and up a tree this chains: the main
/// thread's new weights reach every worker, every worker's gradients the main thread.
@usableFromInline
protocol WorkGroup: AnyObject, Sendable {
  /// Whether a worker takes the tasks of an order by position, every n-th of all: then groups meet, and a
  /// control thread has several of them. Otherwise the members of a group share its tasks as they come.
  static var assignsByPosition: Bool { get }
  /// Gives an order; `.stop` needs no collecting.
  func open(_ order: Order, probe: some ThreadProbe)
  /// Returns when every member has done its part of the order.
  func collect(probe: some ThreadProbe)
  /// The next order of a member, waited for.
  func nextOrder(member: Int, probe: some ThreadProbe) -> Order
  /// Says that a member has done the last order.
  func report(member: Int, probe: some ThreadProbe)
  /// Whether every member waits for an order; to be asked while the coordinator gives none.
  var isParked: Bool { get }
}

/// One group of a team, before it is made.
struct GroupPlan: Hashable, Sendable {
  /// The control thread that coordinates it; `nil` for the main thread.
  var coordinator: Int?
  /// The workers, or the control threads, that are its members.
  var members: [Int]
  /// Whether the members are workers.
  var areWorkers: Bool
  /// Its part of the coordinator's orders.
  var share: Share
}

extension CoordinationTree {
  /// The groups of a team, the main thread's first, then in the order of the control threads.
  ///
  /// - Parameter meeting: Whether siblings meet at barriers. Otherwise each takes from a queue: all workers
  ///   of a control thread from one, and every control thread from one of its own.
  func plans(meeting: Bool) -> [GroupPlan] {
    guard !controls.isEmpty else {
      return [plan(of: nil, groups[0], areWorkers: true)]
    }
    var plans = [plan(of: nil, [0], areWorkers: false)]
    for (number, control) in controls.enumerated() {
      let isLowest = control.children.isEmpty
      switch (isLowest, meeting) {
      case (true, true):
        plans += control.groups.map { plan(of: number, groups[$0], areWorkers: true) }
      case (true, false):
        plans.append(plan(of: number, control.groups.flatMap { groups[$0] }.sorted(), areWorkers: true))
      case (false, true):
        plans.append(plan(of: number, control.children, areWorkers: false))
      case (false, false):
        plans += lanes(of: number)
      }
    }
    return plans
  }

  /// A group that gets its coordinator's orders whole.
  private func plan(of coordinator: Int?, _ members: [Int], areWorkers: Bool) -> GroupPlan {
    GroupPlan(
      coordinator: coordinator, members: members, areWorkers: areWorkers,
      share: Share(before: 0, own: 1, total: 1))
  }

  /// A group for each child of a control thread, with its part of the orders.
  private func lanes(of number: Int) -> [GroupPlan] {
    var before = 0
    return controls[number].children.map { child in
      let own = controls[child].workers
      defer { before += own }
      return GroupPlan(
        coordinator: number, members: [child], areWorkers: false,
        share: Share(before: before, own: own, total: controls[number].workers))
    }
  }
}
