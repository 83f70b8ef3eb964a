import HeadwayTrace

/// A number of tasks that the workers cannot share evenly.
///
/// Model: K tasks on n workers take ⌈K/n⌉ rounds, of which 1 − K/(n·⌈K/n⌉) is idle; that share of the time
/// that the main thread waits for the work would vanish, but no more than the imbalance measured.
enum UnevenTasks {
  static func symptom(in view: RunView) -> Symptom? {
    guard let configuration = view.run.configuration, let end = StepEnd(view), !view.isOversubscribed else {
      return nil
    }
    let tasks = configuration.tasksPerStep
    let count = view.workers.count
    guard tasks % count != 0 else { return nil }
    let saving = min(end.forced, view.slack(on: view.concurrency(of: count)))
    return Symptom(
      .unevenTasks, saving: saving, isPresent: end.forced > 0,
      measures: [
        Measure(
          "forced", "idle of \(tasks) tasks on \(count) workers · main's wait for the work / window",
          end.forced),
        Measure(
          "imbalance", "workers' wall in \(end.state)* without wake-up / (workers · window)", end.imbalance),
      ]
    ) { symptom in
      Wording(
        observation: "\(tasks) tasks a step do not divide by \(count) workers: the last round leaves"
          + " \(percent(symptom["forced"])) of their time without a task, of \(percent(symptom["imbalance"]))"
          + " waited for later ones",
        explanation: "a number of tasks that cannot be shared evenly",
        change: "grain: sequence, or batches_per_step a multiple of \(count)",
        refutation: "the wait stays when the number of tasks is a multiple of the workers")
    }
  }
}
