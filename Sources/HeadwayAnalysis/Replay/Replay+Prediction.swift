import HeadwayStatistics
import HeadwayTrace

extension Replay {
  /// Predicts another configuration.
  ///
  /// The estimate is the recorded step times the ratio of the two simulations, so that what the simulation
  /// gets wrong in both cancels; the error term of the unchanged replay widens the interval nevertheless.
  ///
  /// - Parameters:
  ///   - wanted: The configuration; it may differ from the recorded one in the axes that order threads.
  ///   - cores: Cores to predict for; `nil` takes those of the recorded run.
  ///   - options: What else is known.
  ///   - steps: Recorded steps that are simulated at most; the level is that of all of them.
  /// - Throws: ``InputError`` in a sentence for what the recorded run cannot tell.
  public func predict(
    configuration wanted: RunConfiguration, cores: Int? = nil, options: ReplayOptions = ReplayOptions(),
    steps: Int? = nil
  ) throws(InputError) -> Prediction {
    let cores = cores ?? self.cores
    let change = ReplayChange(of: self, to: wanted, cores: cores, options: options)
    try change.requireKnown()
    let result = try simulate(wanted, cores: cores, options: options, steps: steps ?? Self.stepLimit)
    let samples = RatioSamples(
      recorded: recordedStepsNs, unchanged: unchanged.stepsNs, changed: result.stepsNs)
    var terms = [
      UncertaintyTerm(
        source: .steps, reason: "the recorded steps vary", share: 1.96 * samples.deviation),
      UncertaintyTerm(
        source: .replay, reason: "the unchanged run is not reproduced exactly", share: error.magnitude),
    ]
    terms += change.uncertainty
    let half = terms.reduce(0) { $0 + $1.share * $1.share }.squareRoot()
    let step = samples.estimate * recordedStepNs / Self.mean(Array(recordedStepsNs.prefix(samples.count)))
    func estimate(_ value: Double) -> Estimate {
      Estimate(
        value: value, lower: value / (1 + half), upper: value * (1 + half), sampleCount: samples.count)
    }
    let tokens = Double(wanted.tokensPerStep)
    let rate = tokens / step * 1e9
    return Prediction(
      run: name, configuration: wanted, recordedConfiguration: configuration, cores: cores,
      recordedCores: self.cores, stepNs: estimate(step), tokensPerSecond: estimate(rate),
      speedup: estimate(rate / pace.tokensPerSecond), recorded: pace, categories: Self.shares(of: result),
      recordedCategories: Self.shares(of: unchanged), replayError: error, uncertainty: terms,
      assumptions: change.assumptions)
  }

  /// The shares of threads × wall time.
  static func shares(of result: SimulationResult) -> [String: Double] {
    let whole = result.spanNs * Double(result.threads.count)
    var shares: [String: Double] = [:]
    for category in [StateCategory.useful, .spin, .blocked, .runnable, .lifecycle] {
      shares[category.rawValue] = whole > 0 ? result.time(category) / whole : 0
    }
    return shares
  }
}

/// The predicted step: the recorded mean times the ratio of two simulations of the same steps.
struct RatioSamples {
  /// The predicted mean length of a step, in nanoseconds.
  let estimate: Double
  /// The estimate's standard deviation as a share of it: blocks of steps resampled together.
  let deviation: Double
  /// Steps that it rests on.
  let count: Int

  private static let resamples = 200

  init(recorded: [Double], unchanged: [Double], changed: [Double]) {
    let count = min(recorded.count, unchanged.count, changed.count)
    self.count = count
    let steps = (0..<count).map { (recorded[$0], unchanged[$0], changed[$0]) }
    let estimate = Self.ratio(of: steps)
    self.estimate = estimate
    // Neighbouring steps share what disturbs the machine: blocks of them are drawn, not single ones.
    let length = max(1, Int(Double(count).squareRoot()))
    guard count >= 2 * length else {
      deviation = 0
      return
    }
    var generator = SplitMix64(seed: 0x5EED)
    let blocks = (count + length - 1) / length
    var ratios: [Double] = []
    for _ in 0..<Self.resamples {
      var drawn: [(Double, Double, Double)] = []
      for _ in 0..<blocks {
        let start = generator.below(count - length + 1)
        drawn += steps[start..<start + length]
      }
      ratios.append(Self.ratio(of: drawn) / estimate)
    }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    let squares = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = (squares / Double(ratios.count - 1)).squareRoot()
  }

  private static func ratio(of steps: [(Double, Double, Double)]) -> Double {
    var sums = (recorded: 0.0, unchanged: 0.0, changed: 0.0)
    for (recorded, unchanged, changed) in steps {
      sums.recorded += recorded
      sums.unchanged += unchanged
      sums.changed += changed
    }
    return sums.unchanged > 0 ? sums.recorded / Double(steps.count) * sums.changed / sums.unchanged : .nan
  }
}
