import Foundation

/// Which configuration to measure next, in search of the fastest: a pure policy over predictions and
/// measurements.
///
///     var policy = TuningPolicy(candidates)
///     while let next = policy.next { policy.record(measure(next), of: next) }
///     let winner = policy.best
///
/// The logarithm of each candidate's throughput has a normal belief: what was predicted, moved by how far
/// predictions of similar candidates were off, and then combined with its own measurements. The candidate
/// with the highest upper end of its belief is measured next; the search ends when no other one's upper end
/// exceeds the best by more than the margin. So a candidate that can't win is never measured, and one that
/// was predicted too low is found as soon as its neighbours turn out faster than predicted.
///
/// Source: the upper-confidence rule of P. Auer, N. Cesa-Bianchi and P. Fischer, "Finite-time analysis of the
/// multiarmed bandit problem", 2002, on beliefs that a model gives.
public struct TuningPolicy: Sendable {
  /// One configuration.
  public struct Candidate: Sendable, Equatable {
    /// The values of the axes that are tuned, by key.
    public var settings: [String: String]
    /// The predicted throughput and the half-width of its 95 % interval, as a share; absent where nothing
    /// predicts it.
    public var prediction: (value: Double, halfWidth: Double)?
    /// Describes a candidate.
    public init(settings: [String: String], prediction: (value: Double, halfWidth: Double)? = nil) {
      self.settings = settings
      self.prediction = prediction
    }

    /// Whether both are the same configuration with the same prediction.
    public static func == (left: Self, right: Self) -> Bool {
      left.settings == right.settings && left.prediction?.value == right.prediction?.value
        && left.prediction?.halfWidth == right.prediction?.halfWidth
    }

    /// How many axes differ.
    func distance(to other: Self) -> Int {
      Set(settings.keys).union(other.settings.keys).count { settings[$0] != other.settings[$0] }
    }
  }

  /// What is believed of the logarithm of a throughput.
  struct Belief {
    var mean: Double
    var deviation: Double
  }

  /// The least spread that a prediction is given, whatever its interval says.
  static let leastSpread = 0.06
  /// The spread of a candidate that nothing predicts.
  static let ignorance = 0.35
  /// How many deviations above its mean a candidate is given credit for.
  static let optimism = 2.0
  /// Measurements of one candidate after which its own noise is no reason for more.
  static let mostSamples = 4

  /// The candidates.
  public let candidates: [Candidate]
  /// The relative spread of a single measurement.
  public let noise: Double
  /// The share by which a candidate must promise to be faster to be worth a measurement.
  public let margin: Double
  private var logs: [[Double]]

  /// Starts a search.
  ///
  /// - Parameters:
  ///   - candidates: At least one; at least one of them with a prediction or measured before ``next`` is
  ///     asked for.
  ///   - noise: The relative spread of a single measurement.
  ///   - margin: See ``margin``.
  public init(_ candidates: [Candidate], noise: Double = 0.03, margin: Double = 0.01) {
    precondition(!candidates.isEmpty, "a search needs a candidate")
    self.candidates = candidates
    self.noise = max(noise, 1e-6)
    self.margin = margin
    logs = Array(repeating: [], count: candidates.count)
  }

  /// Notes a measured throughput, above zero.
  public mutating func record(_ throughput: Double, of candidate: Int) {
    precondition(throughput > 0, "a throughput is above zero")
    logs[candidate].append(log(throughput))
  }

  /// Notes that a candidate failed: it is not tried again.
  public mutating func fail(_ candidate: Int) {
    failed.insert(candidate)
  }
  private var failed: Set<Int> = []

  /// Measurements so far.
  public var measurements: Int { logs.reduce(0) { $0 + $1.count } }
  /// Measurements of one candidate.
  public func measurements(of candidate: Int) -> Int { logs[candidate].count }

  /// The measured candidate that is believed to be the fastest; `nil` before anything was measured.
  public var best: Int? {
    let beliefs = beliefs
    return candidates.indices.filter { !logs[$0].isEmpty && !failed.contains($0) }
      .max { beliefs[$0].mean < beliefs[$1].mean }
  }

  /// What is believed of a candidate's throughput: the value and its 95 % interval.
  public func believed(_ candidate: Int) -> (value: Double, lower: Double, upper: Double) {
    let belief = beliefs[candidate]
    return (
      exp(belief.mean), exp(belief.mean - 1.96 * belief.deviation), exp(belief.mean + 1.96 * belief.deviation)
    )
  }

  /// The candidate to measure next; `nil` when none is worth it.
  public var next: Int? {
    let beliefs = beliefs
    func upper(_ index: Int) -> Double { beliefs[index].mean + Self.optimism * beliefs[index].deviation }
    let open = candidates.indices.filter { logs[$0].count < Self.mostSamples && !failed.contains($0) }
    guard let best else { return open.max { upper($0) < upper($1) } }
    let goal = beliefs[best].mean + log(1 + margin)
    let rival = open.filter { $0 != best }.max { upper($0) < upper($1) }
    if let rival, upper(rival) > goal {
      // Two that are both known by one measurement: the one whose belief is wider tells more.
      return rival
    }
    // The winner itself must not rest on one lucky measurement.
    return logs[best].count < 2 ? best : nil
  }

  /// The candidates by belief, fastest first, those that failed left out.
  public var ranking: [Int] {
    let beliefs = beliefs
    return candidates.indices.filter { !failed.contains($0) }.sorted { beliefs[$0].mean > beliefs[$1].mean }
  }

  /// All beliefs.
  var beliefs: [Belief] {
    let predicted = candidates.map { $0.prediction.map { log($0.value) } }
    let known = predicted.compactMap(\.self) + logs.flatMap(\.self)
    let overall = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    return candidates.indices.map { index in
      let prior = prior(of: index, predicted: predicted, overall: overall)
      guard !logs[index].isEmpty else { return prior }
      let mean = logs[index].reduce(0, +) / Double(logs[index].count)
      let precision = Double(logs[index].count) / (noise * noise)
      let trust = 1 / (prior.deviation * prior.deviation)
      return Belief(
        mean: (prior.mean * trust + mean * precision) / (trust + precision),
        deviation: (1 / (trust + precision)).squareRoot())
    }
  }

  /// The belief before the candidate's own measurements.
  ///
  /// What all predictions missed by so far moves it, and beyond that what those of similar candidates did.
  private func prior(of index: Int, predicted: [Double?], overall: Double) -> Belief {
    let own = candidates[index]
    let spread = own.prediction.map { max($0.halfWidth / 1.96, Self.leastSpread) } ?? Self.ignorance
    // Without a prediction, the nearest prediction or measurement stands in for one.
    let base = predicted[index] ?? standIn(for: index, predicted: predicted) ?? overall
    var misses: [(miss: Double, similarity: Double)] = []
    for other in candidates.indices where other != index && !logs[other].isEmpty {
      guard let expected = predicted[other] ?? standIn(for: other, predicted: predicted) else { continue }
      let miss = logs[other].reduce(0, +) / Double(logs[other].count) - expected
      // A candidate that nothing predicts tells of those that nothing predicts.
      let isKin = (own.prediction == nil) == (candidates[other].prediction == nil)
      misses.append((miss, exp(-Double(own.distance(to: candidates[other]))) * (isKin ? 1 : 0.1)))
    }
    guard !misses.isEmpty else { return Belief(mean: base, deviation: spread) }
    let common = misses.reduce(0) { $0 + $1.miss } / (Double(misses.count) + 0.1)
    let weight = misses.reduce(1) { $0 + $1.similarity }
    let local = misses.reduce(0) { $0 + $1.similarity * ($1.miss - common) } / weight
    // Ignorance ends with the first candidates of the same kind that were measured.
    let narrowed = own.prediction == nil ? spread / (1 + 4 * (weight - 1)) : spread
    return Belief(mean: base + common + local, deviation: max(narrowed, Self.leastSpread))
  }

  /// The prediction of the most similar candidate that has one.
  private func standIn(for index: Int, predicted: [Double?]) -> Double? {
    let nearest = candidates.indices.filter { predicted[$0] != nil }
      .min { candidates[index].distance(to: candidates[$0]) < candidates[index].distance(to: candidates[$1]) }
    return nearest.flatMap { predicted[$0] }
  }
}
