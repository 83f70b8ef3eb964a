import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Predicted scaling curves of a run that was written down.
@Suite struct CurveTests {
  private func series(
    _ change: (inout PlantedRun) -> Void, threads: [Int], cores: Int? = nil
  ) throws -> [PredictedSeries] {
    var run = PlantedRun()
    run.jitterNs = 0
    change(&run)
    let curve = try Replay(of: run.source).curve(
      configuration: run.configuration, threads: threads, cores: cores)
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
  }

  @Test func aSerialReductionEndsWeakScaling() throws {
    let flat = try series({ $0.configuration.batching = .grouped }, threads: [1, 4, 16, 64, 128, 256])[0]
    #expect(flat.boundary?.kind == .serial)
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
  }
}
