import HeadwayTrace

/// A main thread that polls while the others work: it monitors, and completes nothing.
///
/// Judged for other engines only: where the engine that Headway ships polls is its `barrier` axis, and
/// ``Spinning``'s. The main thread must do more of the polling than all others together.
///
/// Model: what its polling took from threads that were ready (see ``ReadyTime``) vanishes, over the workers that can
/// run at once · window. From a fifth of all CPU time it is named even where it costs no wall time.
enum BusyMain {
  static func symptom(in view: RunView) -> Symptom? {
    guard let main = view.main, isPolling(main, in: view), let state = view.pollingState(of: main) else {
      return nil
    }
    let polled = view.polling(of: main)
    let cpu = view.run.threads.reduce(0) { $0 + Double($1.cpuNs.count) }
    let others = view.run.threads.filter { $0.name != main.name }
    let runnable = others.reduce(0) { $0 + Double($1.time(.runnable).count) }
    let lost = view.usableCpus == nil ? 0 : ReadyTime(view).lost(to: polled)
    let saving = lost / (view.workingThreads * view.window)
    let share = ratio(polled, max(cpu, polled))
    return Symptom(
      .busyMain, saving: saving, needsNoSaving: share >= Spinning.threshold,
      measures: [
        Measure(
          "polled", "CPU time of the main thread in \(state) and other polling / window", polled / view.window
        ),
        Measure("share", "the same / CPU time of all threads", share),
        Measure("tasks", "tasks completed by the main thread", Double(main.tasks), unit: "count"),
        Measure(
          "runnable", "the other threads' time ready but not on a CPU / window", runnable / view.window),
      ]
    ) { symptom in
      Wording(
        observation: "The main thread used \(percent(symptom["polled"])) of the window in CPU time polling in"
          + " \(state), \(percent(symptom["share"])) of all CPU time, and completed"
          + " \(symptom["tasks"] == 0 ? "no task" : "\(Int(symptom["tasks"])) tasks")"
          + (symptom.saving >= 0.005
            ? ", while others were ready but not running for \(percent(symptom["runnable"])) of it" : ""),
        explanation: "a main thread that busy-waits while it monitors the others",
        change: "let the main thread sleep until it is woken, or look only every few milliseconds",
        refutation: "the throughput and the CPU time stay with a main thread that sleeps")
    }
  }

  /// Whether a thread is the main thread of another engine and does most of its polling.
  static func isPolling(_ thread: ThreadBook, in view: RunView) -> Bool {
    guard thread.role == .main, view.run.configuration == nil else { return false }
    let own = view.polling(of: thread)
    let others = view.run.threads.reduce(0) { $0 + ($1.name == thread.name ? 0 : view.polling(of: $1)) }
    return own > 0 && own >= others
  }
}
