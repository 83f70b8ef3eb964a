import HeadwayTrace

/// A worker that burns CPU time and completes no task: activity without progress.
///
/// Model: without it its CPU time is free for others, cpu / (CPUs · window), where there are more threads
/// than CPUs.
enum NoProgress {
  /// The CPU share of the window from which a worker counts as active.
  static let active = 0.05

  static func symptom(in view: RunView) -> Symptom? {
    guard view.run.threads.contains(where: { $0.tasks > 0 }) else { return nil }
    let idle = view.workers.filter { $0.tasks == 0 && Double($0.cpuNs.count) / view.window >= active }
    guard let first = idle.first else { return nil }
    let cpu = idle.reduce(0) { $0 + Double($1.cpuNs.count) } / view.window
    let runnable = view.run.threads.reduce(0) { $0 + Double($1.time(.runnable).count) } / view.window
    let saving = view.usableCpus.map { min(cpu, runnable) / $0 } ?? 0
    let names = idle.map(\.name)
    return Symptom(
      .noProgress, saving: saving, needsNoSaving: true,
      measures: [
        Measure("cpu", "CPU time of \(list(names)) / window", cpu),
        Measure("tasks", "tasks completed by \(list(names))", 0, unit: "count"),
      ]
    ) { symptom in
      Wording(
        observation:
          "\(list(names)) used \(percent(symptom["cpu"])) of the window in CPU time and completed no task",
        explanation: nil,
        change: "fewer threads, or more tasks per step, so that \(first.name) has work",
        refutation: "tasks of the thread that were not counted")
    }
  }
}
