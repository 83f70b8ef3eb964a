import Foundation
import HeadwayStatistics
import HeadwayTrace

/// From experiments of virtual speed-up to gains (method 12).
///
/// In each block, p₀ is the mean step of the experiments that changed nothing, and d = ln(p / p₀) that of
/// one region at one speed-up. The gain is 1 − exp of the Hodges–Lehmann estimate of d over the blocks, with
/// its exact signed-rank interval; a curve's potential is the least-squares slope of the gain over the
/// speed-up through the origin.
public enum CausalCurves {
  /// The curves of complete blocks, largest potential first.
  ///
  /// - Parameter measurements: Of whole blocks, each with at least one experiment without a speed-up; blocks
  ///   without one are left out.
  public static func curves(of measurements: [CausalMeasurement]) -> [CausalCurve] {
    var baselines: [Int: [Double]] = [:]
    for one in measurements where one.experiment.region == nil {
      baselines[one.block, default: []].append(one.stepNs)
    }
    var logs: [CausalExperiment: [Double]] = [:]
    for one in measurements where one.experiment.region != nil {
      guard let unchanged = baselines[one.block], one.stepNs > 0 else { continue }
      let mean = unchanged.reduce(0, +) / Double(unchanged.count)
      guard mean > 0 else { continue }
      logs[one.experiment, default: []].append(log(one.stepNs / mean))
    }
    let regions = Set(logs.keys.compactMap(\.region)).sorted()
    return regions.map { region in
      let points = logs.filter { $0.key.region == region }.sorted { $0.key.speedup < $1.key.speedup }
        .compactMap { point($0.key.speedup, $0.value) }
      let products = points.reduce(0) { $0 + $1.speedup * $1.gain }
      let squares = points.reduce(0) { $0 + $1.speedup * $1.speedup }
      return CausalCurve(region: region, points: points, potential: squares > 0 ? products / squares : 0)
    }.sorted { ($0.potential, $1.region) > ($1.potential, $0.region) }
  }

  /// The relative spread of the steps without a speed-up within their blocks; `nil` where no block has two.
  public static func noise(of measurements: [CausalMeasurement]) -> Double? {
    let blocks = Dictionary(grouping: measurements.filter { $0.experiment.region == nil }, by: \.block)
    var squares = 0.0
    var count = 0
    for block in blocks.values where block.count > 1 {
      let mean = block.reduce(0) { $0 + $1.stepNs } / Double(block.count)
      guard mean > 0 else { continue }
      squares += block.reduce(0) { $0 + ($1.stepNs / mean - 1) * ($1.stepNs / mean - 1) }
      count += block.count - 1
    }
    return count > 0 ? (squares / Double(count)).squareRoot() : nil
  }

  private static func point(_ speedup: Double, _ logs: [Double]) -> CausalCurve.Point? {
    guard let estimate = HodgesLehmann(logs) else { return nil }
    let interval = estimate.interval()
    return CausalCurve.Point(
      speedup: speedup, gain: 1 - exp(estimate.estimate),
      lower: interval.map { 1 - exp($0.upper) }, upper: interval.map { 1 - exp($0.lower) },
      blocks: logs.count)
  }
}
