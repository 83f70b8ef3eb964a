/// What a machine can do at most, as measured: the contract `headway.machine/1`, which `headway machine --json`
/// prints.
///
/// Every figure was measured here and now. What was not measured is absent, with its reason in ``warnings``.
public struct MachineCeilings: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.machine/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The machine.
  public var machine: MachineFacts
  /// The configuration whose matrix products were timed.
  public var configuration: RunConfiguration
  /// What one step of it computes.
  public var step: StepCost
  /// Each ceiling at each number of threads, in the order of the table.
  public var ceilings: [MachineCeiling]
  /// What the matrix products alone would allow, at each number of threads.
  public var products: [ProductCeiling]
  /// Share of the CPUs' time that other processes used while measuring; absent where it cannot be read.
  public var foreignShare: Double?
  /// Share of the CPUs' time that other guests of the host took; absent where it cannot be read.
  public var stealShare: Double?
  /// What a reader must know before believing the figures.
  public var warnings: [String]

  /// Assembles the ceilings.
  public init(
    machine: MachineFacts, configuration: RunConfiguration, step: StepCost, ceilings: [MachineCeiling],
    products: [ProductCeiling], foreignShare: Double?, stealShare: Double?, warnings: [String]
  ) {
    self.machine = machine
    self.configuration = configuration
    self.step = step
    self.ceilings = ceilings
    self.products = products
    self.foreignShare = foreignShare
    self.stealShare = stealShare
    self.warnings = warnings
  }
}

/// One ceiling at one number of threads.
public struct MachineCeiling: Codable, Equatable, Sendable {
  /// What limits.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Multiply-adds on registers, AVX2: GFLOP/s.
    case multiplyAdd = "multiply_add"
    /// The triad in arrays larger than the last-level cache: GB/s.
    case memory
    /// The triad in arrays that fit into the second-level cache of each core: GB/s.
    case cache
    /// OpenBLAS on the linear layers and the head of the configuration: GFLOP/s.
    case blasDense = "blas_dense"
    /// OpenBLAS on attention's products, whole squares: GFLOP/s.
    case blasAttention = "blas_attention"
    /// The SIMD kernels on the linear layers and the head: GFLOP/s.
    case simdDense = "simd_dense"
  }

  /// What limits.
  public var kind: Kind
  /// Threads that did it together.
  public var threads: Int
  /// The rate over all threads, in 10⁹ FLOPs or bytes per second.
  public var rate: MeasuredSpread
  /// Bytes that all threads touched, where that matters.
  public var workingSetBytes: Int?

  /// Assembles a ceiling.
  public init(kind: Kind, threads: Int, rate: MeasuredSpread, workingSetBytes: Int?) {
    self.kind = kind
    self.threads = threads
    self.rate = rate
    self.workingSetBytes = workingSetBytes
  }
}

/// The speed of a training step that is nothing but OpenBLAS's matrix products.
public struct ProductCeiling: Codable, Equatable, Sendable {
  /// Threads that share the step's sequences.
  public var threads: Int
  /// Tokens per second, attention's products included.
  public var tokensPerSecond: MeasuredSpread
  /// Tokens per second of the linear layers and the head alone.
  public var denseTokensPerSecond: MeasuredSpread
  /// The model's FLOPs in matrix products, attention counted causally, at ``tokensPerSecond``: 10⁹ per second.
  public var gflopPerSecond: MeasuredSpread

  /// Assembles a ceiling.
  public init(
    threads: Int, tokensPerSecond: MeasuredSpread, denseTokensPerSecond: MeasuredSpread,
    gflopPerSecond: MeasuredSpread
  ) {
    self.threads = threads
    self.tokensPerSecond = tokensPerSecond
    self.denseTokensPerSecond = denseTokensPerSecond
    self.gflopPerSecond = gflopPerSecond
  }
}

/// Repeated measurements of one rate: the median, the range, and every sample in the order of the rounds.
public struct MeasuredSpread: Codable, Equatable, Sendable {
  /// The middle of the samples.
  public var median: Double
  /// The smallest sample.
  public var lowest: Double
  /// The largest sample.
  public var highest: Double
  /// One for each round.
  public var samples: [Double]

  /// Summarises samples; `nil` when there is none.
  public init?(_ samples: [Double]) {
    let sorted = samples.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let middle = sorted.count / 2
    median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    lowest = first
    highest = last
    self.samples = samples
  }
}
