import HeadwayTrace

/// Workers that wait for a CPU although there is one for each: others use the CPUs.
///
/// Model: with the CPUs to itself the run waits for none, so at best the runnable share vanishes, but no
/// more than the share of the CPUs' time that the run did not use itself, 1 − CPU time / (CPUs · window).
enum ForeignLoad {
  static func symptom(in view: RunView) -> Symptom? {
    guard let cpus = view.usableCpus, !view.workers.isEmpty, !view.isOversubscribed else { return nil }
    let runnable = view.workerShare(of: .runnable)
    let own = view.run.threads.reduce(0) { $0 + Double($1.cpuNs.count) } / (cpus * view.window)
    let count = view.workers.count
    return Symptom(
      .foreignLoad, saving: min(runnable, 1 - own), isPresent: runnable >= Oversubscription.threshold,
      measures: [
        Measure("runnable", "workers' time ready but not on a CPU / (workers · window)", runnable),
        Measure("own", "CPU time of the run's threads / (CPUs · window)", own),
      ]
    ) { symptom in
      Wording(
        observation: "\(team(count)) had \(cpuCount(cpus)) and yet were ready but not running for"
          + " \(percent(symptom["runnable"])) of their time, while the run used \(percent(symptom["own"])) of the CPU time",
        explanation: "other load on the CPUs",
        change: "measure on a machine that does nothing else",
        refutation: "the wait for a CPU stays on a quiet machine")
    }
  }
}
