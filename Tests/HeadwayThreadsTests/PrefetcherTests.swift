import HeadwayProbes
import HeadwayTestSupport
import HeadwayThreads
import HeadwayTrace
import Synchronization
import Testing

extension ThreadsTests {
  @Suite(.serialized) struct PrefetcherTests {
    final class Slot: Sendable {
      let number = Atomic(-1)
    }

    private func slots(_ count: Int) -> [Slot] { (0..<count).map { _ in Slot() } }

    /// Fills with 0, 1, 2 … and ends before `count`.
    private func filler<H>(_ count: Int = .max) -> @Sendable (Slot, H) -> Bool {
      let next = Slot()
      return { slot, _ in
        let number = next.number.add(1, ordering: .relaxed).newValue
        guard number < count else { return false }
        slot.number.store(number, ordering: .relaxed)
        return true
      }
    }

    @Test("Slots come in the order of their filling, and then none", arguments: [1, 2, 3, 5])
    func keepsOrder(depth: Int) throws {
      let me = NullProbe.Handle()
      let prefetcher = Prefetcher(slots: slots(depth), probe: NullProbe(), fill: filler(500))
      try prefetcher.start()
      var taken: [Int] = []
      while let slot = prefetcher.take(probe: me) {
        taken.append(slot.number.load(ordering: .relaxed))
        prefetcher.giveBack(slot)
      }
      #expect(taken == Array(0..<500))
      #expect(prefetcher.take(probe: me) == nil)
      prefetcher.stop(probe: me)
    }

    @Test("The taker may hold all slots at once", arguments: [1, 4])
    func allSlotsTaken(depth: Int) throws {
      let me = NullProbe.Handle()
      let prefetcher = Prefetcher(slots: slots(depth), probe: NullProbe(), fill: filler())
      try prefetcher.start()
      for round in 0..<50 {
        let held = try (0..<depth).map { _ in try #require(prefetcher.take(probe: me)) }
        #expect(held.map { $0.number.load(ordering: .relaxed) } == (0..<depth).map { round * depth + $0 })
        #expect(Set(held.map(ObjectIdentifier.init)).count == depth)
        for slot in held.reversed() { prefetcher.giveBack(slot) }
      }
      prefetcher.stop(probe: me)
    }

    @Test("It stops at once after starting, whatever it is doing", arguments: [1, 3])
    func stopsAtOnce(depth: Int) throws {
      let me = NullProbe.Handle()
      let prefetcher = Prefetcher(slots: slots(depth), probe: NullProbe(), fill: filler())
      prefetcher.stop(probe: me)
      for _ in 0..<100 {
        try prefetcher.start()
        prefetcher.stop(probe: me)
        prefetcher.stop(probe: me)
        #expect(prefetcher.take(probe: me) == nil)
      }
    }

    @Test("It stops while it waits for a free slot that nobody will give back")
    func stopsWhileFull() throws {
      let isFull = EventGate()
      let probe = LogProbe { if $0 == "prefetch.full" { isFull.open() } }
      let me = probe.register(name: "main", role: .main)
      let prefetcher = Prefetcher(slots: slots(2), probe: probe, fill: filler())
      try prefetcher.start()
      #expect(isFull.wait())
      prefetcher.stop(probe: me)
      let log = try #require(probe.logs.first)
      #expect(log.name == "prefetch" && log.role == .prefetch)
      #expect(log.entered == ["prefetch.turn", "batch.assemble", "batch.assemble", "prefetch.full"])
      #expect(log.waits.map(\.site) == ["prefetch_slots"])
    }

    @Test("It stops after the slot that it is filling, and fills no other")
    func stopsWhileFilling() throws {
      let (isFilling, isStopping) = (EventGate(), EventGate())
      let probe = LogProbe { if $0 == "thread.join" { isStopping.open() } }
      let me = probe.register(name: "main", role: .main)
      let filled = Atomic(0)
      let prefetcher = Prefetcher(slots: slots(8), probe: probe) { _, _ in
        isFilling.open()
        isStopping.wait()
        filled.add(1, ordering: .relaxed)
        return true
      }
      try prefetcher.start()
      #expect(isFilling.wait())
      prefetcher.stop(probe: me)
      #expect(filled.load(ordering: .relaxed) == 1)
    }

    @Test("A taker that has to wait says so")
    func recordsWaitingTaker() throws {
      let takerWaits = EventGate()
      let probe = LogProbe { if $0 == "prefetch.not_ready" { takerWaits.open() } }
      let me = probe.register(name: "main", role: .main)
      let prefetcher = Prefetcher(slots: slots(1), probe: probe) { (_: Slot, _) in takerWaits.wait() }
      try prefetcher.start()
      let slot = try #require(prefetcher.take(probe: me))
      prefetcher.giveBack(slot)
      prefetcher.stop(probe: me)
      #expect(me.log.entered == ["prefetch.not_ready", "thread.join"])
      #expect(me.log.waits.map(\.site) == ["prefetch"])
      let sites = probe.books.withLock { $0.sites }
      #expect(
        sites == [
          SiteDefinition(name: "prefetch", kind: .prefetchNotReady),
          SiteDefinition(name: "prefetch_slots", kind: .queueFull),
        ])
    }

    @Test("After a stop it starts again with all slots free")
    func restarts() throws {
      let me = NullProbe.Handle()
      let prefetcher = Prefetcher(slots: slots(2), probe: NullProbe(), fill: filler())
      var last = -1
      for _ in 0..<20 {
        try prefetcher.start()
        for _ in 0..<5 {
          let slot = try #require(prefetcher.take(probe: me))
          let number = slot.number.load(ordering: .relaxed)
          #expect(number > last)
          last = number
          prefetcher.giveBack(slot)
        }
        prefetcher.stop(probe: me)
      }
    }
  }
}
