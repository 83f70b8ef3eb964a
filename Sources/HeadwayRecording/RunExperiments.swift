import HeadwayProbes
import HeadwayTrace

/// The experiments of virtual speed-up of an ``EngineRun``.
public struct RunExperiments: Sendable {
  /// What is tried, in which order, and for how long.
  public struct Plan: Equatable, Sendable {
    /// The experiments, block after block.
    public var experiments: [CausalExperiment]
    /// Experiments of a block. Each block should have every experiment once, in an order of its own, and several that
    /// change nothing.
    public var blockLength: Int
    /// Measured steps of an experiment; one more is done and dropped.
    public var stepsPerExperiment: Int
    /// Steps before the first.
    public var warmupSteps: Int

    /// Plans experiments in an order that the caller has made.
    public init(
      experiments: [CausalExperiment], blockLength: Int, stepsPerExperiment: Int = 4, warmupSteps: Int = 8
    ) {
      self.experiments = experiments
      self.blockLength = blockLength
      self.stepsPerExperiment = max(stepsPerExperiment, 1)
      self.warmupSteps = max(warmupSteps, 0)
    }

    /// Plans blocks of every region at every speed-up, a quarter of each block without any; every block in a random
    /// order.
    ///
    /// - Parameters:
    ///   - regions: Names of states.
    ///   - speedups: The shares of a region's time that are taken away, 0 … 1.
    ///   - blocks: How often each experiment is made; there are intervals from six on.
    public init(
      regions: [String], speedups: [Double] = [0.25, 0.5], blocks: Int = 8, stepsPerExperiment: Int = 4,
      warmupSteps: Int = 8
    ) {
      let tried = regions.flatMap { region in
        speedups.map { CausalExperiment(region: region, speedup: $0) }
      }
      let arms = tried + Array(repeating: .baseline, count: (tried.count + 2) / 3)
      self.init(
        experiments: (0..<max(blocks, 0)).flatMap { _ in arms.shuffled() }, blockLength: arms.count,
        stepsPerExperiment: stepsPerExperiment, warmupSteps: warmupSteps)
    }

    /// Steps that the engine must do for all of it.
    public var steps: Int {
      CausalProbe.stepsNeeded(
        experiments: experiments.count, stepsPerExperiment: stepsPerExperiment, warmupSteps: warmupSteps)
    }
  }

  let probe: CausalProbe
  private let plan: Plan

  init(_ plan: Plan) throws(InputError) {
    guard !plan.experiments.isEmpty, plan.blockLength > 0 else {
      throw InputError(
        "experiments", field: "plan", problem: "it holds no experiment",
        remedy: "name a region, a speed-up and a block", isUsage: true)
    }
    self.plan = plan
    probe = CausalProbe(
      experiments: plan.experiments, stepsPerExperiment: plan.stepsPerExperiment,
      warmupSteps: plan.warmupSteps)
  }

  /// What was measured, in complete blocks; what it shows is for those who read it.
  func record(program: [String: String], warnings: [String]) -> CausalRecord {
    let all = probe.measurements(blockLength: plan.blockLength)
    let whole = all.count / plan.blockLength * plan.blockLength
    var warnings = warnings
    if whole < plan.experiments.count {
      warnings.append(
        "\(whole) of \(plan.experiments.count) experiments were done in complete blocks: all of them take"
          + " \(plan.steps) steps")
    }
    return CausalRecord(
      configuration: nil, program: program, stepsPerExperiment: plan.stepsPerExperiment,
      measurements: Array(all.prefix(whole)), curves: [], noise: nil, warnings: warnings)
  }
}
