import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What one or two looks of a gate come to.
@Suite struct GateTests {
  /// One cell in eight blocks: the base at 1000 tokens/s, the candidate at a factor of it, both with some noise.
  private func look(
    _ factors: [Double], allocations: [Int] = [], tasks: [Int] = []
  ) throws -> GateLook {
    try GateLook(
      cells: factors.enumerated().map { number, factor in
        func runs(_ rate: Double, _ side: Int) -> [ComparedRun] {
          (0..<8).map { block in
            let noise = 1 + 0.002 * Double((block * 5 + side * 3) % 7 - 3)
            var run = PlantedRuns.run(rate: rate * noise, block: block)
            if !allocations.isEmpty {
              let calls = allocations[min(side * 8 + block, allocations.count - 1)]
              run.summary.memory.stepAllocations = StepAllocations(steps: 8, calls: calls, bytes: 0)
            }
            return run
          }
        }
        return GateLook.Cell(
          label: "cell \(number)", base: runs(1_000, 0), candidate: runs(1_000 * factor, 1))
      }, limits: ComparisonLimits(margin: 0.02))
  }

  private func result(_ first: GateLook, _ second: GateLook? = nil) -> GateResult {
    let program = GatedProgram(name: "p", gitCommit: nil, binaryHash: nil)
    return GateResult(
      first: first, second: second, base: program, candidate: program, machine: .literal, profile: "p.yaml",
      margin: 0.02, blocks: 8, seed: 1)
  }

  @Test func nothingChanged() throws {
    let first = try look([1, 1])
    #expect(first.flagged.isEmpty)
    let gate = result(first)
    #expect(gate.outcome == .pass)
    #expect((gate.possibleSlowdown ?? 1) < 0.02)
    #expect(gate.rows.allSatisfy { $0.loss.level == .bitwise })
    #expect(gate.counters.filter { $0.state == .equal }.map(\.name).contains("barrier_episodes"))
  }

  @Test func slowerTwiceIsARegression() throws {
    let first = try look([1, 0.9])
    #expect(first.flagged == ["cell 1"])
    var again = try look([1, 0.9])
    again.cells.removeFirst()
    let second = try GateLook(cells: again.cells, limits: ComparisonLimits(margin: 0.02))
    let gate = result(first, second)
    #expect(gate.outcome == .regression)
    #expect(gate.rows.map(\.isFlagged) == [false, true])
    #expect(gate.rows[1].second != nil && gate.rows[0].second == nil)
  }

  @Test func slowerOnceIsInconclusive() throws {
    #expect(try result(look([0.9]), look([1])).outcome == .inconclusive)
    #expect(try result(look([0.9]), nil).outcome == .inconclusive, "not measured again")
    #expect(try result(look([1.1]), look([0.9])).outcome == .inconclusive)
  }

  @Test func fasterTwiceIsAnImprovement() throws {
    #expect(try result(look([1.1]), look([1.1])).outcome == .improvement)
    #expect(try result(look([1.1, 0.9]), look([1.1, 0.9])).outcome == .regression, "worse outweighs better")
  }

  @Test func aCounterThatRoseIsARegressionAtOnce() throws {
    let same = Array(repeating: 3, count: 8)
    let gate = try result(look([1], allocations: same + Array(repeating: 4, count: 8)))
    #expect(gate.outcome == .regression)
    let counter = try #require(gate.counters.first { $0.name == "step_allocations" })
    #expect(
      counter == GateCounter(cell: "cell 0", name: "step_allocations", base: 3, candidate: 4, state: .worse))
    #expect(
      try result(look([1], allocations: same + Array(repeating: 2, count: 8))).outcome == .improvement)
  }

  @Test func aCounterThatVariesIsNotJudged() throws {
    let gate = try result(look([1], allocations: [3, 4, 3, 3, 3, 3, 3, 3, 9]))
    #expect(gate.outcome == .pass)
    #expect(gate.counters.first { $0.name == "step_allocations" }?.state == .varies)
    let uncounted = try result(look([1]))
    #expect(uncounted.counters.first { $0.name == "step_allocations" }?.state == .absent)
  }

  @Test func tooFewRunsDoNotPass() throws {
    var cells = try look([1]).cells
    cells[0].candidate.removeLast(3)
    let few = try GateLook(cells: cells, limits: ComparisonLimits(margin: 0.02))
    #expect(few.flagged.isEmpty)
    #expect(result(few).outcome == .inconclusive)
    cells[0].candidate = []
    let none = result(try GateLook(cells: cells, limits: ComparisonLimits(margin: 0.02)))
    #expect(none.outcome == .inconclusive && none.rows.isEmpty)
    #expect(none.warnings.contains { $0.contains("cell 0") })
  }

  @Test func otherWorkIsNotGated() throws {
    let base = (0..<8).map { PlantedRuns.run(block: $0) }
    let candidate = (0..<8).map { PlantedRuns.run(block: $0, losses: [5, 4, 2]) }
    let text = sentence {
      _ = try GateLook(
        cells: [GateLook.Cell(label: "cell", base: base, candidate: candidate)], limits: ComparisonLimits())
    }
    #expect(text.contains("cannot judge") && text.contains("same result"))
  }
}
