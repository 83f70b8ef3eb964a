/// Experiments of virtual speed-up beside the replay of a recorded run, in which the same regions take as much less
/// time: two ways to the same question, which rank the regions alike or do not (methods 7 and 12).
public struct CausalComparison: Codable, Equatable, Sendable {
  /// One region by both.
  public struct Region: Codable, Equatable, Sendable {
    /// The region.
    public var region: String
    /// By the experiments, the share of a step that vanishes for each share of the region, as in
    /// ``CausalCurve/potential``, with its 95 % interval over the blocks.
    public var experiment: Estimate
    /// The same by the replay; absent where it cannot shorten the region.
    public var replay: Double?
    /// Whether the replay lies outside the experiments' interval; absent without either.
    public var isApart: Bool?

    /// Compares the two for one region.
    public init(region: String, experiment: Estimate, replay: Double?) {
      self.region = region
      self.experiment = experiment
      self.replay = replay
      if let replay, let lower = experiment.lower, let upper = experiment.upper {
        isApart = !(lower <= replay && replay <= upper)
      }
    }
  }

  /// Two regions that the experiments rank beyond doubt in one order, and the replay in the other.
  public struct Disagreement: Codable, Equatable, Sendable {
    /// What helps more by the experiments.
    public var more: String
    /// What helps less by the experiments.
    public var less: String
    /// By how much more, with the 95 % interval over the blocks, which lies above zero.
    public var experiment: Estimate
    /// By how much less the first helps by the replay: below zero.
    public var replay: Double

    /// Assembles a disagreement.
    public init(more: String, less: String, experiment: Estimate, replay: Double) {
      self.more = more
      self.less = less
      self.experiment = experiment
      self.replay = replay
    }
  }

  /// The recorded run, by its directory.
  public var run: String
  /// The replay's error term: the unchanged run as replayed over the measured one, less 1.
  public var replayError: Double
  /// The regions, largest potential by the experiments first.
  public var regions: [Region]
  /// Pairs of regions that both can rank.
  public var pairs: Int
  /// Pairs of them that the experiments rank beyond doubt, and the replay likewise.
  public var agreed: Int
  /// Pairs that the experiments rank beyond doubt, and the replay the other way round.
  public var disagreements: [Disagreement]

  /// Assembles a comparison.
  public init(
    run: String, replayError: Double, regions: [Region], pairs: Int, agreed: Int,
    disagreements: [Disagreement]
  ) {
    self.run = run
    self.replayError = replayError
    self.regions = regions
    self.pairs = pairs
    self.agreed = agreed
    self.disagreements = disagreements
  }

  /// Pairs that the experiments cannot rank: their difference may be chance.
  public var undecided: Int { pairs - agreed - disagreements.count }
}
