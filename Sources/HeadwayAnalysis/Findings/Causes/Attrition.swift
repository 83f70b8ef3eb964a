import HeadwayTrace

/// A worker that took part and then no more: it completes no further task while the others go on, or its
/// thread ended and did not come back.
///
/// A thread that ended before the window's end is judged by that alone, once each of the others could have
/// completed a task since. One that is still there is judged where ``WorkerTasks`` can be, once chance no
/// longer explains its silence, and where it was not kept off the CPUs for half of it.
///
/// Model: its place stood empty, so with c of the n workers able to run at once at best
/// Σ silence / (n · window) vanishes, and no more than the slack.
enum Attrition {
  /// A worker that is gone.
  struct Gone {
    let worker: ThreadBook
    /// Share of the window since its last task, or since its end.
    let silence: Double
    /// Tasks that the others completed in it.
    let others: Int
    let hasEnded: Bool
  }

  static func symptom(in view: RunView) -> Symptom? {
    let gone = gone(in: view)
    guard let first = gone.max(by: { $0.silence < $1.silence }) else { return nil }
    let lost = gone.reduce(0) { $0 + $1.silence } / Double(view.workers.count)
    let saving = min(lost, view.slack(on: view.concurrency(of: view.workers.count)))
    let names = list(gone.prefix(3).map(\.worker.name) + (gone.count > 3 ? ["\(gone.count - 3) more"] : []))
    return Symptom(
      .attrition, saving: saving, needsNoSaving: true,
      measures: [
        Measure(
          "silence",
          "window since the last task\(first.hasEnded ? " or the end" : "") of \(first.worker.name)"
            + " / window", first.silence),
        Measure(
          "before", "tasks completed by \(first.worker.name)", Double(first.worker.tasks), unit: "count"),
        Measure("others", "tasks completed by the others since then", Double(first.others), unit: "count"),
        Measure("gone", "workers that stopped taking part", Double(gone.count), unit: "count"),
      ]
    ) { word($0, first, names: names, count: gone.count) }
  }

  /// The workers that took part and then no more.
  static func gone(in view: RunView) -> [Gone] {
    guard view.workers.count > 1 else { return [] }
    let sharing = WorkerTasks(view)
    return view.workers.compactMap { worker in
      guard worker.tasks > 0, let progress = worker.progress, progress.periodNs.count > 0,
        let last = progress.tasks.lastIndex(where: { $0 > 0 })
      else { return nil }
      func completed(after period: Int) -> Int {
        view.workers.reduce(0) { sum, other in
          other.name == worker.name
            ? sum : sum + (other.progress?.tasks.dropFirst(period + 1).reduce(0, +) ?? 0)
        }
      }
      if let ended = progress.endedNs {
        let others = completed(after: Int(ended.count / progress.periodNs.count))
        let silence = max(1 - Double(ended.count) / view.window, 0)
        return others < view.workers.count
          ? nil : Gone(worker: worker, silence: silence, others: others, hasEnded: true)
      }
      guard let sharing else { return nil }
      let others = completed(after: last)
      let silence = max(1 - Double(last + 1) * Double(progress.periodNs.count) / view.window, 0)
      let waited = Double(worker.time(.runnable).count) / view.window
      let chance = sharing.probability(
        ofShare: 0, fair: sharing.fairShare(of: worker), tasks: others)
      guard chance < WorkerTasks.chance, waited < silence / 2 else { return nil }
      return Gone(worker: worker, silence: silence, others: others, hasEnded: false)
    }
  }

  private static func word(_ symptom: Symptom, _ gone: Gone, names: String, count: Int) -> Wording {
    let since = duration(gone.silence * Double(gone.worker.wallNs.count) / 1e9)
    let state = gone.worker.states.max {
      $0.value.wallNs == $1.value.wallNs ? $0.key > $1.key : $0.value.wallNs < $1.value.wallNs
    }
    let completed = "the others completed \(Int(symptom["others"])) more"
    let whole =
      gone.hasEnded
      ? "\(gone.worker.name) ended after \(gone.worker.tasks) tasks and did not come back for the last \(since),"
        + " in which \(completed)"
      : "\(gone.worker.name) completed \(gone.worker.tasks) tasks and then none for the last \(since), in which"
        + " \(completed)" + (state.map { "; most of its time it was in \($0.key)" } ?? "")
    return Wording(
      observation: count == 1 ? whole : "\(names) stopped taking part: \(whole)",
      explanation: gone.hasEnded
        ? "a thread that is not started again"
        : "a worker that no work reaches, or that does not come back from some",
      change: gone.hasEnded
        ? "start \(gone.worker.name) again with the others, or find why it ended"
        : "what \(gone.worker.name) waits for after its last task",
      refutation: "tasks of \(gone.worker.name) that were not counted")
  }
}
