import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Drawn runs of which the reason for the waiting is known, and what each method must say of them.
@Suite("Explainers on known causes") struct ExplainerFixtureTests {
  /// worker-2 takes twice as long as the others; then the main thread works alone for two milliseconds.
  static let fixedLate = DrawnTrace(
    main: "EEEEEEEEroEEEEEEEEro",
    workers: ["ffffEEEESSffffEEEESS", "ffffEEEESSffffEEEESS", "ffffffffSSffffffffSS"],
    .init("work_end", at: 8), .init("work_start", at: 10), .init("work_end", at: 18),
    .init("work_start", at: 20))

  /// Each worker is the late one once.
  static let rotating = DrawnTrace(
    workers: ["fffffffffEEEfffEEE", "fffEEEfffffffffEEE", "fffEEEfffEEEffffff"],
    .init("work_end", at: 6), .init("work_end", at: 12), .init("work_end", at: 18))

  /// The main thread reduces alone for as long as the workers work.
  static let serial = DrawnTrace(
    main: "EEEErrrrEEEErrrr", workers: ["ffffSSSSffffSSSS", "ffffSSSSffffSSSS"],
    .init("work_end", at: 4), .init("work_start", at: 8), .init("work_end", at: 12),
    .init("work_start", at: 16))

  /// A queue: worker-1 gets less work, and both wait while the main thread reduces and hands out.
  static var queue: DrawnTrace {
    var drawn = DrawnTrace(main: "dLLLLLrrdLLLo", workers: ["QfffffQQQfffQ", "QffQQQQQQffQQ"])
    drawn.windowEnd = 12
    return drawn
  }

  @Test("a fixed late thread: named by every method")
  func namesTheLateThread() throws {
    let explanation = try Self.fixedLate.explanation
    let late = try #require(explanation.cause("worker-2", "forward"))
    #expect(late.delayNs == ms(16) && late.propagatedNs == .zero)
    #expect(late.blameNs == ms(16) && late.pathNs == ms(16))
    for name in ["reduce", "optimize"] {
      let serial = try #require(explanation.cause("main", name))
      #expect(serial.delayNs == ms(6) && serial.blameNs == ms(6) && serial.pathNs == ms(2))
    }
    #expect(explanation.causes.first == late)
    #expect(explanation.cause("worker-0", "forward") == nil)
    #expect(explanation.totals.waitedNs == ms(28) && explanation.totals.unexplainedNs == .zero)
    #expect(explanation.totals.wakeupNs == .zero && explanation.totals.nobodyNs == .zero)
    #expect(explanation.totals.pathSegments == 6 && explanation.totals.pathChanges == 3)
    #expect(
      explanation.pathImbalances.first == ExplainedContext(context: "forward", timeNs: Nanoseconds(5_333_333))
    )
    let stragglers = try #require(explanation.stragglers)
    #expect(abs(stragglers.slowdown - 20 / (20 - 16.0 / 3)) < 1e-9)
    #expect(stragglers.threads.map(\.name) == ["worker-2"])
    #expect(stragglers.contexts.map(\.name) == ["forward"])
    let end = try #require(explanation.barriers.first { $0.site == "work_end" })
    #expect(end.episodes == 2 && end.lastArrivals == ["worker-2": 2])
    #expect(end.threadWaitNs["worker-0"] == ms(8) && end.threadWaitNs["main"] == ms(16))
    #expect(explanation.comparisons == [])
  }

  @Test("a fixed late thread: the efficiencies, as factors and as shares")
  func efficienciesOfTheLateThread() throws {
    let explanation = try Self.fixedLate.explanation
    let factors = try #require(explanation.efficiencies)
    #expect(abs(factors.loadBalance - 2.0 / 3) < 1e-12 && abs(factors.serialisation - 0.8) < 1e-12)
    #expect(factors.transfer == 1 && factors.idealNs == ms(20) && factors.usefulNs == ms(32))
    #expect(abs(factors.parallel - 32.0 / 60) < 1e-12)
    #expect(explanation.loss(.serialSection) == ms(12) && explanation.loss(.loadBalance) == ms(16))
    #expect(explanation.losses.reduce(.zero) { $0 + $1.timeNs } == ms(28))
  }

  @Test("a rotating late thread: balanced over the run, and yet a third is lost to imbalance")
  func rotatingLateThread() throws {
    let explanation = try Self.rotating.explanation
    let factors = try #require(explanation.efficiencies)
    #expect(factors.loadBalance == 1 && abs(factors.parallel - 2.0 / 3) < 1e-12)
    #expect(factors.transfer == 1 && abs(factors.serialisation - 2.0 / 3) < 1e-12)
    #expect(explanation.loss(.loadBalance) == ms(18))
    for worker in 0..<3 {
      let cause = try #require(explanation.cause("worker-\(worker)", "forward"))
      #expect(cause.delayNs == ms(6) && cause.blameNs == ms(6) && cause.pathNs == ms(6))
    }
    #expect(explanation.pathImbalances == [ExplainedContext(context: "forward", timeNs: ms(6))])
    let stragglers = try #require(explanation.stragglers)
    #expect(abs(stragglers.slowdown - 1.5) < 1e-12 && stragglers.idealNs == ms(12))
    #expect(stragglers.threads.map(\.name) == ["worker-0", "worker-1", "worker-2"])
    #expect(stragglers.threads.allSatisfy { abs($0.slowdown - 7.0 / 6) < 1e-12 })
  }

  @Test("a serial section on the main thread costs every waiter its length")
  func serialSection() throws {
    let explanation = try Self.serial.explanation
    let reduce = try #require(explanation.cause("main", "reduce"))
    #expect(reduce.delayNs == ms(16) && reduce.blameNs == ms(16) && reduce.pathNs == ms(8))
    #expect(explanation.causes.first == reduce)
    #expect(explanation.loss(.serialSection) == ms(16) && explanation.loss(.loadBalance) == .zero)
    #expect(explanation.pathImbalances == [ExplainedContext(context: "reduce", timeNs: ms(8))])
    let factors = try #require(explanation.efficiencies)
    #expect(factors.loadBalance == 1 && factors.parallel == 0.5 && factors.serialisation == 0.5)
    #expect((explanation.stragglers?.slowdown ?? 0) == 1)
  }

  @Test("a queue: waits go to who handed out, and from there to whom that one waited for")
  func queueWaits() throws {
    let explanation = try Self.queue.explanation
    #expect(explanation.cause("main", "dispatch")?.delayNs == ms(4))
    #expect(explanation.cause("main", "reduce")?.delayNs == ms(4))
    let forward = try #require(explanation.cause("worker-0", "forward"))
    #expect(forward.delayNs == ms(4) && forward.propagatedNs == ms(4) && forward.pathNs == ms(8))
    #expect(explanation.totals.waitedNs == ms(12) && explanation.totals.unexplainedNs == .zero)
    #expect(explanation.cause("main", "reduce")?.pathNs == ms(2))
    #expect(explanation.cause("main", "dispatch")?.pathNs == ms(2))
    #expect(explanation.loss(.serialSection) == ms(8) && explanation.loss(.loadBalance) == ms(4))
    #expect(explanation.loss(.synchronisation) == .zero)
    #expect(explanation.efficiencies?.parallel == 0.5)
    let gaps = try #require(explanation.gaps.first)
    #expect(gaps.site == "work_queue" && gaps.producerBound.count == 5 && gaps.producerBound.timeNs == ms(12))
    #expect(explanation.inferences.count == 2)
  }

  /// worker-0 delays worker-1, which therefore comes late to worker-2.
  @Test("a delay is followed to who caused it: hand-computed shares")
  func longTermDelay() throws {
    let drawn = DrawnTrace(
      workers: ["ffffffbb", "ffXXXXbb", "ffffYYYY"],
      .init("x", at: 6, of: ["worker-0", "worker-1"]), .init("y", at: 8, of: ["worker-1", "worker-2"]))
    let explanation = try drawn.explanation
    let first = try #require(explanation.cause("worker-0", "forward"))
    #expect(first.delayNs == Nanoseconds(6_666_667) && first.propagatedNs == Nanoseconds(2_666_667))
    #expect(explanation.cause("worker-1", "backward")?.delayNs == Nanoseconds(1_333_333))
    #expect(explanation.totals.waitedNs == ms(8) && explanation.totals.unexplainedNs == .zero)
  }

  @Test("excess work before anybody waited is what delay cost names; blame names what ran meanwhile")
  func methodsDisagree() throws {
    // worker-0 has long forward passes and then backward passes like everybody.
    let drawn = DrawnTrace(
      workers: ["ffffffbbbb", "ffbbbbEEEE", "ffbbbbEEEE"], .init("work_end", at: 10))
    let explanation = try drawn.explanation
    #expect(explanation.cause("worker-0", "forward")?.delayNs == ms(8))
    #expect(explanation.cause("worker-0", "backward")?.delayNs == .zero)
    #expect(explanation.cause("worker-0", "backward")?.blameNs == ms(8))
    #expect(explanation.cause("worker-0", "forward")?.blameNs == .zero)
    #expect(
      explanation.comparisons.contains { $0.contains("worker-0 in forward") && $0.contains("backward") })
  }

  @Test("waste and effect rank differently, and the explanation says why")
  func wasteAndEffect() throws {
    // worker-0 keeps three others waiting for 6 ms each, but worker-4 alone decides when all are done.
    let drawn = DrawnTrace(
      workers: ["ffffffffEE", "ffXXXXXXEE", "ffXXXXXXEE", "ffXXXXXXEE", "bbbbbbbbbb"],
      .init("x", at: 8, of: (0..<4).map { "worker-\($0)" }), .init("work_end", at: 10))
    let explanation = try drawn.explanation
    #expect(explanation.cause("worker-0", "forward")?.delayNs == ms(18))
    #expect(explanation.cause("worker-4", "backward")?.delayNs == ms(8))
    #expect(explanation.pathImbalances == [ExplainedContext(context: "backward", timeNs: ms(8))])
    let sentence = try #require(explanation.comparisons.first)
    #expect(sentence.hasPrefix("Delay cost puts worker-0 in forward first (18 ms of thread-time waited)"))
    #expect(sentence.contains("the critical path worker-4 in backward (8 ms of wall time"))
    #expect(sentence.contains("waste") && sentence.contains("effect"))
  }
}
