import HeadwayProbes
import HeadwayRecording
import HeadwayTestSupport
import HeadwayTrace
import Synchronization

/// The engines with a known answer.
///
/// Their work is CPU time and not wall time, so that they are the same on a busy machine: see
/// ``burnCPU(microseconds:)``.
enum PlantedFixture: String, CaseIterable, Sendable {
  case fixedLateThread, rotatingLateThread, serialSection, busyMain, burstyProducer, spinningBarrier
  case lockConvoy, threadsAnewEachEpoch, moreThreadsThanCores, falseSharing, healthy

  /// The cause that must be found first; `nil` where nothing is wrong.
  var cause: String? {
    switch self {
    case .fixedLateThread, .rotatingLateThread: "load_imbalance"
    case .serialSection: "serial_section"
    case .busyMain: "busy_main"
    case .burstyProducer: "bursty_producer"
    case .spinningBarrier: "spinning"
    case .lockConvoy: "lock_contention"
    case .threadsAnewEachEpoch: "thread_lifecycle"
    case .moreThreadsThanCores: "oversubscription"
    case .falseSharing: "interference"
    case .healthy: nil
    }
  }

  /// Runs it once.
  func record() throws -> FixtureOutcome {
    try FixtureEngine.record { run in
      switch self {
      case .fixedLateThread: Self.late(in: run) { _ in 0 }
      case .rotatingLateThread: Self.late(in: run) { $0 % 2 }
      case .serialSection: Self.serialSection(in: run)
      case .busyMain: Self.busyMain(in: run, asWait: false)
      case .burstyProducer: Self.queue(in: run, burst: 16)
      case .spinningBarrier: Self.meeting(in: run, polls: true)
      case .lockConvoy: Self.lockConvoy(in: run)
      case .threadsAnewEachEpoch: Self.threadsAnewEachEpoch(in: run)
      case .moreThreadsThanCores: Self.moreThreadsThanCores(in: run)
      case .falseSharing: Self.accumulators(in: run, padded: false)
      case .healthy: Self.healthy(in: run)
      }
    }
  }

  /// Two workers that meet at a barrier; the late one of an episode has three times the work.
  static func late(in run: EngineRun, _ late: @escaping @Sendable (Int) -> Int) -> FixtureEngine {
    let work = run.state("forward")
    let (site, barrier) = (run.barrier("end", participants: 2), PlantedBarrier(2))
    return FixtureEngine(
      members: FixtureEngine.workers(2) { me, index in
        for episode in 0..<16 {
          me.within(work) { burnCPU(microseconds: late(episode) == index ? 6_000 : 2_000) }
          me.complete(tasks: 1)
          site.cross(me) { barrier.wait() }
        }
      })
  }

  /// Workers that wait while the main thread reduces alone, for as long as they work.
  private static func serialSection(in run: EngineRun) -> FixtureEngine {
    let (work, reduce) = (run.state("backward"), run.state("merge"))
    let sites = (run.barrier("begin", participants: 3), run.barrier("end", participants: 3))
    let barriers = (PlantedBarrier(3), PlantedBarrier(3))
    let steps = 16
    return FixtureEngine(
      members: FixtureEngine.workers(2) { me, _ in
        for _ in 0..<steps {
          sites.0.cross(me) { barriers.0.wait() }
          me.within(work) { burnCPU(microseconds: 4_000) }
          me.complete(tasks: 1)
          sites.1.cross(me) { barriers.1.wait() }
        }
      }
    ) { me in
      for step in 0..<steps {
        me.step(step) {
          sites.0.cross(me) { barriers.0.wait() }
          sites.1.cross(me) { barriers.1.wait() }
          me.within(reduce) { burnCPU(microseconds: 4_000) }
        }
      }
    }
  }

  /// Workers that take tasks from a counter while the main thread polls until all are done: in a state that
  /// says so, or inside a wait like any other.
  static func busyMain(in run: EngineRun, asWait: Bool) -> FixtureEngine {
    let work = run.state("forward")
    let monitor = run.state("monitor", category: .spin)
    let waiting = run.waitSite("tasks_done", kind: .latch)
    let tasks = 40
    // Relaxed: the counts are all that is shared.
    let counts = SharedCounts()
    return FixtureEngine(
      members: FixtureEngine.workers(2) { me, _ in
        while counts.next.add(1, ordering: .relaxed).oldValue < tasks {
          me.within(work) { burnCPU(microseconds: 3_000) }
          me.complete(tasks: 1)
          counts.done.add(1, ordering: .relaxed)
        }
      }
    ) { me in
      let poll = { while counts.done.load(ordering: .relaxed) < tasks {} }
      if asWait { waiting.wait(me, poll) } else { me.within(monitor, poll) }
    }
  }

  /// A consumer behind a queue of eight that starts full, and a producer with time to spare or without.
  ///
  /// A burst of 16 items takes the consumer 8 ms. The producer makes it in 1.6 ms and then spends 5.5 ms on
  /// something else, of which the queue can cover 4. With a `burst` of 1 the first items are quick, and every other
  /// one takes 0.8 ms: too slow, once the queue has drained.
  static func queue(in run: EngineRun, burst: Int) -> FixtureEngine {
    let (work, make, load) = (run.state("forward"), run.state("decode"), run.state("load_shard"))
    let empty = run.waitSite("items.empty", kind: .queueEmpty)
    let full = run.waitSite("items.full", kind: .queueFull)
    let queue = PlantedQueue(depth: 8, items: 8)
    let consumer = FixtureEngine.Member(name: "worker-0") { me in
      while queue.tryPop() || empty.wait(me, { queue.pop() }) {
        me.within(work) { burnCPU(microseconds: 500) }
        me.complete(tasks: 1)
      }
    }
    let producer = FixtureEngine.Member(name: "loader", role: .prefetch) { me in
      for round in 0..<(256 / burst) {
        for _ in 0..<burst {
          me.within(make) { burnCPU(microseconds: burst > 1 || round < 24 ? 50 : 800) }
          if !queue.tryPush() { full.wait(me) { queue.push() } }
        }
        if burst > 1 { me.within(load) { burnCPU(microseconds: 6_000) } }
      }
      queue.close()
    }
    return FixtureEngine(members: [consumer, producer])
  }

  /// A worker and a coordinator that meets it after each task: nothing but the wait is the coordinator's.
  static func meeting(in run: EngineRun, polls: Bool) -> FixtureEngine {
    let work = run.state("forward")
    let (site, barrier) = (run.barrier("round", participants: 2), PlantedBarrier(2, polls: polls))
    let rounds = 40
    let worker = FixtureEngine.Member(name: "worker-0") { me in
      for _ in 0..<rounds {
        me.within(work) { burnCPU(microseconds: 4_000) }
        me.complete(tasks: 1)
        site.cross(me) { barrier.wait() }
      }
    }
    let coordinator = FixtureEngine.Member(name: "coordinator", role: .control) { me in
      for _ in 0..<rounds { site.cross(me) { barrier.wait() } }
    }
    return FixtureEngine(members: [worker, coordinator])
  }

  /// Workers that spend most of each task under one lock.
  private static func lockConvoy(in run: EngineRun) -> FixtureEngine {
    let (work, update) = (run.state("forward"), run.state("update"))
    let lock = run.lock("sums")
    return FixtureEngine(
      members: FixtureEngine.workers(2) { me, _ in
        for _ in 0..<30 {
          me.within(work) { burnCPU(microseconds: 500) }
          lock.withLock(me) { me.within(update) { burnCPU(microseconds: 2_000) } }
          me.complete(tasks: 1)
        }
      })
  }
}

/// Counts that the threads of a fixture share.
final class SharedCounts: Sendable {
  /// Tasks handed out.
  let next = Atomic<Int>(0)
  /// Tasks done.
  let done = Atomic<Int>(0)
}
