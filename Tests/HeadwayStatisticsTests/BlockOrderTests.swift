import HeadwayStatistics
import Testing

@Suite struct BlockOrderTests {
  @Test(arguments: 1...14) func everyBlockHoldsEachArmOnce(arms: Int) {
    let order = BlockOrder(arms: arms, seed: 3)
    for block in 0..<3 * order.period {
      #expect(order.arms(inBlock: block).sorted() == Array(0..<arms))
    }
  }

  @Test(arguments: 2...14) func twoBlocksGiveEveryArmTheSameMeanPosition(arms: Int) {
    let order = BlockOrder(arms: arms, seed: 11)
    for pair in 0..<order.period {
      let first = order.arms(inBlock: 2 * pair)
      #expect(order.arms(inBlock: 2 * pair + 1) == first.reversed())
    }
  }

  @Test(arguments: 2...14) func aPeriodBalancesPositionsAndNeighbours(arms: Int) {
    let order = BlockOrder(arms: arms, seed: 5)
    var positions = [[Int]: Int]()
    var neighbours = [[Int]: Int]()
    for block in 0..<order.period {
      let row = order.arms(inBlock: block)
      for (position, arm) in row.enumerated() { positions[[position, arm], default: 0] += 1 }
      for (before, after) in zip(row, row.dropFirst()) { neighbours[[before, after], default: 0] += 1 }
    }
    let times = order.period / arms
    #expect(positions.count == arms * arms && positions.values.allSatisfy { $0 == times })
    #expect(neighbours.count == arms * (arms - 1) && neighbours.values.allSatisfy { $0 == times })
  }

  @Test func theSeedDecidesTheOrderAndNothingElseDoes() {
    let one = (0..<12).map { BlockOrder(arms: 12, seed: 1).arms(inBlock: $0) }
    let again = (0..<12).reversed().map { BlockOrder(arms: 12, seed: 1).arms(inBlock: $0) }
    #expect(one == again.reversed())
    #expect(one != (0..<12).map { BlockOrder(arms: 12, seed: 2).arms(inBlock: $0) })
    #expect(Set(one).count == 12)
  }

  /// The reference values of the generator's authors for seed 1234567.
  @Test func theGeneratorIsTheOnePublished() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect(generator.next() == 9_817_491_932_198_370_423)
  }
}
