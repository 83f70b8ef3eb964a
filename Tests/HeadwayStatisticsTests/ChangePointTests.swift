import HeadwayStatistics
import Testing

@Suite struct ChangePointTests {
  private func noise(_ count: Int, around level: Double, _ generator: inout SplitMix64) -> [Double] {
    (0..<count).map { _ in level + Double(generator.next() >> 11) * 0x1p-53 - 0.5 }
  }

  @Test func plantedChangesAreFoundWhereTheyAre() {
    var generator = SplitMix64(seed: 11)
    let series =
      noise(20, around: 10, &generator) + noise(25, around: 12, &generator)
      + noise(15, around: 11, &generator)
    let changes = ChangePoints(series).changes
    #expect(changes.map(\.index) == [20, 45])
    #expect(changes.allSatisfy { $0.pValue <= 0.01 })
  }

  @Test func noiseHasNoChange() {
    var alarms = 0
    for seed in 1...100 {
      var generator = SplitMix64(seed: UInt64(seed))
      let series = noise(30, around: 5, &generator)
      alarms += ChangePoints(series, level: 0.01, permutations: 99, seed: 7).changes.isEmpty ? 0 : 1
    }
    // At a level of 0.01, more than 5 of 100 happen once in 1,000 times.
    #expect(alarms <= 5, "\(alarms) of 100 quiet series alarm")
  }

  @Test func anOutlierIsNoChange() {
    var generator = SplitMix64(seed: 13)
    var series = noise(30, around: 10, &generator)
    series[14] = 30
    #expect(ChangePoints(series).changes.isEmpty)
  }

  @Test func shortAndConstantSeriesHaveNone() {
    #expect(ChangePoints([]).changes.isEmpty)
    #expect(ChangePoints([1, 1, 1, 2, 2]).changes.isEmpty)
    #expect(ChangePoints(Array(repeating: 3, count: 40)).changes.isEmpty)
  }

  @Test func aSeedDecidesTheAnswer() {
    var generator = SplitMix64(seed: 17)
    let series = noise(12, around: 1, &generator) + noise(12, around: 1.4, &generator)
    #expect(ChangePoints(series, seed: 3) == ChangePoints(series, seed: 3))
  }
}
