import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct TeamTests {
    typealias Work = ClosureWork<NullProbe.Handle>
    private let me = NullProbe.Handle()

    @Test("Every index of a phase is performed exactly once", arguments: TeamCase.all)
    func performsEachIndexOnce(_ teamCase: TeamCase) throws {
      struct Task: Hashable { var phase: UInt16, index: Int, worker: Int }
      let n = teamCase.threads
      let performed = Mutex<[Task]>([])
      let work = Work { phase, index, worker, _ in
        let task = Task(phase: phase.rawValue, index: index, worker: worker.rawValue)
        performed.withLock { $0.append(task) }
      }
      let team = try teamCase.make(NullProbe(), work)
      try team.start(probe: me)
      for (phase, count) in [0, 1, n - 1, n, n + 1, 10 * n].enumerated() {
        team.run(WorkPhase(UInt16(phase)), count: count, probe: me)
        let tasks = performed.withLock { tasks in
          defer { tasks.removeAll() }
          return tasks
        }
        #expect(tasks.map(\.index).sorted() == Array(0..<count))
        #expect(tasks.allSatisfy { $0.phase == phase && (0..<n).contains($0.worker) })
        if teamCase.scheduling == .barrier {
          #expect(tasks.allSatisfy { $0.worker == $0.index % n })
        }
      }
      team.stop(probe: me)
    }

    @Test(
      "Workers see what main wrote before a phase, and main what they wrote in it", arguments: TeamCase.all)
    func ordersMemory(_ teamCase: TeamCase) throws {
      let count = 3 * teamCase.threads
      // Plain memory, written in turns: only the team orders it.
      nonisolated(unsafe) let cells = UnsafeMutablePointer<Int>.allocate(capacity: count)
      cells.initialize(repeating: 0, count: count)
      defer { cells.deallocate() }
      let team = try teamCase.make(
        NullProbe(), Work { _, index, _, _ in cells[index] = 3 * cells[index] + index })
      try team.start(probe: me)
      var expected = Array(repeating: 0, count: count)
      for round in 0..<10 {
        for index in 0..<count {
          cells[index] += round
          expected[index] = 3 * (expected[index] + round) + index
        }
        team.run(WorkPhase(0), count: count, probe: me)
        #expect((0..<count).allSatisfy { cells[$0] == expected[$0] })
      }
      team.stop(probe: me)
    }

    @Test("A queue's workers share the tasks: one that is held up leaves the others to the rest")
    func queueBalancesLoad() throws {
      let othersDone = Atomic(0)
      let work = Work { _, index, _, _ in
        // Task 0 lasts until all others are done; with a fixed partition it would wait for ever.
        if index == 0 {
          yieldUntil { othersDone.load(ordering: .acquiring) == 19 }
        } else {
          othersDone.add(1, ordering: .releasing)
        }
      }
      let team = try TeamCase(threads: 2, scheduling: .queue).make(NullProbe(), work)
      try team.start(probe: me)
      team.run(WorkPhase(0), count: 20, probe: me)
      team.stop(probe: me)
      #expect(othersDone.load(ordering: .relaxed) == 19)
    }

    @Test(
      "A team starts and stops again and again",
      arguments: Topology.allCases.flatMap { TeamCase.all(threads: 3, $0) })
    func restarts(_ teamCase: TeamCase) throws {
      let performed = Atomic(0)
      let probe = LogProbe()
      let main = probe.register(name: "main", role: .main)
      let work = ClosureWork<LogHandle> { _, _, _, _ in performed.add(1, ordering: .relaxed) }
      let team = try teamCase.make(probe, work)
      let created = teamCase.topology == .kissing ? 4 : 3
      team.stop(probe: main)  // Does nothing.
      for round in 1...20 {
        try team.start(probe: main)
        #expect(probe.registrations == 1 + created * round)
        if round % 2 == 0 { team.run(WorkPhase(0), count: 7, probe: main) }
        team.stop(probe: main)
        #expect(probe.logs.count == created * round)
        let names = ["worker-0", "worker-1", "worker-2"] + (created == 4 ? ["control-0"] : [])
        #expect(Set(probe.logs.suffix(created).map(\.name)) == Set(names))
      }
      #expect(performed.load(ordering: .relaxed) == 70)
      #expect(main.depth == 0)
      probe.retire(main)
      #expect(probe.logs.allSatisfy { $0.name.hasPrefix($0.role.rawValue) })

      // A barrier's generations go on across restarts, so that each names one episode.
      for site in ["work_start", "work_end"] where teamCase.scheduling == .barrier {
        let generations = probe.logs.last?.crossings.filter { $0.site == site }.map(\.generation)
        let episodes = Array(0..<UInt32(site == "work_start" ? 30 : 10))
        // With control the main thread's barriers are the first of two pairs.
        #expect(generations == (created == 4 ? episodes.map { 2 * $0 } : episodes))
      }
    }

    @Test(
      "A refused thread fails the start in a sentence and leaves nothing behind",
      arguments: Scheduling.allCases)
    func refusedThread(_ scheduling: Scheduling) throws {
      let probe = LogProbe()
      let main = probe.register(name: "main", role: .main)
      // Stacks of 16 TiB: a few fit into the address space, sixty-three do not.
      let team = try WorkerTeam(
        threads: 63, scheduling: scheduling, barrier: .futex, queueCapacity: 4, stackBytes: 1 << 44,
        probe: probe, work: ClosureWork<LogHandle> { _, _, _, _ in })
      for _ in 0..<2 {
        let error = #expect(throws: InputError.self) { try team.start(probe: main) }
        #expect(error?.description.contains("the kernel refused the thread worker-") == true)
        #expect(error?.isUsage == false)
        #expect(main.depth == 0)
      }
      #expect(probe.registrations == 1, "a worker of a failed start registered")
      team.stop(probe: main)
    }

    @Test(
      "An impossible team is refused in a sentence", arguments: [(0, 1), (-1, 1), (1_000_000_000, 1), (1, 0)])
    func impossibleTeams(threads: Int, queueCapacity: Int) {
      let error = #expect(throws: InputError.self) {
        _ = try WorkerTeam(
          threads: threads, scheduling: .queue, barrier: .futex, queueCapacity: queueCapacity,
          probe: NullProbe(), work: Work { _, _, _, _ in })
      }
      #expect(error?.isUsage == true)
    }

    @Test("Main waits in the states that the schedule's waits have", arguments: Scheduling.allCases)
    func mainStates(_ scheduling: Scheduling) throws {
      // One worker, which works until main waits for it: the states show it.
      let mainWaits = Atomic(false)
      let probe = LogProbe {
        if $0 == "latch.step_done" || $0 == "barrier.work_end" {
          mainWaits.store(true, ordering: .releasing)
        }
      }
      let me = probe.register(name: "main", role: .main)
      let team = try WorkerTeam(
        threads: 1, scheduling: scheduling, barrier: .futex, queueCapacity: 4, usableCPUs: 1,
        probe: probe,
        work: ClosureWork<LogHandle> { _, _, _, _ in
          yieldUntil { mainWaits.load(ordering: .acquiring) }
        })
      try team.start(probe: me)
      team.run(WorkPhase(0), count: 1, probe: me)
      team.awaitParked()
      team.stop(probe: me)
      probe.retire(me)
      let logs = Dictionary(uniqueKeysWithValues: probe.logs.map { ($0.name, $0) })
      let run = ["thread.create", "dispatch"]
      switch scheduling {
      case .barrier:
        #expect(
          logs["main"]?.entered == run + [
            "barrier.work_start", "barrier.work_end", "thread.join", "barrier.work_start",
          ])
        #expect(
          logs["worker-0"]?.entered == [
            "dispatch", "barrier.work_start", "barrier.work_end", "barrier.work_start",
          ])
      case .queue:
        #expect(logs["main"]?.entered == run + ["latch.step_done", "thread.join"])
        #expect(logs["main"]?.waits.map(\.site) == ["step_done"])
        #expect(logs["worker-0"]?.entered == ["dispatch", "queue.empty", "queue.empty"])
        #expect(logs["worker-0"]?.waits.map(\.site) == ["work_queue", "work_queue"])
      }
    }
  }
}
