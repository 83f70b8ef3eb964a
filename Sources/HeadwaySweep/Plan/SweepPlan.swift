import HeadwayStatistics
import HeadwayTrace

/// What a sweep will run and in which order: `plan.json`, written once before the first run.
///
///     let plan = try SweepPlan(profile: .load("profiles/quick.yaml"), context: context)
///     for block in 0..<plan.blocks.minimum { for arm in plan.order(inBlock: block) { … } }
///
/// An arm is what is run once in every block: each cell and, for the tool's own cost, the baseline once
/// more without probes.
public struct SweepPlan: Codable, Equatable, Sendable {
  /// The version of this file.
  public static let schemaName = "headway.plan/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The profile's name.
  public var name: String
  /// The profile's description.
  public var summary: String
  /// The profile's file.
  public var profile: String
  /// Where and how the sweep was started.
  public var context: SweepContext
  /// What every cell trains on; absent where another program is run.
  public var corpus: CorpusRequest?
  /// The other program that the cells run; absent for Headway's own training.
  public var program: ProgramTemplate?
  /// The grid, in the profile's order.
  public var cells: [PlannedCell]
  /// The switches of the factorial part, if the profile has one.
  public var toggles: [Axis]?
  /// The baseline without probes (method 10); absent when the check is off, and when the baseline has no
  /// probes anyway.
  public var bareArm: PlannedCell?
  /// Whether the baseline is recorded ahead of the blocks and the cells' outcomes are predicted from it (method 8);
  /// absent in older plans, which predicted nothing.
  public var predicts: Bool?
  /// How often the baseline is recorded for that; absent in older plans, of which it was recorded once, and where nothing
  /// is predicted.
  public var recordings: Int?
  /// From the start of one recorded run to that of the next at least; absent where they follow each other at once.
  public var recordingIntervalSeconds: Double?
  /// Decides the order.
  public var seed: UInt64
  /// How often every arm is run.
  public var blocks: BlockLimits
  /// No block beyond the minimum is begun that would end later than this many seconds from the start.
  public var budgetSeconds: Double?
  /// The relative difference that does not matter to anybody.
  public var margin: Double
  /// How often a run that failed is tried again.
  public var retries: Int
  /// After which a run is stopped and counts as failed.
  public var timeoutSeconds: Double
  /// Bytes of address space above which a run is refused memory; absent for no limit of ours.
  public var memoryLimitBytes: Int?
  /// The arms' identifiers in the order of their runs, for each block up to the maximum.
  public var order: [[String]]

  /// Plans a profile.
  public init(profile: Profile, context: SweepContext) throws(InputError) {
    name = profile.name
    summary = profile.summary
    self.profile = profile.path
    self.context = context
    corpus = profile.corpus
    program = profile.program
    memoryLimitBytes = profile.memoryLimitBytes
    cells = try profile.cells()
    toggles = profile.toggles.isEmpty ? nil : profile.toggles
    bareArm = profile.checksOverhead ? Self.bare(cells.first { $0.isBaseline }) : nil
    predicts = profile.predicts && profile.program == nil && cells.count > 1
    recordings = predicts == true ? profile.recordings : nil
    recordingIntervalSeconds =
      predicts == true && profile.recordingIntervalSeconds > 0 ? profile.recordingIntervalSeconds : nil
    seed = profile.seed
    blocks = profile.blocks
    budgetSeconds = profile.budgetSeconds
    margin = profile.margin
    retries = profile.retries
    timeoutSeconds = profile.timeoutSeconds
    order = []
    let names = arms.map(\.id)
    let design = BlockOrder(arms: names.count, seed: seed)
    order = (0..<blocks.maximum).map { block in design.arms(inBlock: block).map { names[$0] } }
  }

  /// Everything that is run once in a block.
  public var arms: [PlannedCell] { cells + (bareArm.map { [$0] } ?? []) }

  /// The cell that others are compared with.
  public var baseline: PlannedCell? { cells.first { $0.isBaseline } }

  /// The fewest runs that the sweep makes: every arm in the minimum of blocks.
  public var minimumRuns: Int { arms.count * blocks.minimum }

  /// The most runs that the sweep makes, reruns of disturbed blocks not counted.
  public var maximumRuns: Int { arms.count * blocks.maximum }

  /// The arms of one block in the order of their runs.
  public func order(inBlock block: Int) -> [PlannedCell] {
    let byID = Dictionary(arms.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return order[block].compactMap { byID[$0] }
  }

  /// What the plan cannot show however the runs turn out: to be printed before anybody waits for it.
  public var warnings: [String] {
    var warnings: [String] = []
    let rows = cells.count - 1
    let fewest = Holm.fewestBlocks(rows: rows)
    if blocks.maximum < 6 {
      warnings.append(
        "\(blocks.maximum) blocks cannot carry a 95 % interval: plan at least 6 to have one")
    } else if rows > 0 && blocks.maximum < fewest {
      warnings.append(
        "\(rows) cells compared with the baseline need \(fewest) blocks before any of them can be called "
          + "faster or slower (Holm's correction); this plan ends after \(blocks.maximum)")
    }
    return warnings
  }

  private static func bare(_ baseline: PlannedCell?) -> PlannedCell? {
    guard let baseline, var configuration = baseline.configuration, configuration.probe != .off else {
      return nil
    }
    configuration.probe = .off
    return PlannedCell(
      id: baseline.id + "_bare", label: baseline.label + ", without probes", settings: baseline.settings,
      configuration: configuration, isBaseline: false)
  }
}
