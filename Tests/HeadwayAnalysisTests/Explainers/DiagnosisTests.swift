import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Input, queues, CPUs, prefetching, polling and what a reference adds.
@Suite("Diagnoses of drawn runs") struct DiagnosisTests {
  @Test("a bursty producer behind a queue that was full: the second half shows it")
  func warmQueueDrains() throws {
    let warm = String(repeating: "rrrrrrrrrr", count: 5)
    let cold = String(repeating: "PPPPPPrrrr", count: 5)
    var drawn = DrawnTrace(
      main: warm + cold, workers: [String(repeating: "ffffffffff", count: 10)],
      prefetch: String(repeating: "aaaaaaUUUU", count: 5) + String(repeating: "aaaaaaaaaa", count: 5))
    drawn.addSteps(endingAt: (1...10).map { 10 * $0 })
    let input = try #require(try drawn.explanation.input)
    #expect(abs(input.share - 0.3) < 1e-9 && input.band == .high)
    #expect(input.firstHalfShare == 0 && abs((input.secondHalfShare ?? 0) - 0.6) < 1e-9)
    #expect(input.statement.contains("drained") && input.statement.contains("highly input-bound"))
  }

  @Test("bands of input wait, and no verdict over a few steps")
  func inputBands() throws {
    func input(_ waits: Int) throws -> InputDiagnosis? {
      let row = String(repeating: "P", count: waits) + String(repeating: "r", count: 100 - waits)
      var drawn = DrawnTrace(main: row, workers: [String(repeating: "f", count: 100)])
      drawn.addSteps(endingAt: [100])
      return try drawn.explanation.input
    }
    for (waits, band) in [(0, InputDiagnosis.Band.notBound), (4, .notBound), (5, .moderate), (20, .high)] {
      let input = try #require(try input(waits))
      #expect(input.band == band && input.isStationary == nil && input.statement.contains("too few steps"))
    }
    #expect(try DrawnTrace(workers: ["ff"]).explanation.input == nil)
  }

  @Test("a wait for input leads to the prefetch thread, a full queue to who frees its slots")
  func prefetching() throws {
    let drawn = DrawnTrace(
      main: "PPPPPddrrr", workers: ["fSSSSffSSS", "fSSSSffSSS"], prefetch: "aaaaaUaaaU",
      .init("work_start", at: 5))
    let explanation = try drawn.explanation
    // From 10 back: main reduces and hands out until 5; its input was ready at 5.
    #expect(explanation.cause("prefetch", "batch.assemble")?.pathNs == ms(5))
    #expect(explanation.cause("main", "prefetch.not_ready") == nil)
    #expect(explanation.totals.pathNs == ms(10))
    // The workers waited 4 each for the main thread, which waited for the input all the while.
    let assemble = try #require(explanation.cause("prefetch", "batch.assemble"))
    #expect(assemble.delayNs == ms(8) && assemble.propagatedNs == ms(8))
    #expect(explanation.loss(.input) == ms(8))
  }

  @Test("polling and sleeping wait alike; working without a CPU is told apart")
  func pollingAndCpus() throws {
    let asleep = try DrawnTrace(
      workers: ["ffffEEEE", "ffffffff"], .init("work_end", at: 8)
    ).explanation
    let polling = try DrawnTrace(
      workers: ["ffffeeee", "ffffffff"], .init("work_end", at: 8)
    ).explanation
    #expect(asleep.causes.map(\.delayNs) == polling.causes.map(\.delayNs))
    #expect(asleep.losses == polling.losses)
    #expect(asleep.demand.meanThreads == 1.5 && polling.demand.meanThreads == 2)
    let crowded = DrawnTrace(workers: ["ffFF", "FFff", "fFfF"])
    let explanation = try RunAnalysis.explain(trace: crowded.trace, usableCpus: 2)
    #expect(explanation.loss(.descheduled) == ms(6) && explanation.efficiencies?.parallel == 0.5)
    #expect(explanation.demand.peakThreads == 3 && explanation.demand.overShare == 1)
    #expect(explanation.demand.withoutCpuShare == 0.5)
    #expect(try crowded.explanation.demand.overShare == nil)
  }

  @Test("a main thread that polls while it monitors takes no blame, but wants a CPU")
  func monitoringMain() throws {
    let asleep = ExplainerFixtureTests.fixedLate
    var polling = asleep
    polling.rows[0].states = "eeeeeeeeroeeeeeeeero"
    let (left, right) = (try asleep.explanation, try polling.explanation)
    #expect(left.causes == right.causes && left.losses == right.losses)
    #expect(abs(right.demand.meanThreads - left.demand.meanThreads - 0.8) < 1e-12)
  }

  @Test("a lock convoy: each waiter is charged to whoever worked last before it")
  func lockConvoy() throws {
    let drawn = DrawnTrace(workers: ["ffff....", "KKKKff..", "KKKKKKff"])
    let explanation = try drawn.explanation
    #expect(explanation.cause("worker-0", "forward")?.delayNs == ms(8))
    #expect(explanation.cause("worker-1", "forward")?.delayNs == ms(2))
    #expect(explanation.cause("worker-0", "forward")?.pathNs == ms(4))
    #expect(explanation.cause("worker-1", "forward")?.pathNs == ms(2))
    #expect(explanation.totals.unexplainedNs == .zero)
  }

  @Test("a wait of which the trace says nothing stays unexplained, and on the path")
  func unexplained() throws {
    let explanation = try DrawnTrace(workers: ["ffIIIIff", "ffff...."]).explanation
    #expect(explanation.totals.unexplainedNs == ms(4) && explanation.totals.waitedNs == ms(4))
    #expect(explanation.cause("worker-0", "io")?.pathNs == ms(4))
    #expect(explanation.totals.nobodyNs == ms(2) && explanation.totals.idleNs == ms(4))
    #expect(explanation.warnings.contains { $0.contains("100 % of the team's waiting") })
  }

  @Test("threads created anew: the time before them is lifecycle, and the path goes over to their creator")
  func createdAnew() throws {
    let explanation = try DrawnTrace(
      main: "dddEEEE", workers: ["   ffff", "   ffff"], .init("work_end", at: 7)
    ).explanation
    #expect(explanation.loss(.lifecycle) == ms(6))
    #expect(explanation.cause("main", "dispatch")?.pathNs == ms(3))
    #expect(explanation.totals.pathNs == ms(7) && explanation.totals.waitedNs == .zero)
  }

  @Test("waking up costs transfer and is nobody's delay")
  func wakeups() throws {
    // The barrier opens at 4 and lets go at 5 and 6.
    let explanation = try DrawnTrace(
      workers: ["ffffEfff", "ffEEEEff"], .init("work_end", at: 4)
    ).explanation
    #expect(explanation.totals.wakeupNs == ms(3) && explanation.totals.waitedNs == ms(5))
    #expect(explanation.cause("worker-0", "forward")?.delayNs == ms(2))
    let factors = try #require(explanation.efficiencies)
    // Without waking up worker-0 would end at 7 and worker-1 at 6.
    #expect(factors.idealNs == ms(7) && factors.transfer == 0.875)
    #expect(explanation.loss(.synchronisation) == ms(3))
  }

  @Test("a reference run gives computation scaling and global efficiency")
  func reference() throws {
    let one = try DrawnTrace(workers: ["ffffffff"]).explanation
    let two = try RunAnalysis.explain(
      trace: DrawnTrace(workers: ["fffff", "fffff"]).trace, reference: one)
    #expect(abs((two.efficiencies?.computationScaling ?? 0) - 0.8) < 1e-12)
    #expect(abs((two.efficiencies?.global ?? 0) - 0.8) < 1e-12)
    #expect(one.efficiencies?.global == nil)
  }

  @Test("without CPU times useful time is wall time, and a warning says so")
  func noCpuTimes() throws {
    let explanation = try DrawnTrace(workers: ["FFFF", "FF.."]).explanation
    #expect(explanation.efficiencies?.parallel == 0.75)
    #expect(explanation.warnings.contains { $0.contains("no CPU times") })
  }

  @Test("the contract is written and read back")
  func contract() throws {
    let explanation = try ExplainerFixtureTests.queue.explanation
    let text = try HeadwayJSON.document(explanation)
    #expect(try HeadwayJSON.decode(RunExplanation.self, from: text, subject: "x") == explanation)
    #expect(String(decoding: text, as: UTF8.self).contains("\"schema\" : \"headway.explanation/1\""))
  }
}
