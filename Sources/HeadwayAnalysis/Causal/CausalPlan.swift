import HeadwayStatistics
import HeadwayTrace

/// Which experiments of virtual speed-up a run makes, and in which order: complete blocks, each with every
/// region at every speed-up once and with a quarter of its experiments changing nothing.
public struct CausalPlan: Equatable, Sendable {
  /// The regions that are tried unless a caller names others: the engine's useful states.
  public static let regions = ["batch.assemble", "dispatch", "forward", "backward", "reduce", "optimize"]
  /// The shares of a region's time that are taken away.
  public static let speedups = [0.25, 0.5, 0.75]
  /// Measured steps of an experiment.
  public static let stepsPerExperiment = 4
  /// Blocks from which there are intervals.
  public static let minimumBlocks = 6
  /// Blocks beyond which a longer run plans no more.
  public static let maximumBlocks = 40

  /// The experiments of a block.
  public let arms: [CausalExperiment]
  private let order: BlockOrder

  /// Plans experiments; at least one region and one speed-up.
  public init(regions: [String] = Self.regions, speedups: [Double] = Self.speedups, seed: UInt64) {
    let tried = regions.flatMap { region in
      speedups.map { CausalExperiment(region: region, speedup: $0) }
    }
    let unchanged = (tried.count + 2) / 3
    arms = tried + Array(repeating: .baseline, count: unchanged)
    order = BlockOrder(arms: arms.count, seed: seed)
  }

  /// Blocks that fit into so many experiments, at most ``maximumBlocks``.
  public func blocks(inExperiments count: Int) -> Int { min(count / arms.count, Self.maximumBlocks) }

  /// The experiments of the first blocks, in order.
  public func experiments(blocks: Int) -> [CausalExperiment] {
    (0..<max(blocks, 0)).flatMap { block in order.arms(inBlock: block).map { arms[$0] } }
  }
}
