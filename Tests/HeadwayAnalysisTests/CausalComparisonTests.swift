import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Experiments that were written down beside the replay of a run that was written down: two workers of 2 ms each, of
/// which forward is 0.8 ms and backward 1.2 ms, then 0.1 ms of reduction, 0.12 ms of update, 0.01 ms of assembly.
@Suite struct CausalComparisonTests {
  private func replay() throws -> Replay {
    var run = PlantedRun()
    run.jitterNs = 0
    return try Replay(of: run.source)
  }

  /// Eight blocks of experiments in which each region brings so much of a step for each share of it.
  private func experiments(_ potentials: [String: Double], noise: Double = 0) -> [CausalMeasurement] {
    (0..<8).flatMap { block -> [CausalMeasurement] in
      func measured(_ region: String?, _ speedup: Double, _ gain: Double) -> CausalMeasurement {
        CausalMeasurement(
          experiment: CausalExperiment(region: region, speedup: speedup), block: block, steps: 4,
          wallNs: Nanoseconds(Int64((1 - gain) * 4e7)), insertedNs: .zero)
      }
      // Alternating, so that no single block decides.
      let shift = block.isMultiple(of: 2) ? noise : -noise
      return [measured(nil, 0, 0)]
        + potentials.sorted { $0.key < $1.key }.enumerated().flatMap { index, one in
          [0.25, 0.5].map { measured(one.key, $0, $0 * (one.value + (index == 0 ? shift : -shift))) }
        }
    }
  }

  private func comparison(_ potentials: [String: Double], noise: Double = 0) throws -> CausalComparison {
    let all = experiments(potentials, noise: noise)
    return try CausalComparison(all, curves: CausalCurves.curves(of: all), replay: try replay())
  }

  @Test func bothSayTheSameOfThePlantedRun() throws {
    let same = try comparison(["backward": 0.53, "forward": 0.36, "optimize": 0.053, "reduce": 0.044])
    #expect(same.regions.map(\.region) == ["backward", "forward", "optimize", "reduce"])
    for region in same.regions {
      let replayed = try #require(region.replay)
      #expect(abs(replayed - region.experiment.value) < 0.02, "\(region)")
      #expect(region.isApart != nil)
    }
    #expect(same.pairs == 6 && same.agreed == 6 && same.disagreements.isEmpty && same.undecided == 0)
  }

  @Test func aReversedOrderIsADisagreement() throws {
    let reversed = try comparison(["backward": 0.3, "forward": 0.6])
    let one = try #require(reversed.disagreements.first)
    #expect(one.more == "forward" && one.less == "backward" && reversed.pairs == 1 && reversed.agreed == 0)
    #expect(abs(one.experiment.value - 0.3) < 1e-6 && abs(one.replay - (0.36 - 0.53)) < 0.03, "\(one)")
    #expect(reversed.regions.allSatisfy { $0.isApart == true }, "both lie outside their intervals")
  }

  /// Slopes that cross from block to block rank nothing, whatever the replay says.
  @Test func whatMayBeChanceIsNoDisagreement() throws {
    let noisy = try comparison(["backward": 0.40, "forward": 0.42], noise: 0.2)
    #expect(noisy.pairs == 1 && noisy.undecided == 1 && noisy.disagreements.isEmpty)
    #expect(noisy.regions.allSatisfy { $0.isApart == false })
  }

  /// The engine that Headway ships is not needed for a replay: the events of any run tell what a faster state brings.
  @Test func aTimelineIsReplayedWithAStateThatTakesLess() throws {
    func potentials(_ drawn: DrawnTrace, _ regions: String...) throws -> [Double?] {
      let replay = try TimelineReplay(of: drawn.trace, name: "drawn")
      #expect(abs(replay.error) < 1e-9, "unchanged it takes what it took")
      return try regions.map { try replay.potential(of: $0, speedups: [0.25, 0.5]) }
    }
    func expect(_ found: [Double?], _ truth: [Double?]) {
      for (one, other) in zip(found, truth) {
        #expect((one == nil) == (other == nil) && abs((one ?? 0) - (other ?? 0)) < 1e-6, "\(found)")
      }
    }
    // A straggler, up to where the other is the later one.
    let straggler = DrawnTrace(workers: ["ffffEEEE", "bbbbbbbb"], .init("work_end", at: 8))
    expect(try potentials(straggler, "backward", "forward", "barrier.work_end", "none"), [1, 0, nil, nil])
    // A serial section of six in eight.
    let serial = DrawnTrace(
      main: "EErrrrrr", workers: ["bbSSSSSS", "bbSSSSSS"], .init("work_end", at: 2, of: ["main", "worker-0"]))
    expect(try potentials(serial, "reduce", "backward"), [0.75, 0.25])
    // Steps that wait for their input: of the steps' own work only the last is not hidden.
    let loader = DrawnTrace(main: "PPPPffPPPff", prefetch: "aaaa.aaaaUU")
    expect(try potentials(loader, "batch.assemble", "forward"), [8.0 / 11, 2.0 / 11])
    // Waking up late costs what it did.
    let late = DrawnTrace(workers: ["ffffEEEEEE", "bbbbbbbb  "], .init("work_end", at: 8))
    expect(try potentials(late, "backward", "forward"), [0.8, 0])
  }

  @Test func whatAReplayCannotShortenHasNoRank() throws {
    let dispatch = try comparison(["backward": 0.53, "dispatch": 0.01])
    #expect(dispatch.regions.map(\.replay).last == .some(nil) && dispatch.pairs == 0)
    #expect(dispatch.regions.last?.isApart == nil)
  }
}
