import HeadwayProbes
import Testing

/// A timer over its own tables, fed by hand with readings.
private final class ManualTimer {
  let totals: UnsafeMutablePointer<ExclusiveTimer.Totals>
  let stack: UnsafeMutablePointer<ExclusiveTimer.OpenState>
  var timer: ExclusiveTimer
  var window: (begin: UInt64, end: UInt64)

  init(window: (begin: UInt64, end: UInt64) = (0, 1000)) {
    totals = .allocate(capacity: ExclusiveTimer.slotCount)
    totals.initialize(repeating: ExclusiveTimer.Totals(), count: ExclusiveTimer.slotCount)
    stack = .allocate(capacity: ExclusiveTimer.depthCapacity)
    timer = ExclusiveTimer(totals: totals, stack: stack)
    self.window = window
  }

  deinit {
    totals.deallocate()
    stack.deallocate()
  }

  func reading(_ ticks: UInt64, _ cpu: UInt64) -> ExclusiveTimer.Reading {
    ExclusiveTimer.Reading(ticks: ticks, cpuNs: cpu, windowBegin: window.begin, windowEnd: window.end)
  }
  func start(_ ticks: UInt64, cpu: UInt64) { timer.start(ticks: ticks, cpuNs: cpu) }
  func enter(_ slot: Int, _ ticks: UInt64, cpu: UInt64) { timer.enter(slot, at: reading(ticks, cpu)) }
  @discardableResult
  func leave(_ ticks: UInt64, cpu: UInt64) -> ExclusiveTimer.OpenState? {
    timer.leave(at: reading(ticks, cpu))
  }
  func advance(_ ticks: UInt64, cpu: UInt64) { timer.advance(to: reading(ticks, cpu)) }

  func booked(_ slot: Int) -> [UInt64] { [totals[slot].wallTicks, totals[slot].cpuNs, totals[slot].count] }
  var unattributed: [UInt64] { booked(ExclusiveTimer.unattributed) }
  var sum: UInt64 { (0..<ExclusiveTimer.slotCount).reduce(0) { $0 + totals[$1].wallTicks } }
}

@Suite("Exclusive time by state")
struct ExclusiveTimerTests {
  @Test("time goes to the innermost state")
  func nesting() {
    // ticks   100   110     150   170   200    230
    //          |  -  |   a   | b   |  a  |   -  |
    let manual = ManualTimer()
    manual.start(100, cpu: 7)
    manual.enter(0, 110, cpu: 10)
    manual.enter(1, 150, cpu: 45)
    manual.leave(170, cpu: 46)
    manual.leave(200, cpu: 70)
    manual.advance(230, cpu: 75)
    #expect(manual.booked(0) == [70, 59, 1])
    #expect(manual.booked(1) == [20, 1, 1])
    #expect(manual.unattributed == [40, 8, 0])
    #expect(manual.sum == 130)
    #expect(manual.timer.transitions == 4)
  }

  @Test("a left state reports when it was entered")
  func openState() {
    let manual = ManualTimer()
    manual.start(0, cpu: 0)
    manual.enter(3, 10, cpu: 4)
    manual.enter(5, 20, cpu: 6)
    let inner = manual.leave(30, cpu: 8)
    let outer = manual.leave(40, cpu: 9)
    #expect(inner?.slot == 5 && inner?.ticks == 20 && inner?.cpuNs == 6)
    #expect(outer?.slot == 3 && outer?.ticks == 10 && outer?.cpuNs == 4)
    #expect(manual.timer.depth == 0)
  }

  @Test("an interval that a window's end cuts is shared in proportion")
  func clipping() {
    let manual = ManualTimer(window: (begin: 100, end: 200))
    manual.start(0, cpu: 0)
    manual.enter(0, 50, cpu: 50)
    manual.enter(1, 150, cpu: 90)  // a: 50 … 150, of which 50 of 100 ticks and 20 of 40 ns count
    manual.leave(300, cpu: 120)  // b: 150 … 300, of which 50 of 150 ticks and 10 of 30 ns count
    manual.leave(400, cpu: 130)
    #expect(manual.booked(0) == [50, 20, 0])
    #expect(manual.booked(1) == [50, 10, 1])
    #expect(manual.unattributed == [0, 0, 0])
    #expect(manual.sum == 100)
    #expect(manual.timer.transitions == 1)
  }

  @Test("a state that spans the window gets all of it")
  func spanning() {
    let manual = ManualTimer(window: (begin: 100, end: 200))
    manual.start(0, cpu: 0)
    manual.enter(0, 10, cpu: 0)
    manual.leave(410, cpu: 400)
    #expect(manual.booked(0) == [100, 100, 0])
  }

  @Test("nothing is booked while the window is not open")
  func unopened() {
    let manual = ManualTimer(window: (begin: .max, end: .max))
    manual.start(0, cpu: 0)
    manual.enter(0, 10, cpu: 1)
    manual.leave(20, cpu: 2)
    #expect(manual.sum == 0 && manual.booked(0) == [0, 0, 0] && manual.timer.transitions == 0)
  }

  @Test("a window that opens inside a state")
  func opensInside() {
    let manual = ManualTimer(window: (begin: .max, end: .max))
    manual.start(0, cpu: 0)
    manual.enter(0, 10, cpu: 0)
    manual.window = (begin: 60, end: .max)
    manual.leave(110, cpu: 100)
    #expect(manual.booked(0) == [50, 50, 0])
  }

  @Test("late registration and a gap between two threads of a row are not booked")
  func stretches() {
    let manual = ManualTimer(window: (begin: 100, end: 900))
    manual.start(200, cpu: 1_000)
    manual.enter(0, 210, cpu: 1_001)
    manual.leave(260, cpu: 1_041)
    manual.advance(300, cpu: 1_050)
    manual.start(500, cpu: 3)  // another thread: its CPU clock starts anew
    manual.enter(0, 520, cpu: 5)
    manual.leave(530, cpu: 9)
    manual.advance(600, cpu: 40)
    #expect(manual.booked(0) == [60, 44, 2])
    #expect(manual.unattributed == [140, 43, 0])
    #expect(manual.sum == 200)
  }

  @Test("a state of no length is counted and has no time")
  func zeroLength() {
    let manual = ManualTimer()
    manual.start(10, cpu: 0)
    manual.enter(0, 20, cpu: 5)
    manual.leave(20, cpu: 5)
    #expect(manual.booked(0) == [0, 0, 1])
    #expect(manual.unattributed == [10, 5, 0])
  }

  @Test("a counter that runs backwards books nothing")
  func backwards() {
    let manual = ManualTimer()
    manual.start(100, cpu: 10)
    manual.enter(0, 90, cpu: 9)
    manual.leave(120, cpu: 20)
    #expect(manual.booked(0) == [20, 10, 1])
    #expect(manual.sum == 20)
  }

  @Test("leaving nothing is counted and harmless")
  func unmatchedLeave() {
    let manual = ManualTimer()
    manual.start(0, cpu: 0)
    #expect(manual.leave(10, cpu: 1) == nil)
    manual.enter(0, 20, cpu: 2)
    manual.leave(30, cpu: 3)
    #expect(manual.timer.unmatchedLeaves == 1 && manual.timer.depth == 0)
    #expect(manual.booked(0) == [10, 1, 1] && manual.unattributed == [20, 2, 0])
  }

  @Test("nesting beyond the stack stays with the deepest state that was kept")
  func tooDeep() {
    let manual = ManualTimer()
    let kept = ExclusiveTimer.depthCapacity
    manual.start(0, cpu: 0)
    for level in 0..<(kept + 2) { manual.enter(level, UInt64(level + 1), cpu: 0) }
    #expect(manual.timer.tooDeep == 2)
    for level in 0..<(kept + 2) { manual.leave(UInt64(100 + level), cpu: 0) }
    #expect(manual.timer.depth == 0)
    #expect(manual.booked(kept - 1)[0] == UInt64(102 - kept))
    #expect(manual.booked(kept)[0] == 0)
    #expect(manual.sum == UInt64(100 + kept + 1))
  }

  @Test("books close over every small history", arguments: 0..<9)
  func closure(tail: Int) {
    // Five moves, each one of three; the window cuts the history at every pair of places.
    let windows = (UInt64(0)...6).flatMap { begin in (begin...6).map { (begin, $0) } }
    for history in stride(from: tail, to: 243, by: 9) {
      for (begin, end) in windows {
        let manual = ManualTimer(window: (begin: begin * 10 + 5, end: end * 10 + 5))
        manual.start(0, cpu: 0)
        var code = history
        for move in UInt64(1)...5 {
          switch code % 3 {
          case 0: manual.enter(Int(move) % 2, move * 10, cpu: move * 7)
          case 1: manual.leave(move * 10, cpu: move * 7)
          default: manual.advance(move * 10, cpu: move * 7)
          }
          code /= 3
        }
        manual.advance(80, cpu: 60)
        #expect(manual.sum == (end - begin) * 10)
      }
    }
  }
}
