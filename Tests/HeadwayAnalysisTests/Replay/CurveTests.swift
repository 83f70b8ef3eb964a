import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Predicted scaling curves of a run that was written down.
@Suite struct CurveTests {
  private func series(
    _ change: (inout PlantedRun) -> Void, threads: [Int], cores: Int? = nil,
    options: ReplayOptions = ReplayOptions()
  ) throws -> [PredictedSeries] {
    var run = PlantedRun()
    run.jitterNs = 0
    change(&run)
    let curve = try Replay(of: run.source).curve(
      configuration: run.configuration, threads: threads, cores: cores, options: options)
    #expect(curve.series.map(\.topology) == [.flat, .kissing])
    #expect(!curve.assumptions.isEmpty)
    for series in curve.series {
      #expect(series.points.map(\.threads) == threads)
      #expect(series.points.first?.speedup == 1)
    }
    return curve.series
  }

  @Test func fewTasksEndTheScaling() throws {
    let flat = try series({ $0.configuration.batchesPerStep = 4 }, threads: [1, 2, 4, 8, 16])[0]
    #expect(flat.boundary?.kind == .tasks)
    #expect(flat.boundary?.threads == 4)
  }

  @Test func fewCoresEndTheScaling() throws {
    let flat = try series({ $0.configuration.batchesPerStep = 32 }, threads: [1, 2, 4, 8], cores: 2)[0]
    #expect(flat.boundary?.kind == .cores)
    #expect(flat.boundary?.threads == 2)
    #expect(end(.cores, of: flat) == 2 && end(.tasks, of: flat) == nil)
  }

  /// Where a limit by itself ends a series; `nil` where it does not.
  private func end(_ kind: ScalingBoundary.Kind, of series: PredictedSeries) -> Int? {
    series.limits?.first { $0.kind == kind }?.threads
  }

  @Test func aSerialReductionEndsWeakScaling() throws {
    let threads = [1, 4, 16, 64, 128, 256]
    let flat = try series({ $0.configuration.batching = .grouped }, threads: threads)[0]
    #expect(flat.boundary?.kind == .reduction)
    let alone = try #require(end(.reduction, of: flat))
    #expect(alone <= 128 && end(.tasks, of: flat) == nil, "each worker brings a task of its own")
    #expect(flat.limits?.contains { $0.kind == .bandwidth || $0.kind == .cores } == false, "none is known")
    let quick = try series(
      {
        $0.configuration.batching = .grouped
        $0.reduceNs = 1
      }, threads: threads)[0]
    #expect(end(.reduction, of: quick) == nil, "a reduction that takes no time ends nothing")
  }

  /// The traffic of about eight workers fills the memory: many more add nothing.
  @Test func aKnownBandwidthEndsTheScalingWhereItIsUsedUp() throws {
    var run = PlantedRun()
    run.configuration.batching = .grouped
    var one = run.configuration
    one.threads = 1
    let bytes = one.stepCost.operations.filter { $0.part != .update }.reduce(0) { $0 + $1.bytes }
    var options = ReplayOptions()
    options.bandwidth = 8 * Double(bytes) / run.taskNs
    for line in try series(
      {
        $0.configuration.batching = .grouped
        ($0.reduceNs, $0.updateNs, $0.assembleNs) = (1, 1, 1)
      }, threads: [1, 2, 4, 8, 16, 64], options: options)
    {
      #expect([8, 16].contains(end(.bandwidth, of: line)), "\(line.limits ?? [])")
    }
  }

  /// Far out a flat team is woken one by one by the main thread alone, a kissing one in groups of twelve.
  @Test func wakingEndsAFlatTeamFirst() throws {
    let lines = try series(
      {
        ($0.configuration.batching, $0.configuration.reduction) = (.grouped, .serial)
        ($0.reduceNs, $0.updateNs, $0.assembleNs) = (1, 1, 1)
        ($0.taskNs, $0.wakerNs) = (200_000, 20_000)
      }, threads: [1, 4, 16, 64, 256])
    #expect(lines[0].boundary?.kind == .synchronisation)
    let ends = lines.map { $0.points.last?.tokensPerSecond.value ?? 0 }
    #expect(ends[1] > ends[0], "two control threads wake their own workers side by side")
    let alone = lines.map { end(.synchronisation, of: $0) ?? .max }
    #expect(alone[0] < 256 && alone[0] <= alone[1], "\(alone)")
  }
}
