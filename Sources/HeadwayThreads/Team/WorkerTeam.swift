import CHeadwayLinux
import HeadwayProbes
import HeadwayTrace

/// A team of worker threads that performs phases of numbered tasks.
///
///     let team = try WorkerTeam(threads: 4, scheduling: .queue, …, probe: probe, work: engine)
///     try team.start(probe: me)
///     team.run(forward, count: batch.sequences, probe: me)  // Returns when all tasks are done.
///     team.stop(probe: me)
///
/// The team belongs to one thread, the main thread: only that thread calls its methods, and it passes its
/// own probe handle. Worker i registers as `worker-i`, and control thread k, where the topology has any, as
/// `control-k`; a stopped team may be started again, and its threads then go on with their rows. Control
/// threads hand out and collect for the main thread and perform nothing: see ``CoordinationTree``.
///
/// Memory: what the main thread wrote before ``run(_:count:probe:)`` is visible to the tasks, and what the
/// tasks wrote is visible to the main thread after it.
///
/// A team that is let go while it runs leaves its threads parked until the process ends: stop it first.
public final class WorkerTeam<P: Probe, W: TeamWork> where W.Handle == P.Handle {
  /// How many workers there are.
  public let threads: Int
  /// Who coordinates whom.
  public let tree: CoordinationTree

  @usableFromInline let probe: P
  @usableFromInline let work: W
  @usableFromInline let schedule: TeamSchedule
  @usableFromInline let states: TeamStates
  @usableFromInline let stackBytes: Int
  /// The threads between ``start(probe:)`` and ``stop(probe:)``.
  @usableFromInline var running: [OSThread] = []

  /// Describes a team; no thread is created yet, but its states and sites are registered.
  ///
  /// - Parameters:
  ///   - threads: Workers, 1 … 65,535.
  ///   - scheduling: How tasks reach the workers.
  ///   - topology: Who coordinates the workers.
  ///   - barrier: How the barriers of `barrier` scheduling wait. Control threads sleep whatever it is.
  ///   - queueCapacity: Tasks that a queue of `queue` scheduling holds; rounded up to a power of two.
  ///   - usableCPUs: CPUs to share; threads poll for a bounded time only when there are enough for the team
  ///     and the main thread.
  ///   - stackBytes: The stack of each thread.
  ///   - probe: The run's probe.
  ///   - work: What the workers do.
  public init(
    threads: Int, scheduling: Scheduling, topology: Topology = .flat, barrier: BarrierKind,
    queueCapacity: Int, usableCPUs: Int = usableCPUCount(), stackBytes: Int = 4 << 20, probe: P, work: W
  ) throws(InputError) {
    guard (1...65_535).contains(threads) else {
      throw InputError(
        "threads", problem: "\(threads) workers are not a team", remedy: "use 1 to 65535", isUsage: true)
    }
    guard (1...1 << 20).contains(queueCapacity) else {
      throw InputError(
        "queue_capacity", problem: "a queue of \(queueCapacity) tasks cannot be made",
        remedy: "use 1 to 1048576", isUsage: true)
    }
    self.threads = threads
    self.probe = probe
    self.work = work
    self.stackBytes = stackBytes
    states = TeamStates(probe: probe)
    tree = CoordinationTree(workers: threads, topology: topology)
    schedule = TeamSchedule(
      scheduling, tree: tree, barrier: barrier, queueCapacity: queueCapacity, usableCPUs: usableCPUs,
      probe: probe)
  }

  /// Creates the threads and returns when all of them wait for work.
  ///
  /// - Throws: An `InputError` when the kernel refuses a thread; those already created have then been
  ///   joined, without having registered, and the team may be started again.
  @inlinable
  public func start(probe main: P.Handle) throws(InputError) {
    precondition(running.isEmpty, "the team is running")
    main.enter(states.create)
    defer { main.leave() }
    let launch = LaunchGate()
    do throws(InputError) {
      for control in tree.controls.indices { running.append(try makeControl(control, behind: launch)) }
      for worker in 0..<threads { running.append(try makeWorker(worker, behind: launch)) }
    } catch {
      launch.open(go: false)
      joinAll()
      throw error
    }
    launch.open(go: true)
    awaitParked()
  }

  /// Performs the tasks 0 ..< `count` of a phase; returns when all are done. No task, no work: a count of 0
  /// returns at once.
  @inlinable
  public func run(_ phase: WorkPhase, count: Int, probe main: P.Handle) {
    precondition(!running.isEmpty, "start the team first")
    precondition(count >= 0 && count <= UInt32.max, "the number of tasks is not in 0 … 2^32 − 1")
    if count == 0 { return }
    main.enter(states.dispatch)
    schedule.run(phase, count: count, probe: main)
    main.leave()
  }

  /// Returns when every worker waits for work and every control thread sleeps until it gets a command: what
  /// ``Probe/openWindow()`` and ``Probe/closeWindow()`` ask for. After ``run(_:count:probe:)`` they are still on their way back.
  @inlinable
  public func awaitParked() {
    // Yields rather than sleeps: the threads are ready to run and need this thread's CPU, if any.
    while !schedule.isParked { headway_yield() }
  }

  /// Lets the threads end and joins them; does nothing when the team is not running.
  @inlinable
  public func stop(probe main: P.Handle) {
    if running.isEmpty { return }
    main.enter(states.join)
    schedule.dismiss(probe: main)
    joinAll()
    main.leave()
  }

  @inlinable
  func makeWorker(_ worker: Int, behind launch: LaunchGate) throws(InputError) -> OSThread {
    let (work, schedule) = (work, schedule)
    return try makeThread("worker-\(worker)", role: .worker, behind: launch) { me in
      schedule.serve(work, worker: worker, probe: me)
    }
  }

  @inlinable
  func makeControl(_ control: Int, behind launch: LaunchGate) throws(InputError) -> OSThread {
    let schedule = schedule
    return try makeThread("control-\(control)", role: .control, behind: launch) { me in
      schedule.coordinate(control: control, probe: me)
    }
  }

  @inlinable
  func makeThread(
    _ name: String, role: ThreadRole, behind launch: LaunchGate, life: @escaping @Sendable (P.Handle) -> Void
  ) throws(InputError) -> OSThread {
    let (probe, states) = (probe, states)
    return try OSThread(name: name, purpose: .program, stackBytes: stackBytes) {
      guard launch.wait() else { return }
      let me = probe.register(name: name, role: role)
      me.enter(states.dispatch)
      life(me)
      me.leave()
      probe.retire(me)
    }
  }

  @inlinable
  func joinAll() {
    for thread in running { thread.join() }
    running.removeAll()
  }
}
