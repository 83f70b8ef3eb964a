import HeadwayTrace

/// Waiting at barriers as a whole. Only stated where an experiment judges it: the same cell with a queue.
enum BarrierWait {
  /// The idle share of the workers from which the question is asked.
  static let threshold = 0.10

  static func symptom(in view: RunView) -> Symptom? {
    guard view.run.configuration?.scheduling == .barrier, !view.workers.isEmpty else { return nil }
    let idle = view.workerShare(where: StateName.isBarrier)
    let saving = min(idle, view.slack(on: view.concurrency(of: view.workers.count)))
    let count = view.workers.count
    return Symptom(
      .barrierWait, saving: saving, isPresent: idle >= threshold,
      measures: [Measure("idle", "workers' wall in barrier.* / (workers · window)", idle)]
    ) { symptom in
      Wording(
        observation: "\(team(count)) stood at barriers for \(percent(symptom["idle"])) of their time",
        explanation: "the barriers being what holds the workers up",
        change: "scheduling: queue",
        refutation: "the throughput stays with a queue in the place of the barriers")
    }
  }
}
