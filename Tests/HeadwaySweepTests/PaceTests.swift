import HeadwaySweep
import HeadwayTrace
import Testing

@Suite struct PaceTests {
  /// Five arms; each run takes `seconds`.
  private func pace(_ lines: String, runs: Int = 0, seconds: Int64 = 2) throws -> Pace {
    let plan = try SweepPlan(profile: profile(lines), context: .literal)
    var pace = Pace(plan: plan)
    for run in 0..<runs {
      var record = RunRecord(arm: plan.arms[run % 5].id, block: run / 5, position: run % 5, directory: "")
      record.wallNs = Nanoseconds(seconds * 1_000_000_000)
      pace.note(record)
      pace.blocksDone = (run + 1) / 5
    }
    return pace
  }

  @Test func withoutABudgetEveryBlockIsMeasured() throws {
    let pace = try pace("blocks: { minimum: 6, maximum: 8 }", runs: 5)
    #expect(pace.begins(block: 7, elapsed: 1e6) && !pace.begins(block: 8, elapsed: 0))
    #expect(pace.total(elapsed: 0) == 40)
    #expect(pace.remainingSeconds(elapsed: 10) == 70)
    #expect(pace.affordsRerun(of: 0, blockSeconds: 1e6, elapsed: 1e6))
  }

  @Test func theMinimumIsMeasuredWhateverTheBudget() throws {
    let pace = try pace("blocks: { minimum: 6, maximum: 8 }\nbudget_minutes: 0.5", runs: 5)
    #expect(pace.begins(block: 5, elapsed: 1e6))
    #expect(!pace.begins(block: 6, elapsed: 1e6))
    #expect(pace.total(elapsed: 1e6) == 30)
  }

  /// A block takes 10 s; a minute holds six.
  @Test func beyondTheMinimumABlockMustEndWithinTheBudget() throws {
    let pace = try pace("blocks: { minimum: 2, maximum: 20 }\nbudget_minutes: 1", runs: 15)
    #expect(pace.begins(block: 3, elapsed: 50))
    #expect(!pace.begins(block: 3, elapsed: 50.1))
    #expect(pace.total(elapsed: 30) == 30)
    #expect(pace.remainingSeconds(elapsed: 30) == 30)
  }

  @Test func aRerunMustLeaveTimeForWhatMustFollow() throws {
    let pace = try pace("blocks: { minimum: 4, maximum: 20 }\nbudget_minutes: 1", runs: 5)
    // After block 0, three more must follow: with the rerun, 40 s.
    #expect(pace.affordsRerun(of: 0, blockSeconds: 10, elapsed: 20))
    #expect(!pace.affordsRerun(of: 0, blockSeconds: 10, elapsed: 20.1))
    #expect(pace.affordsRerun(of: 9, blockSeconds: 10, elapsed: 50))
  }

  @Test func nothingIsForetoldBeforeTheFirstRun() throws {
    let pace = try pace("budget_minutes: 1")
    #expect(pace.remainingSeconds(elapsed: 5) == nil)
    #expect(pace.total(elapsed: 0) == 30)
  }
}
