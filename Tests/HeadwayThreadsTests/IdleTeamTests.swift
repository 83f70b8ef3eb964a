import Glibc
import HeadwayProbes
import HeadwayTestSupport
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct IdleTeamTests {
    static let sleepingTeams: [TeamCase] = Topology.allCases.flatMap { topology in
      [.pthread, .futex, .spinThenBlock].map {
        TeamCase(threads: 63, scheduling: .barrier, topology: topology, barrier: $0)
      } + [TeamCase(threads: 63, scheduling: .queue, topology: topology)]
    }

    @Test("While the input stalls, all threads of a run use less than 1 % of a CPU", arguments: sleepingTeams)
    func stalledRunSleeps(_ teamCase: TeamCase) throws {
      let stalled = StalledRun(teamCase)
      defer { stalled.finish() }
      let threads = stalled.probe.threads
      #expect(threads.count == 65 + (teamCase.topology == .kissing ? 1 : 0))
      #expect(Set(threads.map(\.name)).count == threads.count)

      let (cpuBefore, before) = (stalled.cpuNanoseconds(), cpuNanoseconds(of: CLOCK_MONOTONIC))
      // The interval that is measured; nothing is waited for.
      usleep(200_000)
      let (cpuAfter, after) = (stalled.cpuNanoseconds(), cpuNanoseconds(of: CLOCK_MONOTONIC))
      let share = Double(cpuAfter - cpuBefore) / Double(after - before)
      #expect(share < 0.01, "\(cpuAfter - cpuBefore) ns of CPU time in \(after - before) ns")
    }

    @Test("The same clocks see a polling team: its CPU time grows while the input stalls")
    func pollingTeamDoesNotSleep() throws {
      let stalled = StalledRun(TeamCase(threads: 2, scheduling: .barrier, barrier: .spin))
      defer { stalled.finish() }
      let before = stalled.cpuNanoseconds()
      yieldUntil { stalled.cpuNanoseconds() - before > 2_000_000 }
    }
  }
}

/// A team that has worked, a prefetch thread whose source delivers nothing, and a main thread that waits
/// for it: all on threads of their own, until ``finish()``.
private final class StalledRun: Sendable {
  let probe: LogProbe
  private let main: TestThread
  private let supply: EventGate

  /// Returns when the main thread waits for input and every worker for work.
  init(_ teamCase: TeamCase) {
    let (supply, prefetchWaits, mainWaits) = (EventGate(), EventGate(), EventGate())
    let probe = LogProbe { if $0 == "prefetch.not_ready" { mainWaits.open() } }
    self.supply = supply
    self.probe = probe
    main = TestThread {
      let me = probe.register(name: "main", role: .main)
      do {
        let team = try teamCase.make(probe, ClosureWork<LogHandle> { _, _, _, _ in })
        try team.start(probe: me)
        team.run(WorkPhase(0), count: 2 * teamCase.threads, probe: me)
        let prefetcher = Prefetcher(slots: [EmptySlot()], probe: probe) { _, _ in
          prefetchWaits.open()
          return supply.wait()
        }
        try prefetcher.start()
        team.awaitParked()
        let slot = prefetcher.take(probe: me)
        precondition(slot != nil, "the prefetch thread ended")
        team.run(WorkPhase(0), count: 2 * teamCase.threads, probe: me)
        slot.map(prefetcher.giveBack)
        prefetcher.stop(probe: me)
        team.stop(probe: me)
      } catch {
        preconditionFailure("\(error)")
      }
      probe.retire(me)
    }
    precondition(prefetchWaits.wait() && mainWaits.wait(), "the run does not wait for input")
  }

  /// CPU time of all threads of the run so far.
  func cpuNanoseconds() -> Int64 {
    probe.threads.reduce(0) { $0 + HeadwayThreadsTests.cpuNanoseconds(of: $1.cpuClock) }
  }

  /// Lets the input come and the threads end.
  func finish() {
    supply.open()
    main.join()
  }
}

/// A slot of a prefetcher that holds nothing.
private final class EmptySlot: Sendable {}
