import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What two looks at a run say, on timelines given as literals; a tick is a nanosecond.
@Suite struct LiveViewTests {
  private static let states: [StateDefinition] = [
    .init(name: "forward", category: .useful), .init(name: "barrier.end", category: .blocked, site: "end"),
    .init(name: "memory.sample", category: .selfCost),
  ]

  private func row(
    _ name: String = "worker-0", _ role: ThreadRole = .worker, now: UInt64, changed: UInt64, in slot: Int?,
    _ totals: [UInt64] = []
  ) -> LiveRow {
    var row = LiveRow(name: name, role: role, thread: ThreadID(7), now: now)
    row.changed = changed
    row.open = slot.map { [.init(slot: $0, ticks: changed)] } ?? []
    for (slot, ticks) in totals.enumerated() { row.totals[slot].wallTicks = ticks }
    return row
  }

  private func sample(
    _ rows: [LiveRow], now: UInt64, begin: UInt64? = 1_000, end: UInt64? = nil,
    change: (inout LiveSnapshot) -> Void = { _ in }
  ) throws -> LiveSample {
    let header = LiveFormat.header(
      processID: 5, origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000)
    var snapshot = try LiveSnapshot(head: header, definitions: [], rows: [], readAt: now, file: "live")
    snapshot.now = now
    (snapshot.states, snapshot.rows, snapshot.windowBegin, snapshot.windowEnd) =
      (Self.states, rows, begin, end)
    snapshot.sites = [.init(name: "queue", kind: .queueEmpty)]
    change(&snapshot)
    return LiveSample(snapshot: snapshot)
  }

  @Test("the time since the last change belongs to the state that the thread is in")
  func openState() throws {
    // forward 1000…1400, barrier.end 1400…1900, forward since; looked at at 1500 and 2000.
    let first = try sample([row(now: 1_500, changed: 1_400, in: 1, [400, 0])], now: 1_500)
    let second = try sample([row(now: 2_000, changed: 1_900, in: 0, [400, 500])], now: 2_000)
    let view = LiveView(from: first, to: second, steps: nil)
    #expect(view.phase == .measuring && view.intervalNs == Nanoseconds(500))
    #expect(view.threads.map(\.shares) == [["useful": 0.2, "blocked": 0.8]])
    #expect(view.threads[0].state == "forward" && view.threads[0].sinceNs == Nanoseconds(100))
    #expect(view.waits == [.init(state: "barrier.end", threadsNow: 0, threadsOnAverage: 0.8)])
    // One state all the while: nothing was booked, and yet all of the time is known.
    let third = try sample([row(now: 2_400, changed: 1_900, in: 0, [400, 500])], now: 2_400)
    #expect(LiveView(from: second, to: third, steps: nil).threads[0].shares == ["useful": 1])
  }

  @Test("time outside the window is in no share")
  func window() throws {
    let early = try sample([row(now: 900, changed: 800, in: 0)], now: 900, begin: nil)
    let before = LiveView(from: nil, to: early, steps: 10)
    #expect(before.phase == .starting && before.threads[0].shares == nil && before.windowNs == nil)
    #expect(before.steps == 10 && before.intervalNs == nil && before.step == nil)
    let opened = try sample([row(now: 1_200, changed: 800, in: 0)], now: 1_200)
    #expect(LiveView(from: early, to: opened, steps: nil).threads[0].shares == ["useful": 1])
    let closed = try sample(
      [row(now: 3_000, changed: 1_600, in: nil, [600, 0])], now: 3_000, end: 1_600)
    let last = LiveView(from: opened, to: closed, steps: nil)
    #expect(last.phase == .ending && last.windowNs == Nanoseconds(600))
    #expect(last.threads[0].shares == ["useful": 1] && last.threads[0].state == nil)
    #expect(LiveView(from: closed, to: closed, steps: nil).threads[0].shares == nil)
  }

  @Test("rates are of the interval, and absent where nothing is counted")
  func rates() throws {
    var old = row(now: 2_000, changed: 2_000, in: 0)
    (old.tasks, old.tokens, old.steps) = (4, 100, 2)
    var new = row(now: 1_000_002_000, changed: 1_000_002_000, in: 0)
    (new.tasks, new.tokens, new.steps, new.lastProgress) = (6, 300, 3, 1_000_001_000)
    let first = try sample([old], now: 2_000)
    let second = try sample([new], now: 1_000_002_000) { $0.loss = 2.5 }
    let view = LiveView(from: first, to: second, steps: nil)
    #expect(view.tokensPerSecond == 200 && view.stepsPerSecond == 1 && view.step == 3 && view.loss == 2.5)
    #expect(view.threads[0].tasksPerSecond == 2 && view.silentNs == Nanoseconds(1_000))
    let idle = LiveView(
      from: try sample([row(now: 2_000, changed: 2_000, in: 0)], now: 2_000),
      to: try sample([row(now: 3_000, changed: 2_000, in: 0)], now: 3_000), steps: nil)
    #expect(idle.tokensPerSecond == nil && idle.threads[0].tasksPerSecond == nil && idle.silentNs == nil)
    // Without a probe there are no rows: the training says how far it is.
    let off = LiveView(
      from: try sample([], now: 0, begin: nil) { ($0.step, $0.tokens) = (1, 50) },
      to: try sample([], now: 500_000_000, begin: nil) { ($0.step, $0.tokens) = (2, 100) }, steps: nil)
    #expect(off.tokensPerSecond == 100 && off.stepsPerSecond == 2 && off.step == 2 && off.threads.isEmpty)
  }

  @Test("what is told was so when the status was copied, and how long ago that is stands beside it")
  func age() throws {
    let first = try sample([row(now: 1_500, changed: 1_400, in: 1, [400, 0])], now: 1_500)
    var second = try sample([row(now: 2_000, changed: 1_900, in: 0, [400, 500])], now: 2_000)
    second.snapshot.readAt = 900_000_000
    let view = LiveView(from: first, to: second, steps: nil)
    #expect(view.ageNs == Nanoseconds(899_998_000) && view.intervalNs == Nanoseconds(500))
    #expect(view.threads[0].sinceNs == Nanoseconds(100))
    var again = second
    #expect(!first.snapshot.isSameCopy(as: second.snapshot))
    #expect(second.snapshot.isSameCopy(as: again.snapshot))
    again.snapshot.readAt = 1_000_002_000
    #expect(!second.snapshot.isSameCopy(as: again.snapshot), "its age is news")
    // Nothing is known of the time since the copy.
    let stale = LiveView(from: second, to: again, steps: nil)
    #expect(stale.threads[0].shares == nil && stale.tokensPerSecond == nil)
  }

  @Test("a row of any bytes is decoded without a trap")
  func anyBytes() throws {
    for byte in [UInt8(0), 0x7F, 0x80, 0xFF] {
      var header = LiveFormat.header(
        processID: 5, origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000)
      header.replaceSubrange(40..<112, with: repeatElement(byte, count: 72))
      let definition = TraceDefinition.thread(
        RecordedThread(name: "x", role: .worker, processID: 5, threadID: ThreadID(7)))
      let twice = definition.encoded(number: 0) + definition.encoded(number: 1)
      let state = TraceDefinition.state(Self.states[1]).encoded(number: 0)
      let site = TraceDefinition.site(.init(name: "end", kind: .barrier)).encoded(number: 0)
      let row = [UInt8](repeating: byte, count: LiveFormat.Row.used)
      let snapshot = try LiveSnapshot(
        head: header, definitions: twice + state + site, rows: [row, row], readAt: 7, file: "live")
      #expect(snapshot.rows.count == 2)
      let sample = LiveSample(snapshot: snapshot)
      let view = LiveView(from: try self.sample([], now: 5), to: sample, steps: 3)
      #expect(view.threads.count == 2 && LiveView(from: sample, to: sample, steps: nil).threads.count == 2)
    }
  }

  @Test("the kernel's times are compared with the time between their own readings")
  func kernel() throws {
    var first = try sample([row(now: 2_000, changed: 2_000, in: 0)], now: 2_000)
    var second = try sample([row(now: 3_000, changed: 2_000, in: 0)], now: 3_000)
    first.kernel = [ThreadID(7): .init(at: 2_000, onCpuNs: 50, runDelayNs: 10)]
    second.kernel = [ThreadID(7): .init(at: 3_000, onCpuNs: 650, runDelayNs: 260)]
    let view = LiveView(from: first, to: second, steps: nil)
    #expect(view.threads[0].cpuShare == 0.6 && view.threads[0].readyShare == 0.25)
    second.kernel = [:]
    #expect(LiveView(from: first, to: second, steps: nil).threads[0].cpuShare == nil)
  }

  @Test("waits are of the program's living threads, and a queue holds what was seen last")
  func waitsAndQueues() throws {
    var ended = row("worker-1", now: 2_000, changed: 1_500, in: nil, [0, 500])
    ended.isActive = false
    ended.depths = [0: .init(items: 4, ticks: 1_400)]
    var waiting = row(now: 2_000, changed: 1_600, in: 1, [600, 0])
    waiting.depths = [0: .init(items: 1, ticks: 1_900), 3: .init(items: 2, ticks: 1_900)]
    let own = row("memory-sampler", .sampler, now: 2_000, changed: 1_000, in: 2)
    let view = LiveView(from: nil, to: try sample([ended, waiting, own], now: 2_000), steps: nil)
    #expect(view.waits == [.init(state: "barrier.end", threadsNow: 1, threadsOnAverage: nil)])
    #expect(view.queues == [.init(site: "queue", items: 1)], "a site that is not defined is not shown")
    #expect(view.threads.map(\.isActive) == [false, true, true] && view.threads[0].state == nil)
  }
}
