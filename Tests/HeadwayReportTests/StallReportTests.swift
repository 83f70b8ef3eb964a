import HeadwayReport
import HeadwayTrace
import Testing

@Suite struct StallReportTests {
  private func thread(
    _ name: String, _ activity: StalledThread.Activity, states: [String]?, stack: [String]? = nil
  ) -> StalledThread {
    StalledThread(
      name: name, role: name == "main" ? .main : .worker, thread: ThreadID(7), activity: activity,
      path: states.map { $0.map { .init(state: $0, category: .spin, forNs: Nanoseconds(31_000_000_000)) } },
      cpuNs: Nanoseconds(22_400_000_000), runDelayNs: nil, kernelState: "S", waitChannel: "futex_wait_queue",
      tasks: 6, tokens: 96, lastProgressNs: name == "main" ? nil : Nanoseconds(31_200_000_000), stack: stack)
  }

  private func stall(workers: Int, lasted: Int64? = nil) -> StallReport {
    StallReport(
      number: 1, verdict: .livelock, silentNs: Nanoseconds(31_200_000_000),
      observedNs: Nanoseconds(22_500_000_000), lastedNs: lasted.map { Nanoseconds($0) }, tasks: 12, steps: 3,
      threads: [
        thread("main", .asleep, states: ["dispatch", "latch.step_done"], stack: ["futex_wait", "main"])
      ]
        + (0..<workers).map { thread("worker-\($0)", .spinning, states: ["queue.empty.spin"]) },
      gaps: ["the time ready without a CPU of 3 of 3 threads could not be read"])
  }

  @Test func aStallNamesWhatEveryThreadWasDoing() {
    let text = TerminalReport.render(stall: stall(workers: 2), width: 100)
    for part in [
      "Stall 1: nothing was completed for 31.2 s; livelock: the threads burnt CPU time.",
      "12 tasks and 3 steps had been completed.", "worker-0  spinning  22.4 s", "S futex_wait_queue", "never",
      "31.2 s ago", "main: latch.step_done for 31.0 s, in dispatch for 31.0 s",
      "worker-0, worker-1: queue.empty.spin for 31.0 s or longer", "Stack of main, innermost first",
      "  futex_wait", "could not be read.",
    ] { #expect(text.contains(part), "\(part) in:\n\(text)") }
    #expect(StallWords.end(of: stall(workers: 2)) == nil)
    #expect(
      StallWords.end(of: stall(workers: 2, lasted: 41_000_000_000))
        == "Stall 1 is over: it lasted 41.0 s.")
  }

  @Test(arguments: [80, 110])
  func manyThreadsInOneStateShareALine(width: Int) {
    let text = TerminalReport.render(stall: stall(workers: 63), width: width)
    #expect(text.contains("worker-0, worker-1, worker-2 and 60 more: queue.empty.spin"))
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
  }
}
