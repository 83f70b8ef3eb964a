import Foundation
import HeadwayAnalysis
import HeadwayCorpus
import HeadwayEngine
import HeadwayProbes
import HeadwayStore
import HeadwayTrace

/// Training as a series of experiments of virtual speed-up: `headway train --causal`.
struct CausalTraining {
  private let configuration: RunConfiguration
  private let plan: CausalPlan
  private let blocks: Int
  private let warmupSteps: Int

  /// Plans as many blocks as the configuration's steps allow.
  ///
  /// - Throws: ``InputError`` with the steps that are needed, when they are too few for an interval.
  init(_ configuration: RunConfiguration) throws(InputError) {
    self.configuration = configuration
    plan = CausalPlan(seed: configuration.seed)
    warmupSteps = max(configuration.warmupSteps, 8)
    let each = CausalPlan.stepsPerExperiment + 1
    blocks = plan.blocks(inExperiments: max(configuration.steps - warmupSteps - 1, 0) / each)
    guard blocks >= CausalPlan.minimumBlocks else {
      let needed = CausalProbe.stepsNeeded(
        experiments: CausalPlan.minimumBlocks * plan.arms.count,
        stepsPerExperiment: CausalPlan.stepsPerExperiment, warmupSteps: warmupSteps)
      throw InputError(
        "--causal", field: "steps",
        problem: "\(configuration.steps) steps have no room for \(CausalPlan.minimumBlocks) blocks of"
          + " \(plan.arms.count) experiments",
        remedy: "use --set steps=\(needed) or more", isUsage: true)
    }
  }

  /// Trains, and says what a faster region would bring.
  func run(
    on corpus: Corpus, observer: some TrainingObserver, usableCpus: Double
  ) throws(InputError) -> (record: CausalRecord, outcome: TrainingOutcome) {
    let experiments = plan.experiments(blocks: blocks)
    let probe = CausalProbe(
      experiments: experiments, stepsPerExperiment: CausalPlan.stepsPerExperiment, warmupSteps: warmupSteps)
    let outcome = try TrainingRun.experiment(
      configuration: configuration, corpus: corpus, probe: probe, observer: observer)
    let all = probe.measurements(blockLength: plan.arms.count)
    let whole = all.count / plan.arms.count * plan.arms.count
    let kept = Array(all.prefix(whole))
    let record = CausalRecord(
      configuration: configuration, stepsPerExperiment: CausalPlan.stepsPerExperiment, measurements: kept,
      curves: CausalCurves.curves(of: kept), noise: CausalCurves.noise(of: kept),
      warnings: outcome.warnings + warnings(kept: kept, of: all, usableCpus: usableCpus))
    return (record, outcome)
  }

  private func warnings(
    kept: [CausalMeasurement], of all: [CausalMeasurement], usableCpus: Double
  ) -> [String] {
    var warnings: [String] = []
    if Double(configuration.threads) > usableCpus {
      warnings.append(
        "\(configuration.threads) workers share \(usableCpus.formatted()) CPUs: who waits for a CPU has not been"
          + " paid for, so that gains come out too small")
    }
    if kept.count < all.count {
      warnings.append("\(all.count - kept.count) experiments of a block that was cut short were left out")
    }
    if configuration.steps > 0, let blocks = kept.last.map({ $0.block + 1 }),
      blocks < CausalPlan.minimumBlocks
    {
      warnings.append(
        "\(blocks) complete blocks are too few for intervals, which take \(CausalPlan.minimumBlocks)")
    }
    return warnings
  }
}

extension CausalTraining {
  /// Steps that are recorded for the replay that the experiments are held against, the warm-up counted.
  private static let recordedSteps = 80

  /// The configuration of the run that is recorded: the same work, every event of a few steps.
  static func recorded(_ configuration: RunConfiguration) -> RunConfiguration {
    var brief = configuration
    brief.steps = min(configuration.steps, recordedSteps)
    brief.warmupSteps = min(configuration.warmupSteps, brief.steps)
    brief.probe = .events
    (brief.evaluateEvery, brief.evaluationBatches) = (0, 0)
    return brief
  }
}
