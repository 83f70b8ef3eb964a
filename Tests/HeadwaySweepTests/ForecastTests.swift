import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct ForecastTests {
  private func earlier(_ lines: String = "", seconds: [Int64], cpus: Double = 2) throws
    -> SweepForecast.Earlier
  {
    var context = SweepContext.literal
    context.machine.usableCpus = cpus
    let plan = try SweepPlan(profile: profile(lines), context: context)
    let runs = zip(plan.arms, seconds).map { arm, seconds in
      var record = RunRecord(arm: arm.id, block: 0, position: 0, directory: "")
      record.wallNs = Nanoseconds(seconds * 1_000_000_000)
      return record
    }
    return .init(plan: plan, runs: runs)
  }

  @Test func everyArmLastsAsLongAsItDid() throws {
    let plan = try SweepPlan(profile: profile("blocks: { minimum: 6, maximum: 8 }"), context: .literal)
    let forecast = try #require(SweepForecast(plan, earlier: [try earlier(seconds: [1, 2, 3, 4, 5])]))
    #expect(forecast.blockSeconds == 15 && forecast.measuredArms == 5 && forecast.runs == 5)
    #expect(forecast.minimumSeconds == 90 && forecast.maximumSeconds == 120)
  }

  @Test func theBudgetBoundsWhatIsBeyondTheMinimum() throws {
    let lines = "blocks: { minimum: 2, maximum: 100 }\nbudget_minutes: 1"
    let plan = try SweepPlan(profile: profile(lines), context: .literal)
    let forecast = try #require(SweepForecast(plan, earlier: [try earlier(seconds: [1, 1, 1, 1, 1])]))
    #expect(forecast.minimumSeconds == 10 && forecast.maximumSeconds == 60)
  }

  @Test func newCellsLastAsLongAsTheMeanAndTheLatestSweepDecides() throws {
    let plan = try SweepPlan(profile: profile("blocks: { maximum: 6 }"), context: .literal)
    let forecast = try #require(
      SweepForecast(
        plan, earlier: [try earlier(seconds: [2, 4]), try earlier(seconds: [100, 100])]))
    #expect(forecast.measuredArms == 2 && forecast.blockSeconds == 15)
  }

  @Test func otherWorkAndOtherMachinesForetellNothing() throws {
    let plan = try SweepPlan(profile: profile(), context: .literal)
    #expect(SweepForecast(plan, earlier: []) == nil)
    let other = try earlier("base: { width: 128 }", seconds: [1, 1, 1, 1, 1])
    let elsewhere = try earlier(seconds: [1, 1, 1, 1, 1], cpus: 8)
    #expect(SweepForecast(plan, earlier: [other, elsewhere]) == nil)
  }
}
