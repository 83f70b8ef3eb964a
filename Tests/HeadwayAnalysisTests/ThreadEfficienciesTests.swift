import HeadwayAnalysis
import HeadwayTrace
import Testing

@Suite struct ThreadEfficienciesTests {
  @Test func definitionsMultiply() throws {
    let drawn = DrawnTimeline(main: "EEEEEEEEEE", workers: ["ffffffffEE", "ffffEEEEEE"])
    let efficiencies = try #require(ThreadEfficiencies(of: drawn.summary()))
    #expect(efficiencies.loadBalance == 0.75)
    #expect(efficiencies.communication == 0.8)
    #expect(abs(efficiencies.parallel - 0.6) < 1e-12)
  }

  @Test func nothingUsefulHasNoEfficiency() {
    #expect(ThreadEfficiencies(of: DrawnTimeline(main: "EE", workers: ["SS"]).summary()) == nil)
    #expect(ThreadEfficiencies(of: DrawnTimeline(main: "ff", workers: []).summary()) == nil)
  }
}
