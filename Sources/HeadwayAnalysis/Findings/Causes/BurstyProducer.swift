import HeadwayTrace

/// A producer that is fast enough on the whole, but delivers in bursts that its queue is too short to level:
/// consumers find the queue empty although the producer had to wait for room in it before.
///
/// Judged in the settled part of a run (see ``QueuePattern``), for other engines: the queue of the engine
/// that Headway ships is filled anew in every step. Present where the producers' spare time is at least the
/// consumers' wait and fewer than half of the tasks found the queue empty; otherwise the producer is slow, which
/// is ``InputBound``'s.
///
/// Model: a queue as long as a burst lets either side go on, so the smaller of the consumers' wait and the
/// producers' spare time vanishes.
/// Source: method 11; buffering against variance is what Murray, Šimša, Klimovic and Indyk, "tf.data: a machine
/// learning data processing framework", 2021, size their prefetch buffers by.
enum BurstyProducer {
  static func symptom(in view: RunView) -> Symptom? {
    guard view.run.configuration == nil,
      let queue = view.patterns?.queues.max(by: { $0.emptyShare < $1.emptyShare }), queue.isSettled,
      !queue.producers.isEmpty, queue.tasks > 0
    else { return nil }
    let clustered = Double(queue.waits) / Double(queue.tasks)
    return Symptom(
      .burstyProducer, saving: min(queue.emptyShare, queue.fullShare),
      isPresent: queue.emptyShare >= InputBound.moderate && queue.fullShare >= queue.emptyShare
        && clustered < 0.5,
      measures: [
        Measure("empty", "consumers' wait at \(queue.site) / (consumers · settled time)", queue.emptyShare),
        Measure("full", "producers' wait for room / (producers · settled time)", queue.fullShare),
        Measure("clustered", "waits at \(queue.site) / tasks, settled", clustered, unit: "ratio"),
        Measure("warmup", "time before the run settled / window", queue.warmupShare),
      ]
    ) { symptom in
      Wording(
        observation: "\(list(queue.consumers)) waited \(percent(symptom["empty"])) of their time at the empty"
          + " queue \(queue.site), at \(percent(symptom["clustered"])) of their tasks, although"
          + " \(list(queue.producers)) had to wait for room in it for \(percent(symptom["full"])) of the time",
        explanation: "a producer that delivers in bursts longer than the queue is deep",
        change: "a deeper queue, or a producer that spreads its work evenly",
        refutation: "the waits stay with a queue as deep as the longest burst")
    }
  }
}
