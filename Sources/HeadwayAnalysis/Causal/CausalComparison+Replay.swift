import HeadwayStatistics
import HeadwayTrace

extension CausalComparison {
  /// Holds the experiments against what a replay says of the same speed-ups of the same regions.
  ///
  /// In each block a region has one slope of the gain over the speed-up; the intervals of a slope, and of the difference
  /// of two, are Hodges and Lehmann's over the blocks.
  ///
  /// - Throws: ``InputError`` if the replay of a configuration does not come to an end.
  public init(
    _ measurements: [CausalMeasurement], curves: [CausalCurve], replay: some RegionReplay
  ) throws(InputError) {
    let slopes = CausalSlopes(measurements)
    var regions: [Region] = []
    for curve in curves {
      guard let own = Self.estimate(slopes.byRegion[curve.region]?.map(\.value) ?? []) else { continue }
      regions.append(
        Region(
          region: curve.region, experiment: own,
          replay: try replay.potential(of: curve.region, speedups: curve.points.map(\.speedup))))
    }
    regions.sort { $0.experiment.value > $1.experiment.value }
    self.init(
      run: replay.name, replayError: replay.error, regions: regions, pairs: 0, agreed: 0, disagreements: [])
    rankPairs(slopes)
  }

  private mutating func rankPairs(_ slopes: CausalSlopes) {
    for (index, first) in regions.enumerated() {
      for second in regions[(index + 1)...] {
        guard let one = first.replay, let other = second.replay,
          let difference = Self.estimate(slopes.differences(first.region, second.region))
        else { continue }
        pairs += 1
        // Ranked beyond doubt where the interval excludes zero, by whichever sign.
        guard let lower = difference.lower, let upper = difference.upper, lower > 0 || upper < 0 else {
          continue
        }
        let isFirst = lower > 0
        let by = (isFirst ? 1 : -1) * (one - other)
        if by >= 0 {
          agreed += 1
          continue
        }
        disagreements.append(
          Disagreement(
            more: isFirst ? first.region : second.region, less: isFirst ? second.region : first.region,
            experiment: isFirst
              ? difference
              : Estimate(
                value: -difference.value, lower: -upper, upper: -lower, sampleCount: difference.sampleCount),
            replay: by))
      }
    }
  }

  private static func estimate(_ sample: [Double]) -> Estimate? {
    guard let centre = HodgesLehmann(sample) else { return nil }
    let interval = centre.interval()
    return Estimate(
      value: centre.estimate, lower: interval?.lower, upper: interval?.upper, sampleCount: sample.count)
  }
}

/// The slope of the gain over the speed-up of each region in each block, through the origin.
private struct CausalSlopes {
  private(set) var byRegion: [String: [(block: Int, value: Double)]] = [:]

  init(_ measurements: [CausalMeasurement]) {
    let blocks = Dictionary(grouping: measurements, by: \.block).sorted { $0.key < $1.key }
    for (block, all) in blocks {
      let unchanged = all.filter { $0.experiment.region == nil }.map(\.stepNs)
      let mean = Replay.mean(unchanged)
      guard mean > 0 else { continue }
      let tried = Dictionary(grouping: all.filter { $0.experiment.region != nil }) {
        $0.experiment.region ?? ""
      }
      for (region, points) in tried {
        let squares = points.reduce(0) { $0 + $1.experiment.speedup * $1.experiment.speedup }
        guard squares > 0 else { continue }
        let products = points.reduce(0) { $0 + $1.experiment.speedup * (1 - $1.stepNs / mean) }
        byRegion[region, default: []].append((block, products / squares))
      }
    }
  }

  /// How much more the first region gains than the second, block by block.
  func differences(_ first: String, _ second: String) -> [Double] {
    let others = Dictionary(
      (byRegion[second] ?? []).map { ($0.block, $0.value) }, uniquingKeysWith: { first, _ in first })
    return (byRegion[first] ?? []).compactMap { one in others[one.block].map { one.value - $0 } }
  }
}

extension Replay: RegionReplay {
  /// As a share of the step, by simulation; see ``RegionReplay/potential(of:speedups:)``.
  public func potential(of region: String, speedups: [Double]) throws(InputError) -> Double? {
    guard ReplayOptions.scalableStates.contains(region) else { return nil }
    let unchangedNs = Self.mean(unchanged.stepsNs)
    let squares = speedups.reduce(0) { $0 + $1 * $1 }
    guard unchangedNs > 0, squares > 0 else { return nil }
    var products = 0.0
    for speedup in speedups {
      var options = ReplayOptions()
      options.scales = [region: 1 - speedup]
      let result = try simulate(configuration, cores: cores, options: options)
      products += speedup * (1 - Self.mean(result.stepsNs) / unchangedNs)
    }
    return products / squares
  }
}
