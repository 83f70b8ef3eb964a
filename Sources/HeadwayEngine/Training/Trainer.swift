import HeadwayCorpus
import HeadwayKernels
import HeadwayProbes
import HeadwayThreads
import HeadwayTrace

/// One training run, specialised for its probe and its kernels: batches → team → reduction → optimizer.
///
/// Created, run and dropped on one thread, the main thread of the books.
final class Trainer<P: Probe, K: KernelSet> where K.Scalar == Float {
  let configuration: RunConfiguration
  let probe: P
  let handle: P.Handle
  let states: EngineStates
  let work: StepWork<P, K>
  let team: WorkerTeam<P, StepWork<P, K>>
  let feed: BatchFeed<P>
  let sampler: BatchSampler
  let firstStep: Int
  var record: TrainingRecord
  private var ledger: AllocationLedger
  /// What the steps allocated once warm.
  private(set) var stepAllocations: StepAllocations?
  /// The memory over the measured window; `nil` where the probe records nothing.
  private(set) var memorySamples: MemorySamples?
  /// Resident bytes by component after the last step.
  private(set) var residentComponents: [String: Int] = [:]
  private let corpus: Corpus
  private let memorySampler: MemorySampler<P>?

  /// Allocates everything that the run will need and initialises or restores the weights.
  init(
    _ configuration: RunConfiguration, corpus: Corpus, probe: P, resumeFrom checkpoint: Checkpoint?,
    allocations: AllocationCounter?
  ) throws(InputError) {
    self.configuration = configuration
    self.corpus = corpus
    ledger = AllocationLedger(allocations)
    memorySampler = P.Handle.isRecording ? MemorySampler(probe: probe) : nil
    self.probe = probe
    handle = probe.register(name: "main", role: .main)
    states = EngineStates(probe)
    handle.enter(states.setup)
    firstStep = (checkpoint?.state?.step ?? 0) + 1
    let source = try configuration.source(over: corpus)
    sampler = source.sampler
    let evaluation = try EvaluationSet(configuration, heldOut: corpus.validation)
    let work = try StepWork<P, K>(configuration, states: states, evaluation: evaluation)
    self.work = work
    if let checkpoint, let moments = checkpoint.moments {
      work.parameters.copy(weights: checkpoint.weights, moments: moments)
    } else {
      work.model.layout.initialise(work.parameters.weights.base, seed: configuration.seed)
    }
    team = try WorkerTeam(
      threads: configuration.threads, scheduling: configuration.scheduling,
      topology: configuration.topology, barrier: configuration.barrier,
      queueCapacity: max(work.tasks, work.segments, work.evaluationTasks), probe: probe, work: work)
    feed = try BatchFeed(
      configuration, source: source, firstStep: firstStep, states: states, probe: probe)
    record = TrainingRecord(steps: max(0, configuration.steps - firstStep + 1))
    if evaluation == nil && configuration.evaluationBatches > 0 {
      record.warnings.append(
        "no validation loss: \(corpus.validation.path) holds less than one sequence of "
          + "\(configuration.sequenceLength) tokens")
    }
  }

  /// Trains until the last step or until the observer stops, and evaluates.
  ///
  /// The measured window opens when every worker waits and nothing has been assembled, and closes after
  /// the last step, before the last evaluation.
  func run(observer: some TrainingObserver) throws(InputError) {
    defer { probe.retire(handle) }
    do {
      defer { handle.leave() }
      try team.start(probe: handle)
      observer.trainingStarted(
        TrainingPlan(
          configuration: configuration, parameterCount: work.model.layout.parameterCount,
          firstStep: firstStep, memoryComponents: memoryComponents))
    }
    do {
      defer { team.stop(probe: handle) }
      probe.openWindow()
      let end: Result<Void, InputError>
      do throws(InputError) {
        try startSampling()
        end = .success(try takeSteps(observer))
      } catch { end = .failure(error) }
      stepAllocations = ledger.result()
      stopSampling()
      feed.stop(probe: handle)
      team.awaitParked()
      probe.closeWindow()
      residentComponents = readResidentComponents(
        corpus: corpus, probeBytes: probe.heapBytes, liveBytes: probe.live?.heldBytes ?? 0)
      try end.get()
      if let last = record.train.last, record.validation.last?.step != last.step {
        evaluate(after: last.step, observer)
      }
    }
  }

  private func startSampling() throws(InputError) {
    handle.enter(states.observe)
    defer { handle.leave() }
    try memorySampler?.start()
  }

  private func stopSampling() {
    handle.enter(states.observe)
    memorySamples = memorySampler?.stop()
    handle.leave()
  }

  private func takeSteps(_ observer: some TrainingObserver) throws(InputError) {
    guard firstStep <= configuration.steps else {
      record.completed = true
      return
    }
    try feed.start()
    var epoch = self.epoch(of: firstStep)
    for step in firstStep...configuration.steps {
      if configuration.threadLifetime == .perEpoch, self.epoch(of: step) != epoch {
        epoch = self.epoch(of: step)
        let mark = ledger.markAll()
        team.stop(probe: handle)
        try team.start(probe: handle)
        ledger.setAllApart(since: mark)
      }
      handle.enter(states.step)
      defer { handle.leave() }
      let begin = MonotonicClock.now()
      let mark = handle.now()
      let loss = takeStep(step)
      handle.step(step, from: mark)
      let elapsed = MonotonicClock.now() - begin
      record.append(step: step, loss: loss, elapsed: elapsed)
      guard loss.isFinite else {
        throw InputError(
          "configuration", field: "learning_rate", problem: "the loss of step \(step) is \(loss)",
          remedy: "lower it, lengthen warmup_steps, or lower gradient_clip")
      }
      let aside = ledger.mark()
      if configuration.evaluateEvery > 0, step % configuration.evaluateEvery == 0,
        step < configuration.steps
      {
        evaluate(after: step, observer)
      }
      let continuation = report(step: step, loss: loss, elapsed: elapsed, to: observer)
      ledger.setApart(since: aside)
      ledger.stepEnded()
      if continuation == .stop {
        record.completed = step == configuration.steps
        return
      }
    }
    record.completed = true
  }

  /// The pass over the text that a step's first batch belongs to.
  private func epoch(of step: Int) -> Int {
    sampler.epoch(ofBatch: (step - 1) * configuration.stepBatches)
  }

  /// One step, from its batches to the updated weights; allocates nothing once warm.
  ///
  /// - Returns: Mean loss of the step's tokens: the tasks' sums added in the tasks' order.
  private func takeStep(_ step: Int) -> Float {
    let batch = feed.take(step: step, probe: handle)
    work.current = batch
    team.run(StepWork<P, K>.Phase.gradients, count: work.tasks, probe: handle)
    feed.giveBack(batch)
    switch configuration.reduction {
    case .serial: work.reduce(0..<work.model.layout.chunkCount, handle)
    case .segmented: team.run(StepWork<P, K>.Phase.reduce, count: work.segments, probe: handle)
    case .tree:
      for level in 0..<work.slots.levels {
        team.run(StepWork<P, K>.Phase.climb(level), count: work.slots.pairs(at: level), probe: handle)
      }
      team.run(StepWork<P, K>.Phase.square, count: work.segments, probe: handle)
    }
    handle.enter(states.optimize)
    work.scalars = work.optimizer.scalars(step: step, norm: work.slots.norm())
    handle.ended(states.operations.scalars)
    handle.leave()
    switch configuration.optimizer {
    case .serial: work.optimize(0..<work.model.layout.chunkCount, handle)
    case .segmented: team.run(StepWork<P, K>.Phase.optimize, count: work.segments, probe: handle)
    }
    return Float(work.summedLoss(tasks: work.tasks) / Double(configuration.tokensPerStep))
  }

  private func report(
    step: Int, loss: Float, elapsed: Nanoseconds, to observer: some TrainingObserver
  ) -> Continuation {
    handle.enter(states.observe)
    defer { handle.leave() }
    return observer.stepFinished(
      step: step, loss: loss, tokens: configuration.tokensPerStep, elapsed: elapsed)
  }

  /// Mean loss on the held-out windows, computed by the team and added in the tasks' order.
  private func evaluate(after step: Int, _ observer: some TrainingObserver) {
    guard let evaluation = work.evaluation else { return }
    team.run(StepWork<P, K>.Phase.evaluate, count: work.evaluationTasks, probe: handle)
    let loss = Float(work.summedLoss(tasks: work.evaluationTasks) / Double(evaluation.tokens))
    record.validation.append(LossPoint(step: step, value: loss))
    handle.enter(states.observe)
    observer.evaluated(step: step, loss: loss)
    handle.leave()
  }
}
