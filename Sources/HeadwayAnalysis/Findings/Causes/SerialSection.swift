import HeadwayTrace

/// Workers that wait for work while the main thread is busy alone.
///
/// The main thread's CPU time counts, not its wall time: being kept off a CPU is another cause.
/// Model: a serial section of share s of the window, spread over n workers on c CPUs, would take
/// s / min(n, c); so s · (1 − 1/min(n, c)) would vanish. s is no more than the workers' own wait for work,
/// and the saving no more than the CPUs' slack.
enum SerialSection {
  static func symptom(in view: RunView) -> Symptom? {
    guard view.workers.count > 1, let main = view.main, let configuration = view.run.configuration else {
      return nil  // Where another engine's workers wait to be given work is not known.
    }
    let names = main.states.keys.filter { isSerial($0, in: main) }.sorted()
    let shares = names.map { name in (name, Double(main.states[name]?.cpuNs.count ?? 0) / view.window) }
    let serial = shares.reduce(0) { $0 + $1.1 }
    let wait = configuration.scheduling == .queue ? StateName.queueEmpty : StateName.workStart
    let idle = view.workerShare { StateName.isWait($0, of: wait) }
    let parallel = view.concurrency(of: view.workers.count)
    let saving = min(min(serial, idle) * (1 - 1 / max(parallel, 1)), view.slack(on: parallel))
    let count = view.workers.count
    return Symptom(
      .serialSection, saving: saving, isPresent: serial > 0 && idle > 0,
      measures: [
        Measure("idle", "workers' wall in \(wait)* / (workers · window)", idle),
        Measure("serial", "main's CPU time in its own useful states / window", serial),
      ] + shares.map { Measure("state." + $0.0, "main's CPU time in \($0.0) / window", $0.1) }
    ) { word($0, workers: count) }
  }

  private static func isSerial(_ name: String, in main: ThreadBook) -> Bool {
    main.states[name]?.category == .useful && name != StateName.assemble
  }

  private static func word(_ symptom: Symptom, workers: Int) -> Wording {
    let parts = states(of: symptom)
    let named = parts.filter { $0.share >= 0.005 }.prefix(3).map { "\($0.name) (\(percent($0.share)))" }
    let first = parts.first?.name
    return Wording(
      observation: "\(team(workers)) waited \(percent(symptom["idle"])) of their time to be given work, while"
        + " the main thread worked alone for \(percent(symptom["serial"])) of the window, in \(list(named))",
      explanation: "a serial section on the main thread",
      change: change(for: first),
      refutation: "the wait for work stays when the main thread's own work is shortened")
  }

  /// The main thread's own states, largest first.
  static func states(of symptom: Symptom) -> [(name: String, share: Double)] {
    symptom.measures.filter { $0.key.hasPrefix("state.") }
      .map { (String($0.key.dropFirst("state.".count)), $0.value) }
      .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
  }

  private static func change(for state: String?) -> String {
    switch state {
    case "reduce": "reduction: segmented, so that each worker reduces its slice"
    case "optimize": "optimizer: segmented, so that each worker updates its slice"
    case "dispatch": "grain: batch or fewer tasks per step, so that there is less to hand out"
    case "evaluate": "evaluate_every: a larger number, so that evaluation is rarer"
    case let state?: "move \(state) off the main thread, or split it over the workers"
    case nil: "split the main thread's work over the workers"
    }
  }
}
