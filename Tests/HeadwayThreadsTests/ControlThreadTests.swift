import Glibc
import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct ControlThreadTests {
    @Test("Deep trees perform every task once, and order memory both ways", arguments: TeamCase.large)
    func deepTrees(_ teamCase: TeamCase) throws {
      let count = 2 * teamCase.threads + 1
      // Plain memory, written in turns: only the team orders it.
      nonisolated(unsafe) let cells = UnsafeMutablePointer<Int>.allocate(capacity: count)
      cells.initialize(repeating: 0, count: count)
      defer { cells.deallocate() }
      let me = NullProbe.Handle()
      let team = try teamCase.make(
        NullProbe(), ClosureWork<NullProbe.Handle> { _, index, _, _ in cells[index] = 3 * cells[index] + 1 })
      for _ in 0..<2 {
        try team.start(probe: me)
        for tasks in [count, 1, 0, teamCase.threads - 1] {
          for index in 0..<count { cells[index] = index }
          team.run(WorkPhase(0), count: tasks, probe: me)
          #expect((0..<count).allSatisfy { cells[$0] == ($0 < tasks ? 3 * $0 + 1 : $0) })
        }
        team.stop(probe: me)
      }
    }

    static let trees: [TeamCase] = [1, 12, 63, 145].flatMap { threads in
      Scheduling.allCases.map { TeamCase(threads: threads, scheduling: $0, topology: .kissing) }
    }

    @Test("Tasks are performed on workers only, each on its own thread", arguments: trees)
    func controlThreadsPerformNothing(_ teamCase: TeamCase) throws {
      struct Place: Hashable { var worker: Int, name: String, role: ThreadRole }
      let places = Mutex<Set<Place>>([])
      let probe = LogProbe()
      let me = probe.register(name: "main", role: .main)
      let team = try teamCase.make(
        probe,
        ClosureWork<LogHandle> { _, _, worker, handle in
          let log = handle.log
          _ = places.withLock {
            $0.insert(Place(worker: worker.rawValue, name: log.name, role: log.role))
          }
        })
      try team.start(probe: me)
      team.run(WorkPhase(0), count: 3 * teamCase.threads, probe: me)
      team.stop(probe: me)
      let seen = places.withLock { $0 }
      #expect(!seen.isEmpty)
      #expect(seen.allSatisfy { $0.role == .worker && $0.name == "worker-\($0.worker)" })

      let controls = probe.threads.filter { $0.role == .control }.map(\.name)
      #expect(controls.sorted() == team.tree.controls.indices.map { "control-\($0)" }.sorted())
      #expect(probe.threads.count == 1 + teamCase.threads + controls.count)
      #expect(probe.logs.count == teamCase.threads + controls.count, "a thread was not retired")
    }

    @Test("Where a control thread waits, and for whom")
    func controlStates() throws {
      for scheduling in Scheduling.allCases {
        let probe = LogProbe()
        let me = probe.register(name: "main", role: .main)
        // Queues with room for all tasks, so that nobody waits for room.
        let teamCase = TeamCase(
          threads: 145, scheduling: scheduling, topology: .kissing, barrier: .spin, queueCapacity: 512)
        let team = try teamCase.make(probe, ClosureWork<LogHandle> { _, _, _, _ in })
        try team.start(probe: me)
        team.run(WorkPhase(0), count: 290, probe: me)
        team.stop(probe: me)
        let controls = probe.logs.filter { $0.role == .control }
        #expect(controls.count == 3)
        for control in controls {
          // The root has two children that meet in one group, or have a queue each; a lowest one has its
          // twelve groups, or one queue.
          let groups = control.name == "control-0" ? 1 : 12
          var expected = ["dispatch": 1]
          switch scheduling {
          case .barrier:
            expected["barrier.control_command"] = 2
            expected["barrier.control_open"] = 2 * groups
            expected["barrier.control_collect"] = groups
            expected["barrier.control_report"] = 1
            let crossings = Dictionary(grouping: control.crossings, by: \.site).mapValues(\.count)
            #expect(crossings == ["work_start": 2 + 2 * groups, "work_end": 1 + groups])
          case .queue:
            expected["queue.control_command"] = 2
            expected["latch.control_done"] = control.name == "control-0" ? 2 : 1
          }
          let entered = Dictionary(grouping: control.entered, by: \.self).mapValues(\.count)
          // A command that is there, or work that is done, is not waited for.
          #expect(entered.allSatisfy { $0.value <= expected[$0.key] ?? 0 }, "\(control.name): \(entered)")
          if scheduling == .barrier { #expect(entered == expected, "\(control.name)") }
        }
      }
    }

    @Test("Each episode of a tree's barriers has one release and one participant named last")
    func episodesOfATree() throws {
      let rounds = 3
      for threads in [1, 12, 63, 145] {
        let probe = LogProbe()
        let me = probe.register(name: "main", role: .main)
        let teamCase = TeamCase(threads: threads, scheduling: .barrier, topology: .kissing)
        let team = try teamCase.make(probe, ClosureWork<LogHandle> { _, _, _, _ in })
        try team.start(probe: me)
        for _ in 0..<rounds { team.run(WorkPhase(0), count: threads, probe: me) }
        team.stop(probe: me)
        probe.retire(me)
        // A pair of barriers for each group, and for those above: main's, and each upper control thread's.
        let pairs = team.tree.groups.count + 1 + team.tree.controls.count { !$0.children.isEmpty }
        for (site, count) in ["work_start": rounds + 1, "work_end": rounds] {
          let episodes = Dictionary(
            grouping: probe.logs.flatMap { $0.crossings.filter { $0.site == site } }, by: \.generation)
          #expect(episodes.count == pairs * count)
          for crossings in episodes.values {
            #expect((2...13).contains(crossings.count))
            #expect(Set(crossings.map(\.release)).count == 1)
            #expect(crossings.map(\.arrival).max() == crossings[0].release)
            #expect(crossings.filter(\.wasLast).count == 1)
          }
        }
      }
    }

    @Test("A refused thread leaves no control thread behind", arguments: Scheduling.allCases)
    func refusedThread(_ scheduling: Scheduling) throws {
      let probe = LogProbe()
      let main = probe.register(name: "main", role: .main)
      // Stacks of 16 TiB: a few fit into the address space, sixty-three do not.
      let team = try WorkerTeam(
        threads: 63, scheduling: scheduling, topology: .kissing, barrier: .futex, queueCapacity: 4,
        stackBytes: 1 << 44, probe: probe, work: ClosureWork<LogHandle> { _, _, _, _ in })
      for _ in 0..<2 {
        #expect(throws: InputError.self) { try team.start(probe: main) }
        #expect(main.depth == 0)
      }
      #expect(probe.registrations == 1, "a thread of a failed start registered")
      team.stop(probe: main)
    }

    static let busyTeams: [TeamCase] = Scheduling.allCases.flatMap { scheduling in
      [1, 13].map { TeamCase(threads: $0, scheduling: scheduling, topology: .kissing, barrier: .spin) }
    }

    @Test("While the workers compute, control sleeps, even beside spinning workers", arguments: busyTeams)
    func controlSleepsWhileWorkersCompute(_ teamCase: TeamCase) throws {
      let probe = LogProbe()
      let me = probe.register(name: "main", role: .main)
      let team = try teamCase.make(
        probe,
        ClosureWork<LogHandle> { _, index, _, _ in
          // A polling thread would never be seen asleep.
          if index == 0 { yieldUntil { isAsleep("control-0") } }
          let own = ownCPUClock()
          let start = cpuNanoseconds(of: own)
          while cpuNanoseconds(of: own) - start < 60_000_000 / Int64(teamCase.threads) {}
        })
      try team.start(probe: me)
      let control = try #require(probe.threads.first { $0.role == .control })
      let (cpuBefore, before) = (cpuNanoseconds(of: control.cpuClock), cpuNanoseconds(of: CLOCK_MONOTONIC))
      team.run(WorkPhase(0), count: teamCase.threads, probe: me)
      let (cpuAfter, after) = (cpuNanoseconds(of: control.cpuClock), cpuNanoseconds(of: CLOCK_MONOTONIC))
      team.stop(probe: me)
      let share = Double(cpuAfter - cpuBefore) / Double(after - before)
      #expect(share < 0.02, "\(cpuAfter - cpuBefore) ns of CPU time in \(after - before) ns")
    }
  }
}
