import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct QueueTests {
    /// Producers, consumers and a ring, small enough to be full and empty all the time.
    struct Case: CustomStringConvertible, Sendable {
      var producers: Int
      var consumers: Int
      var capacity: Int
      var polling: Polling
      var description: String {
        "\(producers)P\(consumers)C, capacity \(capacity), \(polling.looks) looks"
      }

      static let all = [(1, 1), (1, 4), (4, 1), (4, 4)].flatMap { producers, consumers in
        [1, 2, 8].flatMap { capacity in
          [Polling.never, .bounded(threads: 1, usableCPUs: 1)].map {
            Case(producers: producers, consumers: consumers, capacity: capacity, polling: $0)
          }
        }
      }
    }

    /// An element that says where it comes from.
    struct Item: BitwiseCopyable, Hashable, Sendable {
      var producer: Int32
      var number: Int32
    }

    private static let site = WaitSite(
      "queue", kind: .queueEmpty, state: "queue.empty", polls: true, probe: NullProbe())
    private static let probe = NullProbe.Handle()

    @Test(
      "One thread sees a bounded queue: first in, first out, full at its capacity",
      arguments: [1, 2, 3, 4, 8])
    func isABoundedQueue(requested: Int) {
      let queue = MPMCQueue<UInt64>(capacity: requested, polling: .never)
      #expect(queue.capacity == [1: 1, 2: 2, 3: 4, 4: 4, 8: 8][requested])
      var model: [UInt64] = []
      var generator = SplitMix(seed: UInt64(requested))
      for number in 0..<20_000 as Range<UInt64> {
        if generator.next() & 1 == 0 {
          switch queue.tryPush(number) {
          case .done: model.append(number)
          case .full: #expect(model.count == queue.capacity)
          case .closed: Issue.record("closed by nobody")
          }
          #expect(model.count <= queue.capacity)
        } else {
          switch queue.tryPop() {
          case .element(let element): #expect(element == model.removeFirst())
          case .empty: #expect(model.isEmpty)
          case .closed: Issue.record("closed by nobody")
          }
        }
      }
    }

    @Test("Every item comes out exactly once, each producer's in order", arguments: Case.all)
    func deliversExactlyOnceInOrder(_ queueCase: Case) {
      let queue = MPMCQueue<Item>(capacity: queueCase.capacity, polling: queueCase.polling)
      let perProducer: Int32 = 2_000
      let popped = Mutex<[[Item]]>([])
      let unfinished = Atomic(queueCase.producers)
      let (producers, consumers) = (queueCase.producers, queueCase.consumers)
      onThreads(producers + consumers) { thread in
        if thread < producers {
          for number in 0..<perProducer {
            let item = Item(producer: Int32(thread), number: number)
            let pushed = queue.push(item, at: Self.site, probe: Self.probe)
            precondition(pushed)
          }
          if unfinished.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { queue.close() }
        } else {
          var mine: [Item] = []
          while let item = queue.pop(at: Self.site, probe: Self.probe) { mine.append(item) }
          popped.withLock { $0.append(mine) }
        }
      }
      let byConsumer = popped.withLock { $0 }
      #expect(byConsumer.count == consumers)
      for producer in 0..<Int32(producers) {
        for items in byConsumer {
          let numbers = items.filter { $0.producer == producer }.map(\.number)
          #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        }
        let numbers = byConsumer.joined().filter { $0.producer == producer }.map(\.number)
        #expect(numbers.sorted() == Array(0..<perProducer))
      }
    }

    @Test("What was pushed earlier is not popped later: no two operations swap", arguments: Case.all)
    func isLinearizable(_ queueCase: Case) {
      struct Interval { var start: Int, end: Int }
      let queue = MPMCQueue<Item>(capacity: queueCase.capacity, polling: queueCase.polling)
      let time = Atomic(0)
      let pushes = Mutex<[Item: Interval]>([:])
      let pops = Mutex<[Item: Interval]>([:])
      let unfinished = Atomic(queueCase.producers)
      let producers = queueCase.producers
      onThreads(producers + queueCase.consumers) { thread in
        func tick() -> Int { time.add(1, ordering: .sequentiallyConsistent).newValue }
        var mine: [Item: Interval] = [:]
        if thread < producers {
          for number in 0..<150 as Range<Int32> {
            let item = Item(producer: Int32(thread), number: number)
            let start = tick()
            _ = queue.push(item, at: Self.site, probe: Self.probe)
            mine[item] = Interval(start: start, end: tick())
          }
          pushes.withLock { $0.merge(mine) { first, _ in first } }
          if unfinished.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { queue.close() }
        } else {
          while true {
            let start = tick()
            guard let item = queue.pop(at: Self.site, probe: Self.probe) else { break }
            mine[item] = Interval(start: start, end: tick())
          }
          pops.withLock { $0.merge(mine) { first, _ in first } }
        }
      }
      let (pushed, taken) = (pushes.withLock { $0 }, pops.withLock { $0 })
      #expect(pushed.count == 150 * producers && taken.count == pushed.count)
      var swapped = 0
      for (first, push) in pushed {
        for (second, laterPush) in pushed where push.end < laterPush.start {
          if let pop = taken[first], let earlierPop = taken[second], earlierPop.end < pop.start {
            swapped += 1
          }
        }
      }
      #expect(swapped == 0)
    }

    @Test("Closing wakes every sleeping consumer", arguments: [1, 4, 17])
    func closeWakesConsumers(count: Int) {
      let queue = MPMCQueue<UInt64>(capacity: 4, polling: .never)
      let gotNothing = Atomic(0)
      onThreads(count + 1) { thread in
        if thread == count {
          yieldUntil { queue.sleepingConsumers == count }
          queue.close()
        } else if queue.pop(at: Self.site, probe: Self.probe) == nil {
          gotNothing.add(1, ordering: .relaxed)
        }
      }
      #expect(gotNothing.load(ordering: .relaxed) == count)
    }

    @Test("Closing wakes every sleeping producer, and what was in the queue comes out", arguments: [1, 4])
    func closeWakesProducers(count: Int) {
      let queue = MPMCQueue<UInt64>(capacity: 2, polling: .never)
      queue.tryPush(1)
      queue.tryPush(2)
      let refused = Atomic(0)
      onThreads(count + 1) { thread in
        if thread == count {
          yieldUntil { queue.sleepingProducers == count }
          queue.close()
        } else if !queue.push(3, at: Self.site, probe: Self.probe) {
          refused.add(1, ordering: .relaxed)
        }
      }
      #expect(refused.load(ordering: .relaxed) == count)
      #expect(queue.pop(at: Self.site, probe: Self.probe) == 1)
      #expect(queue.pop(at: Self.site, probe: Self.probe) == 2)
      #expect(queue.pop(at: Self.site, probe: Self.probe) == nil)
    }

    @Test("Closing in the midst of pushing loses nothing that was accepted", arguments: Case.all)
    func closeRacesWithPushes(_ queueCase: Case) {
      let queue = MPMCQueue<Item>(capacity: queueCase.capacity, polling: queueCase.polling)
      let accepted = Mutex<Set<Item>>([])
      let popped = Mutex<Set<Item>>([])
      let taken = Atomic(0)
      let producers = queueCase.producers
      onThreads(producers + queueCase.consumers) { thread in
        var mine: Set<Item> = []
        if thread < producers {
          var item = Item(producer: Int32(thread), number: 0)
          while queue.push(item, at: Self.site, probe: Self.probe) {
            mine.insert(item)
            item.number += 1
          }
          accepted.withLock { $0.formUnion(mine) }
        } else {
          while let item = queue.pop(at: Self.site, probe: Self.probe) {
            mine.insert(item)
            if taken.add(1, ordering: .relaxed).newValue == 500 { queue.close() }
          }
          popped.withLock { $0.formUnion(mine) }
        }
      }
      #expect(popped.withLock { $0 } == accepted.withLock { $0 })
      #expect(taken.load(ordering: .relaxed) >= 500)
    }

    @Test("Only waiting is recorded: one wait and one state for each pop that found nothing")
    func recordsWaits() {
      let probe = LogProbe()
      let site = WaitSite(
        "work_queue", kind: .queueEmpty, state: "queue.empty", polls: false, probe: probe)
      let queue = MPMCQueue<UInt64>(capacity: 4, polling: .never)
      queue.tryPush(1)
      onThreads(2) { thread in
        if thread == 0 {
          let me = probe.register(name: "consumer", role: .worker)
          for expected in [1, 2, 3] as [UInt64] {
            let element = queue.pop(at: site, probe: me)
            precondition(element == expected)
          }
          probe.retire(me)
        } else {
          for element in [2, 3] as [UInt64] {
            yieldUntil { queue.sleepingConsumers == 1 }
            queue.tryPush(element)
            yieldUntil { queue.sleepingConsumers == (element == 2 ? 1 : 0) }
          }
        }
      }
      #expect(probe.logs[0].entered == ["queue.empty", "queue.empty"])
      #expect(probe.logs[0].waits.map(\.site) == ["work_queue", "work_queue"])
    }
  }
}

/// A seeded generator for test sequences.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
