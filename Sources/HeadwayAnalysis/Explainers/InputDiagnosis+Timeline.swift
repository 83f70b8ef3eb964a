import HeadwayStatistics
import HeadwayTrace

extension InputDiagnosis {
  /// The share of the window from which on a step waits moderately for its input.
  static let moderateShare = 0.05
  /// The share of the window from which on it waits highly.
  static let highShare = 0.2

  /// Diagnoses the input of a timeline's steps; `nil` without a main thread.
  init?(_ timeline: Timeline) {
    guard let main = timeline.threads.first(where: { $0.role == .main }) else { return nil }
    func inputTime(_ from: Instant, _ to: Instant) -> Double {
      var time = Nanoseconds.zero
      main.forEachPiece(from: from, to: to) { interval, from, to in
        if timeline.isInput(interval.context) { time += to - from }
      }
      return Double(time.count)
    }
    func share(_ steps: some Collection<StepMark>) -> Double? {
      let wall = steps.reduce(0.0) { $0 + Double(($1.end - $1.start).count) }
      guard wall > 0 else { return nil }
      return steps.reduce(0.0) { $0 + inputTime($1.start, $1.end) } / wall
    }
    let whole = ratio(inputTime(timeline.begin, timeline.end), Double(timeline.wallNs.count))
    let half = timeline.steps.count / 2
    let halves = half > 0 ? (share(timeline.steps[..<half]), share(timeline.steps[half...])) : (nil, nil)
    let durations = timeline.steps.map { Double(($0.end - $0.start).count) }
    let isStationary = durations.count < 8 ? nil : Stationarity(durations: durations).isSettled
    self.init(
      share: whole, firstHalfShare: halves.0, secondHalfShare: halves.1, band: Self.band(of: whole),
      isStationary: isStationary,
      statement: Self.statement(whole, halves: halves, isStationary: isStationary))
  }

  private static func band(of share: Double) -> Band {
    share < moderateShare ? .notBound : share < highShare ? .moderate : .high
  }

  private static func word(_ band: Band) -> String {
    switch band {
    case .notBound: "not input-bound"
    case .moderate: "moderately input-bound"
    case .high: "highly input-bound"
    }
  }

  private static func statement(
    _ share: Double, halves: (Double?, Double?), isStationary: Bool?
  ) -> String {
    let whole = "input took \(percent(share)) of the window"
    if let first = halves.0, let second = halves.1, band(of: first) == .notBound,
      band(of: second) != .notBound
    {
      return
        "\(whole): \(percent(first)) of the first half of the steps and \(percent(second)) of the second,"
        + " as when a queue that was full hides a slow producer until it has drained; the run is"
        + " \(word(band(of: second))) once it has"
    }
    switch isStationary {
    case nil: return "\(whole): \(word(band(of: share))), over too few steps to know whether that lasts"
    case false?: return "\(whole); the steps had not settled, so whether that lasts is open"
    case true?: return "\(whole): \(word(band(of: share)))"
    }
  }
}

extension Timeline {
  /// Whether a thread in a context assembles input or waits for it.
  fileprivate func isInput(_ context: Int) -> Bool {
    let state = contexts[context].definition
    guard state.name != StateName.assemble else { return true }
    guard contexts[context].isWaiting, let site = state.site else {
      return StateName.isWait(state.name, of: StateName.prefetchNotReady)
    }
    return sites.contains { $0.name == site && $0.kind == .prefetchNotReady }
  }
}
