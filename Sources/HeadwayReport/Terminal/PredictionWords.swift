import HeadwayTrace

/// The words and numbers of predictions.
enum PredictionWords {
  /// What is predicted, and what came out, in a sentence.
  static func headline(of prediction: Prediction) -> String {
    let changes = changes(
      from: prediction.recordedConfiguration, to: prediction.configuration)
    let cores = Numerals.plural(prediction.cores, "core")
    let what = changes.isEmpty ? "the recorded configuration" : changes.joined(separator: ", ")
    return "With \(what) on \(cores): \(Numerals.perSecond(prediction.tokensPerSecond.value)) tokens/s,"
      + " \(Numerals.ratio(prediction.speedup.value)) the recorded run's"
      + " \(Numerals.perSecond(prediction.recorded.tokensPerSecond))."
  }

  static func headline(of curve: PredictionCurve) -> String {
    let changes = changes(from: curve.recordedConfiguration, to: curve.configuration)
    let with = changes.isEmpty ? "" : " with \(changes.joined(separator: ", "))"
    let cores = curve.cores.map { "on \(Numerals.plural($0, "core"))" } ?? "with a core for every worker"
    return "Predicted scaling of \(curve.run)\(with), \(cores)."
  }

  /// The keys that differ, with their new values.
  static func changes(from recorded: RunConfiguration, to wanted: RunConfiguration) -> [String] {
    RunConfiguration.keys.compactMap { key in
      guard let value = wanted.value(of: key), value != recorded.value(of: key) else { return nil }
      return "\(key)=\(value)"
    }
  }

  static func boundary(of series: PredictedSeries) -> String {
    let name = series.topology.rawValue
    guard let boundary = series.boundary else {
      let last = series.points.last.map { Numerals.plural($0.threads, "thread") } ?? "the last point"
      return "\(name): more threads pay up to \(last)."
    }
    let limits = ScalingBoundary.Kind.allCases.compactMap { kind in
      boundary.gains[kind.rawValue].map { (kind, $0) }
    }.sorted { $0.1 > $1.1 }.filter { $0.1 > 1.005 }.map {
      "without \(words(of: $0.0)) \(Numerals.ratio($0.1))"
    }
    return "\(name): more than \(Numerals.plural(boundary.threads, "thread")) hardly pay, because of"
      + " \(words(of: boundary.kind)). At the next point: "
      + (limits.isEmpty ? "no limit alone would help." : limits.joined(separator: ", ") + ".")
  }

  /// Where a limit by itself would end the scaling.
  static func end(of kind: ScalingBoundary.Kind, in series: PredictedSeries) -> String {
    guard let limit = series.limits?.first(where: { $0.kind == kind }) else { return "not known" }
    if let threads = limit.threads { return "at \(Numerals.plural(threads, "thread"))" }
    return series.points.last.map { "not up to \(Numerals.count($0.threads))" } ?? Numerals.absent
  }

  static func words(of kind: ScalingBoundary.Kind) -> String {
    switch kind {
    case .cores: "the number of cores"
    case .tasks: "the number of tasks in a step"
    case .synchronisation: "the latency of barriers and of waking threads"
    case .reduction: "the serial reduction"
    case .serial: "the main thread's serial part"
    case .bandwidth: "the memory bandwidth"
    }
  }

  static func milliseconds(_ nanoseconds: Double) -> String {
    guard nanoseconds.isFinite, nanoseconds.magnitude < 9e18 else { return Numerals.absent }
    return Numerals.duration(Nanoseconds(Int64(nanoseconds.rounded())))
  }

  static func interval(_ estimate: Estimate, _ format: (Double) -> String) -> String {
    guard let lower = estimate.lower, let upper = estimate.upper else { return Numerals.absent }
    return "\(format(lower)) – \(format(upper))"
  }

  static func signed(_ share: Double, decimals: Int = 2) -> String {
    guard share.isFinite else { return Numerals.absent }
    return (share < 0 ? "−" : "+") + Numerals.fixed(share.magnitude * 100, decimals) + " %"
  }
}
