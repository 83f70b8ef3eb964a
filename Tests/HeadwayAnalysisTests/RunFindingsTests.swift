import HeadwayAnalysis
import HeadwayTrace
import Testing

@Suite struct RunFindingsTests {
  private func causes(_ findings: [Finding]) -> [String] { findings.map(\.cause) }

  private func workEnd(
    imbalance: [Int], wakeup: Int = 0, last: [Int], main: Int = 0
  ) -> [String: [String: BarrierAccount]] {
    var result = [
      "main": [
        "work_end": BarrierAccount(
          episodes: last.reduce(0, +), imbalanceNs: ms(main), wakeupNs: ms(wakeup), lastArrivals: 0)
      ]
    ]
    for (index, wait) in imbalance.enumerated() {
      result["worker-\(index)"] = [
        "work_end": BarrierAccount(
          episodes: last.reduce(0, +), imbalanceNs: ms(wait), wakeupNs: .zero, lastArrivals: last[index])
      ]
    }
    return result
  }

  private func configuration(_ change: (inout RunConfiguration) -> Void = { _ in }) -> RunConfiguration {
    var configuration = RunConfiguration()
    change(&configuration)
    return configuration
  }

  @Test func healthyRunYieldsNothing() {
    let line = String(repeating: "f", count: 197) + "SEE"
    let main = String(repeating: "E", count: 199) + "d"
    let drawn = DrawnTimeline(main: main, workers: [line, line])
    #expect(drawn.summary(usableCpus: 2).findings.isEmpty)
    #expect(drawn.summary(usableCpus: nil).findings.isEmpty)
  }

  @Test func serialSectionNamesItsStateAndShare() throws {
    let worker = "SSSSSSfffffffffffff" + "E"
    let drawn = DrawnTimeline(main: "rrrroo" + String(repeating: "E", count: 14), workers: [worker, worker])
    let finding = try #require(drawn.summary(usableCpus: 4).findings.first)
    #expect(finding.cause == "serial_section")
    #expect(finding.statement.contains("waited 30 % of their time to be given work"))
    #expect(finding.statement.contains("reduce (20 %) and optimize (10 %)"))
    #expect(finding.statement.contains("is consistent with a serial section"))
    #expect(finding.change.hasPrefix("reduction: segmented"))
    #expect(finding.status == .untested)
    // s·(1 − 1/min(n, c)) = 0.3 · (1 − 1/2)
    #expect(abs(finding.saving - 0.15) < 1e-12)
    // Useful CPU time fills 32 of 40 worker-milliseconds: no more than a fifth could vanish.
    #expect(finding.saving <= 0.2)
  }

  @Test func serialSectionOfOneWorkerSavesNothing() {
    let drawn = DrawnTimeline(main: "rrrroEEEEE", workers: ["SSSSSfffff"])
    #expect(!causes(drawn.summary(usableCpus: 2).findings).contains("serial_section"))
  }

  @Test func savingNeverExceedsTheSlackOfTheCPUs() throws {
    // Four workers on two CPUs that are busy nearly all the time: the waits cost almost nothing.
    let drawn = DrawnTimeline(
      main: "rrEEEEEEEE",
      workers: ["SSffffRRRR", "SSRRRRffff", "SSffffRRRR", "SSRRRRffff"])
    for finding in drawn.summary(usableCpus: 2).findings { #expect(finding.saving <= 0.1 + 1e-12) }
  }

  @Test func fixedLateThreadIsNamed() throws {
    var drawn = DrawnTimeline(
      main: "dEEEEEEEEE", workers: ["SfffffffffE".dropLast().description, "SffffffEEE"])
    drawn.barriers = workEnd(imbalance: [0, 30], last: [19, 1], main: 90)
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(finding.cause == "load_imbalance")
    #expect(finding.statement.contains("worker-0 was the last to arrive in 95 % of the steps"))
    #expect(finding.statement.contains("consistent with worker-0 being slower or given more work"))
    #expect(abs(finding.saving - 0.15) < 1e-12)
    #expect(finding.change.hasPrefix("scheduling: queue"))
  }

  @Test func rotatingLateThreadIsNotBlamedOnOne() throws {
    var drawn = DrawnTimeline(main: "dEEEEEEEEE", workers: ["SfffffffEE", "SfffffffEE"])
    drawn.barriers = workEnd(imbalance: [20, 20], last: [10, 10], main: 90)
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(finding.cause == "load_imbalance")
    #expect(finding.statement.contains("no one worker is the late one"))
    #expect(finding.statement.contains("task durations that vary"))
  }

  @Test func wakeupIsLatencyAndNotImbalance() throws {
    var drawn = DrawnTimeline(main: "dEEEEEEEEE", workers: ["SfffffffEE", "SfffffffEE"])
    drawn.barriers = workEnd(imbalance: [0, 0], wakeup: 40, last: [10, 10], main: 40)
    for name in ["worker-0", "worker-1"] {
      drawn.barriers[name]?["work_end"]?.wakeupNs = ms(20)
    }
    let found = causes(drawn.summary(usableCpus: 2).findings)
    #expect(found.contains("barrier_latency"))
    #expect(!found.contains("load_imbalance"))
  }

  @Test func wakeupThatDelaysNoWorkIsNoLatency() throws {
    // The main thread goes on at once; the workers wake late, only to wait for the next step.
    var drawn = DrawnTimeline(main: "dEEEEEEEEE", workers: ["SfffffffEE", "SfffffffEE"])
    drawn.barriers = workEnd(imbalance: [0, 0], last: [10, 10], main: 80)
    for name in ["worker-0", "worker-1"] {
      drawn.barriers[name]?["work_end"]?.wakeupNs = ms(20)
    }
    #expect(!causes(drawn.summary(usableCpus: 2).findings).contains("barrier_latency"))
  }

  @Test func unevenTasksComeBeforeImbalance() throws {
    // Three tasks on two workers: the second round has one task, half of two rounds · one worker is idle.
    var drawn = DrawnTimeline(main: "EEEEEEEEEE", workers: ["ffffffffff", "fffffEEEEE"])
    drawn.barriers = workEnd(imbalance: [0, 50], last: [10, 0], main: 100)
    let summary = drawn.summary(configuration { $0.batchesPerStep = 3 }, usableCpus: 2)
    #expect(causes(summary.findings) == ["uneven_tasks"])
    #expect(abs(summary.findings[0].saving - 0.25) < 1e-12)
    #expect(summary.findings[0].statement.contains("3 tasks a step do not divide by 2 workers"))
  }

  @Test func oversubscriptionNeedsMoreWorkersThanCPUs() throws {
    let drawn = DrawnTimeline(
      main: "EEEEEEEEEE", workers: ["ffffffRRRR", "RRRRffffff", "ffffRRffff", "RRffRRffRR"])
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first { $0.cause == "oversubscription" })
    #expect(finding.statement.contains("4 workers share 2 CPUs"))
    #expect(finding.statement.contains("40 % of their time"))
    #expect(finding.change == "threads: 2")
    #expect(!causes(drawn.summary(usableCpus: 4).findings).contains("oversubscription"))
    #expect(!causes(drawn.summary(usableCpus: nil).findings).contains("oversubscription"))
  }

  @Test func otherLoadIsNotOversubscription() throws {
    // Two workers on two CPUs, each off the CPU for half of the time: somebody else is on it.
    let drawn = DrawnTimeline(main: "EEEEEEEEEE", workers: ["fRfRfRfRfR", "RfRfRfRfRf"])
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(finding.cause == "foreign_load")
    #expect(abs(finding.saving - 0.5) < 1e-12)
    #expect(finding.statement.contains("while the run used 50 % of the CPU time"))
    #expect(!causes(drawn.summary(usableCpus: nil).findings).contains("foreign_load"))
  }

  @Test func otherLoadIsWhatOthersTook() throws {
    // Off the CPU for half of the time, and others took a tenth of the CPUs: the rest is not put down to them.
    var drawn = DrawnTimeline(main: "EEEEEEEEEE", workers: ["fRfRfRfRfR", "RfRfRfRfRf"])
    drawn.foreign = ForeignTime(processesNs: ms(2), stolenNs: .zero)
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(finding.cause == "foreign_load" && abs(finding.saving - 0.1) < 1e-12)
    #expect(finding.statement.contains("while other processes used 10 % of the CPU time"))
    drawn.foreign = ForeignTime(processesNs: ms(2), stolenNs: ms(6))
    let stolen = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(abs(stolen.saving - 0.4) < 1e-12 && stolen.statement.contains("and the hypervisor took 30 %"))
    drawn.foreign = ForeignTime(processesNs: .zero, stolenNs: nil)
    #expect(!causes(drawn.summary(usableCpus: 2).findings).contains("foreign_load"))
  }

  @Test func readyTimeThatPollingExplainsIsNotPutDownToOthers() throws {
    // Two workers wait 6 ms for a CPU, and the main thread polls for 4 while others take 8: each second once.
    var drawn = DrawnTimeline(main: "eeeeEEEEEE", workers: ["ffffffRRRR", "ffffffffRR"])
    drawn.foreign = ForeignTime(processesNs: ms(8), stolenNs: .zero)
    let findings = drawn.summary(configuration { $0.barrier = .spin }, usableCpus: 2).findings
    func saving(_ cause: String) -> Double { findings.first { $0.cause == cause }?.saving ?? 0 }
    #expect(abs(saving("spinning") - 0.2) < 1e-12 && abs(saving("foreign_load") - 0.1) < 1e-12)
    // What a poller itself lost of its polling is nobody's loss.
    var accounts = DrawnTimeline(main: "EEEEEEEEEE", workers: ["ffffffffff", "ssssssssss"]).accounts
    accounts.threads[2].states["barrier.work_start.spin"]?.cpuNs = ms(6)
    accounts.threads[2].runDelayNs = ms(4)
    let alone = summarize(RunConfiguration(), accounts: accounts, usableCpus: 2).findings
    #expect(alone.first { $0.cause == "spinning" }?.saving == 0)
  }

  @Test func waitsForACPUAreNotBlamedOnTheBarrierNorOnAWorker() {
    var drawn = DrawnTimeline(main: "dEEEEEEEEE", workers: ["SfRRRRRRfE", "SfffRREEEE"])
    drawn.barriers = workEnd(imbalance: [10, 40], wakeup: 20, last: [9, 1], main: 80)
    let found = causes(drawn.summary(usableCpus: 2).findings)
    #expect(found.contains("foreign_load"))
    #expect(!found.contains("load_imbalance") && !found.contains("barrier_latency"))
  }

  @Test func mainKeptOffTheCPUIsNoSerialSection() {
    let drawn = DrawnTimeline(main: "RRRRRREEEE", workers: ["SSSSSSffff", "SSSSSSffff"])
    #expect(!causes(drawn.summary(usableCpus: 2).findings).contains("serial_section"))
  }

  @Test(arguments: [(1, "not"), (3, "moderately"), (5, "highly")])
  func inputWaitIsGraded(_ case: (wait: Int, degree: String)) {
    // Out of 25 ms: 4 %, 12 % and 20 %.
    let main = String(repeating: "a", count: `case`.wait) + String(repeating: "E", count: 25 - `case`.wait)
    let worker = String(repeating: "S", count: `case`.wait) + String(repeating: "f", count: 25 - `case`.wait)
    let found = DrawnTimeline(main: main, workers: [worker]).summary(usableCpus: 2).findings
      .first { $0.cause == "input_bound" }
    #expect((found == nil) == (`case`.degree == "not"))
    #expect(found?.statement.contains("a \(`case`.degree) input-bound run") ?? true)
    #expect(found?.change.hasPrefix("prefetch: 1") ?? true)
    #expect(found.map { abs($0.saving - Double(`case`.wait) / 25) < 1e-12 } ?? true)
  }

  @Test func spinningIsNamedWithItsThread() throws {
    let drawn = DrawnTimeline(main: "eeeeeeeeee", workers: ["ffffffRRRR", "ffffffffRR"])
    let finding = try #require(
      drawn.summary(configuration { $0.barrier = .spin }, usableCpus: 2).findings
        .first { $0.cause == "spinning" })
    #expect(finding.statement.contains("most of it by main (100 % of the window)"))
    // 10 ms polled, 6 ms ready without a CPU, over 2 CPUs · 10 ms.
    #expect(abs(finding.saving - 0.3) < 1e-12)
  }

  @Test func spinningBesideFreeCPUsCostsNoTime() throws {
    let drawn = DrawnTimeline(main: "eeeeeeeeee", workers: ["ffffffffff"])
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(finding.cause == "spinning")
    #expect(finding.saving == 0)
    #expect(finding.statement.contains("burns CPU time only"))
  }

  @Test func threadsMadeAnewAreNamed() throws {
    let drawn = DrawnTimeline(main: "CCEEEEEECC", workers: ["  ffffff  ", "  ffffff  "])
    let finding = try #require(
      drawn.summary(configuration { $0.threadLifetime = .perEpoch }, usableCpus: 2).findings.first)
    #expect(finding.cause == "thread_lifecycle")
    #expect(abs(finding.saving - 0.4) < 1e-12)
    #expect(finding.change == "thread_lifetime: persistent")
  }

  @Test func activityIsNotProgress() throws {
    var drawn = DrawnTimeline(main: "EEEEEEEEEE", workers: ["ffffffffff", "ffffffffff"])
    drawn.tasks["worker-1"] = 0
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(finding.cause == "no_progress")
    #expect(finding.statement.contains("worker-1 used 100 % of the window in CPU time and completed no task"))
  }

  @Test func unknownTimeIsPrinted() throws {
    let drawn = DrawnTimeline(main: "EEEEEEEEEE", workers: ["ffffffff.X"])
    let finding = try #require(drawn.summary(usableCpus: 2).findings.first)
    #expect(finding.cause == "unknown_time")
    #expect(finding.statement.contains("10 % of the thread-time"))
    #expect(finding.statement.contains("worker-0 (20 % of its window)"))
  }

  @Test func everyFindingCarriesItsProof() {
    var drawn = DrawnTimeline(main: "aarrEEEEEE", workers: ["SSSSffffRR", "SSSSRRffEE"])
    drawn.barriers = workEnd(imbalance: [0, 20], last: [8, 2], main: 60)
    let findings = drawn.summary(usableCpus: 2).findings
    #expect(findings.count >= 2)
    for finding in findings {
      #expect(!finding.evidence.isEmpty)
      #expect(finding.evidence.allSatisfy { $0.value.isFinite && !$0.query.isEmpty })
      #expect((0...1).contains(finding.saving))
      #expect(!finding.change.isEmpty && !finding.refutation.isEmpty)
      #expect(finding.statement.hasSuffix("."))
    }
    #expect(findings.map(\.saving) == findings.map(\.saving).sorted(by: >))
  }
}
