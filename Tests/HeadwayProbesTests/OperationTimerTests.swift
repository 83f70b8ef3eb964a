import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A timer over its own table, fed by hand with readings.
private final class ManualOperations {
  let totals: UnsafeMutablePointer<OperationTimer.Totals>
  var timer: OperationTimer
  var window: (begin: UInt64, end: UInt64)

  init(window: (begin: UInt64, end: UInt64) = (0, 1_000)) {
    totals = .allocate(capacity: OperationTimer.count)
    totals.initialize(repeating: OperationTimer.Totals(), count: OperationTimer.count)
    timer = OperationTimer(totals: totals)
    self.window = window
  }

  deinit { totals.deallocate() }

  func begin(_ ticks: UInt64) { timer.begin(at: ticks) }
  func end(_ operation: Int, in slot: Int = 0, _ ticks: UInt64) {
    timer.end(operation, in: slot, at: ticks, windowBegin: window.begin, windowEnd: window.end)
  }
  func booked(_ operation: Int, in slot: Int = 0) -> [UInt64] {
    let total = totals[slot * OperationTimer.width + operation]
    return [total.ticks, total.count]
  }
  var sum: UInt64 { (0..<OperationTimer.count).reduce(0) { $0 + totals[$1].ticks } }
}

@Suite("Exclusive time by operation")
struct OperationTimerTests {
  @Test("an operation gets the time since the one before it, or since its state was entered")
  func oneAfterAnother() {
    // ticks   100    130   145       200   210
    //          |  a   |  b  |    a    | -   | left
    let manual = ManualOperations()
    manual.begin(100)
    manual.end(0, 130)
    manual.end(1, 145)
    manual.end(0, 200)
    manual.begin(210)
    #expect(manual.booked(0) == [85, 2])
    #expect(manual.booked(1) == [15, 1])
    #expect(manual.sum == 100, "what lies behind the last operation is in none")
  }

  @Test("the same operation in two states has two accounts")
  func byState() {
    let manual = ManualOperations()
    manual.begin(10)
    manual.end(4, in: 2, 17)
    manual.begin(20)
    manual.end(4, in: ExclusiveTimer.unattributed, 50)
    #expect(manual.booked(4, in: 2) == [7, 1])
    #expect(manual.booked(4, in: ExclusiveTimer.unattributed) == [30, 1])
  }

  @Test("operations beyond the capacity share one account")
  func tooMany() {
    let manual = ManualOperations()
    manual.begin(0)
    manual.end(31, 5)
    manual.end(32, 10)
    manual.end(900, 30)
    #expect(manual.booked(31) == [5, 1] && manual.booked(OperationTimer.others) == [25, 2])
  }

  @Test("what lies outside the window counts for nothing, and what it cuts counts in part")
  func clipped() {
    let manual = ManualOperations(window: (100, 200))
    manual.begin(50)
    manual.end(0, 90)
    manual.end(1, 130)
    manual.end(2, 190)
    manual.end(3, 240)
    manual.end(4, 300)
    #expect(manual.booked(0) == [0, 0] && manual.booked(1) == [30, 1] && manual.booked(2) == [60, 1])
    #expect(manual.booked(3) == [10, 0], "it ended outside")
    #expect(manual.booked(4) == [0, 0] && manual.sum == 100)
  }

  @Test("a counter that seems to run backwards books nothing")
  func backwards() {
    let manual = ManualOperations()
    manual.begin(100)
    manual.end(0, 90)
    manual.end(1, 110)
    #expect(manual.booked(0) == [0, 0] && manual.booked(1) == [10, 1])
  }
}

@Suite("Operations on real threads", .serialized)
struct OperationRecordingTests {
  /// A thread that works in an outer state, in an inner one, and outside of all.
  private func record(operations: Bool) throws -> RunAccounts {
    let probe = try RecordingProbe(
      level: .counters, traceURL: nil, budgetBytes: 0, operations: operations)
    let outer = probe.state(.useful("outer"))
    let inner = probe.state(.useful("inner"))
    let first = probe.operation("first")
    let second = probe.operation("second")
    #expect(first != second && probe.operation("first") == first)
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    for _ in 0..<50 {
      main.enter(outer)
      burnCPU(microseconds: 20)
      main.ended(first)
      main.enter(inner)
      burnCPU(microseconds: 20)
      main.ended(second)
      main.leave()
      burnCPU(microseconds: 20)
      main.ended(second)
      main.leave()
    }
    probe.closeWindow()
    return probe.accounts()
  }

  @Test func theyLieInTheirStatesAndNeverExceedThem() throws {
    let accounts = try record(operations: true)
    let thread = try #require(accounts.threads.first)
    let outer = try #require(thread.states["outer"])
    let inner = try #require(thread.states["inner"])
    #expect(outer.operations?.mapValues(\.count) == ["first": 50, "second": 50])
    #expect(inner.operations?.mapValues(\.count) == ["second": 50], "each state has its own")
    for state in [outer, inner] {
      let operations = try #require(state.operations)
      let sum = operations.values.reduce(Nanoseconds.zero) { $0 + $1.wallNs }
      #expect(sum <= state.wallNs)
      for time in operations.values { #expect(time.wallNs.count >= 50 * 20_000, "\(time)") }
    }
    let unattributed = thread.states[ThreadAccounts.unattributedState]
    #expect(unattributed?.operations == nil && accounts.warnings.isEmpty)
  }

  @Test func nobodyAskedAndNothingIsThere() throws {
    let thread = try #require(try record(operations: false).threads.first)
    #expect(thread.states.values.allSatisfy { $0.operations == nil })
    #expect(thread.states["outer"]?.count == 50)
  }

  @Test func tooManyAreCountedAsOneWithAWarning() throws {
    let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, operations: true)
    let state = probe.state(.useful("work"))
    let operations = (0..<34).map { probe.operation("operation \($0)") }
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    main.enter(state)
    for operation in operations { main.ended(operation) }
    main.leave()
    probe.closeWindow()
    let accounts = probe.accounts()
    let times = try #require(accounts.threads.first?.states["work"]?.operations)
    #expect(times.values.reduce(0) { $0 + $1.count } == 34)
    #expect(times[ThreadAccounts.otherOperations]?.count == 2)
    #expect(accounts.warnings.contains { $0.contains("operation 32, operation 33") })
  }

  @Test func theMemoryOfTheTableIsCounted() throws {
    func bytes(_ operations: Bool) throws -> Int {
      let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, operations: operations)
      let main = probe.register(name: "main", role: .main)
      defer { probe.retire(main) }
      return probe.heapBytes
    }
    let more = try bytes(true) - bytes(false)
    #expect((30_000...40_000).contains(more), "\(more) bytes a thread")
  }
}
