import HeadwayKernels
import HeadwayProbes
import HeadwayThreads
import HeadwayTrace

/// What the team's workers compute in a training step, and all the memory of it.
///
/// Ownership, which the team's ordering of phases upholds: the main thread writes ``current`` and
/// ``scalars`` between phases; during a phase, worker w computes in arena w only, task t writes slot t and
/// loss t only, and segment s touches its own chunks only.
final class StepWork<P: Probe, K: KernelSet>: TeamWork, @unchecked Sendable where K.Scalar == Float {
  // @unchecked: `current` and `scalars` are written by the main thread while no phase runs, and read by
  // the workers in phases; the team orders the two.

  typealias Handle = P.Handle

  /// The phases of a step.
  enum Phase {
    /// Task i: forward and backward of the i-th task into the i-th slot.
    static var gradients: WorkPhase { WorkPhase(0) }
    /// Segment i: sum of the slots.
    static var reduce: WorkPhase { WorkPhase(1) }
    /// Segment i: update of the parameters.
    static var optimize: WorkPhase { WorkPhase(2) }
    /// Task i: loss of the i-th group of held-out windows.
    static var evaluate: WorkPhase { WorkPhase(3) }
    /// Segment i: squares of the summed gradient, once the tree has summed it.
    static var square: WorkPhase { WorkPhase(4) }
    /// Pair i: sum of the i-th pair of slots at a level of the tree.
    static func climb(_ level: Int) -> WorkPhase { WorkPhase(firstClimb + UInt16(level)) }

    static var firstClimb: UInt16 { 16 }
  }

  let model: Model<K>
  let parameters: Parameters
  let slots: GradientSlots<K>
  let optimizer: AdamW<K>
  let partition: TaskPartition
  let evaluation: EvaluationSet?
  /// Tasks of a step.
  let tasks: Int
  /// Parts that the segmented phases cut the parameters into: one per worker.
  let segments: Int
  /// Weight of one token's loss in the gradient: 1 / tokens of the step.
  private let tokenScale: Float
  private let arenas: [Activations<Float>]
  private let losses: AlignedBuffer<Double>
  private let states: EngineStates
  /// The type of which every task makes a value, for ``rehearse()``.
  let clockType: any OperationClock.Type

  /// The batches of the step at hand. Written by the main thread between phases.
  var current: StepBatch?
  /// The optimizer's scalars of the step at hand. Written by the main thread between phases.
  var scalars: AdamWStep

  init(
    _ configuration: RunConfiguration, states: EngineStates, evaluation: EvaluationSet?
  ) throws(InputError) {
    let shape = ModelShape(configuration)
    let partition = TaskPartition(configuration)
    let model = Model<K>(shape)
    let tasks = configuration.stepBatches * partition.tasksPerBatch
    var arenas: [Activations<Float>] = []
    for _ in 0..<configuration.threads {
      arenas.append(
        try Activations(
          shape, sequences: partition.sequencesPerPass, length: partition.length, gradients: true))
    }
    // One more, for the main thread's rehearsal.
    K.reserve(threads: configuration.threads + 1)
    parameters = try Parameters(model.layout)
    slots = try GradientSlots(model.layout, tasks: tasks)
    losses = try AlignedBuffer(
      count: max(tasks, evaluation?.tasks(of: partition.sequencesPerPass) ?? 0), purpose: "losses")
    optimizer = AdamW(model.layout, configuration)
    scalars = optimizer.scalars(step: 1, norm: 0)
    segments = configuration.threads
    tokenScale = 1 / Float(configuration.tokensPerStep)
    self.model = model
    self.partition = partition
    self.tasks = tasks
    self.arenas = arenas
    self.states = states
    self.evaluation = evaluation
    clockType = ProbeOperationClock<P.Handle>.self
    rehearse()
  }

  /// Takes one token through the model, on the calling thread, and leaves nothing behind.
  ///
  /// What Swift knows of a generic type it makes at the type's first use, under a lock: of sixty workers that came there at
  /// once nearly all would sleep, for as long as the one that has the lock waits for a CPU.
  private func rehearse() {
    let slot = slots.slot(0)
    withUnsafePointer(to: Int32(0)) { token in
      model.forward(
        token, sequences: 1, length: 1, weights: parameters.weights.base, activations: arenas[0],
        clock: NoOperationClock())
      _ = model.loss(targets: token, scale: 1, rows: 1, activations: arenas[0])
      model.backward(
        token, sequences: 1, length: 1, weights: parameters.weights.base, gradients: slot.base,
        activations: arenas[0], clock: NoOperationClock())
    }
    slot.clear()
  }

  /// Tasks of an evaluation.
  var evaluationTasks: Int { evaluation?.tasks(of: partition.sequencesPerPass) ?? 0 }

  /// Bytes of the workers' arenas.
  var activationBytes: Int { arenas.reduce(0) { $0 + $1.byteCount } }

  func perform(_ phase: WorkPhase, index: Int, worker: WorkerIndex, probe: P.Handle) {
    switch phase {
    case Phase.gradients: computeGradient(task: index, arena: arenas[worker.rawValue], probe)
    case Phase.reduce: reduce(model.layout.chunks(ofSegment: index, of: segments), probe)
    case Phase.optimize: optimize(model.layout.chunks(ofSegment: index, of: segments), probe)
    case Phase.evaluate: computeHeldOutLoss(task: index, arena: arenas[worker.rawValue], probe)
    case Phase.square: square(model.layout.chunks(ofSegment: index, of: segments), probe)
    case let phase where phase.rawValue >= Phase.firstClimb:
      climb(level: Int(phase.rawValue - Phase.firstClimb), pair: index, probe)
    default: preconditionFailure("the engine has no phase \(phase.rawValue)")
    }
  }

  /// Sums the slots over some chunks, on the calling thread.
  func reduce(_ chunks: Range<Int>, _ probe: P.Handle) {
    probe.enter(states.reduce)
    slots.reduce(chunks)
    probe.ended(states.operations.reductionAndNorm)
    probe.leave()
    probe.advance()
  }

  private func climb(level: Int, pair: Int, _ probe: P.Handle) {
    probe.enter(states.reduce)
    slots.climb(level: level, pair: pair)
    probe.ended(states.operations[.reduction])
    probe.leave()
    probe.advance()
  }

  private func square(_ chunks: Range<Int>, _ probe: P.Handle) {
    probe.enter(states.reduce)
    slots.square(chunks)
    probe.ended(states.operations[.norm])
    probe.leave()
    probe.advance()
  }

  /// Updates some chunks of the parameters by ``scalars``, on the calling thread.
  func optimize(_ chunks: Range<Int>, _ probe: P.Handle) {
    probe.enter(states.optimize)
    optimizer.update(parameters, gradient: slots.sum, chunks: chunks, scalars: scalars)
    probe.ended(states.operations[.optimizer])
    probe.leave()
    probe.advance()
  }

  /// Σ of the first `count` tasks' losses, in the tasks' order, in nats.
  func summedLoss(tasks count: Int) -> Double {
    var total = 0.0
    for task in 0..<count { total += losses.base[task] }
    return total
  }

  private func computeGradient(task: Int, arena: Activations<Float>, _ probe: P.Handle) {
    let (place, offset) = partition.place(of: task)
    guard let batch = current?.batches[place], let inputs = batch.inputs.baseAddress,
      let targets = batch.targets.baseAddress
    else { preconditionFailure("a step starts with its batches in place") }
    let slot = slots.slot(task)
    let clock = ProbeOperationClock(probe: probe, numbers: states.operations)
    var loss = 0.0
    for first in stride(from: 0, to: partition.sequences, by: partition.sequencesPerPass) {
      let sequences = min(partition.sequencesPerPass, partition.sequences - first)
      let start = offset + first * partition.length
      probe.enter(states.forward)
      model.forward(
        inputs + start, sequences: sequences, length: partition.length,
        weights: parameters.weights.base, activations: arena, clock: clock)
      loss += model.loss(
        targets: targets + start, scale: tokenScale, rows: sequences * partition.length, activations: arena)
      clock.ended(.crossEntropy)
      probe.leave()
      probe.advance()
      probe.enter(states.backward)
      if first == 0 {
        slot.clear()
        probe.ended(states.operations.clear)
      }
      model.backward(
        inputs + start, sequences: sequences, length: partition.length,
        weights: parameters.weights.base, gradients: slot.base, activations: arena,
        clock: clock)
      probe.leave()
      probe.advance()
    }
    losses.base[task] = loss
    probe.complete(tasks: 1, tokens: partition.tokens)
  }

  private func computeHeldOutLoss(task: Int, arena: Activations<Float>, _ probe: P.Handle) {
    guard let evaluation else { preconditionFailure("an evaluation needs held-out windows") }
    probe.enter(states.evaluate)
    let (inputs, targets, sequences) = evaluation.task(task, of: partition.sequencesPerPass)
    model.forward(
      inputs, sequences: sequences, length: partition.length, weights: parameters.weights.base,
      activations: arena)
    losses.base[task] = model.loss(
      targets: targets, scale: 1, rows: sequences * partition.length, activations: arena)
    probe.leave()
    probe.advance()
  }
}
