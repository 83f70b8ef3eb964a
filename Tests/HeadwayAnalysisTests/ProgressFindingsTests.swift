import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What is said of who completes tasks and when, on values: periods of 10 ms, a second in all.
@Suite struct ProgressFindingsTests {
  static let names = ["livelock", "deadlock", "starvation", "attrition", "hogging"]

  /// A worker that completed so many tasks in each of 100 periods.
  private struct Worker {
    var perPeriod: [Int]
    var usefulMs: Int64 = 900
    var delayMs: Int64 = 0
    var endedMs: Int64?

    static func steady(_ count: Int = 2) -> Worker { Worker(perPeriod: .init(repeating: count, count: 100)) }
    /// As ``steady(_:)`` up to a period, and nothing after it.
    static func until(_ period: Int, endedMs: Int64? = nil, delayMs: Int64 = 0) -> Worker {
      Worker(
        perPeriod: (0..<100).map { $0 < period ? 2 : 0 }, usefulMs: Int64(period) * 9, delayMs: delayMs,
        endedMs: endedMs)
    }
  }

  private func findings(
    _ workers: [Worker], usableCpus: Double? = 2, _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> [Finding] {
    var configuration = RunConfiguration()
    configuration.batchesPerStep = 8
    configuration.threads = workers.count
    change(&configuration)
    let threads = workers.enumerated().map { number, worker in
      let tasks = worker.perPeriod.reduce(0, +)
      var account = ThreadAccounts.literal(
        "worker-\(number)", presentMs: worker.endedMs ?? 1_000,
        states: [
          (.useful("forward"), worker.usefulMs + worker.delayMs, worker.usefulMs),
          (
            .blocked("queue.empty", site: "work_queue"),
            (worker.endedMs ?? 1_000) - worker.usefulMs - worker.delayMs, 0
          ),
        ], runDelayMs: worker.delayMs, tasks: tasks, tokens: tasks * 16)
      account.progress = ThreadProgress(
        periodNs: .milliseconds(10), tasks: worker.perPeriod,
        endedNs: worker.endedMs.map { .milliseconds($0) })
      return account
    }
    return summarize(
      configuration, accounts: .literal(windowMs: 1_000, threads: threads), usableCpus: usableCpus
    ).findings.filter { Self.names.contains($0.cause) }
  }

  private func queue(_ configuration: inout RunConfiguration) { configuration.scheduling = .queue }

  @Test func aSoundTeamYieldsNothing() {
    for count in [1, 2, 3, 8, 63] {
      for scheduling in Scheduling.allCases {
        let found = findings(.init(repeating: .steady(), count: count)) {
          $0.scheduling = scheduling
          $0.batchesPerStep = max(8, count)
        }
        #expect(found.isEmpty, "\(count) workers, \(scheduling)")
      }
    }
  }

  @Test func fewerTasksThanWorkersForceIdleWorkers() {
    let idle = Worker(perPeriod: .init(repeating: 0, count: 100), usefulMs: 0)
    let found = findings([.steady(), .until(5), idle, idle]) { $0.batchesPerStep = 2 }
    #expect(found.isEmpty)
  }

  @Test func wholeRoundsForceUnevenShares() {
    // Three tasks a step on two workers: worker 0 has two of them.
    let found = findings([.steady(2), .steady(1)]) { $0.batchesPerStep = 3 }
    #expect(found.isEmpty)
  }

  @Test func aWorkerThatStopsIsMissed() throws {
    let finding = try #require(findings([.steady(), .until(20), .steady()]).first)
    #expect(finding.cause == "attrition")
    #expect(
      finding.statement.hasPrefix(
        "worker-1 completed 40 tasks and then none for the last 800 ms, in which the others completed 320 more"
      ))
    #expect(finding.status == .untested && finding.saving > 0)
  }

  @Test func aSilenceThatChanceExplainsIsNone() {
    // Nine tasks of the others after the last of worker 1: (1/2)^9 · 2 is far from rare.
    #expect(findings([.steady(1), .until(91)], queue).isEmpty)
    #expect(!findings([.steady(1), .until(70)], queue).isEmpty)
  }

  @Test func aThreadThatEndsIsMissedWhateverTheQueue() throws {
    // Oversubscribed, so who takes how much is not judged; but it is gone.
    let team = [Worker.until(50, endedMs: 500)] + .init(repeating: .steady(), count: 62)
    let finding = try #require(findings(team, queue).first)
    #expect(finding.cause == "attrition")
    #expect(
      finding.statement.contains("worker-0 ended after 100 tasks and did not come back for the last 500 ms"))
    let last = [Worker.until(100, endedMs: 999)] + [Worker.steady()]
    #expect(findings(last).isEmpty, "it ended when the others did")
  }

  @Test func whoHasNoCPUTakesNoTask() {
    #expect(findings([.steady(), .until(20, delayMs: 700)], queue).isEmpty, "kept off the CPUs")
    let crowd = [Worker.steady(40)] + .init(repeating: Worker.until(1), count: 62)
    #expect(findings(crowd, queue).isEmpty, "63 workers on 2 CPUs")
    #expect(findings(.init(crowd.prefix(3)), usableCpus: nil, queue).isEmpty, "CPUs not known")
  }

  @Test func tasksTooShortForASleeperAreNotJudged() {
    // A task of 100 µs is over before another worker has woken up.
    var fast = Worker.steady(90)
    fast.usefulMs = 900
    #expect(findings([fast, .until(1)], queue).isEmpty)
  }

  @Test func aWorkerWithMostTasksIsNamed() throws {
    var rest = Worker(perPeriod: (0..<100).map { $0 % 10 == 0 ? 1 : 0 }, usefulMs: 50)
    let finding = try #require(findings([.steady(), rest], queue).first)
    #expect(finding.cause == "hogging")
    #expect(
      finding.statement.hasPrefix("worker-0 completed 95 % of the 210 tasks, where 50 % would be its share"))
    #expect(finding.change.contains("worker-0") && finding.saving > 0.3)
    // The same shares, but nobody idle: the others are slower.
    rest.usefulMs = 880
    #expect(findings([.steady(), rest], queue).isEmpty)
    // The same shares, but the other was kept off the CPUs.
    rest.usefulMs = 50
    rest.delayMs = 900
    #expect(findings([.steady(), rest], queue).isEmpty)
  }

  private func stall(
    _ verdict: StallReport.Verdict, _ number: Int = 1, state: String, activity: StalledThread.Activity,
    lastedMs: Int64? = nil
  ) -> StallReport {
    StallReport(
      number: number, verdict: verdict, silentNs: .milliseconds(400), observedNs: .milliseconds(300),
      lastedNs: lastedMs.map { .milliseconds($0) }, tasks: 12, steps: 3,
      threads: (0..<2).map { worker in
        StalledThread(
          name: "worker-\(worker)", role: .worker, thread: ThreadID(1), activity: activity,
          path: [.init(state: state, category: .spin, forNs: .milliseconds(400))],
          cpuNs: .milliseconds(activity == .asleep ? 0 : 285), runDelayNs: .zero, kernelState: "R",
          waitChannel: nil, tasks: 6, tokens: 60, lastProgressNs: .milliseconds(400))
      }, gaps: [])
  }

  private func summary(_ stalls: [StallReport]?, hasBooks: Bool = true) -> RunSummary {
    let line = String(repeating: "f", count: 1_000)
    let drawn = DrawnTimeline(main: String(repeating: "E", count: 1_000), workers: [line, line])
    return RunAnalysis.summarize(
      configuration: RunConfiguration(), completed: hasBooks, accounts: hasBooks ? drawn.accounts : nil,
      stepDurations: .init(repeating: .milliseconds(100), count: 6),
      loss: LossCurve(train: [], validation: [], trainBitsHash: "", weightBitsHash: ""),
      memory: MemorySummary(peakRssBytes: nil, components: [:]), stalls: stalls, warnings: [], usableCpus: 2)
  }

  @Test func stallsBecomeFindings() throws {
    let spinning = stall(.livelock, state: "queue.empty.spin", activity: .spinning)
    let finding = try #require(summary([spinning]).findings.first { $0.cause == "livelock" })
    #expect(
      finding.statement.hasPrefix(
        "Nothing was completed for 400 ms, after 12 tasks and 3 steps, while the threads burnt 1.9 CPUs in"
          + " queue.empty.spin (2 threads)."))
    #expect(abs(finding.saving - 0.4) < 1e-12)
    let asleep = stall(.deadlock, 2, state: "barrier.work_end", activity: .asleep, lastedMs: 500)
    let both = summary([spinning, asleep]).findings.map(\.cause)
    #expect(both.contains("livelock") && both.contains("deadlock"))
    let starved = summary([stall(.starved, state: "forward", activity: .starved)]).findings
    #expect(starved.contains { $0.cause == "starvation" && $0.statement.contains("in forward (2 threads)") })
    #expect(!summary([]).findings.contains { Self.names.contains($0.cause) })
    #expect(!summary(nil).findings.contains { Self.names.contains($0.cause) })
  }

  @Test func aRunWithoutBooksStillHasItsStalls() throws {
    let partial = summary(
      [stall(.deadlock, state: "barrier.work_end", activity: .asleep)], hasBooks: false)
    let finding = try #require(partial.findings.first)
    #expect(finding.cause == "deadlock" && partial.findings.count == 1)
    // 400 ms of silence beside six steps of 100 ms.
    #expect(abs(finding.saving - 0.4) < 1e-12)
  }

  @Test func ratesStandBesideTheTimers() throws {
    let line = String(repeating: "f", count: 500)
    var drawn = DrawnTimeline(main: String(repeating: "E", count: 500), workers: [line, line])
    drawn.tasks = ["worker-0": 10, "worker-1": 0]
    let run = drawn.summary(usableCpus: 2)
    #expect(run.threads.first { $0.name == "worker-0" }?.tasksPerSecond == 20)
    #expect(run.threads.first { $0.name == "worker-1" }?.tasksPerSecond == 0)
    #expect(abs((run.throughput.stepsPerSecond ?? 0) - 1_000) < 1e-9, "twenty steps of a millisecond")
  }
}
