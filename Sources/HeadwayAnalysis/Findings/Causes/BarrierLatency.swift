import HeadwayTrace

/// What barriers cost by themselves: from the release to the departure.
///
/// Model: every participant's next work starts later by its wake-up, so the mean wake-up per participant
/// would vanish. Not judged with more workers than CPUs, nor where the workers wait longer for a CPU than at
/// the barrier: there a wake-up also waits for a CPU.
enum BarrierLatency {
  static func symptom(in view: RunView) -> Symptom? {
    let sites = view.run.barriers.filter { $0.episodes > 0 && $0.waitNs.count > 0 }
    guard !sites.isEmpty, !view.isOversubscribed, view.usableCpus != nil else { return nil }
    let participants = Double(view.workers.count + 1)
    var share = 0.0
    for site in sites {
      let state = "barrier." + site.site
      let booked =
        (view.workerShare { StateName.isWait($0, of: state) } * Double(view.workers.count)
          + view.mainShare { StateName.isWait($0, of: state) }) / participants
      share += booked * min(site.wakeupNs / site.waitNs, 1)
    }
    let episodes = sites.reduce(0) { $0 + $1.episodes }
    let kind = view.run.configuration.barrier
    let saving = min(share, view.slack(on: view.concurrency(of: view.workers.count)))
    return Symptom(
      .barrierLatency, saving: saving, isPresent: share > view.workerShare(of: .runnable),
      measures: [
        Measure("wakeup", "mean wake-up (departure − release) per participant / window", share),
        Measure("episodes", "barrier episodes of all sites", Double(episodes), unit: "count"),
      ]
    ) { symptom in
      Wording(
        observation:
          "Participants spent \(percent(symptom["wakeup"])) of the window between a barrier's release"
          + " and their own departure, over \(Int(symptom["episodes"])) episodes",
        explanation: "the latency of the \(kind.rawValue) barrier",
        change: kind == .spinThenBlock
          ? "batches_per_step: more work between barriers" : "barrier: spin_then_block",
        refutation: "the throughput stays with another barrier or fewer episodes")
    }
  }
}
