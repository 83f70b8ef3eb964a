/// How a recorded run would scale, replayed at many numbers of threads: the contract
/// `headway.prediction_curve/1`, which `headway predict --curve --json` prints.
public struct PredictionCurve: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.prediction_curve/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The recorded run, by its directory.
  public var run: String
  /// The configuration; its threads and topology are those of each point.
  public var configuration: RunConfiguration
  /// The recorded configuration.
  public var recordedConfiguration: RunConfiguration
  /// Cores of the machine at every point; absent where each point has a core for every worker.
  public var cores: Int?
  /// The recorded run, over the steps that the replay uses.
  public var recorded: RecordedPace
  /// The replay's error term, as in ``Prediction/replayError``.
  public var replayError: Double
  /// One for each topology.
  public var series: [PredictedSeries]
  /// What is taken for granted, in sentences.
  public var assumptions: [String]

  /// Assembles a curve.
  public init(
    run: String, configuration: RunConfiguration, recordedConfiguration: RunConfiguration, cores: Int?,
    recorded: RecordedPace, replayError: Double, series: [PredictedSeries], assumptions: [String]
  ) {
    self.run = run
    self.configuration = configuration
    self.recordedConfiguration = recordedConfiguration
    self.cores = cores
    self.recorded = recorded
    self.replayError = replayError
    self.series = series
    self.assumptions = assumptions
  }
}

/// The curve of one topology.
public struct PredictedSeries: Codable, Equatable, Sendable {
  /// Who coordinates the workers.
  public var topology: Topology
  /// The points, by threads.
  public var points: [PredictedPoint]
  /// Where the scaling ends, and why; absent where it goes on to the last point.
  public var boundary: ScalingBoundary?
  /// Where each limit would end it by itself, if no other limited it; absent in older curves.
  public var limits: [ScalingLimit]?

  /// Assembles a series.
  public init(
    topology: Topology, points: [PredictedPoint], boundary: ScalingBoundary?, limits: [ScalingLimit]? = nil
  ) {
    self.topology = topology
    self.points = points
    self.boundary = boundary
    self.limits = limits
  }
}

/// One number of threads.
public struct PredictedPoint: Codable, Equatable, Sendable {
  /// Workers.
  public var threads: Int
  /// Cores.
  public var cores: Int
  /// The mean length of a step.
  public var stepNs: Double
  /// Tokens trained on per second of the steps.
  public var tokensPerSecond: Estimate
  /// Tokens per second over those of the first point.
  public var speedup: Double

  /// Assembles a point.
  public init(threads: Int, cores: Int, stepNs: Double, tokensPerSecond: Estimate, speedup: Double) {
    self.threads = threads
    self.cores = cores
    self.stepNs = stepNs
    self.tokensPerSecond = tokensPerSecond
    self.speedup = speedup
  }
}

/// What ends a scaling curve.
public struct ScalingBoundary: Codable, Equatable, Sendable {
  /// A limit that the simulation can lift.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Fewer cores than threads.
    case cores
    /// Fewer tasks in a step than threads, or a number of them that does not divide evenly.
    case tasks
    /// Waking threads and being woken at barriers and queues.
    case synchronisation
    /// What the main thread reduces alone.
    case reduction
    /// What else the main thread does alone: optimizer, assembly.
    case serial
    /// The memory bandwidth.
    case bandwidth
  }

  /// The limit whose lifting would help most.
  public var kind: Kind
  /// The last point up to which more threads paid.
  public var threads: Int
  /// By what factor lifting each limit would raise tokens/s at the next point.
  public var gains: [String: Double]

  /// Assembles a boundary.
  public init(kind: Kind, threads: Int, gains: [String: Double]) {
    self.kind = kind
    self.threads = threads
    self.gains = gains
  }
}

/// Where one limit by itself would end the scaling: the simulation with all others lifted.
public struct ScalingLimit: Codable, Equatable, Sendable {
  /// The limit.
  public var kind: ScalingBoundary.Kind
  /// The first point that reaches nine tenths of the best one's throughput; absent where only the last point does, and
  /// so the limit does not end the scaling.
  public var threads: Int?

  /// Assembles a limit.
  public init(kind: ScalingBoundary.Kind, threads: Int?) {
    self.kind = kind
    self.threads = threads
  }
}
