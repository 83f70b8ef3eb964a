import HeadwayAnalysis
import HeadwayTrace
import Testing

@Suite struct SummaryTests {
  @Test func throughputIsTokensOfKeptStepsOverTheirDurations() {
    var configuration = RunConfiguration()
    (configuration.batchesPerStep, configuration.batchSize, configuration.sequenceLength) = (2, 4, 10)
    // One slow first step, then a steady series: the first is warm-up.
    var steps = (0..<30).map { Nanoseconds(10_000_000 + Int64($0 % 5) * 1_000) }
    steps[0] = Nanoseconds(500_000_000)
    let throughput = summarize(configuration, accounts: nil, steps: steps).throughput
    let kept = steps[1...].reduce(Nanoseconds.zero, +)
    #expect(throughput.warmupSteps == 1)
    #expect(throughput.tokensPerSecond == 29 * 80 / kept.seconds)
    #expect(throughput.stepNs.median == Nanoseconds(10_002_000))
    #expect(throughput.stepNs.lower <= throughput.stepNs.median)
    #expect(throughput.steps == 30)
    #expect(throughput.tokens == 2_400)
    #expect(throughput.stepsNs == steps)
  }

  @Test func noStepsAndFewStepsAreWarnedOf() {
    let none = summarize(RunConfiguration(), accounts: nil, steps: [])
    #expect(none.throughput.tokensPerSecond == 0)
    #expect(none.warnings.contains { $0.contains("no step was completed") })
    let few = summarize(RunConfiguration(), accounts: nil, steps: [ms(1), ms(1)])
    #expect(few.warnings.contains { $0.contains("too few to tell a warm-up") })
  }

  @Test func withoutProbesThereAreNoBooksAndNoFindings() {
    let summary = summarize(RunConfiguration(), accounts: nil)
    #expect(summary.books == nil)
    #expect(summary.threads.isEmpty)
    #expect(summary.findings.isEmpty)
    #expect(CellShares(of: summary) == nil)
  }

  @Test func clocksThatDisagreeAreNamedByThread() {
    var accounts = DrawnTimeline(main: "ffffffffff", workers: ["ffffffffff"]).accounts
    accounts.threads[1].cpuNs = ms(11)
    var warnings = summarize(RunConfiguration(), accounts: accounts).warnings
    #expect(warnings.contains { $0.contains("worker-0's states") && $0.contains("9.1 %") })
    #expect(!warnings.contains { $0.contains("main's states") })

    accounts.threads[1].cpuNs = ms(10)
    accounts.threads[1].scheduledNs = ms(8)
    accounts.threads[1].schedulingSlackNs = ms(2)
    warnings = summarize(RunConfiguration(), accounts: accounts).warnings
    #expect(!warnings.contains { $0.contains("scheduler") })
    accounts.threads[1].schedulingSlackNs = ms(1)
    warnings = summarize(RunConfiguration(), accounts: accounts).warnings
    #expect(warnings.contains { $0.contains("CPU clock of worker-0") })
  }

  @Test func unknownTimeAboveTheBudgetIsWarnedOf() {
    let drawn = DrawnTimeline(main: "fffffffff.", workers: [])
    #expect(drawn.summary().warnings.contains { $0.contains("10 %") && $0.contains("budget") })
  }

  @Test func lossesAreWarnedOf() {
    var accounts = DrawnTimeline(main: "ff", workers: []).accounts
    accounts.losses = RecordLosses(eventsDropped: 7, readingsFailed: 2)
    let summary = summarize(RunConfiguration(), accounts: accounts)
    #expect(summary.losses.eventsDropped == 7)
    #expect(summary.warnings.contains { $0.contains("7 events") })
    #expect(summary.warnings.contains { $0.contains("2 per-thread readings") })
  }

  @Test func barriersAndWaitsAddUpOverThreads() {
    var accounts = DrawnTimeline(main: "dEEr", workers: ["SffE", "SfEE"]).accounts
    accounts.threads[0].barriers["work_end"] = BarrierAccount(
      episodes: 3, imbalanceNs: ms(2), wakeupNs: ms(1), lastArrivals: 0)
    accounts.threads[1].barriers["work_end"] = BarrierAccount(
      episodes: 3, imbalanceNs: ms(1), wakeupNs: ms(0), lastArrivals: 2)
    accounts.threads[2].barriers["work_end"] = BarrierAccount(
      episodes: 3, imbalanceNs: ms(4), wakeupNs: ms(2), lastArrivals: 1)
    accounts.threads[1].waits["work_queue"] = WaitAccount(kind: .queueEmpty, count: 5, waitNs: ms(6))
    accounts.threads[2].waits["work_queue"] = WaitAccount(kind: .queueEmpty, count: 2, waitNs: ms(1))
    let summary = summarize(RunConfiguration(), accounts: accounts)
    #expect(
      summary.barriers == [
        BarrierSummary(
          site: "work_end", episodes: 3, waitNs: ms(10), imbalanceNs: ms(7), wakeupNs: ms(3),
          lastArrivals: ["worker-0": 2, "worker-1": 1],
          threadWaitNs: ["main": ms(3), "worker-0": ms(1), "worker-1": ms(6)],
          threadWakeupNs: ["main": ms(1), "worker-0": ms(0), "worker-1": ms(2)])
      ])
    #expect(
      summary.waits == [
        WaitSummary(
          site: "work_queue", kind: .queueEmpty, waits: 7, waitNs: ms(7),
          threadWaitNs: ["worker-0": ms(6), "worker-1": ms(1)])
      ])
  }

  @Test func sharesFollowTheirFormulas() throws {
    let drawn = DrawnTimeline(
      main: "aPdEEEEEro", workers: ["SSSfffRREE", "sSSffffQQE"], prefetch: "aaaPPPPPPP")
    let shares = try #require(CellShares(of: drawn.summary()))
    #expect(shares.inputWait == 0.2)
    #expect(shares.barrierIdle == 9.0 / 20)
    #expect(shares.queueIdle == 2.0 / 20)
    #expect(shares.useful == 7.0 / 20)
    #expect(shares.runnable == 2.0 / 20)
    #expect(shares.spin == 1.0 / 20)
    #expect(shares.unknown == 0)
    #expect(abs(shares.categories.values.reduce(0, +) - 1) < 1e-12)
    #expect(shares.categories["blocked"] == 23.0 / 40)
  }
}
