import HeadwayProbes
import HeadwayTrace

/// A group whose members pull from a lock-free queue; a latch tells the coordinator when all is done.
///
/// Workers pull single tasks, whoever is free. A control thread pulls its part of an order whole, from a
/// queue of its own.
///
/// Memory: the push releases to the pop what the coordinator wrote, the latch releases back what the
/// members wrote.
@usableFromInline
final class QueueGroup: WorkGroup, @unchecked Sendable {
  // @unchecked Sendable: `awaited` is read and written by the coordinator alone; a join lies between one
  // coordinator and its successor.
  @usableFromInline let queue: MPMCQueue<Order>
  @usableFromInline let done: Latch
  @usableFromInline let emptySite: WaitSite
  @usableFromInline let fullSite: WaitSite
  @usableFromInline let doneSite: WaitSite
  @usableFromInline let members: Int
  @usableFromInline let share: Share
  /// Whether an order is cut into single tasks.
  @usableFromInline let cuts: Bool
  /// The latch's generation that ends the order under way; `nil` when there is none.
  @usableFromInline var awaited: UInt32?

  init(_ plan: GroupPlan, sites: TeamSites<QueueSites>, capacity: Int, polling: Polling) {
    members = plan.members.count
    share = plan.share
    cuts = plan.areWorkers
    queue = MPMCQueue(capacity: plan.areWorkers ? capacity : 1, polling: polling)
    done = Latch(polling: polling)
    emptySite = plan.areWorkers ? sites.worker.empty : sites.controlBelow.empty
    let coordinator = plan.coordinator == nil ? sites.main : sites.controlAbove
    (fullSite, doneSite) = (coordinator.full, coordinator.done)
  }

  /// Whoever is free takes the next task.
  @inlinable static var assignsByPosition: Bool { false }

  @inlinable
  func open(_ order: Order, probe: some ThreadProbe) {
    if order.isStop {
      // One for each member, who ends with it.
      for _ in 0..<members { _ = queue.push(.stop, at: fullSite, probe: probe) }
      return
    }
    let part = share.part(of: order)
    if part.count == 0 { return }
    awaited = done.generation
    guard cuts else {
      done.arm(count: 1)
      _ = queue.push(part, at: fullSite, probe: probe)  // Never closed, so it succeeds.
      return
    }
    done.arm(count: part.count)
    // Sleepers are woken together, with one system call, once as much is queued as there is room for.
    var silent: UInt32 = 0
    for index in part.first..<part.end {
      let task = Order(phase: part.phase, first: index, end: index &+ 1)
      if case .done = queue.offer(task) {
        silent += 1
        continue
      }
      queue.items.notify(silent)
      silent = 0
      _ = queue.push(task, at: fullSite, probe: probe)
    }
    queue.items.notify(silent)
    show(to: probe)
  }

  /// Shows how much is queued to whoever follows the run. Only the team's queue: a control thread's holds
  /// whole orders.
  @inlinable
  func show<Handle: ThreadProbe>(to probe: Handle) {
    if cuts && Handle.isRecording { probe.queued(emptySite.site, items: queue.depth) }
  }

  @inlinable
  func collect(probe: some ThreadProbe) {
    guard let generation = awaited else { return }
    done.wait(past: generation, at: doneSite, probe: probe)
    awaited = nil
  }

  @inlinable
  func nextOrder(member: Int, probe: some ThreadProbe) -> Order {
    let order = queue.pop(at: emptySite, probe: probe) ?? .stop
    show(to: probe)
    return order
  }

  @inlinable
  func report(member: Int, probe: some ThreadProbe) { done.countDown() }

  @usableFromInline var isParked: Bool { queue.sleepingConsumers == members }
}

/// Where a thread waits around a queue.
struct QueueSites: Sendable {
  /// A member, for work.
  let empty: WaitSite
  /// The coordinator, for room.
  let full: WaitSite
  /// The coordinator, for the last task.
  let done: WaitSite

  static func team(polls: Bool, hasControls: Bool, probe: some Probe) -> TeamSites<QueueSites> {
    let sites = QueueSites(
      empty: WaitSite(
        "work_queue", kind: .queueEmpty, state: "queue.empty", polls: polls, probe: probe),
      full: WaitSite(
        "work_queue_slots", kind: .queueFull, state: "queue.full", polls: polls, probe: probe),
      done: WaitSite("step_done", kind: .latch, state: "latch.step_done", polls: polls, probe: probe))
    guard hasControls else { return TeamSites(all: sites) }
    let control = QueueSites(
      empty: WaitSite(
        "control_command", kind: .queueEmpty, state: "queue.control_command", polls: false, probe: probe),
      full: WaitSite(
        "control_slots", kind: .queueFull, state: "queue.control_full", polls: false, probe: probe),
      done: WaitSite(
        "control_done", kind: .latch, state: "latch.control_done", polls: false, probe: probe))
    return TeamSites(main: sites, worker: sites, controlAbove: control, controlBelow: control)
  }
}
