import HeadwayTrace

/// More workers ready than CPUs to run them.
///
/// Model: with as many workers as CPUs nobody waits for a CPU, and at best the CPUs are always busy with
/// useful work: min(runnable share, 1 − useful / (CPUs · window)), the former less what the run's own polling took
/// (see ``ReadyTime``). CPUs that are busy already leave nothing to save, so the finding is made on the runnable
/// share and the saving may be near zero.
enum Oversubscription {
  /// The runnable share from which the finding is made.
  static let threshold = 0.05

  static func symptom(in view: RunView) -> Symptom? {
    guard view.isOversubscribed, let cpus = view.usableCpus else { return nil }
    let runnable = view.workerShare(of: .runnable)
    let count = view.workers.count
    return Symptom(
      .oversubscription,
      saving: min(ReadyTime(view).workersRest / view.workerTime, view.slack(on: cpus)),
      isPresent: runnable >= threshold,
      needsNoSaving: true,
      measures: [
        Measure("runnable", "workers' time ready but not on a CPU / (workers · window)", runnable),
        Measure("workers", "workers per usable CPU", Double(count) / cpus, unit: "ratio"),
      ]
    ) { symptom in
      Wording(
        observation: "\(team(count)) share \(cpuCount(cpus)) and were ready but not running for"
          + " \(percent(symptom["runnable"])) of their time",
        explanation: "more threads than CPUs",
        change: "threads: \(max(Int(cpus), 1))",
        refutation: "fewer threads give no higher throughput")
    }
  }
}
