import HeadwayTrace

/// One worker that gets most of the tasks although there are enough for all.
///
/// Judged where ``WorkerTasks`` can be, and where nobody has left (see ``Attrition``): its share must lie
/// beyond the rounds of K tasks on n workers, ⌈K/n⌉ / K, more than halfway between a fair share and all, and
/// beyond chance. Fair is what a worker could take in the time in which it did not wait for a CPU.
///
/// Model: spread evenly, its work would take the mean of the workers' useful times, so
/// (useful of it − mean useful) / window vanishes, but no more than the others were idle, nor than the
/// slack. A worker that takes more because it is faster leaves nobody idle, and nothing to save.
enum Hogging {
  static func symptom(in view: RunView) -> Symptom? {
    guard let sharing = WorkerTasks(view), Attrition.gone(in: view).isEmpty,
      let top = sharing.workers.max(by: { $0.tasks < $1.tasks })
    else { return nil }
    let (tasks, count) = (view.run.configuration?.tasksPerStep, sharing.workers.count)
    let share = Double(top.tasks) / Double(sharing.total)
    // How many tasks a step of another engine has is not known.
    let forced = tasks.map { Double(($0 + count - 1) / count) / Double($0) } ?? 0
    let fair = max(sharing.fairShare(of: top), forced)
    let chance = sharing.probability(ofShare: share, fair: fair, tasks: sharing.total)
    let useful = sharing.workers.map { Double($0.time(.useful).count) }
    let mean = useful.reduce(0, +) / Double(count)
    let excess = (Double(top.time(.useful).count) - mean) / view.window
    let others = sharing.workers.filter { $0.name != top.name }
    let idle =
      others.reduce(0) { sum, other in
        let waited = other.time(.blocked) + other.time(.spin) + other.time(.lifecycle)
        return sum + Double(waited.count) / view.window
      } / Double(others.count)
    let saving = min(excess, idle, view.slack(on: view.concurrency(of: count)))
    let scheduling = view.run.configuration?.scheduling
    return Symptom(
      .hogging, saving: saving, isPresent: share > (1 + fair) / 2 && chance < WorkerTasks.chance,
      measures: [
        Measure("share", "tasks completed by \(top.name) / tasks of all workers", share),
        Measure("fair", "its share by the CPU time that it could get and by whole rounds of tasks", fair),
        Measure("idle", "mean of the other workers' blocked + spin + lifecycle / window", idle),
      ]
    ) { symptom in
      Wording(
        observation: "\(top.name) completed \(percent(symptom["share"])) of the \(sharing.total) tasks, where"
          + " \(percent(symptom["fair"])) would be its share, while the other"
          + " \(count == 2 ? "worker" : "\(count - 1) workers") stood idle for \(percent(symptom["idle"])) of the"
          + " window",
        explanation: "work that does not reach the other workers",
        change: scheduling != .barrier
          ? "how \(top.name) comes to take tasks before others do"
          : "scheduling: queue, so that whoever is free takes the next task",
        refutation: "the shares stay when tasks are handed out in turn")
    }
  }
}
