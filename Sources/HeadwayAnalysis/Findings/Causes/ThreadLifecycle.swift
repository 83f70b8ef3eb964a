import HeadwayTrace

/// Creating and joining threads inside the training loop.
///
/// Model: with threads that live as long as the run, the main thread's time in creating and joining them
/// vanishes.
enum ThreadLifecycle {
  static func symptom(in view: RunView) -> Symptom? {
    guard let main = view.main else { return nil }
    let states = main.states.filter { $0.value.category == .lifecycle }
    let share = view.mainShare { states[$0] != nil }
    let entered = states.values.reduce(0) { $0 + $1.count }
    let workers = view.workerShare(of: .lifecycle)
    return Symptom(
      .threadLifecycle, saving: share, isPresent: share > 0,
      measures: [
        Measure("main", "main's wall in thread.create and thread.join / window", share),
        Measure("workers", "workers' time not started or ended / (workers · window)", workers),
        Measure("entered", "times that main created or joined threads", Double(entered), unit: "count"),
      ]
    ) { symptom in
      Wording(
        observation: "The main thread spent \(percent(symptom["main"])) of the window creating and joining"
          + " threads, and the workers did not exist for \(percent(symptom["workers"])) of their time",
        explanation: "threads made anew inside the training loop",
        change: "thread_lifetime: persistent",
        refutation: "the throughput stays with threads that live for the run")
    }
  }
}
