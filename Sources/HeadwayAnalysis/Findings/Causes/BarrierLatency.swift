import HeadwayTrace

/// What barriers cost by themselves: from the release to the departure, where work follows.
///
/// Model: whoever has work after a barrier starts it later by the wake-up, which would vanish. After
/// `work_end` that is the main thread alone: the workers only go on to wait for the next step, however late
/// they wake. After any other site it is the workers, by their mean. Not judged with more workers than CPUs,
/// nor where the workers wait longer for a CPU than at the barrier: there a wake-up also waits for a CPU.
enum BarrierLatency {
  static func symptom(in view: RunView) -> Symptom? {
    let sites = view.run.barriers.filter { $0.episodes > 0 && $0.waitNs.count > 0 }
    guard !sites.isEmpty, !view.isOversubscribed, view.usableCpus != nil else { return nil }
    let share = sites.reduce(0) { $0 + delay(after: $1, in: view) }
    let episodes = sites.reduce(0) { $0 + $1.episodes }
    let kind = view.run.configuration?.barrier
    let saving = min(share, view.slack(on: view.concurrency(of: view.workers.count)))
    return Symptom(
      .barrierLatency, saving: saving, isPresent: share > view.workerShare(of: .runnable),
      measures: [
        Measure("wakeup", "wake-up (departure − release) of those who have work next / window", share),
        Measure("episodes", "barrier episodes of all sites", Double(episodes), unit: "count"),
      ]
    ) { symptom in
      Wording(
        observation:
          "Between a barrier's release and the departure of those who had work to do next passed"
          + " \(percent(symptom["wakeup"])) of the window, over \(Int(symptom["episodes"])) episodes",
        explanation: "the latency of the \(kind.map { $0.rawValue + " " } ?? "")barrier",
        change: kind == nil
          ? "more work between barriers, or a barrier that polls before it sleeps"
          : kind == .spinThenBlock
            ? "batches_per_step: more work between barriers" : "barrier: spin_then_block",
        refutation: "the throughput stays with another barrier or fewer episodes")
    }
  }
  /// The share of the window by which the work after a site starts later.
  private static func delay(after site: BarrierSummary, in view: RunView) -> Double {
    let isWait = { (name: String) in StateName.isWait(name, of: "barrier." + site.site) }
    let isStepEnd = site.site == StateName.stepEndSite
    let goesOn = isStepEnd ? [view.main].compactMap(\.self) : view.workers
    let booked = isStepEnd ? view.mainShare(where: isWait) : view.workerShare(where: isWait)
    let waited = view.total(site.threadWaitNs, of: goesOn)
    return booked * min(ratio(view.total(site.threadWakeupNs, of: goesOn), waited), 1)
  }
}
