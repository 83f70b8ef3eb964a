import Glibc
import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct IdleTeamTests {
    static let sleepingTeams: [TeamCase] =
      [.pthread, .futex, .spinThenBlock].map {
        TeamCase(threads: 63, scheduling: .barrier, barrier: $0)
      } + [TeamCase(threads: 63, scheduling: .queue)]

    @Test("Sixty-three workers without work use less than 1 % of a CPU", arguments: sleepingTeams)
    func idleTeamSleeps(_ teamCase: TeamCase) throws {
      let own = ownCPUClock()
      let share = try withParkedTeam(teamCase) { workersCPU in
        let (ownBefore, workersBefore) = (cpuNanoseconds(of: own), workersCPU())
        var generator = SplitMix(seed: 1)
        var sum: UInt64 = 0
        for _ in 0..<200_000_000 { sum &+= generator.next() }
        #expect(sum != 0)
        return Double(workersCPU() - workersBefore) / Double(cpuNanoseconds(of: own) - ownBefore)
      }
      #expect(share < 0.01)
    }

    @Test("The same clocks see a polling team: its CPU time grows while it has no work")
    func pollingTeamDoesNotSleep() throws {
      try withParkedTeam(TeamCase(threads: 2, scheduling: .barrier, barrier: .spin)) { workersCPU in
        let before = workersCPU()
        yieldUntil { workersCPU() - before > 2_000_000 }
      }
    }

    /// Runs `body` while a team has no work; `body` may read the sum of the workers' CPU clocks.
    private func withParkedTeam<Result>(
      _ teamCase: TeamCase, _ body: (_ workersCPU: () -> Int64) throws -> Result
    ) throws -> Result {
      let clocks = Mutex<[clockid_t]>([])
      let started = Atomic(0)
      let work = ClosureWork<NullProbe.Handle> { _, _, _, _ in
        // Each worker takes exactly one task: none returns before all have one.
        clocks.withLock { $0.append(ownCPUClock()) }
        started.add(1, ordering: .releasing)
        yieldUntil { started.load(ordering: .acquiring) == teamCase.threads }
      }
      let me = NullProbe.Handle()
      let team = try teamCase.make(NullProbe(), work)
      try team.start(probe: me)
      defer { team.stop(probe: me) }
      team.run(WorkPhase(0), count: teamCase.threads, probe: me)
      team.awaitParked()
      let workers = clocks.withLock { $0 }
      #expect(workers.count == teamCase.threads)
      return try body { workers.reduce(0) { $0 + cpuNanoseconds(of: $1) } }
    }
  }
}
