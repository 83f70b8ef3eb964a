import HeadwayTrace

/// CPU time spent polling.
///
/// Model: polling costs wall time only where threads with work are ready without a CPU, so the saving is what it
/// took from those (see ``ReadyTime``), over the workers that can run at once · window. From a fifth of all CPU time
/// it is named even where it costs no wall time. What a wait is called does not matter: see
/// ``RunView/polling(of:)``. A main thread that does most of it is ``BusyMain``'s.
enum Spinning {
  /// The share of all CPU time from which polling is named whatever it costs.
  static let threshold = 0.20

  static func symptom(in view: RunView) -> Symptom? {
    let threads = view.run.threads.filter { !BusyMain.isPolling($0, in: view) }
    let spun = threads.map { (name: $0.name, time: view.polling(of: $0)) }
    let total = spun.reduce(0) { $0 + $1.time }
    guard total > 0, let top = spun.max(by: { $0.time < $1.time }) else { return nil }
    let cpu = view.run.threads.reduce(0) { $0 + Double($1.cpuNs.count) }
    let lost = ReadyTime(view).lost(to: total)
    let saving = view.usableCpus == nil ? 0 : lost / (view.workingThreads * view.window)
    let share = ratio(total, max(cpu, total))
    let kind = view.run.configuration?.barrier
    return Symptom(
      .spinning, saving: saving, isPresent: true, needsNoSaving: share >= threshold,
      measures: [
        Measure(
          "spin", "CPU time of all threads in spin states and in waits that poll / their CPU time", share),
        Measure("top.\(top.name)", "CPU time of \(top.name) in them / window", top.time / view.window),
        Measure("lost", "the part of it that threads with work were ready for / window", lost / view.window),
      ]
    ) { symptom in
      Wording(
        observation: "\(percent(symptom["spin"])) of the CPU time was spent polling, most of it by"
          + " \(top.name) (\(percent(symptom["top." + top.name])) of the window)",
        explanation: symptom.saving >= 0.005
          ? "polling that takes CPUs from threads that are ready" : "polling that burns CPU time only",
        change: kind == .spin || kind == .spinThenBlock
          ? "barrier: futex, which sleeps at once" : "poll less",
        refutation: "the throughput and the CPU time stay with a wait that sleeps")
    }
  }
}
