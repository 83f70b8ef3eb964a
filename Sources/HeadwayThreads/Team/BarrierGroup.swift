import HeadwayProbes
import HeadwayTrace

/// A group whose members meet their coordinator at a barrier that starts an order and one that ends it. The
/// coordinator is the last participant of both.
@usableFromInline
final class BarrierGroup<B: Barrier>: WorkGroup, @unchecked Sendable {
  // @unchecked Sendable: `order` is written by the coordinator only while every member has not yet passed
  // `start`, and read by the members only between `start` and `end`; the barriers order both. After a stop
  // nobody meets at `end`: the coordinator, or its successor, writes again once the members were joined.
  @usableFromInline let start: B
  @usableFromInline let end: B
  @usableFromInline let memberSites: BarrierSites
  @usableFromInline let coordinatorSites: BarrierSites
  @usableFromInline let members: Int
  @usableFromInline var order = Order.stop

  init(_ plan: GroupPlan, sites: TeamSites<BarrierSites>, part: Int, parts: Int, makeBarrier: (Int) -> B) {
    members = plan.members.count
    start = makeBarrier(members + 1)
    end = makeBarrier(members + 1)
    memberSites = (plan.areWorkers ? sites.worker : sites.controlBelow).part(part, of: parts)
    coordinatorSites = (plan.coordinator == nil ? sites.main : sites.controlAbove).part(part, of: parts)
  }

  /// Task i goes to worker i mod n.
  @inlinable static var assignsByPosition: Bool { true }

  @inlinable
  func open(_ order: Order, probe: some ThreadProbe) {
    self.order = order
    start.wait(participant: members, at: coordinatorSites.start, probe: probe)
  }

  @inlinable
  func collect(probe: some ThreadProbe) {
    end.wait(participant: members, at: coordinatorSites.end, probe: probe)
  }

  @inlinable
  func nextOrder(member: Int, probe: some ThreadProbe) -> Order {
    start.wait(participant: member, at: memberSites.start, probe: probe)
    return order
  }

  @inlinable
  func report(member: Int, probe: some ThreadProbe) {
    end.wait(participant: member, at: memberSites.end, probe: probe)
  }

  @usableFromInline var isParked: Bool { start.countWaiting(for: members) == members }
}

/// Where one side of a group waits at its two barriers.
@usableFromInline
struct BarrierSites: Sendable {
  @usableFromInline let start: WaitSite
  @usableFromInline let end: WaitSite

  init(start: WaitSite, end: WaitSite) { (self.start, self.end) = (start, end) }

  /// All barriers of a team share two sites, `work_start` and `work_end`, so that an episode has all its
  /// participants in one place; a control thread's waits there have states of their own.
  static func team(polls: Bool, hasControls: Bool, probe: some Probe) -> TeamSites<BarrierSites> {
    let meeting = BarrierSites(
      start: .barrier("work_start", polls: polls, probe: probe),
      end: .barrier("work_end", polls: polls, probe: probe))
    guard hasControls else { return TeamSites(all: meeting) }
    func control(_ start: String, _ end: String) -> BarrierSites {
      func site(_ name: String, _ state: String) -> WaitSite {
        WaitSite(name, kind: .barrier, state: "barrier." + state, polls: false, probe: probe)
      }
      return BarrierSites(start: site("work_start", start), end: site("work_end", end))
    }
    return TeamSites(
      main: meeting, worker: meeting, controlAbove: control("control_open", "control_collect"),
      controlBelow: control("control_command", "control_report"))
  }

  func part(_ part: Int, of parts: Int) -> BarrierSites {
    BarrierSites(start: start.part(part, of: parts), end: end.part(part, of: parts))
  }
}

/// Where the threads of a team wait, by their place: a control thread is coordinator and member.
struct TeamSites<Sites: Sendable>: Sendable {
  var main: Sites
  var worker: Sites
  /// A control thread as coordinator of those below.
  var controlAbove: Sites
  /// A control thread as member of a group above.
  var controlBelow: Sites
}

extension TeamSites {
  /// A team without control threads.
  init(all sites: Sites) {
    self.init(main: sites, worker: sites, controlAbove: sites, controlBelow: sites)
  }
}
