import HeadwayTrace

/// What a replay is told beside the configuration and the cores: what neither the recorded run nor the
/// configuration says.
public struct ReplayOptions: Equatable, Sendable {
  /// Factors on the time of the engine's states `forward`, `backward`, `reduce`, `optimize` and
  /// `batch.assemble`; what is absent stays as recorded.
  public var scales: [String: Double] = [:]
  /// Where ``scales`` come from, in words: the user, or a run that they were measured in.
  public var scaleSource: String?
  /// Tokens that the loader assembles in a second; `nil` leaves it as recorded.
  public var loaderTokensPerSecond: Double?
  /// 10⁹ bytes per second that all cores together can move; `nil` knows no ceiling.
  public var bandwidth: Double?
  /// How fast one core is when 1, 2, … compute, as a share of its speed when alone; `nil` was not measured.
  public var speeds: [Double]?
  /// Synchronisation that costs nothing: the lower bound of any step.
  public var hasFreeSynchronisation = false

  /// Nothing but what was recorded.
  public init() {}

  /// The states that ``scales`` may name.
  public static let scalableStates = ["forward", "backward", "reduce", "optimize", "batch.assemble"]

  /// Takes over what `headway machine` measured: the bandwidth at the most threads, and how the speed of one
  /// core falls when others compute the same kind of products.
  public mutating func adopt(_ machine: MachineCeilings, kernels: KernelChoice) {
    let memory = machine.ceilings.filter { $0.kind == .memory }.max { $0.threads < $1.threads }
    if let memory { bandwidth = memory.rate.median }
    let kind: MachineCeiling.Kind =
      switch kernels {
      case .reference: .multiplyAdd
      case .simd: .simdDense
      case .blas: .blasDense
      }
    let rates = machine.ceilings.filter { $0.kind == kind && $0.rate.median > 0 }
      .sorted { $0.threads < $1.threads }
    guard let first = rates.first, first.threads == 1, let last = rates.last else { return }
    speeds = (1...last.threads).map { count in
      let known = rates.last { $0.threads <= count } ?? first
      return min(known.rate.median / (Double(known.threads) * first.rate.median), 1)
    }
  }
}
