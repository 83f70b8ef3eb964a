import Foundation
import HeadwayStatistics
import HeadwayTrace

// What a search says of its winner.
extension Tuner {
  /// The winner beside the base, in blocks of both in alternating order, while the budget lasts.
  func compare(_ winner: RunConfiguration) throws(InputError) -> Estimate? {
    guard winner != base, !cancellation.isCancelled else { return nil }
    let affordable = (request.budgetSeconds - spentSeconds) / (2 * max(longestRunSeconds, 0.01))
    let blocks = min(Int(affordable), Self.blocks.most, max(Self.blocks.fewest, (mostRuns - runs) / 2))
    if blocks < Self.blocks.fewest {
      warnings.append(
        "the time left sufficed for \(max(blocks, 0)) blocks of the winner beside the beginning; an interval"
          + " takes \(Self.blocks.fewest): give a longer --budget")
    }
    let order = BlockOrder(arms: 2, seed: base.seed)
    var logs: [Double] = []
    for block in 0..<max(blocks, 0) where !cancellation.isCancelled {
      var rates: [Double?] = [nil, nil]
      for arm in order.arms(inBlock: block) {
        let what = "comparing, block \(block + 1) of \(blocks)"
        if case .success(let rate) = try measure(arm == 0 ? base : winner, what) { rates[arm] = rate }
      }
      if let first = rates[0], let second = rates[1] { logs.append(log(second / first)) }
    }
    guard let estimate = HodgesLehmann(logs) else { return nil }
    let interval = estimate.interval()
    return Estimate(
      value: exp(estimate.estimate), lower: interval.map { exp($0.lower) },
      upper: interval.map { exp($0.upper) }, sampleCount: logs.count)
  }

  /// The request's configuration with the winner's axes.
  func chosen(_ winner: RunConfiguration) -> RunConfiguration {
    var chosen = request.base
    chosen.threads = winner.threads
    chosen.scheduling = winner.scheduling
    chosen.reduction = winner.reduction
    chosen.optimizer = winner.optimizer
    chosen.prefetch = winner.prefetch
    chosen.grain = winner.grain
    chosen.kernels = winner.kernels
    return chosen
  }

  /// The keys in which the chosen configuration differs from the request's, with its values.
  func changes(to winner: RunConfiguration) -> [String: String] {
    let chosen = chosen(winner)
    return RunConfiguration.keys.reduce(into: [:]) { changes, key in
      guard let value = chosen.value(of: key), value != request.base.value(of: key) else { return }
      changes[key] = value
    }
  }

  /// A candidate's values, in the order of the axes.
  static func words(_ settings: [String: String]) -> String {
    TuningGrid.axes(cpus: 1).compactMap { axis in settings[axis.key].map { "\(axis.key)=\($0)" } }
      .joined(separator: " ")
  }
}
