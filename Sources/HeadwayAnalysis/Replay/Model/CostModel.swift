import HeadwayTrace

/// What the steps of a recorded run would cost in another configuration.
///
/// Work is CPU time. Where the recorded run had a core for every worker, what a span took beyond its CPU time
/// is time that others took of the core (foreign processes, the host). Where it had not, the simulation itself
/// explains such time, and only ``foreign`` is added. Others are thought of as so many more threads that
/// share the cores fairly: fewer workers feel less of them.
package struct CostModel: Sendable {
  let recording: StepRecording
  let recorded: RunConfiguration
  let recordedCores: Int
  /// Time that others took of the cores per CPU time of the tasks, where it has to be told apart from the
  /// run's own oversubscription.
  var foreign = 0.0

  private let shape: StepShape

  /// The costs of a recorded run.
  package init(_ recording: StepRecording, recorded: RunConfiguration, cores: Int) {
    self.recording = recording
    self.recorded = recorded
    recordedCores = cores
    shape = StepShape(recorded)
  }

  /// Whether more threads competed for the recorded run's cores than there were.
  var wasOversubscribed: Bool { recorded.threads + (isFeedHeavy ? 1 : 0) > recordedCores }

  /// Whether the prefetch thread competed with the workers for more than a moment of each step.
  private var isFeedHeavy: Bool {
    guard recorded.prefetch > 0 else { return false }
    let assembling = recording.steps.reduce(0) { $0 + $1.assemble.cpuNs }
    return assembling > 0.01 * recording.meanStepNs * Double(recording.steps.count)
  }

  /// Cores that computed the recorded tasks at once.
  var recordedBusy: Int { max(1, min(recorded.threads, shape.tasks, recordedCores)) }

  /// How much the tasks took of the cores for each of their CPU time.
  private var stretch: Double {
    if wasOversubscribed { return 1 + foreign }
    let total = recording.steps.lazy.flatMap(\.tasks).reduce(MeasuredWork.none, +)
    return total.cpuNs > 0 ? total.wallNs / total.cpuNs : 1
  }

  /// The share of what others took that they take beside so many busy cores of so many.
  ///
  /// While all cores were in use, r of c, tasks stretched by s tell of c·s − r foreign threads; beside r′ of
  /// c′ these stretch by (r′ + c·s − r) / c′, or not at all. With a core to spare others would have taken that
  /// one, so what was seen came in bursts, which stay.
  func keptShare(ofForeignTimeBeside busy: Int, cores: Int) -> Double {
    let stretch = stretch
    guard recordedBusy >= recordedCores, stretch > 1 else { return 1 }
    let others = Double(recordedCores) * stretch - Double(recordedBusy)
    return min(max((Double(busy) + others) / Double(cores) - 1, 0) / (stretch - 1), 1)
  }

  /// The costs of some steps in a configuration.
  package func steps(
    _ configuration: RunConfiguration, cores: Int, options: ReplayOptions, limit: Int
  ) -> [StepCosts] {
    let target = CostTarget(self, configuration, cores: cores, options: options)
    let count = min(limit, recording.steps.count)
    let stream = TaskStream(recording.steps, from: recorded, to: configuration)
    return (0..<count).map { target.costs(of: recording.steps[$0], tasks: stream.tasks(ofStep: $0)) }
  }
}
