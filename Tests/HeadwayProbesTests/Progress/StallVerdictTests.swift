import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite("From two looks to a verdict") struct StallVerdictTests {
  /// One thread at both looks, a second apart: what it used in between, in milliseconds.
  private struct Planted {
    var name: String
    var state: (name: String, category: StateCategory)?
    var cpuMs: UInt64? = 0
    var delayMs: UInt64? = 0
    var isActive = true

    func look(_ isSecond: Bool) -> ThreadLook {
      func value(_ ms: UInt64?) -> UInt64? { ms.map { 7_000_000 + (isSecond ? $0 * 1_000_000 : 0) } }
      return ThreadLook(
        name: name, role: .worker, thread: ThreadID(11), isActive: isActive,
        path: state.map { [.init(state: $0.name, category: $0.category, forNs: .milliseconds(1_500))] } ?? [],
        tasks: 3, tokens: 30, steps: 1, lastProgressNs: .milliseconds(1_500),
        kernel: KernelReading(
          cpuNs: value(cpuMs), runDelayNs: value(delayMs), state: "S", waitChannel: "futex_wait_queue"))
    }
  }

  private static let spin = (name: "queue.empty.spin", category: StateCategory.spin)
  private static let wait = (name: "barrier.work_end", category: StateCategory.blocked)
  private static let work = (name: "forward", category: StateCategory.useful)

  private func report(_ threads: [Planted], stacks: ((ThreadID) -> [String]?)? = nil) -> StallReport {
    StallReport(
      number: 2, silentNs: .milliseconds(1_500), before: threads.map { $0.look(false) },
      after: threads.map { $0.look(true) }, observedNs: .milliseconds(1_000), stacks: stacks)
  }

  @Test("spinning in a queue that nobody fills is a livelock")
  func livelock() {
    let report = report([
      Planted(name: "main", state: Self.wait), Planted(name: "worker-0", state: Self.spin, cpuMs: 990),
      Planted(name: "worker-1", state: Self.spin, cpuMs: 985, delayMs: 10),
    ])
    #expect(report.verdict == .livelock)
    #expect(report.threads.map(\.activity) == [.asleep, .spinning, .spinning])
    #expect(report.number == 2 && report.tasks == 9 && report.steps == 3)
    #expect(report.threads[1].cpuNs == .milliseconds(990))
    #expect(report.threads[1].path?.last?.state == "queue.empty.spin")
  }

  @Test("work that never ends is a livelock too")
  func endlessWork() {
    let report = report([Planted(name: "worker-0", state: Self.work, cpuMs: 900, delayMs: 90)])
    #expect(report.verdict == .livelock)
    #expect(report.threads[0].activity == .working)
  }

  @Test("nobody running is a deadlock, a stray wake-up or not")
  func deadlock() {
    let report = report([
      Planted(name: "main", state: Self.wait, cpuMs: 1), Planted(name: "worker-0", state: Self.wait),
    ])
    #expect(report.verdict == .deadlock)
    #expect(report.threads.map(\.activity) == [.asleep, .asleep])
  }

  @Test("a worker that is ready and gets no CPU is starved")
  func starved() {
    let report = report([
      Planted(name: "main", state: Self.wait),
      Planted(name: "worker-0", state: Self.work, cpuMs: 20, delayMs: 970),
    ])
    #expect(report.verdict == .starved)
    #expect(report.threads.map(\.activity) == [.asleep, .starved])
  }

  @Test("spinners that share a CPU are a livelock, not starved")
  func crowdedSpinners() {
    let report = report(
      (0..<63).map { Planted(name: "worker-\($0)", state: Self.spin, cpuMs: 31, delayMs: 960) })
    #expect(report.verdict == .livelock)
    #expect(report.threads.allSatisfy { $0.activity == .spinning })
  }

  @Test("a worker whose CPU the spinners take is starved")
  func starvedBySpinners() {
    let report = report([
      Planted(name: "worker-0", state: Self.work, cpuMs: 30, delayMs: 960),
      Planted(name: "worker-1", state: Self.spin, cpuMs: 950, delayMs: 40),
    ])
    #expect(report.verdict == .starved)
    #expect(report.threads.map(\.activity) == [.starved, .spinning])
  }

  @Test("what could not be read is absent, and counted")
  func gaps() {
    let blind = report([Planted(name: "worker-0", state: Self.work, cpuMs: nil, delayMs: nil)])
    #expect(blind.verdict == .unknown)
    #expect(blind.threads[0].activity == .unknown && blind.threads[0].cpuNs == nil)
    #expect(blind.gaps.contains { $0.hasPrefix("the CPU time of 1 of 1 threads") })
    #expect(blind.gaps.contains { $0.contains("no stack sampler") })
    let whole = report([Planted(name: "worker-0", state: Self.wait)]) { _ in ["main", "wait"] }
    #expect(whole.gaps.isEmpty)
    #expect(whole.threads[0].stack == ["main", "wait"])
    let refused = report([Planted(name: "worker-0", state: Self.wait)]) { _ in nil }
    #expect(refused.gaps == ["the stack of 1 of 1 threads could not be read"])
  }

  @Test("a thread that ended, or another in its row, is not judged by the other's clock")
  func replaced() {
    let gone = report([
      Planted(name: "worker-0", state: nil, isActive: false), Planted(name: "main", state: Self.wait),
    ])
    #expect(gone.threads[0].activity == .ended && gone.verdict == .deadlock)
    var other = Planted(name: "worker-0", state: Self.work, cpuMs: 900).look(true)
    other.thread = ThreadID(12)
    let replaced = StallReport(
      number: 1, silentNs: .zero, before: [Planted(name: "worker-0").look(false)], after: [other],
      observedNs: .milliseconds(1_000))
    #expect(replaced.threads[0].activity == .unknown && replaced.threads[0].cpuNs == nil)
  }

  @Test(
    "the kernel's letter stands behind the name, whatever the name holds",
    arguments: [
      ("42 (worker-0) S 1 2", Character("S")), ("42 (a) R (b)) R 1", "R"), ("42 ((x) t 1", "t"),
    ])
  func kernelLetter(_ text: String, _ letter: Character) {
    #expect(KernelReading.parseState(text) == letter)
    #expect(KernelReading.parseState("nothing here") == nil)
  }

  @Test("the contract is read back as it was written")
  func roundTrip() throws {
    let report = report([Planted(name: "worker-0", state: Self.spin, cpuMs: 900)])
    let read = try HeadwayJSON.decode(
      StallReport.self, from: try HeadwayJSON.document(report), subject: "stall-2.json")
    #expect(read == report)
  }
}
