import HeadwayStatistics
import HeadwayTrace

extension RunAnalysis {
  /// How fast the run was, over the steps that the stationarity test keeps: their tokens / Σ their
  /// durations.
  static func throughput(configuration: RunConfiguration, steps: [Nanoseconds]) -> Throughput {
    let durations = steps.map { Double($0.count) }
    let warmup = Stationarity(durations: durations).warmupLength
    let kept = Array(durations.dropFirst(warmup))
    let seconds = kept.reduce(0, +) / 1e9
    let sorted = kept.sorted()
    func quantile(_ probability: Double) -> Nanoseconds {
      Nanoseconds(Int64((Quantiles.quantile(probability, ofSorted: sorted) ?? 0).rounded()))
    }
    let cost = configuration.stepCost
    return Throughput(
      tokensPerSecond: ratio(Double(kept.count * configuration.tokensPerStep), seconds),
      stepsPerSecond: seconds > 0 ? Double(kept.count) / seconds : nil,
      stepNs: Quartiles(lower: quantile(0.25), median: quantile(0.5), upper: quantile(0.75)),
      stepsNs: steps, warmupSteps: warmup, steps: steps.count,
      tokens: steps.count * configuration.tokensPerStep, flopsPerToken: cost.flopsPerToken,
      matrixFlopsPerToken: cost.matrixFlopsPerToken)
  }

  /// What a reader must know of the steps before believing the throughput.
  static func warnings(steps: [Nanoseconds]) -> [String] {
    if steps.isEmpty { return ["no step was completed: there is no throughput"] }
    if steps.count < 8 {
      return ["\(steps.count) steps are too few to tell a warm-up: none was dropped"]
    }
    let test = Stationarity(durations: steps.map { Double($0.count) })
    return test.isSettled
      ? [] : ["the step durations had not settled by half of the run: its first half counts as warm-up"]
  }
}
