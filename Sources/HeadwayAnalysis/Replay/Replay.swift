import HeadwayTrace

/// The replay of a recorded run (method 7): what its step would take with other threads, cores, scheduling,
/// prefetching, reduction, optimizer, grain, topology, barriers, faster operations.
///
///     let replay = try Replay(of: run)
///     let prediction = try replay.predict(configuration: wanted, cores: 16)
///
/// A step is taken apart into its tasks, reduction, update and what lies between; the simulation puts it
/// together again on the wanted threads and cores. It is pure, and a value: the same run gives the same
/// predictions. Complexity: O(events · log events) for the run, once; O(steps · threads) for a prediction.
public struct Replay: Sendable {
  /// What errors and predictions name.
  public let name: String
  /// The recorded parameters.
  public let configuration: RunConfiguration
  /// CPUs that the recorded run could use.
  public let cores: Int
  /// The run, taken apart.
  package let recording: StepRecording
  /// What its steps would cost elsewhere.
  package private(set) var costs: CostModel
  /// The recorded run as simulated.
  package private(set) var unchanged = SimulationResult()
  /// Steps that are simulated at most.
  package static let stepLimit = 1_000

  /// Takes a recorded run apart and simulates it unchanged.
  ///
  /// - Throws: ``InputError`` where the trace does not hold what a replay needs.
  public init(of run: ReplaySource) throws(InputError) {
    try self.init(
      of: try StepRecording(run), configuration: run.configuration, cores: run.cores, name: run.name)
  }

  /// Replays a run that has been taken apart.
  package init(
    of recording: StepRecording, configuration: RunConfiguration, cores: Int, name: String
  ) throws(InputError) {
    self.name = name
    self.configuration = configuration
    self.cores = cores
    self.recording = recording
    costs = CostModel(recording, recorded: configuration, cores: cores)
    unchanged = try simulate(configuration, cores: cores, options: ReplayOptions())
    guard costs.wasOversubscribed else { return }
    costs.foreign = foreignShare(in: unchanged)
    if costs.foreign > 0 {
      unchanged = try simulate(configuration, cores: cores, options: ReplayOptions())
    }
  }

  /// The replay's error term: the unchanged step as simulated over the measured one, less 1.
  public var error: Double { Self.mean(unchanged.stepsNs) / recordedStepNs - 1 }

  /// The mean length of the recorded steps that are simulated, in nanoseconds.
  var recordedStepNs: Double { Self.mean(recordedStepsNs) }

  /// The lengths of the recorded steps that are simulated, in nanoseconds.
  var recordedStepsNs: [Double] { recording.steps.prefix(Self.stepLimit).map(\.lengthNs) }

  /// The recorded run, over the steps that are simulated.
  var pace: RecordedPace {
    RecordedPace(
      steps: min(recording.steps.count, Self.stepLimit), warmupSteps: recording.warmupSteps,
      incompleteSteps: recording.incompleteSteps, stepNs: recordedStepNs,
      tokensPerSecond: Double(configuration.tokensPerStep) / recordedStepNs * 1e9)
  }

  /// Simulates the recorded steps in a configuration.
  ///
  /// - Throws: ``InputError`` if the simulated threads wait for each other for ever, which no configuration
  ///   of the engine does.
  package func simulate(
    _ wanted: RunConfiguration, cores: Int, options: ReplayOptions,
    lifting limits: Set<ScalingBoundary.Kind> = [], steps: Int = Self.stepLimit
  ) throws(InputError) -> SimulationResult {
    var latency = options.hasFreeSynchronisation ? WaitLatency.none : recording.latency.latency
    var overhead = recording.overhead
    var cores = cores
    var bandwidth = options.bandwidth
    var costs = costs.steps(wanted, cores: cores, options: options, limit: steps)
    for limit in limits {
      switch limit {
      case .cores: cores = max(cores, wanted.threads)
      case .synchronisation: (latency, overhead) = (.none, .none)
      case .bandwidth: bandwidth = nil
      case .reduction: costs = costs.map(\.withoutSerialReduction)
      case .serial: costs = costs.map(\.withoutOtherSerialParts)
      case .tasks: costs = costs.map { $0.evenly(over: wanted.threads) }
      }
    }
    if options.hasFreeSynchronisation || configuration.scheduling == .queue {
      // A queue's hand-out is recorded with what waking costs in it.
      overhead.openNs =
        options.hasFreeSynchronisation
        ? 0 : max(overhead.openNs - Double(configuration.threads) * latency.wakerNs, 0)
    }
    let program = TeamProgram(wanted, cores: cores, overhead: overhead, latency: latency)
    let result = Simulation.run(
      program.model(of: costs, speeds: options.speeds ?? [1], bandwidth: bandwidth))
    guard result.isComplete else {
      throw InputError(
        name, problem: "the replay of this configuration does not come to an end",
        remedy: "report it with the configuration; it is a fault of the replay")
    }
    return result
  }

  /// How much longer the tasks took, beyond what the simulated competition of the run's own threads explains.
  private func foreignShare(in simulated: SimulationResult) -> Double {
    var measured = MeasuredWork.none
    for task in recording.steps.prefix(Self.stepLimit).lazy.flatMap(\.tasks) { measured = measured + task }
    let workers = simulated.threads.dropFirst().prefix(configuration.threads)
    let useful = workers.reduce(0) { $0 + $1.useful }
    guard measured.cpuNs > 0, useful > 0 else { return 0 }
    let stretched = 1 + workers.reduce(0) { $0 + $1.runnable } / useful
    return max(measured.wallNs / measured.cpuNs / stretched - 1, 0)
  }

  static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}

extension StepCosts {
  /// The step if what the main thread reduces alone took no time.
  fileprivate var withoutSerialReduction: StepCosts {
    var step = self
    for index in parts.indices.prefix(reductionParts) { step.parts[index] = Self.withoutTime(parts[index]) }
    return step
  }

  /// The step if what else the main thread does alone took no time.
  fileprivate var withoutOtherSerialParts: StepCosts {
    var step = self
    step.assemble = .none
    step.gap = .none
    for index in parts.indices.dropFirst(reductionParts) {
      step.parts[index] = Self.withoutTime(parts[index])
    }
    return step
  }

  private static func withoutTime(_ part: Part) -> Part {
    if case .serial = part { return .serial(.none) }
    return part
  }

  /// The step if its tasks could be cut evenly for any number of threads.
  fileprivate func evenly(over threads: Int) -> StepCosts {
    var step = self
    let total = tasks.reduce(.none, +)
    step.tasks = Array(repeating: total * (1 / Double(threads)), count: threads)
    return step
  }
}
