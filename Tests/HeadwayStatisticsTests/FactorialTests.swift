import Foundation
import HeadwayStatistics
import Testing

@Suite struct FactorialTests {
  private func blocks(
    _ design: FactorialDesign, count: Int = 8, noise: Double = 0, _ time: ([Bool]) -> Double
  ) -> [[Double]] {
    var generator = SplitMix64(seed: 5)
    func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 - 0.5 }
    return (0..<count).map { _ in
      let level = exp(uniform())
      return design.runs.map { time($0) * level * exp(noise * uniform()) }
    }
  }

  @Test(arguments: 1...8) func everyDesignSeparatesSinglesAndPairs(factors: Int) throws {
    let design = try #require(FactorialDesign(factors: factors))
    #expect(design.runs.count == (factors <= 4 ? 1 << factors : factors == 8 ? 64 : 1 << (factors - 1)))
    #expect(Set(design.runs.map { $0.map { $0 ? "1" : "0" }.joined() }).count == design.runs.count)
    if let resolution = design.resolution { #expect(resolution >= 5) } else { #expect(factors <= 4) }
    // No product of up to four factors is constant: what "resolution V" promises, checked by counting.
    for subset in 1..<(1 << factors) where subset.nonzeroBitCount <= 4 {
      let signs = Set(
        design.runs.map { run in (0..<factors).count { subset >> $0 & 1 == 1 && !run[$0] } % 2 })
      #expect(signs.count == 2, "the product \(subset) is constant")
    }
  }

  @Test func impossibleDesignsAreRefused() throws {
    #expect(FactorialDesign(factors: 0) == nil)
    #expect(FactorialDesign(factors: 9) == nil)
    let design = try #require(FactorialDesign(factors: 2))
    #expect(FactorialEffects(design, values: []) == nil)
    #expect(FactorialEffects(design, values: [[1, 2, 3]]) == nil)
    #expect(FactorialEffects(design, values: [[1, 2, 3, 0]]) == nil)
    let fraction = try #require(FactorialDesign(factors: 5))
    #expect(FactorialPaths(fraction, values: [Array(repeating: 1, count: 16)]) == nil)
  }

  @Test(arguments: [3, 4, 5, 8]) func plantedEffectsAreFound(factors: Int) throws {
    let design = try #require(FactorialDesign(factors: factors))
    // Factor 0 makes it 0.5 times, factor 1 1.2 times as long, both together 1.1 times that.
    let times = blocks(design, noise: 0.01) { run in
      (run[0] ? 0.5 : 1) * (run[1] ? 1.2 : 1) * (run[0] && run[1] ? 1.1 : 1)
    }
    let effects = try #require(FactorialEffects(design, values: times))
    func effect(_ factors: [Int]) throws -> FactorialEffects.Effect {
      try #require(effects.effects.first { $0.factors == factors })
    }
    // The interaction is shared out: half of it to each main effect.
    #expect(abs(try effect([0]).factor - 0.5 * 1.1.squareRoot()) < 0.01)
    #expect(abs(try effect([1]).factor - 1.2 * 1.1.squareRoot()) < 0.01)
    #expect(abs(try effect([0, 1]).factor - 1.1.squareRoot()) < 0.01)
    #expect(abs(try effect([2]).factor - 1) < 0.01)
    let interval = try #require(try effect([2]).interval)
    #expect(interval.lower < 1.003 && interval.upper > 0.997)
    #expect(effects.effects.count == factors + factors * (factors - 1) / 2)
    #expect(try effect([0]).share > 0.8)
    #expect(effects.unexplained < 0.05)
    #expect(abs(effects.unexplained + effects.effects.reduce(0) { $0 + $1.share } - 1) < 1e-9)
  }

  @Test func pathsAgreeAtTheirEnds() throws {
    let design = try #require(FactorialDesign(factors: 3))
    let times = blocks(design) { run in
      (run[0] ? 0.5 : 1) * (run[1] ? 0.8 : 1) * (run[0] && run[1] ? 1.25 : 1) * (run[2] ? 0.9 : 1)
    }
    let paths = try #require(FactorialPaths(design, values: times))
    let whole = 0.5 * 0.8 * 1.25 * 0.9
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
      #expect(abs(paths.ladder(order: order).reduce(1) { $0 * $1.ratio } - whole) < 1e-9)
    }
    #expect(abs(paths.ladder(order: [0, 1, 2])[1].ratio - 1) < 1e-9)
    #expect(abs(paths.ladder(order: [1, 0, 2])[0].ratio - 0.8) < 1e-9)
    #expect(abs(paths.leaveOneOut[1].ratio - 1) < 1e-9)
    #expect(abs(paths.leaveOneOut[2].ratio - 0.9) < 1e-9)
    let average = paths.averageOverOrders
    #expect(abs(average[1].ratio - 0.8.squareRoot()) < 1e-9)
    #expect(abs(average.reduce(1) { $0 * $1.ratio } - whole) < 1e-9)
    #expect(average.allSatisfy { $0.interval != nil })
  }
}
