import HeadwayProbes
import HeadwayTrace

/// Work pulled by whoever is free: the main thread pushes every task into a lock-free queue, the workers
/// pop, and a latch tells the main thread when all are done.
///
/// Memory: the push releases to the pop what the main thread wrote, the latch releases back what the
/// workers wrote.
@usableFromInline
final class QueueSchedule: Sendable {
  @usableFromInline let workers: Int
  @usableFromInline let tasks: MPMCQueue<QueuedTask>
  @usableFromInline let done: Latch
  @usableFromInline let emptySite: WaitSite
  @usableFromInline let fullSite: WaitSite
  @usableFromInline let doneSite: WaitSite

  init(workers: Int, capacity: Int, usableCPUs: Int, probe: some Probe) {
    self.workers = workers
    let polling = Polling.bounded(threads: workers + 1, usableCPUs: usableCPUs)
    tasks = MPMCQueue(capacity: capacity, polling: polling)
    done = Latch(polling: polling)
    emptySite = WaitSite(
      "work_queue", kind: .queueEmpty, state: "queue.empty", polls: polling.polls, probe: probe)
    fullSite = WaitSite(
      "work_queue_slots", kind: .queueFull, state: "queue.full", polls: polling.polls, probe: probe)
    doneSite = WaitSite(
      "step_done", kind: .latch, state: "latch.step_done", polls: polling.polls, probe: probe)
  }

  /// A worker's life between its registration and its retirement.
  @inlinable
  func serve<W: TeamWork>(_ work: W, worker: Int, probe: W.Handle) {
    while let task = tasks.pop(at: emptySite, probe: probe) {
      if task.isEnd { return }
      work.perform(
        WorkPhase(task.phase), index: Int(task.index), worker: WorkerIndex(worker), probe: probe)
      done.countDown()
    }
  }

  /// Performs one phase; on the main thread.
  @inlinable
  func run(_ phase: WorkPhase, count: Int, probe: some ThreadProbe) {
    let generation = done.generation
    done.arm(count: count)
    // Sleepers are woken together, with one system call, once as much is queued as there is room for.
    var silent: UInt32 = 0
    for index in 0..<UInt32(count) {
      let task = QueuedTask(phase: phase.rawValue, index: index)
      if case .done = tasks.offer(task) {
        silent += 1
        continue
      }
      tasks.items.notify(silent)
      silent = 0
      _ = tasks.push(task, at: fullSite, probe: probe)  // Never closed, so it succeeds.
    }
    tasks.items.notify(silent)
    done.wait(past: generation, at: doneSite, probe: probe)
  }

  /// Lets every worker end, each by one task that says so; on the main thread.
  @usableFromInline
  func dismiss(probe: some ThreadProbe) {
    for _ in 0..<workers { _ = tasks.push(.end, at: fullSite, probe: probe) }
  }

  /// Workers that wait for tasks.
  var parkedWorkers: Int { tasks.sleepingConsumers }
}

/// One task in the queue, eight bytes.
@usableFromInline
struct QueuedTask: BitwiseCopyable, Sendable {
  @usableFromInline let phase: UInt16
  /// Whether this is no task but the worker's end.
  @usableFromInline let isEnd: Bool
  @usableFromInline let index: UInt32

  @inlinable init(phase: UInt16, index: UInt32, isEnd: Bool = false) {
    self.phase = phase
    self.index = index
    self.isEnd = isEnd
  }

  /// Tells the worker that pops it to end.
  @usableFromInline static let end = QueuedTask(phase: 0, index: 0, isEnd: true)
}
