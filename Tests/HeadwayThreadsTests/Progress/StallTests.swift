import HeadwayAnalysis
import HeadwayProbes
import HeadwayTestSupport
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  /// Runs that stand still, on real threads: what the watchdog says, and what the summary makes of it.
  @Suite(.serialized) struct StallTests {
    /// The reports of a watchdog.
    private final class Heard: Sendable {
      let reports = Mutex<[StallReport]>([])
      func hear(_ report: StallReport) { reports.withLock { $0.append(report) } }
      var all: [StallReport] { reports.withLock { $0 } }
    }

    private let second = Nanoseconds(1_000_000_000)

    private func probe() throws -> RecordingProbe {
      try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
    }

    private func summary(_ probe: RecordingProbe, stalls: [StallReport]) -> RunSummary {
      RunAnalysis.summarize(
        configuration: RunConfiguration(), completed: true, accounts: probe.accounts(), stepDurations: [],
        loss: LossCurve(train: [], validation: [], trainBitsHash: "", weightBitsHash: ""),
        memory: MemorySummary(peakRssBytes: nil, components: [:]), stalls: stalls, warnings: [],
        usableCpus: 2)
    }

    /// Two workers at a queue: each element is a task.
    private func consumers(
      of queue: MPMCQueue<UInt64>, polls: Bool, _ probe: RecordingProbe
    ) -> [TestThread] {
      let site = WaitSite(
        "work_queue", kind: .queueEmpty, state: "queue.empty", polls: polls, probe: probe)
      return (0..<2).map { number in
        TestThread {
          let me = probe.register(name: "worker-\(number)", role: .worker)
          while queue.pop(at: site, probe: me) != nil { me.complete(tasks: 1, tokens: 16) }
          probe.retire(me)
        }
      }
    }

    private func tasks(_ probe: RecordingProbe) -> Int { probe.look().reduce(0) { $0 + $1.tasks } }

    @Test(
      "workers that spin in a queue that nobody fills are a livelock, however active they look",
      Deadline(), .timeLimit(.minutes(2)))
    func livelock() throws {
      let probe = try probe()
      let (pace, heard) = (ManualPace(), Heard())
      let watchdog = Watchdog(over: probe, pace: pace, onStall: heard.hear)
      try watchdog.start()
      let queue = MPMCQueue<UInt64>(capacity: 16, polling: .forever)
      let workers = consumers(of: queue, polls: true, probe)
      probe.openWindow()
      for task in 0..<6 { queue.tryPush(UInt64(task)) }
      // Both workers, for a thread that starts is progress too.
      yieldUntil {
        tasks(probe) == 6 && probe.look().count { $0.path?.last?.state == "queue.empty.spin" } == 2
      }
      pace.look(after: second)  // Sees the six tasks.
      pace.look(after: second)
      let cpu = { probe.look().reduce(UInt64(0)) { $0 + ($1.kernel.cpuNs ?? 0) } }
      let before = cpu()
      yieldUntil { cpu() > before + 300_000_000 }
      #expect(heard.all.isEmpty, "not before the fourth quiet look")
      for _ in 0..<3 { pace.look(after: second) }
      let stall = try #require(heard.all.first)
      queue.close()
      for worker in workers { worker.join() }
      #expect(stall.verdict == .livelock)
      #expect(stall.observedNs == Nanoseconds(3_000_000_000) && stall.tasks == 6)
      #expect(stall.threads.map(\.name).sorted() == ["worker-0", "worker-1"], "the watchdog is left out")
      #expect(stall.threads.contains { $0.activity == .spinning })
      for thread in stall.threads {
        #expect(thread.path?.map(\.state) == ["queue.empty.spin"])
        #expect(thread.kernelState == "R")
      }
      let burnt = stall.threads.reduce(0) { $0 + ($1.cpuNs?.count ?? 0) }
      #expect(burnt >= 300_000_000)

      probe.closeWindow()
      let stalls = watchdog.stop()
      #expect(stalls.count == 1)
      let summary = summary(probe, stalls: stalls)
      let finding = try #require(summary.findings.first { $0.cause == "livelock" })
      #expect(finding.statement.contains("after 6 tasks and 0 steps"))
      #expect(finding.statement.contains("queue.empty.spin"))
      #expect(finding.statement.contains("consistent with threads that poll for what nobody delivers"))
      #expect(finding.status == .untested && !finding.evidence.isEmpty)
      let own = try #require(summary.threads.first { $0.role == .sampler })
      #expect(own.name == "watchdog" && own.time(.selfCost) == own.wallNs)
      #expect(summary.books?.threadCount == 2, "the books are of the program's threads")
    }

    @Test(
      "a participant that never comes is a deadlock, and its end is noticed",
      Deadline(), .timeLimit(.minutes(2)))
    func deadlock() throws {
      let probe = try probe()
      let (pace, heard) = (ManualPace(), Heard())
      let watchdog = Watchdog(over: probe, pace: pace, onStall: heard.hear)
      try watchdog.start()
      let barrier = CountingBarrier(participants: 3, polling: .never)
      let site = WaitSite.barrier("work_end", polls: false, probe: probe)
      let outer = probe.state(StateDefinition(name: "dispatch", category: .useful))
      let workers = (0..<2).map { number in
        TestThread {
          let me = probe.register(name: "worker-\(number)", role: .worker)
          me.enter(outer)
          me.complete(tasks: 1, tokens: 16)
          barrier.wait(participant: number, at: site, probe: me)
          me.complete(tasks: 1, tokens: 16)
          me.leave()
          probe.retire(me)
        }
      }
      probe.openWindow()
      yieldUntil { probe.look().count { $0.path?.count == 2 && $0.kernel.state == "S" } == 2 }
      for _ in 0..<5 { pace.look(after: second) }
      let stall = try #require(heard.all.first)
      #expect(stall.verdict == .deadlock && stall.tasks == 2)
      for thread in stall.threads {
        #expect(thread.activity == .asleep && thread.kernelState == "S")
        #expect(thread.path?.map(\.state) == ["dispatch", "barrier.work_end"])
        #expect(thread.tasks == 1 && thread.lastProgressNs != nil && thread.stack == nil)
      }
      #expect(stall.gaps.contains { $0.contains("no stack sampler") })

      let late = TestThread {
        barrier.wait(participant: 2, at: site, probe: NullProbe.Handle())
      }
      for thread in workers + [late] { thread.join() }
      pace.look(after: second)
      #expect(heard.all.count == 2 && heard.all.last?.number == 1)
      #expect((heard.all.last?.lastedNs?.count ?? 0) >= 4_000_000_000)
      let stalls = watchdog.stop()
      #expect(stalls == [heard.all[1]])
      probe.closeWindow()
      let finding = try #require(
        summary(probe, stalls: stalls).findings.first { $0.cause == "deadlock" })
      #expect(finding.statement.contains("the threads slept in barrier.work_end (2 threads)"))
    }

    @Test(
      "standing still is no stall before the window, after it, or while the tool itself is at work",
      Deadline(), .timeLimit(.minutes(2)))
    func unarmed() throws {
      let probe = try probe()
      let (pace, heard) = (ManualPace(), Heard())
      let watchdog = Watchdog(over: probe, pace: pace, onStall: heard.hear)
      try watchdog.start()
      let me = probe.register(name: "main", role: .main)
      let observe = probe.state(StateDefinition(name: "observe", category: .selfCost))
      for _ in 0..<6 { pace.look(after: second) }
      probe.openWindow()
      me.enter(observe)
      for _ in 0..<6 { pace.look(after: second) }
      me.leave()
      for _ in 0..<4 { pace.look(after: second) }
      me.advance()
      for _ in 0..<4 { pace.look(after: second) }
      me.step(1, from: me.now())
      probe.closeWindow()
      for _ in 0..<6 { pace.look(after: second) }
      probe.retire(me)
      #expect(watchdog.stop().isEmpty && heard.all.isEmpty)
    }

    @Test(
      "a watchdog on the kernel's clock fires by itself, and ends at once", Deadline(),
      .timeLimit(.minutes(2)))
    func realTime() throws {
      let probe = try probe()
      let fired = EventGate()
      let watchdog = Watchdog(over: probe, period: .milliseconds(20)) { _ in fired.open() }
      try watchdog.start()
      let me = probe.register(name: "main", role: .main)
      probe.openWindow()
      #expect(fired.wait())
      #expect(watchdog.stop().count == 1)
      probe.retire(me)
      let patient = Watchdog(over: probe, period: Nanoseconds(3_600_000_000_000)) { _ in }
      try patient.start()
      #expect(patient.stop().isEmpty, "an hour is not waited for")
    }

    @Test("what is read of a thread while it runs is whole", Deadline(), .timeLimit(.minutes(2)))
    func readsWhileRunning() throws {
      let probe = try probe()
      let states = (0..<4).map { probe.state(StateDefinition(name: "s\($0)", category: .useful)) }
      let paths = try pathsOfABusyThread(states, probe)
      let allowed: Set<[String]> = [[], ["s0"], ["s0", "s1"], ["s0", "s2"], ["s0", "s2", "s3"]]
      #expect(paths.allSatisfy(allowed.contains))
    }

    /// Reads the paths of a thread that changes its state as fast as it can.
    private func pathsOfABusyThread(_ states: [StateID], _ probe: RecordingProbe) throws -> [[String]] {
      let gate = Flag()
      let started = EventGate()
      let thread = TestThread {
        let me = probe.register(name: "worker-0", role: .worker)
        started.open()
        while !gate.isSet {
          me.enter(states[0])
          me.enter(states[1])
          me.leave()
          me.enter(states[2])
          me.enter(states[3])
          me.leave()
          me.leave()
          me.leave()
          me.complete(tasks: 1, tokens: 1)
        }
        probe.retire(me)
      }
      started.wait()
      var paths: [[String]] = []
      var last = 0
      while paths.count < 2_000 {
        let look = try #require(probe.look().first)
        #expect(look.tasks >= last)
        last = look.tasks
        if let path = look.path { paths.append(path.map(\.state)) }
      }
      gate.set()
      thread.join()
      return paths
    }

    private final class Flag: Sendable {
      private let value = Atomic(false)
      var isSet: Bool { value.load(ordering: .relaxed) }
      func set() { value.store(true, ordering: .relaxed) }
    }
  }
}
