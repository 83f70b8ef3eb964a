import HeadwayTrace

/// The methods that look for causes, and their results side by side.
struct CauseMethods {
  let delay: DelayCosts
  let blame: IdleBlame
  let path: CriticalPath

  /// Every thread and context that any of the methods names, in the order of delay, then of the path.
  func causes(of timeline: Timeline) -> [ExplainedCause] {
    let onPath = path.table
    var causes: [ExplainedCause] = []
    for (number, thread) in timeline.threads.enumerated() {
      for (context, definition) in timeline.contexts.enumerated() {
        let direct = delay.direct[number, context]
        let propagated = delay.propagated[number, context]
        let cause = ExplainedCause(
          thread: thread.name, role: thread.role, context: definition.name,
          category: definition.definition.category, delayNs: Self.rounded(direct + propagated),
          propagatedNs: Self.rounded(propagated),
          blameNs: Self.rounded(blame.table[number, context]),
          pathNs: Self.rounded(onPath[number, context]))
        if cause.delayNs > .zero || cause.blameNs > .zero || cause.pathNs > .zero { causes.append(cause) }
      }
    }
    return causes.sorted {
      ($1.delayNs, $1.pathNs, $0.thread, $0.context) < ($0.delayNs, $0.pathNs, $1.thread, $1.context)
    }
  }

  /// What the path would lose to an even spread, by context, the largest first.
  func imbalances(of timeline: Timeline) -> [ExplainedContext] {
    zip(timeline.contexts, path.imbalances).map { context, excess in
      ExplainedContext(context: context.name, timeNs: Self.rounded(excess))
    }.filter { $0.timeNs > .zero }.sorted { ($1.timeNs, $0.context) < ($0.timeNs, $1.context) }
  }

  /// What the causes add up to.
  var totals: ExplainedTotals {
    ExplainedTotals(
      waitedNs: delay.waitedNs, unexplainedNs: Self.rounded(delay.unexplained), wakeupNs: delay.wakeupNs,
      idleNs: blame.idleNs, nobodyNs: blame.nobodyNs,
      pathNs: path.segments.reduce(.zero) { $0 + ($1.end - $1.start) }, pathSegments: path.segments.count,
      pathChanges: path.changesOfThread)
  }

  private static func rounded(_ value: Double) -> Nanoseconds { Nanoseconds(Int64(value.rounded())) }
}
