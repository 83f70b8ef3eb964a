import Foundation
import HeadwayStatistics
import Testing

@Suite struct HodgesLehmannTests {
  @Test func oneToSixGiveTheirCentreAndTheirRange() throws {
    let estimate = try #require(HodgesLehmann([6, 1, 5, 2, 4, 3]))
    #expect(estimate.estimate == 3.5)
    #expect(estimate.sampleCount == 6)
    #expect(estimate.interval(confidence: 0.95) == Interval(lower: 1, upper: 6, coverage: 0.96875))
    #expect(estimate.interval(confidence: 0.90) == Interval(lower: 2, upper: 5, coverage: 0.90625))
  }

  /// R: `wilcox.test(x, y, paired = TRUE, conf.int = TRUE)` on the depression scores of its manual page.
  @Test func matchesTheManualPageOfR() throws {
    let result = try #require(
      HodgesLehmann([0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01]))
    #expect(abs(result.estimate - 0.46) < 1e-12)
    let interval = try #require(result.interval())
    #expect(abs(interval.lower - 0.01) < 1e-12)
    #expect(abs(interval.upper - 0.786) < 1e-12)
    #expect(interval.coverage == 0.9609375)
  }

  @Test func fiveSamplesHaveNoInterval() throws {
    let result = try #require(HodgesLehmann([1, 2, 3, 4, 5]))
    #expect(result.estimate == 3)
    #expect(result.interval(confidence: 0.95) == nil)
    #expect(result.interval(confidence: 0.90) == Interval(lower: 1, upper: 5, coverage: 0.9375))
    #expect(HodgesLehmann([]) == nil)
    #expect(HodgesLehmann([7])?.estimate == 7)
  }

  /// R: `wilcox.test(x, y, conf.int = TRUE)` on the permeability constants of its manual page; W = 35.
  @Test func theShiftMatchesTheManualPageOfR() throws {
    let early = [1.15, 0.88, 0.90, 0.74, 1.21]
    let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    let shift = try #require(HodgesLehmannShift(first: early, second: term))
    #expect(abs(shift.estimate - 0.305) < 1e-12)
    let interval = try #require(shift.interval())
    #expect(abs(interval.lower - -0.15) < 1e-12)
    #expect(abs(interval.upper - 0.76) < 1e-12)
    #expect(abs(interval.coverage - (1 - 2 * 60.0 / 3003)) < 1e-12)
    #expect(HodgesLehmannShift(first: [], second: term) == nil)
    #expect(HodgesLehmannShift(first: [1, 2], second: [3, 4])?.interval() == nil)
  }

  @Test func theRankSumCountsEveryOrder() {
    // 3 and 2 values: of the 10 orders, U = 0…6 in 1, 1, 2, 2, 2, 1, 1.
    let distribution = RankSum(3, 2)
    let cumulative = [1, 2, 4, 6, 8, 9, 10].map { Double($0) / 10 }
    for (statistic, expected) in cumulative.enumerated() {
      #expect(abs(distribution.probability(atMost: statistic) - expected) < 1e-12)
    }
  }

  /// Seeded; 4,000 samples of 8 from a skew-free but heavy-tailed distribution.
  @Test(arguments: [(6, 0.96875), (8, 0.9609375), (10, 0.951171875)])
  func coversAsOftenAsItSays(count: Int, exact: Double) throws {
    var generator = SplitMix64(seed: 20_26)
    let replications = 4_000
    var held = 0
    for _ in 0..<replications {
      let sample = (0..<count).map { _ -> Double in
        let uniform = (Double(generator.next() >> 11) + 0.5) / Double(1 << 53)
        return log(uniform / (1 - uniform)) * 0.03 + 0.5
      }
      let interval = try #require(HodgesLehmann(sample)?.interval())
      #expect(interval.coverage == exact)
      if interval.lower <= 0.5 && 0.5 <= interval.upper { held += 1 }
    }
    let share = Double(held) / Double(replications)
    let deviation = (exact * (1 - exact) / Double(replications)).squareRoot()
    #expect(abs(share - exact) < 4 * deviation)
  }

  @Test func quantilesInterpolateAsTypeSeven() {
    let sample = [4.0, 1, 3, 2]
    #expect(Quantiles.quantile(0, of: sample) == 1)
    #expect(Quantiles.quantile(0.25, of: sample) == 1.75)
    #expect(Quantiles.median(of: sample) == 2.5)
    #expect(Quantiles.quantile(0.9, of: sample)! == 3.7)
    #expect(Quantiles.quantile(1, of: sample) == 4)
    #expect(Quantiles.median(of: []) == nil)
    #expect(Quantiles.median(of: [5]) == 5)
  }
}
