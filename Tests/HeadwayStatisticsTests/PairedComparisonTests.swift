import Foundation
import HeadwayStatistics
import Testing

@Suite struct PairedComparisonTests {
  private func compare(_ logs: [Double], margin: Double = 0.02) throws -> PairedComparison {
    try #require(PairedComparison(logRatios: logs, margin: margin))
  }

  @Test func everyVerdictHasItsCase() throws {
    let faster = try compare([0.10, 0.11, 0.12, 0.13, 0.14, 0.15])
    #expect(faster.verdict == .faster)
    #expect(faster.pValue == 2.0 / 64)
    #expect(faster.furtherBlocks == nil)
    #expect(abs(faster.ratio - exp(0.125)) < 1e-12)
    #expect(faster.ratioInterval?.lower == exp(0.10))
    let slower = try compare([0.10, 0.11, 0.12, 0.13, 0.14, 0.15].map { -$0 })
    #expect(slower.verdict == .slower)
    #expect(slower.pValue == faster.pValue)
    #expect(try compare([0.001, -0.002, 0.003, -0.001, 0.002, 0]).verdict == .equivalent)
    #expect(try compare([0.2, -0.2, 0.3, -0.1, 0.1, 0.05]).verdict == .inconclusive)
  }

  @Test func aRatioOfTimesReadsTheOtherWay() throws {
    let logs = [0.10, 0.11, 0.12, 0.13, 0.14, 0.15]
    #expect(PairedComparison(logRatios: logs, margin: 0.02, higherIs: .slower)?.verdict == .slower)
  }

  @Test func aDifferenceWithinTheMarginIsNotOne() throws {
    let logs = [0.010, 0.011, 0.012, 0.013, 0.014, 0.015]
    #expect(try compare(logs, margin: 0).verdict == .faster)
    #expect(try compare(logs, margin: 0.02).verdict == .equivalent)
    #expect(try compare(logs, margin: 0.02).pValue == 1)
  }

  @Test func fiveBlocksNeverClaimADifference() throws {
    let five = try compare([0.5, 0.51, 0.52, 0.53, 0.54])
    #expect(five.interval == nil)
    #expect(five.verdict == .inconclusive)
    #expect(five.furtherBlocks == 1)
    #expect(PairedComparison(logRatios: [], margin: 0.02) == nil)
  }

  @Test func furtherBlocksFollowTheSquareOfTheWidth() throws {
    // Centre 0.10, reach 0.16: beyond 0.02 by 0.0802, so (0.16/0.0802)² ≈ 3.98 times the blocks.
    let wide = try compare([-0.06, 0.02, 0.07, 0.13, 0.18, 0.26])
    #expect(abs(wide.estimate - 0.10) < 1e-12)
    #expect(wide.verdict == .inconclusive)
    #expect(wide.furtherBlocks == 24 - 6)
    // An estimate on the margin itself is never settled.
    let edge = log1p(0.02)
    let onTheEdge = try compare([
      edge - 0.03, edge - 0.02, edge - 0.01, edge + 0.01, edge + 0.02, edge + 0.03,
    ])
    #expect(onTheEdge.furtherBlocks == nil)
  }

  @Test func holmStepsDown() {
    #expect(Holm.adjusted([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02])
    #expect(Holm.adjusted([0.9, 0.6]) == [1, 1])
    #expect(Holm.adjusted([]) == [])
    #expect(Holm.fewestBlocks(rows: 1) == 6)
    #expect(Holm.fewestBlocks(rows: 2) == 7)
    #expect(Holm.fewestBlocks(rows: 11) == 9)
  }

  @Test func aTableTakesBackWhatSixBlocksCannotCarry() throws {
    let clear = try compare([0.10, 0.11, 0.12, 0.13, 0.14, 0.15])
    let table = PairedComparison.corrected([clear, clear])
    #expect(table.allSatisfy { $0.verdict == .inconclusive && $0.adjustedP == 4.0 / 64 })
    #expect(table[0].furtherBlocks == 1)
    #expect(PairedComparison.corrected([clear])[0].verdict == .faster)
    let seven = try compare([0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16])
    #expect(PairedComparison.corrected([seven, seven]).allSatisfy { $0.verdict == .faster })
  }

  /// Identical arms, 10 blocks, a table of 5 rows, no margin: claims in at most 5 % of the tables.
  @Test func identicalArmsAreSeldomCalledDifferent() throws {
    var generator = SplitMix64(seed: 99)
    func noise() -> Double {
      (0..<4).reduce(0.0) { sum, _ in sum + Double(generator.next() >> 11) / Double(1 << 53) - 0.5 }
    }
    var claims = 0
    let tables = 2_000
    for _ in 0..<tables {
      let arms = (0..<6).map { _ in (0..<10).map { _ in noise() } }
      let rows = try arms.dropFirst().map { arm in
        try #require(PairedComparison(logRatios: zip(arm, arms[0]).map { $0 - $1 }, margin: 0))
      }
      if PairedComparison.corrected(rows).contains(where: { $0.verdict != .inconclusive }) { claims += 1 }
    }
    let share = Double(claims) / Double(tables)
    #expect(share < 0.05 + 4 * (0.05 * 0.95 / Double(tables)).squareRoot())
    #expect(claims > 0)
  }
}
