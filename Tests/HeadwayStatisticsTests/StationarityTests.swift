import Foundation
import HeadwayStatistics
import Testing

@Suite struct StationarityTests {
  /// Step durations around 1 with 2 % of noise, the same for the same seed.
  private func steady(_ count: Int, seed: UInt64, noise: Double = 0.02) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let sum = (0..<4).reduce(0.0) { sum, _ in sum + Double(generator.next() >> 11) / Double(1 << 53) }
      return 1 + noise * (sum - 2)
    }
  }

  @Test func aSteadySeriesLosesNothingInNineteenOfTwenty() {
    let lengths = (0..<1_000).map { Stationarity.warmupLength(of: steady(100, seed: $0)) }
    #expect(lengths.count { $0 > 0 } < 50)
    #expect(lengths.allSatisfy { $0 <= 50 })
  }

  @Test(arguments: [1, 3, 7, 12, 30]) func aSlowBeginningIsCut(slow: Int) {
    for seed in UInt64(0)..<50 {
      var series = steady(100, seed: seed)
      for step in 0..<slow { series[step] *= 3 }
      let length = Stationarity.warmupLength(of: series)
      #expect(length >= slow && length < slow + 10)
    }
  }

  @Test func aSmallShiftIsFoundByRanks() {
    for seed in UInt64(0)..<20 {
      let series = steady(400, seed: seed).enumerated().map { $1 * ($0 < 60 ? 1.06 : 1) }
      let result = Stationarity(durations: series)
      #expect(result.isSettled)
      #expect(result.warmupLength >= 60 && result.warmupLength <= 80)
    }
  }

  @Test func aDecayIsCutWhereItDrownsInTheNoise() {
    let series = steady(200, seed: 4).enumerated().map { $1 * (1 + 2 * exp(-Double($0) / 8)) }
    let length = Stationarity.warmupLength(of: series)
    #expect(length >= 24 && length <= 60)
  }

  @Test(arguments: [0, 2, 10, 49, 50, 99]) func aSpikeIsOneStep(place: Int) {
    var series = steady(100, seed: 8)
    let before = Stationarity.warmupLength(of: series)
    series[place] = 1_000
    #expect(Stationarity.warmupLength(of: series) == (place == 0 ? max(before, 1) : before))
  }

  @Test func neverMoreThanHalf() {
    let falling = (0..<100).map { 200 - Double($0) }
    #expect(Stationarity(durations: falling).warmupLength == 50)
    #expect(!Stationarity(durations: falling).isSettled)
    let stepAtTheEnd = [Double](repeating: 2, count: 60) + [Double](repeating: 1, count: 40)
    #expect(Stationarity.warmupLength(of: stepAtTheEnd) <= 50)
  }

  @Test func whatCannotBeTestedIsLeftAlone() {
    #expect(Stationarity.warmupLength(of: []) == 0)
    #expect(Stationarity.warmupLength(of: [9, 1, 1, 1, 1, 1, 1]) == 0)
    #expect(!Stationarity(durations: [1, 1, 1]).isSettled)
    #expect(Stationarity(durations: [Double](repeating: 1, count: 40)).warmupLength == 0)
    #expect(Stationarity(durations: [Double](repeating: 1, count: 40)).isSettled)
    #expect(Stationarity.warmupLength(of: [9] + [Double](repeating: 1, count: 9)) == 1)
  }
}
