import HeadwayAnalysis
import HeadwayTrace
import Testing

/// The two measurements of a wait, its own times and its states' timers, held against each other.
@Suite struct WaitCheckTests {
  /// A second in which main waits 400 ms at `end` and a worker 200 ms at `queue`, by their states.
  private func accounts(endMs: Int, queueMs: Int) -> RunAccounts {
    var accounts = DrawnTimeline(
      main: String(repeating: "f", count: 600) + String(repeating: "E", count: 400),
      workers: [String(repeating: "f", count: 800) + String(repeating: "Q", count: 200)]
    ).accounts
    for (thread, name, site) in [(0, "barrier.work_end", "end"), (1, "queue.empty", "queue")] {
      accounts.threads[thread].states[name]?.definition.site = site
      accounts.threads[thread].states[name]?.count = 4
    }
    accounts.threads[0].barriers["end"] = BarrierAccount(
      episodes: 4, imbalanceNs: ms(endMs), wakeupNs: ms(0), lastArrivals: 0, windowWaitNs: ms(endMs))
    accounts.threads[1].waits["queue"] = WaitAccount(
      kind: .queueEmpty, count: 4, waitNs: ms(queueMs), windowWaitNs: ms(queueMs))
    return accounts
  }

  private func disagreements(_ accounts: RunAccounts) -> [String] {
    summarize(RunConfiguration(), accounts: accounts).warnings.filter { $0.contains("waits noted") }
  }

  @Test func agreementIsSilent() {
    #expect(disagreements(accounts(endMs: 400, queueMs: 200)).isEmpty)
    // Within 1 % and the floor of a thousandth of the window.
    #expect(disagreements(accounts(endMs: 396, queueMs: 199)).isEmpty)
  }

  @Test func aPlantedDisagreementIsNamedBySite() {
    let one = disagreements(accounts(endMs: 380, queueMs: 200))
    #expect(one.count == 1 && one[0].contains("at end (0.380000 s)") && one[0].contains("(0.400000 s)"))
    #expect(one.first?.contains("5.0 %") == true)
    // Waits that no state was entered for are the other direction.
    #expect(disagreements(accounts(endMs: 400, queueMs: 230)).first?.contains("at queue") == true)
  }

  @Test func theProbesOwnCostIsAllowedFor() {
    var longer = accounts(endMs: 385, queueMs: 200)
    #expect(disagreements(longer).count == 1)
    longer.transitionCostNs = Nanoseconds(2_000_000)
    #expect(disagreements(longer).isEmpty)
  }

  @Test func theTimeOffTheCPUWhileLeavingIsAllowedFor() {
    var preempted = accounts(endMs: 370, queueMs: 200)
    preempted.threads[0].barriers["end"]?.leavingNs = ms(20)
    #expect(disagreements(preempted).count == 1, "10 ms more than that are missing")
    preempted.threads[0].barriers["end"]?.leavingNs = ms(30)
    #expect(disagreements(preempted).isEmpty)
  }

  @Test func waitsThatWereNotKeptAreNotJudged() {
    var older = accounts(endMs: 100, queueMs: 200)
    older.threads[0].barriers["end"]?.windowWaitNs = nil
    #expect(disagreements(older).isEmpty)
  }
}
