import HeadwayTrace

/// Steps that wait for their input (method 11): below 5 % not, 5–20 % moderately, from 20 % highly.
///
/// Model: assembled ahead on a CPU that is free beside the workers, an input time a vanishes up to the
/// length of the rest, min(a, 1 − a); without a free CPU its work is only spread, a · (1 − 1/c). A wait
/// for the prefetch thread vanishes whole with a loader that keeps up.
enum InputBound {
  static let moderate = 0.05
  static let high = 0.20

  static func symptom(in view: RunView) -> Symptom? {
    if view.run.configuration == nil, let slow = slowProducer(in: view), slow.isPresent { return slow }
    guard view.main != nil else { return nil }
    let assembling = view.mainShare { $0 == StateName.assemble }
    let waiting = view.mainShare { StateName.isWait($0, of: StateName.prefetchNotReady) }
    let free = view.usableCpus.map { $0 >= Double(view.workers.count + 1) } ?? false
    let parallel = view.concurrency(of: view.workers.count)
    let ahead = free ? min(assembling, 1 - assembling) : assembling * (1 - 1 / max(parallel, 1))
    let configuration = view.run.configuration
    return Symptom(
      .inputBound, saving: ahead + waiting, isPresent: assembling + waiting >= moderate,
      measures: [
        Measure(
          "wait", "main's wall in batch.assemble + prefetch.not_ready* / window", assembling + waiting),
        Measure("assemble", "main's wall in batch.assemble / window", assembling),
        Measure("not_ready", "main's wall in prefetch.not_ready* / window", waiting),
      ]
    ) { word($0, prefetch: configuration?.prefetch, loader: configuration?.loader) }
  }

  /// Another engine whose consumers wait at an empty queue although its producers have no time to spare, in
  /// the settled part of the run (see ``QueuePattern``).
  ///
  /// Model: with producers that keep up the consumers' wait vanishes, but for the producers' spare time, which
  /// is ``BurstyProducer``'s.
  private static func slowProducer(in view: RunView) -> Symptom? {
    guard let queue = view.patterns?.queues.max(by: { $0.emptyShare < $1.emptyShare }), queue.isSettled,
      queue.isBounded
    else { return nil }
    return Symptom(
      .inputBound, saving: queue.emptyShare - queue.fullShare,
      isPresent: queue.emptyShare >= moderate && queue.fullShare < queue.emptyShare,
      measures: [
        Measure("wait", "consumers' wait at \(queue.site) / (consumers · settled time)", queue.emptyShare),
        Measure("full", "producers' wait for room / (producers · settled time)", queue.fullShare),
        Measure("warmup", "time before the run settled / window", queue.warmupShare),
      ]
    ) { symptom in
      Wording(
        observation: "\(list(queue.consumers)) waited \(percent(symptom["wait"])) of their time at the empty"
          + " queue \(queue.site), once it had drained, while "
          + (queue.producers.isEmpty
            ? "nobody ever had to wait for room in it"
            : "\(list(queue.producers)) had to wait for room in it for \(percent(symptom["full"])) of the time"),
        explanation: "a producer that is too slow",
        change: "more producers, or less work for each item",
        refutation: "the throughput stays with a faster producer")
    }
  }

  private static func word(_ symptom: Symptom, prefetch: Int?, loader: Loader?) -> Wording {
    let degree = symptom["wait"] >= high ? "highly" : "moderately"
    let how = prefetch.map { $0 == 0 ? ", assembled by the main thread itself" : ", prefetched \($0) ahead" }
    let change =
      prefetch == nil
      ? "assemble the input ahead, on a thread of its own"
      : prefetch == 0
        ? "prefetch: 1, so that a thread assembles batches ahead"
        : loader == .text
          ? "loader: tokens, so that nothing is tokenised on the way" : "prefetch: \((prefetch ?? 1) * 2)"
    return Wording(
      observation: "Steps waited for their input for \(percent(symptom["wait"])) of the window"
        + (how ?? ""),
      explanation: "a \(degree) input-bound run",
      change: change,
      refutation: "the throughput stays when batches are assembled ahead")
  }
}
