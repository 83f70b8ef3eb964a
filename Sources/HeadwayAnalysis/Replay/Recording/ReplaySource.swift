import HeadwayTrace

/// A recorded run, as a replay reads it.
public struct ReplaySource: Sendable {
  /// What errors name: the run's directory.
  public var name: String
  /// Its events.
  public var trace: RecordedTrace
  /// Its parameters.
  public var configuration: RunConfiguration
  /// CPUs that it could use.
  public var cores: Int
  /// Steps at its start that are warm-up; `nil` leaves it to the stationarity test (method 14).
  public var warmupSteps: Int?

  /// Assembles a run.
  public init(
    name: String, trace: RecordedTrace, configuration: RunConfiguration, cores: Int, warmupSteps: Int? = nil
  ) {
    self.name = name
    self.trace = trace
    self.configuration = configuration
    self.cores = max(cores, 1)
    self.warmupSteps = warmupSteps
  }
}
