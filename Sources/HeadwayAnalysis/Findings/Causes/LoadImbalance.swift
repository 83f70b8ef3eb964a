import HeadwayTrace

/// Workers that wait for a later one at the end of a step, beyond what the number of tasks forces.
///
/// Not judged where the workers wait longer for a CPU than for each other, because a worker that is kept off
/// a CPU is late too; but always where their CPU times are compared (see ``TracePatterns/imbalanceNs``).
/// Model: with even work a step takes the mean of its workers' times and not the largest, so the saving
/// is Σ over steps of (max − mean) / window: the workers' mean share of imbalance wait.
enum LoadImbalance {
  static func symptom(in view: RunView) -> Symptom? {
    guard let end = StepEnd(view), !view.isOversubscribed else { return nil }
    let excess = end.imbalance - end.forced
    let saving = min(excess, view.slack(on: view.concurrency(of: view.workers.count)))
    let last = lastArrivals(view, at: end.site)
    var measures = [
      Measure("imbalance", "workers' wall in \(end.state)* without wake-up / (workers · window)", excess)
    ]
    if let last {
      measures.append(
        Measure(
          "last.\(last.name)", "episodes of \(end.site) in which \(last.name) was last / episodes", last.share
        )
      )
    }
    let count = view.workers.count
    let scheduling = view.run.configuration?.scheduling
    let site = end.site
    return Symptom(
      .loadImbalance, saving: saving, isPresent: end.isByCPUTime || excess > view.workerShare(of: .runnable),
      measures: measures
    ) {
      word($0, last: last, workers: count, scheduling: scheduling, site: site)
    }
  }

  /// The worker that was last at a barrier most often, and its share of the workers' last arrivals.
  static func lastArrivals(_ view: RunView, at site: String) -> (name: String, share: Double)? {
    guard let site = view.run.barriers.first(where: { $0.site == site }) else { return nil }
    let names = Set(view.workers.map(\.name))
    let counts = site.lastArrivals.filter { names.contains($0.key) && $0.value > 0 }
    let total = counts.values.reduce(0, +)
    let top = counts.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }
    return top.map { ($0.key, Double($0.value) / Double(total)) }
  }

  /// Whether one thread is last so often that it is the same thread that is late: halfway between an
  /// equal share and always.
  static func isFixed(_ share: Double, workers: Int) -> Bool {
    share > (1 + 1 / Double(max(workers, 1))) / 2
  }

  private static func word(
    _ symptom: Symptom, last: (name: String, share: Double)?, workers: Int, scheduling: Scheduling?,
    site: String
  ) -> Wording {
    let waited =
      "\(team(workers)) waited \(percent(symptom["imbalance"])) of their time for a later one at "
      + (scheduling == nil ? "the barrier \(site)" : "the end of steps")
    guard let last else {
      return Wording(
        observation: waited, explanation: "uneven durations of the last tasks of a step",
        change: scheduling == nil
          ? "give all threads as much work" : "grain: sequence, so that the last tasks are shorter",
        refutation: "the wait stays when the tasks are made shorter")
    }
    let share = symptom["last." + last.name]
    let fixed = isFixed(share, workers: workers)
    return Wording(
      observation: waited
        + (fixed
          ? "; \(last.name) was the last to arrive in \(percent(share)) of the "
            + (scheduling == nil ? "episodes" : "steps")
          : "; no one worker is the late one (\(last.name) most often, \(percent(share)))"),
      explanation: fixed ? "\(last.name) being slower or given more work" : "task durations that vary",
      change: scheduling == nil
        ? "let whoever is free take the next task from a queue, or shorten the tasks"
        : scheduling == .queue
          ? "grain: sequence, so that the last tasks are shorter"
          : "scheduling: queue, so that whoever is free takes the next task",
      refutation: "the wait at \(site) stays when tasks are pulled from a queue")
  }
}
