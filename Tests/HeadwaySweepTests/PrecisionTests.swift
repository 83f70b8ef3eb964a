import Foundation
import HeadwayStatistics
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct PrecisionTests {
  private func plan(_ lines: String) throws -> SweepPlan {
    try SweepPlan(profile: profile(lines), context: .literal)
  }

  /// A block in which every arm has the rate that `rate` gives it.
  private func block(_ number: Int, _ plan: SweepPlan, _ rate: (Int) -> Double?) -> [RunRecord] {
    plan.arms.enumerated().map { index, arm in
      var record = RunRecord(arm: arm.id, block: number, position: index, directory: "")
      record.value = rate(index)
      if record.value == nil { record.outcome = .failed }
      return record
    }
  }

  @Test func thereIsNoWidthBeforeSixBlocks() throws {
    let plan = try plan("blocks: { half_width: 0.01 }")
    var precision = Precision(plan: plan)
    for number in 0..<6 {
      #expect(precision.widestHalfWidth == nil && !precision.isReached)
      precision.note(block(number, plan) { Double($0 + 1) })
    }
    #expect(precision.widestHalfWidth == 0 && precision.isReached)
  }

  /// The interval of six blocks reaches from the smallest to the largest ratio; a drift that all share is no width.
  @Test func theWidestRatioDecides() throws {
    let plan = try plan("blocks: { half_width: 0.05 }")
    var precision = Precision(plan: plan)
    for number in 0..<6 {
      let drift = 1 + Double(number) / 10
      precision.note(block(number, plan) { $0 == 2 ? drift * exp(0.02 * Double(number)) : drift })
    }
    let width = try #require(precision.widestHalfWidth)
    #expect(abs(width - 0.05) < 1e-12)
    #expect(!precision.isReached, "0.05 on the logarithm is more than ±5 %")
    var wider = Precision(plan: try self.plan("blocks: { half_width: 0.06 }"))
    for number in 0..<6 { wider.note(block(number, plan) { $0 == 2 ? exp(0.02 * Double(number)) : 1 }) }
    #expect(wider.isReached)
  }

  @Test func aCellWithoutRunsHoldsNothingUp() throws {
    let plan = try plan("blocks: { half_width: 0.01 }")
    var precision = Precision(plan: plan)
    for number in 0..<6 { precision.note(block(number, plan) { $0 == 1 ? nil : 1 }) }
    #expect(precision.isReached)
    var late = Precision(plan: plan)
    for number in 0..<6 { late.note(block(number, plan) { $0 == 1 && number == 0 ? nil : 1 }) }
    #expect(!late.isReached, "five pairs have no interval yet")
  }

  @Test func withoutATargetNothingIsReached() throws {
    let plan = try plan("")
    var precision = Precision(plan: plan)
    for number in 0..<8 { precision.note(block(number, plan) { _ in 1 }) }
    #expect(!precision.isReached)
  }

  @Test func theDriverStopsAtTheWidthAndSaysSo() throws {
    let sweep = try FakeSweep("blocks: { minimum: 6, half_width: 0.01 }\noverhead_check: off")
    try sweep.run()
    let recorded = try sweep.read()
    #expect(recorded.blocks.count == 6 && recorded.stoppedBy == .halfWidth && recorded.cutShort == nil)
    #expect(SweepSummarizer.summarize(recorded).stoppedBy == .halfWidth)
  }
}
