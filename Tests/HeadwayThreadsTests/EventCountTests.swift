import Testing

extension ThreadsTests {
  @Suite struct EventCountTests {
    /// Producers' and consumers' numbers of items; the sums agree.
    static let programs: [([Int], [Int])] = [
      ([1], [1]), ([3], [3]), ([2], [1, 1]), ([1, 1], [2]), ([1, 1], [1, 1]), ([2, 1], [1, 2]),
      ([2, 2], [2, 2]), ([3], [1, 1, 1]), ([2, 1], [1, 1, 1]),
    ]

    @Test("In no interleaving does a consumer sleep while its item is there", arguments: programs)
    func losesNoWakeUp(producers: [Int], consumers: [Int]) {
      for inBursts in [false, true] {
        let explored = EventCountModel(
          producers: producers, consumers: consumers, inBursts: inBursts
        ).explore()
        #expect(explored.states > 10)
        #expect(explored.stuck.count == 0)
      }
    }

    @Test("The exploration catches each known mistake", arguments: EventCountModel.Mistake.allCases)
    func catchesMistakes(_ mistake: EventCountModel.Mistake) {
      let caught = Self.programs.contains { producers, consumers in
        !EventCountModel(producers: producers, consumers: consumers).explore(mistake).stuck.isEmpty
      }
      #expect(caught)
    }
  }
}
