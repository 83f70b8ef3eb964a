import HeadwayTrace

/// Workers that wait for a lock: a convoy where all hold it in turn, or one thread that holds it long.
///
/// Who held the lock meanwhile comes from the trace (see ``LockPattern``); without one only the waits are
/// stated.
///
/// Model: without the lock the workers' wait for it vanishes, but no more than the slack.
/// Sources: Blasgen, Gray, Mitoma, Price, "The convoy phenomenon", 1979, for what a convoy is; Tallent and
/// others (2010) for blaming the holder.
enum LockContention {
  static func symptom(in view: RunView) -> Symptom? {
    let locks = view.run.waits.filter { $0.kind == .lock && $0.waits > 0 }
    let shares = locks.map { lock in
      (lock, share: view.workerShare { StateName.isWait($0, of: "lock." + lock.site) })
    }
    guard let worst = shares.max(by: { $0.share < $1.share }), worst.share > 0 else { return nil }
    let lock = worst.0
    let all = shares.reduce(0) { $0 + $1.share }
    let pattern = view.patterns?.locks.first { $0.site == lock.site }
    let holders = ranked(pattern?.holderNs ?? [:], of: pattern)
    let states = ranked(pattern?.stateNs ?? [:], of: pattern)
    let (turns, site, workers) = (lock.waits, lock.site, view.workers.count)
    return Symptom(
      .lockContention, saving: min(all, view.slack(on: view.concurrency(of: workers))),
      measures: [
        Measure("wait", "workers' wall waiting for locks / (workers · window)", all),
        Measure("worst", "the part of it at the lock \(site)", worst.share),
        Measure("turns", "waits for the lock \(site)", Double(turns), unit: "count"),
      ]
        + holders.prefix(3).map {
          Measure(
            "holder." + $0.name, "wait for \(site) while \($0.name) held it / all wait for it", $0.share)
        }
        + states.prefix(1).map {
          Measure(
            "state." + $0.name, "wait for \(site) while its holder was in \($0.name) / all wait for it",
            $0.share)
        }
    ) { word($0, site: site, workers: workers, holders: holders, state: states.first?.name) }
  }

  private static func ranked(
    _ times: [String: Nanoseconds], of pattern: LockPattern?
  ) -> [(name: String, share: Double)] {
    times.map { ($0.key, ratio(Double($0.value.count), Double(pattern?.waitNs.count ?? 0))) }
      .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
  }

  private static func word(
    _ symptom: Symptom, site: String, workers: Int, holders: [(name: String, share: Double)], state: String?
  ) -> Wording {
    let named = holders.prefix(3).map { "\($0.name) (\(percent(symptom["holder." + $0.name])))" }
    // One holder to blame for three quarters of the waits is no convoy.
    let single = holders.first.flatMap { $0.share >= 0.75 ? $0.name : nil }
    let held = named.isEmpty ? "" : "; meanwhile it was held by \(list(named))"
    let doing = state.map { ", mostly in \($0)" } ?? ""
    return Wording(
      observation:
        "\(team(workers)) waited \(percent(symptom["wait"])) of their time for locks, most of it at"
        + " \(site), \(Int(symptom["turns"])) times\(held)\(named.isEmpty ? "" : doing)",
      explanation: single.map { "\($0) holding the lock for long" } ?? "a lock that all hold in turn",
      change: "a shorter section under \(site), or an own copy for each thread that is merged once a step",
      refutation: "the wait moves elsewhere when the section under \(site) is made shorter")
  }
}
