import HeadwayAnalysis
import HeadwayTrace
import Testing

/// From planted experiments to gains.
@Suite struct CausalCurvesTests {
  private func measured(
    _ region: String?, _ speedup: Double, block: Int, step: Double, inserted: Double = 0
  ) -> CausalMeasurement {
    CausalMeasurement(
      experiment: CausalExperiment(region: region, speedup: speedup), block: block, steps: 4,
      wallNs: Nanoseconds(Int64((step + inserted) * 4e6)), insertedNs: Nanoseconds(Int64(inserted * 4e6)))
  }

  /// Seven blocks of a step of 10 ms, slower in each block than in the one before: forward is 6 ms of it,
  /// reduce 1 ms.
  private var blocks: [CausalMeasurement] {
    (0..<7).flatMap { block -> [CausalMeasurement] in
      let slow = 1 + Double(block) / 10
      return [
        measured(nil, 0, block: block, step: 10 * slow), measured(nil, 0, block: block, step: 10 * slow),
        measured("forward", 0.5, block: block, step: 7 * slow, inserted: 3 * slow),
        measured("forward", 0.25, block: block, step: 8.5 * slow, inserted: 1.5 * slow),
        measured("reduce", 0.5, block: block, step: 9.5 * slow, inserted: 0.5),
      ]
    }
  }

  @Test func gainsAreThoseOfTheirBlocks() throws {
    let curves = CausalCurves.curves(of: blocks)
    #expect(curves.map(\.region) == ["forward", "reduce"], "largest potential first")
    let forward = curves[0]
    #expect(forward.points.map(\.speedup) == [0.25, 0.5])
    for (point, gain) in zip(forward.points, [0.15, 0.3]) {
      #expect(abs(point.gain - gain) < 1e-6 && point.blocks == 7)
      #expect(abs((point.lower ?? 0) - gain) < 1e-6 && abs((point.upper ?? 0) - gain) < 1e-6)
    }
    #expect(abs(forward.potential - 0.6) < 1e-6)
    #expect(abs(curves[1].potential - 0.1) < 1e-6)
    #expect(try #require(CausalCurves.noise(of: blocks)) < 1e-9)
  }

  @Test func fiveBlocksHaveNoInterval() {
    let curves = CausalCurves.curves(of: blocks.filter { $0.block < 5 })
    #expect(curves.allSatisfy { $0.points.allSatisfy { $0.lower == nil && $0.blocks == 5 } })
  }

  @Test func aBlockWithoutABaselineIsLeftOut() {
    let lame = blocks.filter { $0.block != 3 || $0.experiment.region != nil }
    #expect(CausalCurves.curves(of: lame)[0].points.allSatisfy { $0.blocks == 6 })
    #expect(CausalCurves.curves(of: []).isEmpty && CausalCurves.noise(of: []) == nil)
  }

  @Test func noiseIsTheSpreadWithinBlocks() throws {
    let noisy = (0..<4).flatMap { block in
      [measured(nil, 0, block: block, step: 9), measured(nil, 0, block: block, step: 11)]
    }
    #expect(abs(try #require(CausalCurves.noise(of: noisy)) - 0.02.squareRoot()) < 1e-9)
  }

  @Test func aPlanIsCompleteAndAQuarterOfItChangesNothing() {
    let plan = CausalPlan(seed: 3)
    let unchanged = plan.arms.count { $0.region == nil }
    #expect(unchanged * 4 >= plan.arms.count && plan.arms.count == 24)
    let experiments = plan.experiments(blocks: 3)
    #expect(experiments.count == 72 && experiments != CausalPlan(seed: 4).experiments(blocks: 3))
    for block in 0..<3 {
      let one = experiments[block * 24..<(block + 1) * 24]
      #expect(Set(one).count == 19 && one.count { $0 == .baseline } == 6)
    }
    #expect(plan.blocks(inExperiments: 71) == 2 && plan.blocks(inExperiments: 1_000_000) == 40)
  }
}
