import HeadwayAnalysis
import HeadwayTrace
import Testing

/// What the order of events tells, on traces whose answers can be counted.
@Suite struct TracePatternsTests {
  private func ms(_ count: Double) -> Nanoseconds { Nanoseconds(Int64((count * 1e6).rounded())) }

  @Test func mainIsAloneWhileNoWorkerWorks() {
    var drawn = DrawnWork(workers: 2, milliseconds: 20)
    drawn.add("merge", of: 0, 0, 10)
    drawn.add("work", of: 1, 6, 20)
    drawn.add("work", of: 2, 8, 20)
    #expect(drawn.patterns.aloneNs == ["merge": ms(6)])
    // Kept off its CPU for half of the time, it did half as much alone.
    var slow = DrawnWork(workers: 1, milliseconds: 20)
    slow.add("merge", of: 0, 0, 10, cpu: 5)
    #expect(slow.patterns.aloneNs == ["merge": ms(5)])
    // The loader's work is nobody's business here, and without workers nobody is alone.
    var none = DrawnWork(workers: 0, milliseconds: 20)
    none.add("merge", of: 0, 0, 10)
    #expect(none.patterns.aloneNs.isEmpty)
  }

  @Test func aSpanIsWithoutTheSpansInsideIt() {
    // The worker's outer span works 0…4 and 8…10; inside it waits at the barrier, and merges inside that.
    var drawn = DrawnWork(workers: 1, milliseconds: 12)
    drawn.add("work", of: 1, 0, 10, cpu: 8)
    drawn.add("barrier.end", of: 1, 4, 8, cpu: 2, depth: 1)
    drawn.add("merge", of: 1, 5, 7, cpu: 2, depth: 2)
    drawn.add("merge", of: 0, 0, 12)
    #expect(drawn.patterns.aloneNs == ["merge": ms(4)], "4…5, 7…8 and 10…12")
  }

  @Test func workOutsideTheWindowDoesNotCount() {
    var drawn = DrawnWork(workers: 1, milliseconds: 10)
    drawn.add("merge", of: 0, -5, 15)
    drawn.add("work", of: 1, -5, 2)
    drawn.add("work", of: 1, 8, 30)
    #expect(drawn.patterns.aloneNs == ["merge": ms(6)])
    #expect(drawn.patterns.observedNs == ms(10))
  }

  @Test func imbalanceIsOfCPUTimeAndNotOfWaiting() {
    var drawn = DrawnWork(workers: 2, milliseconds: 40)
    // Three times the work: max − mean = 6 − 4.
    drawn.add("work", of: 1, 0, 6)
    drawn.add("work", of: 2, 0, 2)
    drawn.meet([1: 6, 2: 2])
    // As much work, but without a CPU for a while: the wait is as long and nobody has more to do.
    drawn.add("work", of: 1, 6, 12, cpu: 2)
    drawn.add("work", of: 2, 6, 8)
    drawn.meet([1: 12, 2: 8])
    // Turns taken at being late: 3 − 2 each.
    drawn.add("work", of: 1, 12, 15)
    drawn.add("work", of: 2, 12, 13)
    drawn.meet([1: 15, 2: 13])
    drawn.add("work", of: 1, 15, 16)
    drawn.add("work", of: 2, 15, 18)
    drawn.meet([1: 16, 2: 18])
    #expect(drawn.patterns.imbalanceNs == ["end": ms(2 + 0 + 1 + 1)])
    // An episode that one worker's record is missing of is none.
    drawn.add("work", of: 1, 20, 30)
    drawn.meet([1: 30])
    #expect(drawn.patterns.imbalanceNs == ["end": ms(4)])
  }

  @Test func whoHoldsALockIsBlamedForTheWaits() throws {
    var drawn = DrawnWork(workers: 3, milliseconds: 20)
    drawn.add("work", of: 1, 0, 6)
    drawn.hold(1, 0, 6)
    drawn.wait(at: "sums", of: 2, 1, 6)
    drawn.wait(at: "sums", of: 3, 2, 9)
    drawn.add("merge", of: 2, 6, 9)
    drawn.hold(2, 6, 9)
    drawn.hold(3, 9, 12)
    let lock = try #require(drawn.patterns.locks.first)
    #expect(drawn.patterns.locks.count == 1 && lock.site == "sums" && lock.waitNs == ms(12))
    #expect(lock.holderNs == ["worker-0": ms(5 + 4), "worker-1": ms(3)])
    #expect(lock.stateNs == ["work": ms(9), "merge": ms(3)])
    let finding = try #require(drawn.summary.findings.first { $0.cause == "lock_contention" })
    // 12 of 60 worker-milliseconds; one holder has three quarters of them.
    #expect(abs(finding.saving - 0.2) < 1e-9)
    #expect(finding.statement.contains("held by worker-0 (75 %) and worker-1 (25 %), mostly in work"))
    #expect(finding.statement.contains("consistent with worker-0 holding the lock for long"))
  }

  @Test func aBurstyProducerHasTimeToSpare() throws {
    // Bursts of eight tasks of 1 ms, then 4 ms of nothing; the loader waits for room for 6 of each 12 ms.
    var drawn = DrawnWork(workers: 1, milliseconds: 120)
    for burst in 0..<10 {
      let begin = Double(burst) * 12
      for task in 0..<8 {
        drawn.add("work", of: 1, begin + Double(task), begin + Double(task) + 1)
        drawn.complete(1, at: begin + Double(task) + 1)
      }
      drawn.wait(at: "jobs", of: 1, begin + 8, begin + 12)
      drawn.wait(at: "room", of: 2, begin + 1, begin + 7)
    }
    let queue = try #require(drawn.patterns.queues.first)
    #expect(queue.isSettled && queue.tasks == 80 && queue.waits == 10)
    #expect(abs(queue.emptyShare - 1 / 3.0) < 1e-9 && abs(queue.fullShare - 0.5) < 1e-9)
    let finding = try #require(drawn.summary.findings.first { $0.cause == "bursty_producer" })
    #expect(abs(finding.saving - 1 / 3.0) < 1e-9)
    #expect(finding.statement.contains("loader had to wait for room in it for 50 %"))
  }

  @Test func aSlowProducerBehindAFullQueueIsTheInput() throws {
    // Twenty tasks from a full queue without a wait, then one every 3 ms.
    var drawn = DrawnWork(workers: 1, milliseconds: 200)
    drawn.wait(at: "room", of: 2, 0, 5)
    for task in 0..<20 {
      drawn.add("work", of: 1, Double(task), Double(task) + 1)
      drawn.complete(1, at: Double(task) + 1)
    }
    for task in 0..<60 {
      let begin = 20 + Double(task) * 3
      drawn.wait(at: "jobs", of: 1, begin, begin + 2)
      drawn.add("work", of: 1, begin + 2, begin + 3)
      drawn.complete(1, at: begin + 3)
    }
    let queue = try #require(drawn.patterns.queues.first)
    #expect(queue.isSettled && queue.warmupShare >= 0.07 && queue.fullShare == 0)
    #expect(abs(queue.emptyShare - 2 / 3.0) < 0.05, "the full queue's time is not in it")
    let causes = drawn.summary.findings.map(\.cause)
    #expect(causes.contains("input_bound") && !causes.contains("bursty_producer"))
  }

  @Test func aProducerWhoseSpareTimeIsNotRecordedIsNotJudged() throws {
    var drawn = DrawnWork(workers: 1, milliseconds: 180)
    for task in 0..<60 {
      let begin = Double(task) * 3
      drawn.wait(at: "jobs", of: 1, begin, begin + 2)
      drawn.add("work", of: 1, begin + 2, begin + 3)
      drawn.complete(1, at: begin + 3)
    }
    let finding = try #require(drawn.summary.findings.first { $0.cause == "input_bound" })
    #expect(finding.statement.contains("nobody ever had to wait for room in it"))
    var trace = drawn.sorted
    trace.sites.removeLast()
    let patterns = TracePatterns(of: trace)
    #expect(patterns.queues.first?.isBounded == false)
    let summary = RunAnalysis.summarize(trace: trace, manifest: nil)
    #expect(!summary.findings.contains { ["input_bound", "bursty_producer"].contains($0.cause) })
  }

  @Test func aTraceThatIsTooLongIsReadFromItsBegin() {
    var drawn = DrawnWork(workers: 1, milliseconds: 100)
    for task in 0..<100 {
      drawn.add("work", of: 1, Double(task), Double(task) + 0.5)
      drawn.add("merge", of: 0, Double(task) + 0.5, Double(task) + 1)
    }
    let part = TracePatterns(of: drawn.sorted, limit: 100)
    #expect(part.observedNs >= ms(49) && part.observedNs <= ms(50))
    #expect(abs(part.share(part.aloneNs["merge"] ?? .zero) - 0.5) < 0.02)
    #expect(drawn.patterns.observedNs == ms(100))
  }

  @Test func whatAThreadDidAfterItsEventsWereDroppedIsNotGuessed() {
    var drawn = DrawnWork(workers: 1, milliseconds: 100)
    drawn.add("work", of: 1, 0, 40)
    drawn.add("merge", of: 0, 20, 100)
    #expect(drawn.patterns.aloneNs == ["merge": ms(60)])
    var trace = drawn.sorted
    trace.threads[1].eventsDropped = 3
    let part = TracePatterns(of: trace)
    #expect(part.observedNs == ms(40) && part.aloneNs.isEmpty)
    // Cut off: what the worker does after its last span is as little known.
    trace = drawn.sorted
    trace.window = trace.window.map { TraceWindow(begin: $0.begin, end: nil) }
    #expect(TracePatterns(of: trace).observedNs == ms(40))
  }

  @Test func withoutAWindowNothingIsKnown() {
    var drawn = DrawnWork(workers: 1, milliseconds: 10)
    drawn.add("merge", of: 0, 0, 10)
    var trace = drawn.sorted
    trace.window = nil
    let patterns = TracePatterns(of: trace)
    #expect(patterns.observedNs == .zero && patterns.aloneNs.isEmpty)
  }
}
