/// One virtual speed-up: for the length of an experiment a region is treated as if it took less time, by
/// making every other thread wait for what it would have saved (method 12).
public struct CausalExperiment: Codable, Hashable, Sendable {
  /// The state whose time is shortened; absent in an experiment that changes nothing.
  public var region: String?
  /// The share of the region's time that is taken away, 0 … 1.
  public var speedup: Double
  /// Describes an experiment.
  public init(region: String?, speedup: Double) {
    self.region = region
    self.speedup = speedup
  }

  /// The experiment that changes nothing.
  public static let baseline = CausalExperiment(region: nil, speedup: 0)
}

/// An experiment that was done.
public struct CausalMeasurement: Codable, Equatable, Sendable {
  /// What was done.
  public var experiment: CausalExperiment
  /// The round of experiments, each of which has every one; counted from 0.
  public var block: Int
  /// Steps of it.
  public var steps: Int
  /// How long they took.
  public var wallNs: Nanoseconds
  /// What all threads together were credited with: the time by which the steps were lengthened.
  public var insertedNs: Nanoseconds

  /// Assembles a measurement.
  public init(
    experiment: CausalExperiment, block: Int, steps: Int, wallNs: Nanoseconds, insertedNs: Nanoseconds
  ) {
    self.experiment = experiment
    self.block = block
    self.steps = steps
    self.wallNs = wallNs
    self.insertedNs = insertedNs
  }

  /// What a step would have taken with the region that much faster: the wall time less what was inserted.
  public var stepNs: Double { Double((wallNs - insertedNs).count) / Double(max(steps, 1)) }
}

/// How much faster a step becomes when a region does, as the experiments show it.
public struct CausalCurve: Codable, Equatable, Sendable {
  /// One speed-up of the region.
  public struct Point: Codable, Equatable, Sendable {
    /// The share of the region's time that was taken away.
    public var speedup: Double
    /// The share of the step's time that vanished with it: (p₀ − p) / p₀.
    public var gain: Double
    /// The 95 % interval of ``gain``; absent with fewer than six blocks.
    public var lower: Double?
    /// See ``lower``.
    public var upper: Double?
    /// Blocks.
    public var blocks: Int
    /// Assembles a point.
    public init(speedup: Double, gain: Double, lower: Double?, upper: Double?, blocks: Int) {
      self.speedup = speedup
      self.gain = gain
      self.lower = lower
      self.upper = upper
      self.blocks = blocks
    }
  }

  /// The region.
  public var region: String
  /// By speed-up.
  public var points: [Point]
  /// The slope of the gain over the speed-up, through the origin: what one per cent of the region brings.
  public var potential: Double
  /// Assembles a curve.
  public init(region: String, points: [Point], potential: Double) {
    self.region = region
    self.points = points
    self.potential = potential
  }
}

/// The experiments of one run and what follows from them: `causal.json` of a run directory.
public struct CausalRecord: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.causal/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// What the run was; absent for the run of another engine.
  public var configuration: RunConfiguration?
  /// What another engine says of its run, by names of its own; absent for the engine that Headway ships.
  public var program: [String: String]?
  /// Steps of an experiment.
  public var stepsPerExperiment: Int
  /// The experiments in the order in which they were done, of complete blocks only.
  public var measurements: [CausalMeasurement]
  /// What they show, by region, largest potential first; empty where another engine has only measured.
  public var curves: [CausalCurve]
  /// The relative spread of the steps without a speed-up, over the blocks: gains below it say nothing.
  public var noise: Double?
  /// What limits the result, in sentences.
  public var warnings: [String]
  /// What the replay of a recorded run of the same configuration says beside it; absent where none was recorded, and in
  /// older records.
  public var comparison: CausalComparison?

  /// Assembles a record.
  public init(
    configuration: RunConfiguration?, program: [String: String]? = nil, stepsPerExperiment: Int,
    measurements: [CausalMeasurement], curves: [CausalCurve], noise: Double?, warnings: [String],
    comparison: CausalComparison? = nil
  ) {
    self.comparison = comparison
    self.configuration = configuration
    self.program = program
    self.stepsPerExperiment = stepsPerExperiment
    self.measurements = measurements
    self.curves = curves
    self.noise = noise
    self.warnings = warnings
  }
}
