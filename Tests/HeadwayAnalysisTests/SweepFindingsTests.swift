import HeadwayAnalysis
import HeadwayTrace
import Testing

@Suite struct SweepFindingsTests {
  @Test func healthySweepYieldsNothing() {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .healthy)
    sweep.add(threads: 2, scheduling: .queue, rate: 1_001, run: .healthy)
    #expect(sweep.findings.isEmpty)
  }

  @Test func emptySweepYieldsNothing() {
    #expect(PlantedSweep().findings.isEmpty)
    var unread = PlantedSweep()
    unread.add(threads: 2, rate: 1_000, run: .serial)
    unread.runs = [:]
    #expect(unread.findings.isEmpty)
  }

  @Test func inputBoundIsSupportedWherePrefetchIsFaster() throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .hungry)
    sweep.add(threads: 2, prefetch: 1, rate: 1_200, run: .healthy)
    let finding = try #require(sweep.findings.first { $0.cause == "input_bound" })
    #expect(finding.status == .supported)
    #expect(finding.scope == "2 threads, barrier")
    #expect(finding.statement.contains("from off to 1 made it 1.20× [1.20, 1.20] as fast"))
    #expect(finding.statement.contains("which supports a highly input-bound run"))
    // The experiment replaces the model: 1 − 1/1.2.
    #expect(abs(finding.saving - 1.0 / 6) < 0.003)
    let interval = try #require(finding.interval)
    #expect(interval.lower <= finding.saving && finding.saving <= interval.upper)
    #expect(finding.evidence.last?.unit == "ratio")
  }

  @Test func inputBoundIsContradictedWherePrefetchChangesNothing() throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .hungry)
    sweep.add(threads: 2, prefetch: 1, rate: 1_001, run: .healthy)
    let finding = try #require(sweep.findings.first { $0.cause == "input_bound" })
    #expect(finding.status == .contradicted)
    #expect(finding.statement.contains("which speaks against"))
    #expect(finding.saving < 0.005)
  }

  @Test func withoutAnExperimentTheWordingStaysAHypothesis() throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .hungry)
    let finding = try #require(sweep.findings.first { $0.cause == "input_bound" })
    #expect(finding.status == .untested)
    #expect(finding.statement.contains("is consistent with"))
    #expect(finding.interval != nil)
  }

  @Test func fewBlocksSettleNothing() throws {
    var sweep = PlantedSweep()
    sweep.blocks = 3
    sweep.add(threads: 2, rate: 1_000, run: .hungry)
    sweep.add(threads: 2, prefetch: 1, rate: 1_200, run: .healthy)
    let finding = try #require(sweep.findings.first { $0.cause == "input_bound" })
    #expect(finding.status == .untested)
    #expect(finding.interval == nil)
    #expect(finding.statement.contains("inconclusive, 3 blocks"))
    #expect(finding.statement.contains("This is consistent with a highly input-bound run. Changing prefetch"))
  }

  @Test func anExperimentThatSettlesNothingStillBoundsTheSaving() throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .hungry)
    sweep.add(threads: 2, prefetch: 1, rate: 1_000, run: .healthy)
    for block in sweep.cells[1].samples.indices where block % 2 == 0 {
      sweep.cells[1].samples[block].tokensPerSecond *= 1.06
    }
    let finding = try #require(sweep.findings.first { $0.cause == "input_bound" })
    #expect(finding.status == .untested)
    let upper = try #require(finding.evidence.last?.upper)
    #expect(upper > 1.02 && upper < 1.07)
    #expect(finding.saving == 1 - 1 / upper)
    #expect(try #require(finding.interval).upper == finding.saving)
    #expect(finding.statement.contains("settles nothing, but leaves at most"))
  }

  @Test(arguments: [(1_000.0, Finding.Status.contradicted), (1_150.0, .supported)])
  func queueJudgesTheBarrier(_ case: (rate: Double, status: Finding.Status)) throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .serial)
    sweep.add(threads: 2, scheduling: .queue, rate: `case`.rate, run: .healthy)
    let finding = try #require(sweep.findings.first { $0.cause == "barrier_wait" })
    #expect(finding.status == `case`.status)
    #expect(finding.statement.contains("stood at barriers for 20 % of their time"))
  }

  @Test func barrierWaitIsNotStatedWhereTheExperimentSettlesNothing() {
    var sweep = PlantedSweep()
    sweep.blocks = 3
    sweep.add(threads: 2, rate: 1_000, run: .serial)
    sweep.add(threads: 2, scheduling: .queue, rate: 1_150, run: .healthy)
    #expect(!sweep.findings.contains { $0.cause == "barrier_wait" })
  }

  @Test func cellsWithACPUForEveryWorkerSpeakFirst() throws {
    var sweep = PlantedSweep()
    let crowded = DrawnTimeline(
      main: "rrrrEEEEEE", workers: ["SSSSffffff", "SSSSffffff", "SSSSRRRRRR", "SSSSRRRRRR"])
    sweep.add(threads: 2, rate: 1_000, run: .serial)
    sweep.add(threads: 4, rate: 900, run: crowded)
    let finding = try #require(sweep.findings.first { $0.cause == "serial_section" })
    #expect(finding.scope == "2 threads, barrier")
    #expect(!finding.statement.contains("Also seen"))
  }

  @Test func barrierWaitIsNotStatedWithoutItsExperiment() {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .serial)
    #expect(sweep.findings.map(\.cause) == ["serial_section"])
  }

  @Test func fewerThreadsJudgeOversubscription() throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 1, rate: 600, run: .healthy)
    sweep.add(threads: 2, rate: 1_100, run: .healthy)
    sweep.add(threads: 4, rate: 1_000, run: .crowded)
    let finding = try #require(sweep.findings.first { $0.cause == "oversubscription" })
    #expect(finding.status == .supported)
    #expect(finding.scope == "4 threads, barrier")
    // The nearest number of threads that fits is compared, not the least.
    #expect(finding.statement.contains("Changing threads from 4 to 2 made it 1.10×"))
  }

  @Test func whatOthersUsedIsNobodysSaving() throws {
    var sweep = PlantedSweep()
    let halfIdle = DrawnTimeline(
      main: "dEEEEEEEEE", workers: ["SffRRRRRRE", "SRRffRRRRE", "SRRRRffRRE", "SRRRRRRffE"])
    sweep.add(threads: 4, rate: 1_000, run: halfIdle)
    let quiet = try #require(sweep.findings.first { $0.cause == "oversubscription" }?.saving)
    for index in sweep.cells[0].samples.indices { sweep.cells[0].samples[index].foreignShare = 0.4 }
    let loaded = try #require(sweep.findings.first { $0.cause == "oversubscription" }?.saving)
    #expect(abs(quiet - 0.55) < 1e-9)
    #expect(abs(loaded - 0.15) < 1e-9)
  }

  @Test func oneFindingACauseWithTheOtherCellsNamed() throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .serial)
    sweep.add(threads: 2, prefetch: 1, rate: 1_000, run: .serial)
    sweep.add(threads: 2, prefetch: 2, rate: 1_000, run: .serial)
    let serial = sweep.findings.filter { $0.cause == "serial_section" }
    #expect(serial.count == 1)
    #expect(serial.first?.statement.contains("Also seen in “2 threads, barrier, prefetch”") ?? false)
  }

  @Test func segmentedReductionJudgesASerialReduction() throws {
    var sweep = PlantedSweep()
    let serial = [AxisSetting(axis: "reduction", value: "serial")]
    let segmented = [AxisSetting(axis: "reduction", value: "segmented")]
    sweep.add(threads: 2, rate: 1_000, run: .serial, axes: serial)
    sweep.add(threads: 2, rate: 1_090, run: .healthy, axes: segmented)
    let finding = try #require(sweep.findings.first { $0.cause == "serial_section" })
    #expect(finding.status == .supported)
    #expect(finding.statement.contains("Changing reduction from serial to segmented"))
  }

  @Test func overheadRaisesTheThresholdAndIsAFindingItself() throws {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .serial)
    sweep.overhead = Overhead(
      cell: "2 threads, barrier", ratio: Estimate(value: 0.88, lower: 0.87, upper: 0.89, sampleCount: 8))
    #expect(sweep.findings.map(\.cause) == ["probe_overhead"])
    #expect(sweep.findings.first?.statement.contains("cost 12 %") ?? false)

    sweep.overhead = Overhead(
      cell: "2 threads, barrier", ratio: Estimate(value: 0.97, lower: 0.9, upper: 1.04, sampleCount: 8))
    #expect(sweep.findings.map(\.cause) == ["serial_section"])
  }

  @Test func noiseRaisesTheThreshold() {
    var sweep = PlantedSweep()
    sweep.add(threads: 2, rate: 1_000, run: .serial)
    sweep.cells[0].tokensPerSecond = Estimate(value: 1_000, lower: 800, upper: 1_200, sampleCount: 8)
    #expect(sweep.findings.isEmpty)
  }

  @Test func aReaderGetsAtMostSix() {
    var sweep = PlantedSweep()
    var all = DrawnTimeline(
      main: "CaarreeeeX", workers: ["SSSSSffR.E", "SSSSSRffEE", "SSSSSffRRE", "SSSSSRRffE"])
    all.tasks["worker-3"] = 0
    sweep.add(threads: 4, rate: 1_000, run: all)
    sweep.overhead = Overhead(
      cell: "4 threads", ratio: Estimate(value: 0.97, lower: 0.96, upper: 0.98, sampleCount: 8))
    #expect(sweep.findings.count == SweepFindings.limit)
    #expect(Set(sweep.findings.map(\.cause)).count == sweep.findings.count)
  }
}
