import Foundation

/// The laws of ``ScalingLaw`` fitted to a sample, with intervals from resampling whole blocks (method 13).
///
/// With t = 1/X the law is linear in its coefficients: t·N = a + aσ·(N − 1) + aκ·N(N − 1), a = 1/γ. The
/// coefficients may not be negative, and the errors are relative, so that many threads count no more than
/// few. Blocks, not single runs, are resampled, since runs of one block share its conditions.
///
/// Never fit across a step in the machine: cut the sample at the number of CPUs first.
public struct ScalingFit: Equatable, Sendable {
  /// One fitted law.
  public struct Candidate: Equatable, Sendable {
    /// Which parameters were free.
    public let form: ScalingLaw.Form
    /// The fitted parameters.
    public let law: ScalingLaw
    /// Akaike's criterion, corrected for small samples, of the relative errors of all runs; lower is better.
    /// Absent when there are too few runs for it.
    public let criterion: Double?
    /// The largest relative error of a median.
    public let largestError: Double
  }

  /// Fewest different numbers of threads that a law is fitted to.
  public static let fewestThreadCounts = 5

  /// Every law, in the order of ``ScalingLaw/Form``.
  public let candidates: [Candidate]
  /// The law that the criterion prefers; the simplest when it cannot tell.
  public let best: Candidate
  /// The universal law's parameters in each resample of the blocks, in no order.
  let resampled: [ScalingLaw]
  private let largest: Int

  /// Fits; `nil` with fewer than ``fewestThreadCounts`` numbers of threads.
  ///
  /// - Parameters:
  ///   - resamples: How often the blocks are drawn again; 0 gives no intervals.
  ///   - seed: The same seed gives the same intervals.
  public init?(_ sample: ScalingSample, resamples: Int = 999, seed: UInt64 = 1) {
    guard sample.threads.count >= Self.fewestThreadCounts else { return nil }
    let candidates = ScalingLaw.Form.allCases.compactMap { Self.candidate($0, sample) }
    guard let first = candidates.first else { return nil }
    self.candidates = candidates
    best = candidates.dropFirst().reduce(first) { best, next in
      guard let own = next.criterion, let other = best.criterion else { return best }
      return own < other ? next : best
    }
    largest = sample.threads.last ?? 1
    var generator = SplitMix64(seed: seed)
    var resampled: [ScalingLaw] = []
    if sample.blocks.count > 1 {
      for _ in 0..<resamples {
        let drawn = sample.blocks.indices.map { _ in sample.blocks[generator.below(sample.blocks.count)] }
        guard let again = ScalingSample(threads: sample.threads, blocks: drawn),
          let law = Self.law(.usl, again)
        else { continue }
        resampled.append(law)
      }
    }
    self.resampled = resampled
  }

  /// The 95 % percentile interval of a quantity of the universal law over the resamples; `nil` without
  /// resamples. The quantity may be infinite.
  public func interval(of quantity: (ScalingLaw) -> Double) -> Interval? {
    let values = resampled.map(quantity).filter { !$0.isNaN }.sorted()
    guard values.count > 1 else { return nil }
    // Order statistics rather than interpolation: an infinite neighbour must not spread.
    let cut = Int((0.025 * Double(values.count)).rounded(.down))
    return Interval(lower: values[cut], upper: values[values.count - 1 - cut], coverage: 0.95)
  }

  /// The peak of the universal law with its interval, where the data carry one: the interval is bounded and
  /// the peak lies within twice the largest number of threads measured. Otherwise `nil`: no peak was seen.
  public var peak: (threads: Double, interval: Interval)? {
    guard let threads = candidates.first(where: { $0.form == .usl })?.law.peakThreads,
      let interval = interval(of: { $0.peakThreads ?? .infinity }), interval.upper.isFinite,
      threads <= 2 * Double(largest)
    else { return nil }
    return (threads, interval)
  }

  /// The band of the universal law at a number of threads.
  public func band(threads: Double) -> Interval? { interval { $0.throughput(threads: threads) } }

  private static func candidate(_ form: ScalingLaw.Form, _ sample: ScalingSample) -> Candidate? {
    guard let law = law(form, sample) else { return nil }
    let expected = sample.threads.map { law.throughput(threads: Double($0)) }
    let errors = sample.centred.flatMap { row in zip(row, expected).map { $0 / $1 - 1 } }
    let count = Double(errors.count)
    let free = Double(form == .linear ? 1 : form == .amdahl ? 2 : 3) + 1  // And the errors' variance.
    let variance = errors.reduce(0) { $0 + $1 * $1 } / count
    let criterion =
      count - free - 1 > 0 && variance > 0
      ? count * log(variance) + 2 * free + 2 * free * (free + 1) / (count - free - 1) : nil
    return Candidate(
      form: form, law: law, criterion: criterion,
      largestError: zip(sample.medians, expected).map { ($0 / $1 - 1).magnitude }.max() ?? 0)
  }

  private static func law(_ form: ScalingLaw.Form, _ sample: ScalingSample) -> ScalingLaw? {
    let columns = form == .linear ? 1 : form == .amdahl ? 2 : 3
    let counts = sample.threads.map(Double.init)
    let targets = zip(counts, sample.medians).map { $0 / $1 }
    let rows = counts.map { n in Array([1, n - 1, n * (n - 1)].prefix(columns)) }
    guard
      let solved = LeastSquares.nonNegative(rows, targets: targets, weights: targets.map { 1 / ($0 * $0) }),
      solved[0] > 0
    else { return nil }
    return ScalingLaw(
      gamma: 1 / solved[0], sigma: columns > 1 ? solved[1] / solved[0] : 0,
      kappa: columns > 2 ? solved[2] / solved[0] : 0)
  }
}
