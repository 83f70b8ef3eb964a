import HeadwayTrace

extension Replay {
  /// Predicts the scaling of a configuration with its threads.
  ///
  /// - Parameters:
  ///   - wanted: The configuration; its threads and topology are replaced.
  ///   - threads: The numbers of workers, in ascending order.
  ///   - cores: Cores of the machine; `nil` gives every worker one.
  ///   - options: What else is known.
  /// - Throws: ``InputError`` in a sentence for what the recorded run cannot tell.
  public func curve(
    configuration wanted: RunConfiguration, threads: [Int], cores: Int? = nil,
    options: ReplayOptions = ReplayOptions()
  ) throws(InputError) -> PredictionCurve {
    var series: [PredictedSeries] = []
    var assumptions: [String] = []
    for topology in [Topology.flat, .kissing] {
      var configuration = wanted
      configuration.topology = topology
      let line = try points(configuration, threads: threads, cores: cores, options: options)
      if let last = threads.last {
        configuration.threads = last
        let change = ReplayChange(of: self, to: configuration, cores: cores ?? last, options: options)
        for sentence in change.assumptions where !assumptions.contains(sentence) {
          assumptions.append(sentence)
        }
      }
      series.append(
        PredictedSeries(
          topology: topology, points: line,
          boundary: try boundary(of: line, configuration, cores: cores, options: options),
          limits: try limits(configuration, threads: threads, cores: cores, options: options)))
    }
    return PredictionCurve(
      run: name, configuration: wanted, recordedConfiguration: configuration, cores: cores, recorded: pace,
      replayError: error, series: series, assumptions: assumptions)
  }

  /// The steps that are simulated at one point: fewer, the more threads there are.
  private static func steps(at threads: Int) -> Int { max(8, min(200, 20_000 / threads)) }

  private func points(
    _ wanted: RunConfiguration, threads: [Int], cores: Int?, options: ReplayOptions
  ) throws(InputError) -> [PredictedPoint] {
    var points: [PredictedPoint] = []
    for count in threads {
      var configuration = wanted
      configuration.threads = count
      let change = ReplayChange(of: self, to: configuration, cores: cores ?? count, options: options)
      try change.requireKnown()
      let step = try stepNs(configuration, cores: cores ?? count, options: options)
      let rate = Double(configuration.tokensPerStep) / step * 1e9
      let terms = change.uncertainty.map(\.share) + [error]
      let half = terms.reduce(0) { $0 + $1 * $1 }.squareRoot()
      points.append(
        PredictedPoint(
          threads: count, cores: cores ?? count, stepNs: step,
          tokensPerSecond: Estimate(
            value: rate, lower: rate / (1 + half), upper: rate * (1 + half),
            sampleCount: min(Self.steps(at: count), recording.steps.count)),
          speedup: rate / (points.first?.tokensPerSecond.value ?? rate)))
    }
    return points
  }

  /// The predicted mean step: the recorded one times the ratio of the simulations of the same steps.
  private func stepNs(
    _ wanted: RunConfiguration, cores: Int, options: ReplayOptions,
    lifting limits: Set<ScalingBoundary.Kind> = [], steps: Int? = nil
  ) throws(InputError) -> Double {
    let count = steps ?? Self.steps(at: wanted.threads)
    let result = try simulate(wanted, cores: cores, options: options, lifting: limits, steps: count)
    let simulated = result.stepsNs.count
    let unchanged = Self.mean(Array(unchanged.stepsNs.prefix(simulated)))
    return Self.mean(Array(recordedStepsNs.prefix(simulated))) * Self.mean(result.stepsNs) / unchanged
  }

  /// Where more threads stop paying: the first point that reaches nine tenths of the best one's throughput,
  /// and at the next point the limit whose lifting would help most. `nil` where only the last one does.
  private func boundary(
    of points: [PredictedPoint], _ wanted: RunConfiguration, cores: Int?, options: ReplayOptions
  ) throws(InputError) -> ScalingBoundary? {
    guard let end = Self.end(of: points.map(\.tokensPerSecond.value)) else { return nil }
    let after = points[end + 1]
    var configuration = wanted
    configuration.threads = after.threads
    var gains: [String: Double] = [:]
    var strongest: (kind: ScalingBoundary.Kind, gain: Double)?
    for kind in ScalingBoundary.Kind.allCases {
      let lifted = try stepNs(configuration, cores: after.cores, options: options, lifting: [kind])
      let gain = after.stepNs / lifted
      gains[kind.rawValue] = gain
      if gain > strongest?.gain ?? 0 { strongest = (kind, gain) }
    }
    return strongest.map { ScalingBoundary(kind: $0.kind, threads: points[end].threads, gains: gains) }
  }

  /// The first rate that reaches nine tenths of the highest one; `nil` where that is the last.
  private static func end(of rates: [Double]) -> Int? {
    let best = rates.max() ?? 0
    return rates.firstIndex { $0 >= 0.9 * best }.flatMap { $0 + 1 < rates.count ? $0 : nil }
  }

  /// Steps that are simulated to see where one limit by itself ends the scaling: coarse is enough there.
  private static let stepsOfLimits = 8

  /// Where each limit by itself would end the scaling. A bandwidth that is not known limits nothing that could be
  /// told, nor do cores where every worker has one: these are left out.
  private func limits(
    _ wanted: RunConfiguration, threads: [Int], cores: Int?, options: ReplayOptions
  ) throws(InputError) -> [ScalingLimit] {
    let kinds = ScalingBoundary.Kind.allCases.filter { kind in
      switch kind {
      case .bandwidth: options.bandwidth != nil
      case .cores: cores != nil
      case .reduction, .serial, .synchronisation, .tasks: true
      }
    }
    var found: [ScalingLimit] = []
    for kind in kinds {
      let others = Set(ScalingBoundary.Kind.allCases).subtracting([kind])
      var alone = options
      // How cores slow each other down is told with the memory.
      if kind != .bandwidth { alone.speeds = nil }
      var rates: [Double] = []
      for count in threads {
        var configuration = wanted
        configuration.threads = count
        let step = try stepNs(
          configuration, cores: cores ?? count, options: alone, lifting: others, steps: Self.stepsOfLimits)
        rates.append(Double(configuration.tokensPerStep) / step)
      }
      found.append(ScalingLimit(kind: kind, threads: Self.end(of: rates).map { threads[$0] }))
    }
    return found
  }
}
