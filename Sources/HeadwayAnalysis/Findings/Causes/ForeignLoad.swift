import HeadwayTrace

/// Workers that wait for a CPU although there is one for each: others use the CPUs.
///
/// Model: what the run's own polling leaves of the workers' ready time (see ``ReadyTime``) vanishes on a machine that
/// does nothing else, but no more than others took of the CPUs: the time of other processes and of the hypervisor in
/// the window, as the kernel accounts for it. Where it does not, they took no more than the run did not use itself,
/// CPUs · window − CPU time.
enum ForeignLoad {
  static func symptom(in view: RunView) -> Symptom? {
    guard let cpus = view.usableCpus, !view.workers.isEmpty, !view.isOversubscribed else { return nil }
    let own = view.run.threads.reduce(0) { $0 + Double($1.cpuNs.count) } / (cpus * view.window)
    let foreign = view.run.books?.foreign
    let taken = foreign.map { Double($0.totalNs.count) } ?? max(1 - own, 0) * cpus * view.window
    let saving = min(ReadyTime(view).workersRest, taken) / view.workerTime
    var measures = [
      Measure(
        "runnable", "workers' time ready but not on a CPU / (workers · window)",
        view.workerShare(of: .runnable)),
      Measure("own", "CPU time of the run's threads / (CPUs · window)", own),
    ]
    func measure(_ key: String, _ query: String, _ time: Nanoseconds) {
      measures.append(Measure(key, query + " / (CPUs · window)", Double(time.count) / (cpus * view.window)))
    }
    if let foreign {
      measure("others", "CPU time of other processes", foreign.processesNs)
      if let stolen = foreign.stolenNs { measure("stolen", "CPU time that the hypervisor took", stolen) }
    }
    let count = view.workers.count
    return Symptom(
      .foreignLoad, saving: saving, isPresent: saving >= Oversubscription.threshold, measures: measures
    ) { symptom in
      let used =
        foreign == nil
        ? "the run used \(percent(symptom["own"]))"
        : "other processes used \(percent(symptom["others"]))"
          + (symptom["stolen"] > 0 ? " and the hypervisor took \(percent(symptom["stolen"]))" : "")
      return Wording(
        observation: "\(team(count)) had \(cpuCount(cpus)) and yet were ready but not running for"
          + " \(percent(symptom["runnable"])) of their time, while \(used) of the CPU time",
        explanation: "other load on the CPUs",
        change: "measure on a machine that does nothing else",
        refutation: "the wait for a CPU stays on a quiet machine")
    }
  }
}
