import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct BarrierTests {
    @Test("Nobody passes before everybody has arrived", arguments: BarrierCase.all)
    func nobodyPassesEarly(_ barrierCase: BarrierCase) {
      let (participants, episodes) = (barrierCase.participants, barrierCase.episodes)
      let arrived = Atomic(0)
      let violations = Atomic(0)
      func exercise<B: Barrier>(_ barrier: B) {
        let probe = NullProbe()
        let site = WaitSite.barrier("test", polls: barrier.polls, probe: probe)
        onThreads(participants) { number in
          let me = probe.register(name: "p\(number)", role: .worker)
          for episode in 0..<episodes {
            arrived.add(1, ordering: .relaxed)
            barrier.wait(participant: number, at: site, probe: me)
            // All have arrived at this episode, and nobody can have got past the next one.
            let seen = arrived.load(ordering: .relaxed)
            if seen < (episode + 1) * participants || seen >= (episode + 2) * participants {
              violations.add(1, ordering: .relaxed)
            }
          }
        }
      }
      exercise(barrierCase.make())
      #expect(arrived.load(ordering: .relaxed) == participants * episodes)
      #expect(violations.load(ordering: .relaxed) == 0)
    }

    @Test("What was written before a barrier is read behind it", arguments: BarrierCase.all)
    func ordersMemory(_ barrierCase: BarrierCase) {
      let (participants, episodes) = (barrierCase.participants, barrierCase.episodes)
      // Plain memory: two rows, written and read alternately, so that only the barrier orders it.
      nonisolated(unsafe) let rows = UnsafeMutablePointer<Int>.allocate(capacity: 2 * participants)
      rows.initialize(repeating: -1, count: 2 * participants)
      defer { rows.deallocate() }
      let wrongSums = Atomic(0)
      func exercise<B: Barrier>(_ barrier: B) {
        let probe = NullProbe()
        let site = WaitSite.barrier("test", polls: barrier.polls, probe: probe)
        onThreads(participants) { number in
          let me = probe.register(name: "p\(number)", role: .worker)
          for episode in 0..<episodes {
            let row = rows + (episode & 1) * participants
            row[number] = episode * participants + number
            barrier.wait(participant: number, at: site, probe: me)
            let sum = (0..<participants).reduce(0) { $0 + row[$1] }
            let expected = participants * (episode * participants) + participants * (participants - 1) / 2
            if sum != expected { wrongSums.add(1, ordering: .relaxed) }
          }
        }
      }
      exercise(barrierCase.make())
      #expect(wrongSums.load(ordering: .relaxed) == 0)
    }

    @Test(
      "Each episode has one release, the last arrival, and one participant named last",
      arguments: BarrierCase.all, [LogProbe.Clock.logical, .constant, .skewed])
    func namesTheLast(_ barrierCase: BarrierCase, _ clock: LogProbe.Clock) {
      let (participants, episodes) = (barrierCase.participants, barrierCase.episodes / 4)
      let probe = LogProbe(clock: clock)
      func exercise<B: Barrier>(_ barrier: B) {
        let site = WaitSite.barrier("test", polls: barrier.polls, probe: probe)
        onThreads(participants) { number in
          let me = probe.register(name: "p\(number)", role: .worker)
          for _ in 0..<episodes { barrier.wait(participant: number, at: site, probe: me) }
          probe.retire(me)
        }
      }
      exercise(barrierCase.make())

      let logs = probe.logs
      #expect(logs.count == participants)
      for log in logs {
        #expect(log.crossings.map(\.generation) == Array(0..<UInt32(episodes)), "\(log.name)")
      }
      // Each participant noted the spreads of the episodes in which it was the last, in their order.
      var noted = logs.map { $0.spreads[...] }
      for episode in 0..<episodes where logs.allSatisfy({ $0.crossings.count == episodes }) {
        let crossings = logs.map { $0.crossings[episode] }
        let spread = crossings.firstIndex(where: \.wasLast).flatMap { noted[$0].popFirst() }
        #expect(spread?.first == crossings.map(\.arrival).min() && spread?.release == crossings[0].release)
        #expect(Set(crossings.map(\.release)).count == 1)
        #expect(crossings.map(\.arrival).max() == crossings[0].release)
        #expect(crossings.allSatisfy { $0.departure >= $0.release && $0.site == "test" })
        #expect(crossings.filter(\.wasLast).count == 1)
        #expect(crossings.allSatisfy { !$0.wasLast || $0.arrival == $0.release })
      }
    }

    @Test("A participant that arrives after all others is named last", arguments: BarrierCase.all)
    func namesThePlantedLateOne(_ barrierCase: BarrierCase) {
      let (participants, episodes) = (barrierCase.participants, barrierCase.episodes / 4)
      let probe = LogProbe()
      func exercise<B: Barrier>(_ barrier: B) {
        let site = WaitSite.barrier("test", polls: barrier.polls, probe: probe)
        onThreads(participants) { number in
          let me = probe.register(name: "\(number)", role: .worker)
          for episode in 0..<episodes {
            if episode % participants == number {
              yieldUntil { barrier.countWaiting(for: number) == participants - 1 }
            }
            barrier.wait(participant: number, at: site, probe: me)
          }
          probe.retire(me)
        }
      }
      exercise(barrierCase.make())
      for log in probe.logs {
        let named = log.crossings.filter(\.wasLast).map { Int($0.generation) }
        #expect(named == (0..<episodes).filter { "\($0 % participants)" == log.name })
      }
    }

    @Test("A waiting thread is in the state of its way of waiting", arguments: BarrierCase.all)
    func statesFollowTheKind(_ barrierCase: BarrierCase) {
      let (participants, episodes) = (barrierCase.participants, barrierCase.episodes / 8)
      let probe = LogProbe()
      func exercise<B: Barrier>(_ barrier: B) {
        let site = WaitSite.barrier("test", polls: barrier.polls, probe: probe)
        onThreads(participants) { number in
          let me = probe.register(name: "\(number)", role: .worker)
          for _ in 0..<episodes { barrier.wait(participant: number, at: site, probe: me) }
          probe.retire(me)
        }
      }
      exercise(barrierCase.make())

      let polls =
        barrierCase.kind == .spin
        || barrierCase.kind == .spinThenBlock && participants <= barrierCase.usableCPUs
      for log in probe.logs {
        let spins = log.entered.filter { $0 == "barrier.test.spin" }.count
        let blocks = log.entered.filter { $0 == "barrier.test" }.count
        #expect(spins + blocks == log.entered.count)
        switch (polls, barrierCase.kind) {
        case (false, _): #expect(spins == 0 && blocks == episodes)
        case (true, .spin): #expect(spins == episodes && blocks == 0)
        case (true, _): #expect(spins == episodes && blocks <= episodes)
        }
      }
      let definitions = probe.books.withLock { $0.states }
      #expect(definitions.contains(.init(name: "barrier.test", category: .blocked, site: "test")))
      #expect(
        definitions.contains(.init(name: "barrier.test.spin", category: .spin, site: "test")) == polls)
    }

    @Test("At a site where nobody polls a participant sleeps, however long the others poll")
    func sleepsAmongSpinners() {
      // The last participant waits until the other two show how they wait.
      let waiting = Atomic(0)
      let probe = LogProbe { _ in waiting.add(1, ordering: .releasing) }
      let barrier = CountingBarrier(participants: 3, polling: .forever)
      let polling = WaitSite.barrier("test", polls: true, probe: probe)
      let sleeping = WaitSite("test", kind: .barrier, state: "barrier.sleep", polls: false, probe: probe)
      onThreads(3) { number in
        let me = probe.register(name: "\(number)", role: .worker)
        for episode in 1...50 {
          if number == 2 { yieldUntil { waiting.load(ordering: .acquiring) == 3 * episode - 1 } }
          barrier.wait(participant: number, at: number == 1 ? sleeping : polling, probe: me)
        }
        probe.retire(me)
      }
      for log in probe.logs {
        let state = log.name == "1" ? "barrier.sleep" : "barrier.test.spin"
        #expect(log.entered == Array(repeating: state, count: 50))
        #expect(log.crossings.map(\.generation) == Array(0..<50))
      }
    }

    @Test("A sleeper gives its state back as blocked after polling in vain")
    func switchesFromSpinningToBlocked() {
      // The late participant waits until the other one sleeps: its state says so.
      let isBlocked = Atomic(false)
      let probe = LogProbe { if $0 == "barrier.test" { isBlocked.store(true, ordering: .releasing) } }
      let barrier = CountingBarrier(
        participants: 2, polling: .bounded(threads: 2, usableCPUs: 2))
      let site = WaitSite.barrier("test", polls: true, probe: probe)
      onThreads(2) { number in
        let me = probe.register(name: "\(number)", role: .worker)
        if number == 1 { yieldUntil { isBlocked.load(ordering: .acquiring) } }
        barrier.wait(participant: number, at: site, probe: me)
        probe.retire(me)
      }
      let entered = Dictionary(uniqueKeysWithValues: probe.logs.map { ($0.name, $0.entered) })
      #expect(entered["0"] == ["barrier.test.spin", "barrier.test"])
      #expect(entered["1"] == ["barrier.test.spin"])
    }
  }
}
