import HeadwayTrace

/// Workers that wait for work while the main thread is busy alone.
///
/// The main thread's CPU time counts, not its wall time: being kept off a CPU is another cause. Of another
/// engine it is not known where its workers wait to be given work: there the main thread's CPU time while no
/// worker works counts, which the trace tells, and without a trace nothing is said.
/// Model: a serial section of share s of the window, spread over n workers on c CPUs, would take
/// s / min(n, c); so s · (1 − 1/min(n, c)) would vanish. s is no more than the workers' own wait for work,
/// and the saving no more than the CPUs' slack.
enum SerialSection {
  static func symptom(in view: RunView) -> Symptom? {
    guard view.workers.count > 1, let main = view.main else { return nil }
    guard let configuration = view.run.configuration else { return symptom(alone: view) }
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

  /// The symptom in a run of another engine.
  private static func symptom(alone view: RunView) -> Symptom? {
    guard let patterns = view.patterns else { return nil }
    let shares = patterns.aloneNs.filter { $0.key != StateName.assemble }
      .map { (name: $0.key, share: patterns.share($0.value)) }.sorted { $0.name < $1.name }
    let serial = shares.reduce(0) { $0 + $1.share }
    let idle = view.workerShare(of: .blocked) + view.workerShare(of: .spin) + view.workerShare(of: .lifecycle)
    let parallel = view.concurrency(of: view.workers.count)
    let saving = min(min(serial, idle) * (1 - 1 / max(parallel, 1)), view.slack(on: parallel))
    let count = view.workers.count
    return Symptom(
      .serialSection, saving: saving, isPresent: serial > 0 && idle > 0,
      measures: [
        Measure("idle", "workers' blocked + spin + lifecycle / (workers · window)", idle),
        Measure("serial", "main's CPU time in useful states while no worker worked / window", serial),
      ]
        + shares.map {
          Measure(
            "state." + $0.name, "main's CPU time in \($0.name) while no worker worked / window", $0.share)
        }
    ) { word($0, workers: count, isAlone: true) }
  }

  private static func isSerial(_ name: String, in main: ThreadBook) -> Bool {
    main.states[name]?.category == .useful && name != StateName.assemble
  }

  private static func word(_ symptom: Symptom, workers: Int, isAlone: Bool = false) -> Wording {
    let idle = percent(symptom["idle"])
    let waited =
      isAlone ? "did no work for \(idle) of their time" : "waited \(idle) of their time to be given work"
    let parts = states(of: symptom)
    let named = parts.filter { $0.share >= 0.005 }.prefix(3).map { "\($0.name) (\(percent($0.share)))" }
    let first = parts.first?.name
    return Wording(
      observation: "\(team(workers)) \(waited), while"
        + " the main thread worked alone for \(percent(symptom["serial"])) of the window, in \(list(named))",
      explanation: "a serial section on the main thread",
      change: change(for: first, isAlone: isAlone),
      refutation: "the wait for work stays when the main thread's own work is shortened")
  }

  /// The main thread's own states, largest first.
  static func states(of symptom: Symptom) -> [(name: String, share: Double)] {
    symptom.measures.filter { $0.key.hasPrefix("state.") }
      .map { (String($0.key.dropFirst("state.".count)), $0.value) }
      .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
  }

  private static func change(for state: String?, isAlone: Bool) -> String {
    switch state {
    case let state? where isAlone: "split \(state) over the workers, or let it run while they work"
    case "reduce": "reduction: segmented, so that each worker reduces its slice"
    case "optimize": "optimizer: segmented, so that each worker updates its slice"
    case "dispatch": "grain: batch or fewer tasks per step, so that there is less to hand out"
    case "evaluate": "evaluate_every: a larger number, so that evaluation is rarer"
    case let state?: "move \(state) off the main thread, or split it over the workers"
    case nil: "split the main thread's work over the workers"
    }
  }
}
