import HeadwayAnalysis
import HeadwayStatistics
import HeadwayTrace
import Testing

/// The simulation on models whose answer is known by hand; times in nanoseconds.
@Suite struct SimulationTests {
  @Test func fourTasksOnTwoThreadsTakeTwo() {
    var model = SimulationModel(cores: 2)
    let end = model.addBarrier(participants: 3)
    model.addThread([.cross(end)])
    for _ in 0..<2 {
      model.addThread([.compute(Work(coreNs: 1_000)), .compute(Work(coreNs: 1_000)), .cross(end)])
    }
    let result = Simulation.run(model)
    #expect(result.isComplete)
    #expect(result.spanNs == 2_000)
    #expect(result.time(.useful) == 4_000)
    #expect(result.time(.blocked) == 2_000, "the main thread waits all the time")
  }

  /// n equal threads on c cores take as long as their work on c cores at once.
  @Test(arguments: [(4, 2), (3, 2), (6, 4), (5, 1), (7, 3), (2, 4)])
  func threadsShareCores(threads: Int, cores: Int) {
    var model = SimulationModel(cores: cores)
    let end = model.addBarrier(participants: threads + 1)
    model.addThread([.cross(end)])
    for _ in 0..<threads { model.addThread([.compute(Work(coreNs: 600)), .cross(end)]) }
    let result = Simulation.run(model)
    let rounds = Double((threads + cores - 1) / cores)
    #expect(result.spanNs >= 600 * max(1, Double(threads) / Double(cores)) - 1e-6)
    #expect(result.spanNs <= 600 * rounds + 1e-6)
    #expect(abs(result.time(.useful) - Double(threads) * 600) < 1e-6)
    #expect(Simulation.run(model) == result, "the same model gives the same result")
    if threads == 4 { #expect(abs(result.spanNs - 1_200) < 1e-6) }
    if threads == 4 { #expect(abs(result.time(.runnable) - 1_200) < 1e-6, "short work is done in one piece") }
  }

  /// Three threads with 300, 600 and 300 to do on one core: each in one piece where that is shorter than a slice, else in
  /// turns. The core is never without work, so the last ends at 1,200.
  @Test(arguments: [(10_000, [300, 900, 1_200]), (100, [700, 1_200, 900]), (250, [800, 1_200, 1_100])])
  func longWorkIsDoneInTurns(slice: Double, ends: [Double]) {
    var model = SimulationModel(cores: 1)
    model.slices = TimeSlices(sliceNs: slice, tickNs: 1e9)
    let done = model.addLatch()
    model.addThread([.arm(done, count: 3), .join(done)])
    for work in [300.0, 600, 300] { model.addThread([.compute(Work(coreNs: work)), .countDown(done)]) }
    let result = Simulation.run(model)
    #expect(result.spanNs == 1_200)
    #expect(result.threads.dropFirst().map { result.spanNs - $0.exited } == ends)
  }

  /// One core has 100 and 300 to do, the other 900, 300 and 300. At 100 the first one has two threads fewer and may take
  /// one, and so it may at 700, when it has nothing left.
  @Test(arguments: [(1.0, 1_000.0), (0, 1_500)])
  func aCoreMayTakeAWaitingThread(chance: Double, span: Double) {
    var model = SimulationModel(cores: 2)
    model.slices = TimeSlices(sliceNs: 1e9, tickNs: 1e9, taking: chance)
    let done = model.addLatch()
    model.addThread([.arm(done, count: 5), .join(done)])
    for work in [100.0, 900, 300, 300, 300] {
      model.addThread([.compute(Work(coreNs: work)), .countDown(done)])
    }
    #expect(Simulation.run(model).spanNs == span)
  }

  /// The likelier cores take threads from each other, the sooner many rounds of uneven work are done.
  @Test func takingByChanceLiesBetweenAlwaysAndNever() {
    func span(taking: Double) -> Double {
      var generator = SplitMix64(seed: 11)
      var model = SimulationModel(cores: 2)
      model.slices = TimeSlices(sliceNs: 1e9, tickNs: 1e9, taking: taking)
      let meeting = model.addBarrier(participants: 5)
      for _ in 0..<5 {
        model.addThread(
          (0..<200).flatMap { _ in
            [.compute(Work(coreNs: Double(100 + generator.below(400)))), .cross(meeting)]
          })
      }
      return Simulation.run(model).spanNs
    }
    let usual = TimeSlices.usuallyTaking
    let (never, sometimes, always) = (span(taking: 0), span(taking: usual), span(taking: 1))
    #expect(always < sometimes && sometimes < never, "\(always), \(sometimes), \(never)")
    #expect(span(taking: usual) == sometimes, "the same numbers are drawn every time")
  }

  /// Two threads in turns on one core, each with 250 to do in slices of 100. The first slice is all work, and of every
  /// later one 70: seven turns, each of which costs 30. With a core for each none does, nor beside one without much data.
  @Test(arguments: [(1, 1..<3, 30.0, 710.0), (2, 1..<3, 30, 250), (1, 1..<2, 30, 500), (1, 1..<3, 0, 500)])
  func turningToAnotherLargeThreadCosts(cores: Int, large: Range<Int>, cost: Double, span: Double) {
    var model = SimulationModel(cores: cores)
    model.slices = TimeSlices(sliceNs: 100, tickNs: 1e9)
    model.refill = RefillCost(threads: large, coreNs: cost)
    let done = model.addLatch()
    model.addThread([.arm(done, count: 2), .join(done)])
    for _ in 0..<2 { model.addThread([.compute(Work(coreNs: 250)), .countDown(done)]) }
    #expect(Simulation.run(model).spanNs == span)
  }

  /// Without an idle core a thread goes to the one with the fewest, and of equals back to the one that it had.
  @Test func aThreadGoesBackToItsCore() {
    var model = SimulationModel(cores: 2)
    model.slices = TimeSlices(sliceNs: 1e9, tickNs: 1e9)
    let go = model.addBarrier(participants: 2)
    let end = model.addLatch()
    model.addThread([.arm(end, count: 3), .join(end)])
    // The first two have a core each; the third has the second's after it, and comes back to it from the barrier.
    model.addThread([.compute(Work(coreNs: 1_000)), .countDown(end)])
    model.addThread([.compute(Work(coreNs: 100)), .cross(go), .compute(Work(coreNs: 500)), .countDown(end)])
    model.addThread([.compute(Work(coreNs: 200)), .cross(go), .compute(Work(coreNs: 400)), .countDown(end)])
    let result = Simulation.run(model)
    // 300 until both have come to the barrier; then 400 and, behind it, 500 on the same core.
    #expect(result.spanNs == 1_200 && result.isComplete)
  }

  @Test func theBooksClose() {
    var generator = SplitMix64(seed: 3)
    for cores in 1...4 {
      var model = SimulationModel(cores: cores)
      model.latency = WaitLatency(wakeNs: 30, wakerNs: 5, pollNs: 1)
      let polling: WaitPolling = cores == 4 ? .bounded(50) : .never
      let start = model.addBarrier(participants: 4, polling: polling)
      let end = model.addBarrier(participants: 4, polling: polling)
      model.addThread(Array(repeating: [.cross(start), .cross(end)], count: 20).flatMap(\.self))
      for _ in 0..<3 {
        let operations = (0..<20).flatMap { _ -> [ThreadOperation] in
          let work = Work(coreNs: Double(100 + generator.below(200)), cpuNs: 100)
          return [.cross(start), .compute(work), .cross(end)]
        }
        model.addThread(operations)
      }
      let result = Simulation.run(model)
      #expect(result.isComplete)
      for thread in result.threads {
        let sum =
          thread.useful + thread.waking + thread.runnable + thread.spin + thread.blocked + thread.exited
        #expect(abs(sum - result.spanNs) < 1e-6 * result.spanNs)
      }
      #expect((result.time(.spin) > 0) == (cores == 4), "threads poll where they may")
    }
  }

  /// put_k comes after get_{k − Q}: with room for Q items the producer is never more than Q + 1 ahead.
  @Test(arguments: [1, 2, 3])
  func aQueueHoldsItsDepth(depth: Int) {
    var model = SimulationModel(cores: 2)
    let queue = model.addQueue(capacity: depth)
    let consumer = (0..<10).flatMap { _ -> [ThreadOperation] in [.get(queue), .perform] }
    model.addThread(consumer)
    model.addThread(Array(repeating: .put(queue, Work(coreNs: 100)), count: 10))
    let result = Simulation.run(model)
    #expect(result.spanNs == 1_000)
    // Its last put waits until the consumer has taken all but `depth`, and one more.
    #expect(result.threads[1].blocked == Double(100 * (9 - depth)))
  }

  @Test func aSlowProducerIsWaitedFor() {
    var model = SimulationModel(cores: 2)
    let queue = model.addQueue(capacity: 4)
    model.addThread((0..<5).flatMap { _ -> [ThreadOperation] in [.get(queue), .compute(Work(coreNs: 10))] })
    model.addThread(
      (0..<5).flatMap { _ -> [ThreadOperation] in [.compute(Work(coreNs: 100)), .put(queue, .none)] })
    let result = Simulation.run(model)
    #expect(result.spanNs == 510)
    #expect(result.threads[0].blocked == 460)
  }

  @Test func itemsGoToWhoeverIsFree() {
    var model = SimulationModel(cores: 2)
    let queue = model.addQueue(capacity: 4)
    let done = model.addLatch()
    model.addThread(
      [.arm(done, count: 4)] + [300, 100, 100, 100].map { .put(queue, Work(coreNs: $0)) } + [.join(done)])
    for _ in 0..<2 { model.addThread([.get(queue), .perform, .countDown(done)], repeats: true) }
    #expect(Simulation.run(model).spanNs == 300, "one worker takes the long item, the other all others")
  }

  @Test func wakingCostsTheWakerAndDelaysTheLast() {
    var model = SimulationModel(cores: 8)
    model.latency = WaitLatency(wakeNs: 20, wakerNs: 2, pollNs: 0)
    let start = model.addBarrier(participants: 5)
    let end = model.addBarrier(participants: 5)
    model.addThread([.compute(Work(coreNs: 10)), .cross(start), .cross(end)])
    for _ in 0..<4 { model.addThread([.cross(start), .compute(Work(coreNs: 100)), .cross(end)]) }
    let result = Simulation.run(model)
    // 10 until the main thread comes; the fourth sleeper runs 20 + 4 · 2 later and works 100. It is the last to
    // come to the end, where the main thread has slept first of four.
    #expect(result.spanNs == 10 + 28 + 100 + 22)
    #expect(result.threads[0].waking == 8)
  }

  @Test func pollersGoOnAtOnce() {
    var model = SimulationModel(cores: 3)
    model.latency = WaitLatency(wakeNs: 1_000, wakerNs: 100, pollNs: 1)
    let end = model.addBarrier(participants: 2, polling: .bounded(50))
    model.addThread([.compute(Work(coreNs: 10)), .cross(end)])
    model.addThread([.compute(Work(coreNs: 40)), .cross(end)])
    #expect(Simulation.run(model).spanNs == 41)
    var late = SimulationModel(cores: 3)
    late.latency = model.latency
    let meeting = late.addBarrier(participants: 2, polling: .bounded(50))
    late.addThread([.compute(Work(coreNs: 10)), .cross(meeting)])
    late.addThread([.compute(Work(coreNs: 400)), .cross(meeting)])
    let result = Simulation.run(late)
    #expect(result.spanNs == 1_500, "it has fallen asleep meanwhile")
    #expect(result.threads[0].spin == 50)
  }

  @Test func coresSlowEachOtherDown() {
    func span(threads: Int, bandwidth: Double?) -> Double {
      var model = SimulationModel(cores: 4)
      model.speeds = [1, 0.8]
      model.bandwidth = bandwidth
      let end = model.addBarrier(participants: threads)
      for _ in 0..<threads {
        model.addThread([.compute(Work(coreNs: 100, bytes: 1_000)), .cross(end)])
      }
      return Simulation.run(model).spanNs
    }
    #expect(span(threads: 1, bandwidth: nil) == 100)
    #expect(abs(span(threads: 2, bandwidth: nil) - 125) < 1e-9)
    #expect(abs(span(threads: 4, bandwidth: nil) - 125) < 1e-9, "the last known speed counts beyond")
    // Four threads move 4,000 bytes; at 10 bytes a nanosecond that takes 400.
    #expect(abs(span(threads: 4, bandwidth: 10) - 400) < 1e-9)
    #expect(abs(span(threads: 1, bandwidth: 10) - 100) < 1e-9)
  }

  @Test func threadsThatWaitForEachOtherAreNoticed() {
    var model = SimulationModel(cores: 1)
    let queue = model.addQueue(capacity: 1)
    model.addThread([.get(queue)])
    #expect(!Simulation.run(model).isComplete)
  }
}
