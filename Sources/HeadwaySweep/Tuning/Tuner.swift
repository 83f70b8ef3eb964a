import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayStore
import HeadwayTrace

/// Finds the configuration with the highest throughput on this machine in few runs: it records the base,
/// predicts every candidate from the recording, measures the most promising ones, and compares the winner
/// with the base, in blocks.
///
/// Every run is a process of its own in a directory of its own. Belongs to one thread.
public final class Tuner {
  /// What is asked for.
  public struct Request: Sendable {
    /// The configuration to begin with; its work stays as it is.
    public var base: RunConfiguration
    /// A built corpus.
    public var corpus: String
    /// The `headway` command.
    public var executable: String
    /// Where the runs go; exists.
    public var directory: String
    /// CPUs that a run can use.
    public var cpus: Int
    /// Seconds that all of it may take.
    public var budgetSeconds: Double
    /// The axes to search, as ``TuningGrid/axes(cpus:named:)`` reads them; empty for all.
    public var axes: [String] = []
    /// Seconds of training in a measured run.
    public var secondsPerRun = 1.5
    /// Describes a search.
    public init(
      base: RunConfiguration, corpus: String, executable: String, directory: String, cpus: Int,
      budgetSeconds: Double
    ) {
      self.base = base
      self.corpus = corpus
      self.executable = executable
      self.directory = directory
      self.cpus = cpus
      self.budgetSeconds = budgetSeconds
    }
  }

  /// The share of the budget that the search may take; the rest is for the final comparison.
  private static let searchShare = 0.6
  /// Blocks of the final comparison: the fewest with an interval, and the most.
  static let blocks = (fewest: 6, most: 12)
  /// Steps that a run has at least: fewer cannot be tested for a warm-up (``Stationarity``).
  private static let fewestSteps = 8
  /// Measurements that a search may make however small it is.
  private static let fewestMeasurements = 2
  /// A search makes no more than this part, as a divisor, of the runs that measuring everything takes: who makes more
  /// had better measure everything.
  private static let largestPart = 5

  let request: Request
  let cancellation: Cancellation
  private let say: (_ share: Double, _ what: String) -> Void
  private let started = DispatchTime.now()
  private(set) var runs = 0
  private(set) var mostRuns = Int.max
  private(set) var longestRunSeconds = 0.0
  var warnings: [String] = []
  private(set) var base: RunConfiguration

  /// Prepares a search.
  ///
  /// - Parameter progress: Hears how much of the budget is spent, and what goes on.
  public init(
    _ request: Request, cancellation: Cancellation,
    progress: @escaping (_ share: Double, _ what: String) -> Void
  ) {
    self.request = request
    self.cancellation = cancellation
    say = progress
    base = request.base
    base.evaluationBatches = 0
    base.evaluateEvery = 0
  }

  /// Searches.
  ///
  /// - Throws: ``InputError`` for axes that cannot be searched, and when the base itself cannot be run.
  public func run() throws(InputError) -> TuningResult {
    let axes = try TuningGrid.axes(cpus: request.cpus, named: request.axes)
    var grid = try TuningGrid.configurations(from: base, over: axes)
    let exhaustiveRuns = grid.count * Self.blocks.fewest
    mostRuns = exhaustiveRuns / Self.largestPart
    try chooseLength()
    for index in grid.indices {
      grid[index].configuration.steps = base.steps
      grid[index].configuration.warmupSteps = base.warmupSteps
    }
    let predictions = try predictions(of: grid.map(\.configuration))
    var policy = TuningPolicy(
      zip(grid, predictions).map { candidate, prediction in
        TuningPolicy.Candidate(
          settings: candidate.settings,
          prediction: prediction.map { ($0.value, Self.halfWidth(of: $0)) })
      })
    var measured: [Int: [Double]] = [:]
    var failures: [Int: String] = [:]
    var ending = TuningResult.Ending.budget
    while !cancellation.isCancelled && spentSeconds + longestRunSeconds < searchSeconds {
      guard let next = policy.next else {
        ending = .settled
        break
      }
      if policy.measurements >= Self.fewestMeasurements && runs + 2 * Self.blocks.fewest >= mostRuns {
        ending = .runs
        break
      }
      switch try measure(grid[next].configuration, "measuring \(Self.words(grid[next].settings))") {
      case .success(let value):
        policy.record(value, of: next)
        measured[next, default: []].append(value)
      case .failure(let complaint):
        policy.fail(next)
        failures[next] = complaint.text
      }
    }
    if cancellation.isCancelled { ending = .interrupted }
    let winner = policy.best.map { grid[$0].configuration } ?? base
    let gain = try compare(winner)
    let order = policy.ranking + failures.keys.sorted()
    return TuningResult(
      base: request.base, chosen: chosen(winner), changes: changes(to: winner), gain: gain, ending: ending,
      candidates: order.map { index in
        let believed = policy.believed(index)
        return TuningResult.Candidate(
          settings: grid[index].settings, predicted: predictions[index], measured: measured[index] ?? [],
          believed: Estimate(
            value: believed.value, lower: believed.lower, upper: believed.upper,
            sampleCount: measured[index]?.count ?? 0), failure: failures[index])
      }, runs: runs, exhaustiveRuns: exhaustiveRuns,
      wallNs: Nanoseconds(Int64(spentSeconds * 1e9)), warnings: warnings)
  }

  var spentSeconds: Double {
    Double(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds) / 1e9
  }
  private var searchSeconds: Double { request.budgetSeconds * Self.searchShare }

  // MARK: runs

  /// Why a run gave no number.
  struct Complaint: Error { var text: String }

  /// Sets the steps so that a run trains for the wanted time.
  private func chooseLength() throws(InputError) {
    var pilot = base
    pilot.steps = Self.fewestSteps
    pilot.probe = .counters
    let value: Double
    switch try measure(pilot, "a first run, to see how long a step takes") {
    case .success(let rate): value = rate
    case .failure(let complaint):
      throw InputError(
        "tune", problem: "the configuration to begin with cannot be run: \(complaint.text)",
        remedy: "try it with headway train")
    }
    longestRunSeconds = 0
    let steps = Int(value * request.secondsPerRun / Double(base.tokensPerStep))
    base.steps = min(max(steps, Self.fewestSteps), 4_000)
    base.warmupSteps = min(base.warmupSteps, base.steps)
  }

  /// A run in a process of its own; tokens per second, or why there is no such number.
  func measure(
    _ configuration: RunConfiguration, _ what: String, level: ProbeLevel = .counters
  ) throws(InputError) -> Result<Double, Complaint> {
    try record(configuration, what, level: level).1
  }

  private func record(
    _ wanted: RunConfiguration, _ what: String, level: ProbeLevel
  ) throws(InputError) -> (RunDirectory, Result<Double, Complaint>) {
    say(min(spentSeconds / request.budgetSeconds, 1), what)
    var configuration = wanted
    configuration.probe = level
    let before = spentSeconds
    let run = try RunDirectory(creating: "\(request.directory)/run-\(runs)")
    runs += 1
    try run.write(configuration)
    let command = RunCommand.train(executable: request.executable, corpus: request.corpus)
    let child = ChildProcess(
      executable: command.executable,
      arguments: command.arguments(
        RunCommand.Request(configurationPath: run.configurationPath, runDirectory: run.path)),
      environment: command.environment, logPath: run.logPath,
      timeoutSeconds: max(request.budgetSeconds, 60))
    let exit = try child.run(cancellation)
    longestRunSeconds = max(longestRunSeconds, spentSeconds - before)
    if let reason = exit.complaint(timeoutSeconds: child.timeoutSeconds, memoryLimitBytes: nil) {
      return (run, .failure(Complaint(text: reason)))
    }
    let reading = SweepDriver.reading(of: run, configuration)
    guard let value = reading.value else {
      return (run, .failure(Complaint(text: reading.complaint ?? "it reports no tokens a second")))
    }
    return (run, .success(value))
  }

  // MARK: prediction

  /// What the recorded base, and a recorded run for each other set of kernels, predict of every candidate.
  private func predictions(of candidates: [RunConfiguration]) throws(InputError) -> [Estimate?] {
    var recorded = base
    recorded.threads = max(1, min(base.threads, request.cpus))
    guard let replay = try recordedReplay(of: recorded, "recording the configuration to begin with") else {
      return candidates.map { _ in nil }
    }
    var options: [KernelChoice: ReplayOptions] = [recorded.kernels: ReplayOptions()]
    for kernels in Set(candidates.map(\.kernels)) where kernels != recorded.kernels {
      var other = recorded
      other.kernels = kernels
      guard let calibration = try recordedReplay(of: other, "recording the \(kernels.rawValue) kernels")
      else {
        continue
      }
      do throws(InputError) {
        var option = ReplayOptions()
        option.scales = try replay.scales(measuredIn: calibration)
        options[kernels] = option
      } catch { warnings.append("the \(kernels.rawValue) kernels are not predicted: \(error)") }
    }
    say(min(spentSeconds / request.budgetSeconds, 1), "predicting \(candidates.count) configurations")
    return candidates.map { candidate in
      guard let option = options[candidate.kernels] else { return nil }
      var wanted = candidate
      // Recorded with every event, which a prediction keeps.
      wanted.probe = replay.configuration.probe
      return try? replay.predict(configuration: wanted, options: option).tokensPerSecond
    }
  }

  private func recordedReplay(of configuration: RunConfiguration, _ what: String) throws(InputError)
    -> Replay?
  {
    let (run, outcome) = try record(configuration, what, level: .events)
    if case .failure(let complaint) = outcome {
      warnings.append("nothing is predicted: the recorded run failed: \(complaint.text)")
      return nil
    }
    do throws(InputError) {
      let summary = try run.summary()
      var recorded = configuration
      recorded.probe = .events
      return try Replay(
        of: ReplaySource(
          name: run.path, trace: try TraceFile.read(run.tracePath),
          configuration: summary.configuration ?? recorded, cores: request.cpus,
          warmupSteps: summary.throughput.warmupSteps))
    } catch {
      warnings.append("nothing is predicted: \(error)")
      return nil
    }
  }

  private static func halfWidth(of estimate: Estimate) -> Double {
    max((estimate.upper ?? estimate.value) / estimate.value - 1, 1 - (estimate.lower ?? 0) / estimate.value)
  }
}
