import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Histograms of waits and spreads, and the part of them inside the window.
@Suite("Recording of waits", .serialized) struct WaitRecordingTests {
  @Test("each wait is in the histogram, and only what lies in the window counts against its states")
  func histograms() throws {
    let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
    let queue = probe.site(SiteDefinition(name: "queue", kind: .queueEmpty))
    let end = probe.site(SiteDefinition(name: "end", kind: .barrier))
    let main = probe.register(name: "main", role: .main)
    let before = main.now()
    burn(milliseconds: 2)
    probe.openWindow()
    let inside = main.now()
    // Straddles the opening: at most its second half counts.
    main.waited(queue, from: before, to: inside)
    for length: UInt64 in [0, 1_000, 1_000_000] {
      main.waited(queue, from: inside, to: Ticks(inside.rawValue + length))
      main.spread(end, from: inside, to: Ticks(inside.rawValue + length))
    }
    main.spread(end, from: Ticks(inside.rawValue + 5), to: inside)
    main.crossed(end, generation: 0, arrival: inside, release: inside, departure: inside, wasLast: true)
    burn(milliseconds: 5)
    probe.closeWindow()
    let thread = try #require(probe.accounts().threads.first)
    let waits = try #require(thread.waits["queue"])
    let lengths = try #require(waits.durations)
    #expect(lengths.total == 4 && waits.count == 4)
    #expect(lengths.longestNs <= waits.waitNs && lengths.longestNs.count >= 2_000_000)
    let window = try #require(waits.windowWaitNs)
    #expect(window < waits.waitNs - Nanoseconds(1_900_000) && window.count > 0)
    // Two of no length: equal, and one that two cores' clocks made negative.
    let spread = try #require(thread.barriers["end"]?.spread)
    #expect(spread.total == 4 && spread.counts.first == 2)
  }

  @Test("a wait that is still going on counts up to the window's end")
  func openWait() throws {
    let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
    let queue = probe.site(SiteDefinition(name: "queue", kind: .queueEmpty))
    let state = probe.state(.blocked("queue.empty", site: "queue"))
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    main.enter(state)
    let start = main.now()
    main.leave()
    main.waited(queue, from: start, to: start)
    main.enter(state)
    burn(milliseconds: 3)
    probe.closeWindow()
    let accounts = probe.accounts()
    let thread = try #require(accounts.threads.first)
    let booked = try #require(thread.states["queue.empty"]).wallNs
    let noted = try #require(thread.waits["queue"]?.windowWaitNs)
    #expect(noted.count >= 3_000_000 && abs((noted - booked).count) < booked.count / 10)
    main.leave()
  }
}
