import Glibc
import HeadwayAnalysis
import HeadwayProbes
import HeadwayTestSupport
import HeadwayThreads
import HeadwayTrace
import Testing

extension ThreadsTests {
  /// Who does the work, on real threads: a worker that leaves, a worker that takes nearly everything, and
  /// sound runs that look similar.
  @Suite(.serialized) struct SharingTests {
    /// What worker 1 does after the first epoch.
    enum Leaving: CaseIterable { case ends, waitsForEver, staysInTheTeam }

    /// Computes until the calling thread has used this much CPU time.
    private static func burn(microseconds: Int64) {
      let clock = ownCPUClock()
      let start = cpuNanoseconds(of: clock)
      while cpuNanoseconds(of: clock) < start + microseconds * 1_000 {}
    }

    private func findings(_ probe: RecordingProbe) -> [Finding] { summary(probe).findings }

    private func summary(_ probe: RecordingProbe, tasksPerStep: Int = 4) -> RunSummary {
      var configuration = RunConfiguration()
      configuration.batchesPerStep = tasksPerStep
      return RunAnalysis.summarize(
        configuration: configuration, completed: true, accounts: probe.accounts(), stepDurations: [],
        loss: LossCurve(train: [], validation: [], trainBitsHash: "", weightBitsHash: ""),
        memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [], usableCpus: 2)
    }

    /// Two workers in turns, so that neither depends on how the machine shares its CPUs: worker 0 does
    /// `tasks.0` in each epoch, worker 1 `tasks.1` while it takes part.
    private func run(
      epochs: Int, tasks: (Int, Int), leaving: Leaving, leavesAfter first: Int = 1,
      taskMicroseconds: Int64 = 300
    ) throws -> RecordingProbe {
      let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
      let forward = probe.state(.useful("forward"))
      let site = WaitSite("work_queue", kind: .queueEmpty, state: "queue.empty", polls: false, probe: probe)
      let turns = (0..<2).map { _ in MPMCQueue<UInt32>(capacity: 256, polling: .never) }
      let done = MPMCQueue<UInt32>(capacity: 256, polling: .never)
      let workers = (0..<2).map { number in
        TestThread {
          let me = probe.register(name: "worker-\(number)", role: .worker)
          while let count = turns[number].pop(at: site, probe: me), count != .max {
            for _ in 0..<count {
              me.enter(forward)
              Self.burn(microseconds: taskMicroseconds)
              me.leave()
              me.complete(tasks: 1, tokens: 16)
            }
            done.tryPush(0)
          }
          probe.retire(me)
          done.tryPush(0)
        }
      }
      let main = probe.register(name: "main", role: .main)
      let doneSite = WaitSite("done", kind: .latch, state: "latch.done", polls: false, probe: probe)
      yieldUntil { probe.look().count == 3 }
      probe.openWindow()
      for epoch in 0..<epochs {
        let takesPart = leaving == .staysInTheTeam || epoch < first
        for (number, count) in [tasks.0, takesPart ? tasks.1 : 0].enumerated() where count > 0 {
          turns[number].tryPush(UInt32(count))
          _ = done.pop(at: doneSite, probe: main)
        }
        if epoch == first - 1, leaving == .ends {
          turns[1].tryPush(.max)
          _ = done.pop(at: doneSite, probe: main)
        }
      }
      probe.closeWindow()
      for turn in turns { turn.close() }
      for worker in workers { worker.join() }
      probe.retire(main)
      return probe
    }

    @Test("a worker whose thread ends after the first epoch is missed", Deadline(), .timeLimit(.minutes(2)))
    func ends() throws {
      let finding = try #require(
        findings(try run(epochs: 4, tasks: (16, 16), leaving: .ends)).first { $0.cause == "attrition" })
      #expect(finding.statement.hasPrefix("worker-1 ended after 16 tasks and did not come back"))
      #expect(
        finding.evidence.contains { $0.query.hasPrefix("tasks completed by the others") && $0.value > 30 })
    }

    @Test(
      "a worker that is there and does nothing after the first epoch is missed", Deadline(),
      .timeLimit(.minutes(2)))
    func stopsTakingPart() throws {
      let finding = try #require(
        findings(try run(epochs: 6, tasks: (16, 16), leaving: .waitsForEver)).first {
          $0.cause == "attrition"
        })
      #expect(finding.statement.hasPrefix("worker-1 completed 16 tasks and then none"))
      #expect(finding.statement.contains("most of its time it was in queue.empty"))
    }

    @Test("a worker that gets nearly all tasks is named", Deadline(), .timeLimit(.minutes(2)))
    func hogs() throws {
      let summary = summary(try run(epochs: 4, tasks: (30, 1), leaving: .staysInTheTeam))
      let findings = summary.findings
      let finding = try #require(findings.first { $0.cause == "hogging" })
      #expect(finding.statement.hasPrefix("worker-0 completed 97 % of the 124 tasks"))
      #expect(!findings.contains { $0.cause == "attrition" })
      // Half of what the one did could have been the other's: on a busy machine both did less of the time.
      let busy = try #require(summary.threads.first { $0.name == "worker-0" })
      #expect(finding.saving > 0.25 * busy.time(.useful).seconds / busy.wallNs.seconds)
    }

    @Test("even shares are nobody's fault", Deadline(), .timeLimit(.minutes(2)))
    func sound() throws {
      let findings = findings(try run(epochs: 4, tasks: (16, 16), leaving: .staysInTheTeam))
      #expect(!findings.contains { ["attrition", "hogging", "livelock", "deadlock"].contains($0.cause) })
    }
  }
}
