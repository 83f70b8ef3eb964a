/// What switching single axes brings within one family of cells (method 16).
public struct EffectTable: Codable, Equatable, Sendable {
  /// What the cells of the family share: `2 threads`, or `all cells`.
  public var scope: String
  /// One row for each axis that has two values, then one for each pair of them.
  public var rows: [EffectRow]
  /// Share of the variation between the family's cells and blocks that no row explains, 0 … 1.
  public var unexplained: Double
  /// Whether only a fraction of the combinations was measured (resolution V); ladders then are absent.
  public var isFraction: Bool

  /// Assembles a table.
  public init(scope: String, rows: [EffectRow], unexplained: Double, isFraction: Bool) {
    self.scope = scope
    self.rows = rows
    self.unexplained = unexplained
    self.isFraction = isFraction
  }
}

/// What one switch, or two together beyond what each does alone, multiplies the throughput by.
public struct EffectRow: Codable, Equatable, Sendable {
  /// The switches, each with the value that it is switched to.
  public var settings: [AxisSetting]
  /// The values that they are switched from, in the same order.
  public var from: [String]
  /// Throughput with / without, over all combinations of the other switches. For two switches, what having
  /// both multiplies it by beyond the two alone, to the power ½.
  public var factor: Estimate
  /// Share of the variation that the row explains, 0 … 1.
  public var share: Double
  /// Throughput with / without it when all other switches are on; single switches only.
  public var leftOut: Estimate?
  /// Throughput with / without it when the switches are turned on one after the other in the profile's
  /// order; depends on that order; single switches only.
  public var ladder: Estimate?
  /// As ``ladder``, averaged over all orders (Shapley's value); single switches only.
  public var average: Estimate?
  /// What each doubling of the threads multiplies ``factor`` by, over the families that differ in their
  /// threads only; absent with one number of threads.
  public var perDoubling: Estimate?

  /// Assembles a row.
  public init(settings: [AxisSetting], from: [String], factor: Estimate, share: Double) {
    self.settings = settings
    self.from = from
    self.factor = factor
    self.share = share
  }
}

/// A law of throughput over threads, fitted to one series of cells (method 13).
public struct ScalingSummary: Codable, Equatable, Sendable {
  /// What the series' cells share.
  public var settings: [AxisSetting]
  /// What the report calls the series.
  public var label: String
  /// Numbers of threads that the laws are fitted to: at most one for each usable CPU.
  public var threads: [Int]
  /// The fitted laws, the simplest first; empty when the series carries none, and ``reason`` says why.
  public var laws: [FittedLaw]
  /// The form of the law that the criterion prefers.
  public var best: String?
  /// σ of the universal law.
  public var sigma: Estimate?
  /// κ of the universal law.
  public var kappa: Estimate?
  /// The number of threads with the highest throughput; absent unless the data bound it.
  public var peakThreads: Estimate?
  /// Why a law, or a peak, is not given.
  public var reason: String?
  /// The experimentally determined serial fraction at each number of threads above the fewest (Karp–Flatt).
  public var serialFractions: [SerialFraction]
  /// The universal law over the threads that it was fitted to, with its 95 % band over resampled blocks; absent
  /// where none was fitted or there are too few blocks for one.
  public var band: [LawPoint]?

  /// A series without fits.
  public init(settings: [AxisSetting], label: String, threads: [Int]) {
    self.settings = settings
    self.label = label
    self.threads = threads
    laws = []
    serialFractions = []
  }
}

/// A fitted law at one number of threads, which need not be whole.
public struct LawPoint: Codable, Equatable, Sendable {
  /// Threads.
  public var threads: Double
  /// The law's rate there, with its interval.
  public var value: Estimate
  /// Pairs a number of threads with a rate.
  public init(threads: Double, value: Estimate) {
    self.threads = threads
    self.value = value
  }
}

/// One fitted law.
public struct FittedLaw: Codable, Equatable, Sendable {
  /// `linear`, `amdahl` or `usl`.
  public var form: String
  /// γ, tokens per second of one thread.
  public var gamma: Double
  /// σ, contention.
  public var sigma: Double
  /// κ, coherency.
  public var kappa: Double
  /// Akaike's corrected criterion; lower is better; absent with too few runs.
  public var criterion: Double?
  /// The largest relative error of a median.
  public var largestError: Double
  /// Assembles a law.
  public init(
    form: String, gamma: Double, sigma: Double, kappa: Double, criterion: Double?, largestError: Double
  ) {
    self.form = form
    self.gamma = gamma
    self.sigma = sigma
    self.kappa = kappa
    self.criterion = criterion
    self.largestError = largestError
  }
}

/// e = (1/S − 1/N) / (1 − 1/N) at one number of threads.
public struct SerialFraction: Codable, Equatable, Sendable {
  /// N, relative to one thread.
  public var threads: Int
  /// e over the blocks.
  public var value: Estimate
  /// Assembles a fraction.
  public init(threads: Int, value: Estimate) {
    self.threads = threads
    self.value = value
  }
}
