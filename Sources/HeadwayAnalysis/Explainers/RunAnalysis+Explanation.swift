import HeadwayTrace

extension RunAnalysis {
  /// Explains the waits of a run from its trace.
  ///
  /// - Parameters:
  ///   - trace: The trace.
  ///   - steps: The steps to look at, by their numbers; the whole measured window where absent.
  ///   - usableCpus: CPUs that the run could use; without it nothing is said of too many threads.
  ///   - reference: The explanation of a run that did the same work, for computation scaling.
  ///   - file: The name that errors use.
  /// - Throws: ``InputError`` when the trace has no measured window, or none of the steps.
  public static func explain(
    trace: RecordedTrace, steps: ClosedRange<Int>? = nil, usableCpus: Double? = nil,
    reference: RunExplanation? = nil, file: String = "the trace"
  ) throws(InputError) -> RunExplanation {
    let timeline = try Timeline(trace, steps: steps, file: file)
    var explanation = explain(timeline, usableCpus: usableCpus, reference: reference)
    explanation.warnings += warnings(of: trace, timeline: timeline)
    return explanation
  }

  /// Explains a timeline.
  package static func explain(
    _ timeline: Timeline, usableCpus: Double? = nil, reference: RunExplanation? = nil
  ) -> RunExplanation {
    let changes = StateChanges(timeline)
    let rounds = Round.all(in: timeline)
    let losses = TeamLosses(timeline, lone: LoneWork(timeline, changes: changes), rounds: rounds)
    let methods = CauseMethods(
      delay: DelayCosts(timeline), blame: IdleBlame(timeline, changes: changes), path: CriticalPath(timeline))
    let causes = methods.causes(of: timeline)
    let imbalances = methods.imbalances(of: timeline)
    let totals = methods.totals
    return RunExplanation(
      window: ExplainedWindow(timeline), threads: timeline.explainedThreads,
      barriers: timeline.barrierSummaries,
      efficiencies: EfficiencyFactors(timeline, losses: losses, reference: reference),
      losses: LossShare.all(losses, of: timeline), causes: causes, totals: totals, pathImbalances: imbalances,
      stragglers: StragglerEffects(timeline, rounds: rounds), input: InputDiagnosis(timeline),
      gaps: QueueGaps.all(in: timeline),
      demand: CpuDemand(timeline, changes: changes, usableCpus: usableCpus),
      comparisons: CauseRanking(causes: causes, imbalances: imbalances).comparisons,
      inferences: inferences(of: timeline), warnings: warnings(of: timeline, totals: totals))
  }

  /// What of the other side of waits is not recorded.
  private static func inferences(of timeline: Timeline) -> [String] {
    let kinds: Set<SiteKind> = Set(
      timeline.threads.flatMap(\.waits).compactMap { wait in
        guard case .site(let site) = wait.cause else { return nil }
        return timeline.sites[site].kind
      })
    var sentences: [String] = []
    if kinds.contains(.queueEmpty) {
      sentences.append(
        "who filled an empty queue is inferred: the main or control thread that last began to hand out")
    }
    if kinds.contains(.queueFull) || kinds.contains(.latch) {
      sentences.append(
        "who ended a wait for room or for the last task is inferred: whose work ended last before it")
    }
    if kinds.contains(.prefetchNotReady) {
      sentences.append("input is taken to be ready when the prefetch thread last ended its work")
    }
    if kinds.contains(.lock) {
      sentences.append("who held a lock is inferred: whose work ended last before the wait did")
    }
    return sentences
  }

  private static func warnings(of timeline: Timeline, totals: ExplainedTotals) -> [String] {
    var warnings: [String] = []
    if !timeline.hasCPUTimes {
      warnings.append("the trace has no CPU times: useful time is the wall time of working states")
    }
    let share = ratio(Double(totals.unexplainedNs.count), Double(totals.waitedNs.count))
    if share > 0.1 {
      warnings.append("nothing in the trace explains \(percent(share)) of the team's waiting")
    }
    return warnings
  }

  private static func warnings(of trace: RecordedTrace, timeline: Timeline) -> [String] {
    var warnings: [String] = []
    if trace.window?.end == nil || !trace.isFinished || trace.isTruncated {
      warnings.append(
        "the recording was cut off: states that were open then are taken to have lasted to its last event")
    }
    if trace.losses.eventsDropped > 0 {
      warnings.append(
        "\(trace.losses.eventsDropped) events found no room in the trace: their threads seem to stand still."
          + " Look at earlier steps with --steps, or record with a larger trace_budget_bytes")
    }
    if trace.undefinedRecords > 0 {
      warnings.append("\(trace.undefinedRecords) records of the trace name nothing defined and were left out")
    }
    return warnings
  }
}
