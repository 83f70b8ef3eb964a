import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct TeamRecordingTests {
    static let rounds = 50

    /// The accounts of a team whose tasks are a given number of iterations long; long enough by default
    /// for the others' waits to be far longer than what the probe costs.
    private func accounts(
      of teamCase: TeamCase, iterations: @escaping @Sendable (_ index: Int) -> Int = { _ in 500_000 }
    ) throws -> RunAccounts {
      let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
      let useful = probe.state(StateDefinition(name: "forward", category: .useful))
      let me = probe.register(name: "main", role: .main)
      let work = ClosureWork<RecordingProbe.Handle> { _, index, _, handle in
        handle.enter(useful)
        var generator = SplitMix(seed: UInt64(index))
        var sum: UInt64 = 0
        for _ in 0..<iterations(index) { sum &+= generator.next() }
        if sum == 1 { yieldUntil { false } }  // Never: keeps the work from being dropped.
        handle.leave()
        handle.complete(tasks: 1, tokens: 0)
      }
      let team = try teamCase.make(probe, work)
      probe.openWindow()
      for _ in 0..<2 {
        try team.start(probe: me)
        for _ in 0..<(Self.rounds / 2) { team.run(WorkPhase(0), count: teamCase.threads, probe: me) }
        team.stop(probe: me)
      }
      probe.closeWindow()
      let accounts = probe.accounts()
      probe.retire(me)
      return accounts
    }

    @Test(
      "Each thread has each episode; its waits are the time in its barrier states",
      arguments: [TeamCase.all(threads: 1), TeamCase.all(threads: 3)].joined()
        .filter { $0.scheduling == .barrier })
    func barrierWaitsMatchStates(_ teamCase: TeamCase) throws {
      let accounts = try accounts(of: teamCase)
      #expect(accounts.warnings == [])
      #expect(
        accounts.threads.map(\.name).sorted()
          == ["main"] + (0..<teamCase.threads).map { "worker-\($0)" })
      // Two starts, each with a crossing that ends the team.
      let episodes = ["work_start": Self.rounds + 2, "work_end": Self.rounds]
      for (site, count) in episodes {
        #expect(accounts.threads.allSatisfy { $0.barriers[site]?.episodes == count })
        let lastArrivals = accounts.threads.map { $0.barriers[site]?.lastArrivals ?? 0 }
        #expect(lastArrivals.reduce(0, +) == count)
      }
      var (waits, inStates) = (Int64(0), Int64(0))
      for thread in accounts.threads {
        let own = thread.barriers.values.reduce(0) { $0 + $1.waitNs.count }
        let ownStates = thread.states.filter { $0.key.hasPrefix("barrier.") }.values
          .reduce(0) { $0 + $1.wallNs.count }
        // A wait lies inside its state; a hundredth for the conversion of ticks.
        #expect(own <= ownStates + ownStates / 100)
        (waits, inStates) = (waits + own, inStates + ownStates)
      }
      // The states also hold the probe's readings, and what a thread loses its CPU for between them.
      #expect(waits >= inStates / 2, "\(waits) of \(inStates) ns")
      #expect(accounts.threads.filter { $0.role == .worker }.allSatisfy { $0.tasks == Self.rounds })
    }

    @Test("A queue's waits are the time in its states", arguments: [1, 3])
    func queueWaitsMatchStates(threads: Int) throws {
      let accounts = try accounts(of: TeamCase(threads: threads, scheduling: .queue))
      #expect(accounts.warnings == [])
      #expect(accounts.threads.reduce(0) { $0 + $1.tasks } == Self.rounds * threads)
      for (role, site, state) in [
        (ThreadRole.main, "step_done", "latch.step_done"), (.worker, "work_queue", "queue.empty"),
      ] {
        for thread in accounts.threads.filter({ $0.role == role }) {
          let wait = try #require(thread.waits[site])
          let inStates = [state, state + ".spin"].reduce(0) {
            $0 + (thread.states[$1]?.wallNs.count ?? 0)
          }
          #expect(wait.count > 0 && wait.waitNs.count <= inStates + inStates / 100)
          if role == .main { #expect(wait.waitNs.count >= inStates / 2) }
        }
      }
    }

    @Test(
      "The books of a team with a control thread close, and say what it did",
      arguments: Scheduling.allCases.flatMap { scheduling in
        [1, 13].map { TeamCase(threads: $0, scheduling: scheduling, topology: .kissing) }
      })
    func controlBooks(_ teamCase: TeamCase) throws {
      let accounts = try accounts(of: teamCase) { _ in 20_000 }
      #expect(accounts.warnings == [])
      #expect(accounts.threads.count == teamCase.threads + 2)
      for thread in accounts.threads {
        let booked = thread.states.values.reduce(0) { $0 + $1.wallNs.count }
        #expect(booked == thread.presentNs.count, "\(thread.name)")
      }
      let workers = accounts.threads.filter { $0.role == .worker }
      #expect(workers.reduce(0) { $0 + $1.tasks } == Self.rounds * teamCase.threads)

      let control = try #require(accounts.threads.first { $0.role == .control })
      #expect(control.name == "control-0" && control.tasks == 0)
      let useful = control.states.values.filter { $0.definition.category == .useful }
      #expect(useful.map(\.definition.name) == ["dispatch"])
      let waits = control.states.values.filter { $0.definition.category == .blocked }
      #expect(waits.allSatisfy { $0.definition.name.contains(".control_") })
      #expect(control.states.values.allSatisfy { $0.definition.category != .spin })
      let groups = min(teamCase.threads, 12)
      switch (teamCase.scheduling, teamCase.threads) {
      case (.barrier, 1), (.barrier, 13):
        // As a member of the main thread's group, and once for each of its own groups. With one worker
        // there is one group. Two starts, each with a crossing that ends the team.
        let pairs = 1 + (teamCase.threads == 1 ? 1 : groups)
        #expect(control.barriers["work_start"]?.episodes == pairs * (Self.rounds + 2))
        #expect(control.barriers["work_end"]?.episodes == pairs * Self.rounds)
      default:
        #expect(control.barriers.isEmpty)
        // The first command is always waited for; work that is done at once is not.
        #expect(control.waits["control_command"] != nil)
        #expect(Set(control.waits.keys).isSubset(of: ["control_command", "control_done"]))
      }
    }

    @Test("The late worker of an uneven partition is the one that arrives last")
    func namesTheLateWorker() throws {
      let accounts = try accounts(of: TeamCase(threads: 3, scheduling: .barrier, barrier: .futex)) {
        $0 == 2 ? 500_000 : 1000
      }
      let last = accounts.threads.map { ($0.name, $0.barriers["work_end"]?.lastArrivals ?? 0) }
      #expect(last.max { $0.1 < $1.1 }?.0 == "worker-2", "\(last)")
    }
  }
}
