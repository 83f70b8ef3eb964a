import HeadwayStatistics
import HeadwayTrace

extension RunAnalysis {
  /// How fast the run was, over the steps that the stationarity test keeps: their tokens / Σ their
  /// durations. Without a configuration, which says the tokens of a step, it is what the threads counted
  /// over the window.
  static func throughput(
    configuration: RunConfiguration?, steps: [Nanoseconds], accounts: RunAccounts?
  ) -> Throughput {
    let durations = steps.map { Double($0.count) }
    let warmup = Stationarity(durations: durations).warmupLength
    let kept = Array(durations.dropFirst(warmup))
    let seconds = kept.reduce(0, +) / 1e9
    let sorted = kept.sorted()
    func quantile(_ probability: Double) -> Nanoseconds {
      Nanoseconds(Int64((Quantiles.quantile(probability, ofSorted: sorted) ?? 0).rounded()))
    }
    let counted = accounts.map { accounts in
      (
        tasks: accounts.threads.reduce(0) { $0 + $1.tasks },
        tokens: accounts.threads.reduce(0) { $0 + $1.tokens },
        seconds: accounts.windowNs.seconds
      )
    }
    func rate(_ count: Int?) -> Double? {
      guard let count, count > 0, let window = counted?.seconds, window > 0 else { return nil }
      return Double(count) / window
    }
    let cost = configuration?.stepCost
    return Throughput(
      tokensPerSecond: configuration.map { ratio(Double(kept.count * $0.tokensPerStep), seconds) }
        ?? rate(counted?.tokens),
      stepsPerSecond: seconds > 0 ? Double(kept.count) / seconds : nil,
      stepNs: Quartiles(lower: quantile(0.25), median: quantile(0.5), upper: quantile(0.75)),
      stepsNs: steps, warmupSteps: warmup, steps: steps.count,
      tokens: configuration.map { steps.count * $0.tokensPerStep }
        ?? counted.flatMap { $0.tokens > 0 ? $0.tokens : nil },
      flopsPerToken: cost?.flopsPerToken, matrixFlopsPerToken: cost?.matrixFlopsPerToken,
      tasksPerSecond: rate(counted?.tasks))
  }

  /// What a reader must know of the steps before believing the throughput.
  static func warnings(steps: [Nanoseconds], areCounted: Bool) -> [String] {
    // Another engine need not have steps.
    if steps.isEmpty && !areCounted { return [] }
    if steps.isEmpty { return ["no step was completed: there is no throughput"] }
    if steps.count < 8 {
      return ["\(steps.count) steps are too few to tell a warm-up: none was dropped"]
    }
    let test = Stationarity(durations: steps.map { Double($0.count) })
    return test.isSettled
      ? [] : ["the step durations had not settled by half of the run: its first half counts as warm-up"]
  }
}
