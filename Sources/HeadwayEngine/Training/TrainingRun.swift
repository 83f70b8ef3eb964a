import HeadwayCorpus
import HeadwayKernels
import HeadwayProbes
import HeadwayTrace

/// Training as a configuration describes it: picks the probe and the kernels, trains, and gathers the
/// outcome.
///
///     let outcome = try TrainingRun.run(
///       configuration: configuration, corpus: try Corpus.open("corpus"), tracePath: "trace.hwtrace",
///       resumeFrom: nil, observer: SilentObserver())
///     try outcome.checkpoint.save(to: "out")
public enum TrainingRun {
  /// Trains.
  ///
  /// - Parameters:
  ///   - configuration: The parameters; its vocabulary must hold the corpus' tokens.
  ///   - corpus: The text.
  ///   - tracePath: Where the event trace goes with `probe: events`; `nil` records no events.
  ///   - checkpoint: A training checkpoint to go on from, bitwise as if the run had not been interrupted.
  ///   - observer: Follows the run on the calling thread.
  ///   - live: The run's status file, through which others follow the threads; the caller ends it.
  ///   - allocations: Counts the program's allocations, if anything does.
  ///   - stallObserver: Hears of stalls, with a probe and `watchdog_seconds` above zero, on the watchdog's own
  ///     thread and while the run stands still. It is for it to obey `on_stall`.
  /// - Throws: ``InputError`` when the configuration, the corpus and the checkpoint do not fit together,
  ///   the machine lacks what the kernels need, or memory or the trace's file cannot be had.
  public static func run(
    configuration: RunConfiguration, corpus: Corpus, tracePath: String?, resumeFrom checkpoint: Checkpoint?,
    observer: some TrainingObserver, live: LiveFile? = nil, allocations: AllocationCounter? = nil,
    stallObserver: @escaping @Sendable (StallReport) -> Void = { _ in }
  ) throws(InputError) -> TrainingOutcome {
    let request = Request(
      configuration: configuration, corpus: corpus, checkpoint: checkpoint, tracePath: tracePath,
      allocations: allocations)
    try request.check()
    if configuration.probe == .off { return try request.train(NullProbe(), observer) { nil } }
    let stacks = try configuration.stackSampler()
    let level: ProbeLevel = tracePath == nil ? .counters : configuration.probe
    let probe = try RecordingProbe(
      level: level, traceURL: level == .events ? tracePath : nil,
      budgetBytes: configuration.traceBudgetBytes, stacks: stacks, counters: configuration.counters,
      operations: configuration.operations, live: live)
    var watchdog: Watchdog?
    if configuration.watchdogSeconds > 0 {
      let period = Nanoseconds(Int64(configuration.watchdogSeconds) * 1_000_000_000)
      let stacks = ThreadStacks()
      watchdog = Watchdog(
        over: probe, period: period, stacks: { stacks.frames(of: $0) }, onStall: stallObserver)
    }
    try stacks?.start(probe: probe)
    let outcome: TrainingOutcome
    do throws(InputError) {
      try watchdog?.start()
      outcome = try request.train(probe, observer) {
        // First, because the accounts are read from the rows.
        let stalls = watchdog?.stop()
        // Likewise: the sampler's thread has then retired.
        let profile = stacks?.stop(states: probe.stateNames, window: probe.windowTicks)
        return Recording(
          accounts: probe.accounts(), stalls: stalls, traceBytes: level == .events ? probe.traceBytes : nil,
          isShortOfEvents: level != configuration.probe, stacks: profile)
      }
    } catch {
      watchdog?.stop()
      _ = stacks?.stop()
      // What ended the run is what the person needs to know; the trace's tail is readable without its end.
      try? probe.finish()
      throw error
    }
    try probe.finish()
    return outcome
  }

  /// Trains under a probe that experiments: nothing of the run is recorded.
  ///
  /// - Throws: As ``run(configuration:corpus:tracePath:resumeFrom:observer:live:allocations:stallObserver:)``.
  public static func experiment(
    configuration: RunConfiguration, corpus: Corpus, probe: CausalProbe, observer: some TrainingObserver
  ) throws(InputError) -> TrainingOutcome {
    let request = Request(
      configuration: configuration, corpus: corpus, checkpoint: nil, tracePath: nil, allocations: nil)
    try request.check()
    return try request.train(probe, observer) { nil }
  }
}

/// What a recording probe holds after a run.
private struct Recording {
  let accounts: RunAccounts
  /// Stalls; `nil` without a watchdog.
  let stalls: [StallReport]?
  /// Bytes of the event trace; `nil` without one.
  let traceBytes: Int?
  /// Whether events were asked for and no file was named for them.
  let isShortOfEvents: Bool
  /// The sampled stacks.
  let stacks: StackProfile?
}

/// What a run was asked for.
private struct Request {
  let configuration: RunConfiguration
  let corpus: Corpus
  let checkpoint: Checkpoint?
  let tracePath: String?
  let allocations: AllocationCounter?

  /// Refuses what does not fit together or does not fit the machine.
  func check() throws(InputError) {
    try configuration.validate(subject: "configuration")
    try configuration.requireInstructions()
    try configuration.requireVocabulary(of: corpus)
    try configuration.requireMemory(ofBytes: physicalMemoryBytes())
    try checkpoint?.requireResumable(with: configuration, corpus: corpus)
  }

  /// Chooses the kernels. Each case is a specialisation of its own.
  func train<P: Probe>(
    _ probe: P, _ observer: some TrainingObserver, recording: () -> Recording?
  ) throws(InputError) -> TrainingOutcome {
    switch configuration.kernels {
    case .reference:
      return try train(probe, ReferenceKernels<Float>.self, observer, recording)
    case .simd: return try train(probe, SIMDKernels.self, observer, recording)
    case .blas: return try train(probe, BLASKernels.self, observer, recording)
    }
  }

  private func train<P: Probe, K: KernelSet>(
    _ probe: P, _ kernels: K.Type, _ observer: some TrainingObserver, _ recording: () -> Recording?
  ) throws(InputError) -> TrainingOutcome where K.Scalar == Float {
    let trainer = try Trainer<P, K>(
      configuration, corpus: corpus, probe: probe, resumeFrom: checkpoint, allocations: allocations)
    try trainer.run(observer: observer)
    let layout = trainer.work.model.layout
    let parameters = trainer.work.parameters
    let record = trainer.record
    let recording = recording()
    var components = trainer.residentComponents
    components["trace"] = recording?.traceBytes
    var warnings = [checkpoint?.changeOfArithmetic(to: configuration)].compactMap(\.self) + record.warnings
    if recording?.isShortOfEvents == true {
      warnings.append("no event trace: no file was named for it")
    }
    if recording?.stalls?.count == Watchdog.limit {
      warnings.append("stalls after the first \(Watchdog.limit) were not reported")
    }
    if configuration.stackSamplingHz > 0 && recording == nil {
      warnings.append("no stacks were sampled: probe is off")
    }
    if configuration.counters && recording == nil {
      warnings.append("no counters were read: probe is off")
    }
    if configuration.operations && recording == nil {
      warnings.append("no operations were timed: probe is off")
    }
    warnings += recording?.stacks?.warnings ?? []
    let state = TrainerState(
      configuration: configuration, step: record.train.last?.step ?? trainer.firstStep - 1,
      corpusHash: corpus.contentHash, trainLoss: record.train.last ?? checkpoint?.state?.trainLoss,
      validationLoss: record.validation.last ?? checkpoint?.state?.validationLoss)
    return TrainingOutcome(
      configuration: configuration, completed: record.completed, stepDurations: record.durations,
      loss: LossCurve(
        train: record.train, validation: record.validation, trainBitsHash: record.trainBitsHash,
        weightBitsHash: layout.bitsHash(of: parameters.weights)),
      accounts: recording?.accounts, stalls: recording?.stalls, stacks: recording?.stacks,
      memoryComponents: components, stepAllocations: trainer.stepAllocations,
      memorySamples: trainer.memorySamples, warnings: warnings,
      checkpoint: Checkpoint(
        shape: layout.shape, weights: parameters.weights, moments: parameters.moments, state: state,
        tokenizer: corpus.tokenizer))
  }
}
