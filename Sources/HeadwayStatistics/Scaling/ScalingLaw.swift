/// A law of throughput over threads: the universal scalability law and its two special cases.
///
///     X(N) = γ N / (1 + σ (N − 1) + κ N (N − 1))
///
/// γ is the throughput of one thread, σ the share of the work that only one thread can do at a time, and κ
/// what each pair of threads costs by agreeing with each other. κ = 0 is Amdahl's law, σ = κ = 0 a line.
///
/// Source: Gunther, "Guerrilla Capacity Planning", 2007.
public struct ScalingLaw: Equatable, Sendable {
  /// Which parameters may differ from zero.
  public enum Form: String, CaseIterable, Sendable {
    /// X = γ N.
    case linear
    /// Amdahl's law.
    case amdahl
    /// The universal scalability law.
    case usl
  }

  /// γ, in units of the throughput.
  public var gamma: Double
  /// σ, contention.
  public var sigma: Double
  /// κ, coherency.
  public var kappa: Double

  /// A law with the given parameters.
  public init(gamma: Double, sigma: Double, kappa: Double) {
    self.gamma = gamma
    self.sigma = sigma
    self.kappa = kappa
  }

  /// X(N).
  public func throughput(threads n: Double) -> Double {
    gamma * n / (1 + sigma * (n - 1) + kappa * n * (n - 1))
  }

  /// N*, the number of threads with the highest throughput: √((1 − σ)/κ). `nil` when there is none (κ = 0)
  /// or more than one thread never helps (σ ≥ 1).
  public var peakThreads: Double? {
    kappa > 0 && sigma < 1 ? ((1 - sigma) / kappa).squareRoot() : nil
  }

  /// γ/σ, which Amdahl's law approaches with many threads; `nil` without contention.
  public var roof: Double? { sigma > 0 ? gamma / sigma : nil }
}

/// The experimentally determined serial fraction: e = (1/S − 1/N) / (1 − 1/N) for a speed-up S on N threads.
/// It rises with N where overhead grows and stays flat where the work itself is serial.
///
/// - Returns: `nil` for one thread or a speed-up that is not above zero.
/// - Source: Karp and Flatt, "Measuring parallel processor performance", 1990.
public func karpFlatt(speedUp: Double, threads n: Double) -> Double? {
  guard n > 1, speedUp > 0 else { return nil }
  return (1 / speedUp - 1 / n) / (1 - 1 / n)
}
