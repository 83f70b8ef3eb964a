import HeadwayStatistics
import Testing

@Suite struct SignedRankTests {
  /// Wilcoxon's table, two-sided 5 %: the largest sum of ranks that is still significant.
  @Test(arguments: [
    (6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (11, 10), (12, 13), (13, 17), (14, 21), (15, 25), (16, 29),
    (17, 34), (18, 40), (19, 46), (20, 52),
  ])
  func criticalValuesAtFivePercent(count: Int, critical: Int) {
    let distribution = SignedRank(count: count)
    #expect(distribution.probability(atMost: critical) <= 0.025)
    #expect(distribution.probability(atMost: critical + 1) > 0.025)
    #expect(distribution.intervalRank(confidence: 0.95) == critical + 1)
  }

  /// The same table, two-sided 10 % and 1 %.
  @Test(arguments: [(5, 0), (6, 2), (7, 3), (8, 5), (9, 8), (10, 10), (15, 30), (20, 60)])
  func criticalValuesAtTenPercent(count: Int, critical: Int) {
    #expect(SignedRank(count: count).intervalRank(confidence: 0.90) == critical + 1)
  }

  @Test(arguments: [(8, 0), (9, 1), (10, 3), (11, 5), (12, 7), (15, 15), (20, 37)])
  func criticalValuesAtOnePercent(count: Int, critical: Int) {
    #expect(SignedRank(count: count).intervalRank(confidence: 0.99) == critical + 1)
  }

  @Test(arguments: 0...5) func fewerThanSixCannotCarryNinetyFivePercent(count: Int) {
    #expect(SignedRank(count: count).intervalRank(confidence: 0.95) == nil)
  }

  @Test(arguments: 1...12) func agreesWithEveryAssignmentOfSigns(count: Int) {
    var sums = [Int](repeating: 0, count: count * (count + 1) / 2 + 1)
    for signs in 0..<(1 << count) {
      sums[(0..<count).reduce(0) { $0 + (signs >> $1 & 1) * ($1 + 1) }] += 1
    }
    let distribution = SignedRank(count: count)
    var total = 0
    for (statistic, number) in sums.enumerated() {
      total += number
      #expect(distribution.probability(atMost: statistic) == Double(total) / Double(1 << count))
    }
    #expect(distribution.probability(atMost: -1) == 0)
  }

  /// R: `wilcox.test(x, y, paired = TRUE)` on the depression scores of its own manual page.
  @Test func matchesTheManualPageOfR() {
    let differences = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01]
    #expect(SignedRank.twoSidedP(differences) == 0.0390625)
    #expect(SignedRank.oneSidedP(differences) == 0.01953125)
    #expect(SignedRank.twoSidedP(differences.map { -$0 }) == 0.0390625)
  }

  @Test func tiesShareTheirRankAndZerosAreDropped() {
    // Midranks 3, 3, 3, 5.5, 5.5, 7, 1: counted over all 128 assignments of signs.
    let differences = [1, 1, -1, 2, 2, 3, -0.5]
    #expect(SignedRank.oneSidedP(differences) == 8.0 / 128)
    #expect(SignedRank.twoSidedP(differences) == 16.0 / 128)
    #expect(SignedRank.twoSidedP(differences + [0, 0]) == 16.0 / 128)
    #expect(SignedRank.twoSidedP([0, 0, 0]) == 1)
    #expect(SignedRank.twoSidedP([]) == 1)
  }
}
