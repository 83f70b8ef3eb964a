import HeadwayTrace

/// What one run shows of every cause, and the findings that are worth stating.
public enum RunFindings {
  /// The smallest saving that is stated, where neither noise nor overhead ask for more.
  public static let threshold = 0.02

  /// The symptoms of every cause that applies, whatever their size.
  package static func symptoms(in view: RunView) -> [Symptom] {
    let detectors: [(RunView) -> Symptom?] = [
      SerialSection.symptom, LoadImbalance.symptom, UnevenTasks.symptom, BarrierLatency.symptom,
      Oversubscription.symptom, ForeignLoad.symptom, InputBound.symptom, Spinning.symptom,
      BusyMain.symptom, LockContention.symptom, BurstyProducer.symptom, Interference.symptom,
      ThreadLifecycle.symptom, Attrition.symptom, Hogging.symptom, NoProgress.symptom, UnknownTime.symptom,
    ]
    return Stalled.symptoms(in: view.run, window: view.window) + detectors.compactMap { $0(view) }
  }

  /// The findings of one run, largest saving first; of a run without books only its stalls. One run is no
  /// experiment, so every finding is untested.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - usableCpus: CPUs that the run could use; without it no finding speaks of oversubscription.
  ///   - patterns: What the order of the run's events tells; without it the causes that need it are absent.
  ///   - threshold: The smallest saving that is stated, as a share of the wall time.
  public static func findings(
    of run: RunSummary, usableCpus: Double?, patterns: TracePatterns? = nil,
    threshold: Double = Self.threshold
  ) -> [Finding] {
    let view = RunView(run, usableCpus: usableCpus, patterns: patterns)
    let found = view.map { symptoms(in: $0) } ?? Stalled.symptoms(in: run, window: nil)
    return ordered(
      found.filter { $0.isNotable(above: threshold) }.map {
        finding(from: $0, scope: "this run", experiment: nil)
      })
  }

  /// Puts a symptom into a finding; an experiment decides the status and, with it, the saving. One that
  /// settles nothing still bounds the saving: no more than the upper end of what it measured.
  package static func finding(from symptom: Symptom, scope: String, experiment: Experiment?) -> Finding {
    let words = symptom.word(symptom)
    let status = experiment?.status ?? .untested
    let bound = status == .untested ? experiment?.savingInterval?.upper : nil
    let isBounded = bound.map { $0 < symptom.saving } ?? false
    let conclusion: String
    switch (words.explanation, experiment) {
    case (nil, _): conclusion = ""
    case (let cause?, nil): conclusion = " This is consistent with \(cause); no experiment here tests it."
    case (let cause?, let experiment?):
      switch status {
      case .supported: conclusion = " \(experiment.sentence), which supports \(cause)."
      case .contradicted: conclusion = " \(experiment.sentence), which speaks against \(cause)."
      case .untested:
        let limit = isBounded ? bound.map { ", but leaves at most \(percent($0)) to gain" } ?? "" : ""
        conclusion =
          " This is consistent with \(cause). \(experiment.sentence), which settles nothing\(limit)."
      }
    }
    let settled = status == .untested ? nil : experiment
    // Where the experiment bounds the model, what it measured is the interval too.
    let unsettled = isBounded ? experiment?.savingInterval : symptom.interval
    return Finding(
      cause: symptom.cause.rawValue, scope: scope, statement: words.observation + "." + conclusion,
      saving: settled?.saving ?? min(symptom.saving, bound ?? symptom.saving),
      interval: settled?.savingInterval ?? unsettled,
      evidence: symptom.measures.map(\.evidence) + (experiment.map { [$0.evidence] } ?? []),
      change: words.change, refutation: words.refutation, status: status)
  }

  /// Largest saving first, what an experiment contradicted last.
  package static func ordered(_ findings: [Finding]) -> [Finding] {
    findings.enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      if (first.status == .contradicted) != (second.status == .contradicted) {
        return second.status == .contradicted
      }
      return first.saving == second.saving ? left.offset < right.offset : first.saving > second.saving
    }.map(\.element)
  }
}

extension RunAnalysis {
  /// The findings of one run; see ``RunFindings``.
  public static func findings(
    of run: RunSummary, usableCpus: Double? = nil, patterns: TracePatterns? = nil
  ) -> [Finding] {
    RunFindings.findings(of: run, usableCpus: usableCpus, patterns: patterns)
  }
}
