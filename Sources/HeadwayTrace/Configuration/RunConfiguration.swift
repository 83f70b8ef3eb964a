/// The immutable parameters of one run. Keys in files and on the command line are the snake_case names
/// of the properties; ``set(_:to:subject:)`` is the one parser for both.
///
/// Glossary: B sequences in a batch (`batch_size`), T tokens in a sequence (`sequence_length`),
/// C channels (`width`), V tokens in the vocabulary (`vocabulary_size`).
public struct RunConfiguration: Codable, Hashable, Sendable {
  // Model
  /// What the vocabulary is made of.
  public var tokenizer = TokenizerKind.bpe
  /// V, tokens in the vocabulary that the corpus is encoded with.
  public var vocabularySize = 1000
  /// C, channels of the residual stream.
  public var width = 64
  /// Transformer blocks.
  public var layers = 2
  /// Attention heads; divides `width`.
  public var heads = 4
  /// Whether linear layers and norms have biases.
  public var bias = true

  // Work
  /// B, sequences in a batch.
  public var batchSize = 4
  /// T, tokens in a sequence; also the number of learned positions.
  public var sequenceLength = 32
  /// Batches whose gradients are averaged into one step with `batching: fixed`; ``stepBatches`` is what
  /// a step really has.
  public var batchesPerStep = 4
  /// Optimizer steps.
  public var steps = 100
  /// Share of the text held out for validation, taken from its end.
  public var validationShare = 0.1
  /// Steps between evaluations; 0 evaluates only at the end.
  public var evaluateEvery = 0
  /// Batches per evaluation; 0 turns evaluation off.
  public var evaluationBatches = 8

  // Optimisation
  /// Peak learning rate of AdamW.
  public var learningRate = 1e-3
  /// Learning rate at the end of the cosine schedule.
  public var minimumLearningRate = 1e-4
  /// Steps of linear warm-up.
  public var warmupSteps = 10
  /// Decoupled weight decay, on matrices only.
  public var weightDecay = 0.1
  /// Decay of the first moment.
  public var beta1 = 0.9
  /// Decay of the second moment.
  public var beta2 = 0.99
  /// Bound on the global gradient norm; 0 turns clipping off.
  public var gradientClip = 1.0
  /// Seeds initialisation and the order of batches.
  public var seed: UInt64 = 1

  // Axes
  /// Workers in the team.
  public var threads = 2
  /// How long workers live.
  public var threadLifetime = ThreadLifetime.persistent
  /// Steps whose batches are assembled ahead by a prefetch thread; 0 is off.
  public var prefetch = 0
  /// How tasks reach workers.
  public var scheduling = Scheduling.barrier
  /// Which operators compute.
  public var kernels = KernelChoice.simd
  /// Who adds up gradients.
  public var reduction = Reduction.serial
  /// What a task covers.
  public var grain = Grain.batch
  /// Who applies the optimizer.
  public var optimizer = OptimizerPlacement.serial
  /// Who coordinates the workers.
  public var topology = Topology.flat
  /// How many batches make one step.
  public var batching = Batching.fixed
  /// How barriers wait.
  public var barrier = BarrierKind.spinThenBlock
  /// Where batches come from.
  public var loader = Loader.tokens
  /// What is recorded.
  public var probe = ProbeLevel.events
  /// Bytes of event trace after which events are counted as lost.
  public var traceBudgetBytes = 64 << 20
  /// Samples of each thread's stack in a second; 0 is off, and `probe: off` turns it off.
  public var stackSamplingHz = 0
  /// What the sampler's timers count.
  public var stackSamplingMode = StackSamplingMode.cpu
  /// Whether the kernel's performance events are counted for every thread; `probe: off` turns it off.
  public var counters = false
  /// Whether the operations inside the states (linear layers, attention, AdamW …) are timed; `probe: off` turns
  /// it off.
  public var operations = false

  // Watching
  /// Seconds without progress after which the watchdog reports a stall; 0 is off. It needs a probe.
  public var watchdogSeconds = 30
  /// What happens then.
  public var onStall = StallPolicy.report

  /// A small model on one step's worth of defaults.
  public init() {}

  /// Reads a configuration that this or an earlier version wrote: a key that an earlier one did not have has
  /// its default, with which that version's runs behaved. All others must be there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value {
      try container.decode(Value.self, forKey: key)
    }
    func value<Value: Decodable>(_ key: CodingKeys, orEarlier earlier: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? earlier
    }
    tokenizer = try value(.tokenizer, orEarlier: tokenizer)
    vocabularySize = try value(.vocabularySize)
    width = try value(.width)
    layers = try value(.layers)
    heads = try value(.heads)
    bias = try value(.bias)
    batchSize = try value(.batchSize)
    sequenceLength = try value(.sequenceLength)
    batchesPerStep = try value(.batchesPerStep)
    steps = try value(.steps)
    validationShare = try value(.validationShare)
    evaluateEvery = try value(.evaluateEvery)
    evaluationBatches = try value(.evaluationBatches)
    learningRate = try value(.learningRate)
    minimumLearningRate = try value(.minimumLearningRate)
    warmupSteps = try value(.warmupSteps)
    weightDecay = try value(.weightDecay)
    beta1 = try value(.beta1)
    beta2 = try value(.beta2)
    gradientClip = try value(.gradientClip)
    seed = try value(.seed)
    threads = try value(.threads)
    threadLifetime = try value(.threadLifetime)
    prefetch = try value(.prefetch)
    scheduling = try value(.scheduling)
    kernels = try value(.kernels)
    reduction = try value(.reduction)
    grain = try value(.grain)
    optimizer = try value(.optimizer)
    topology = try value(.topology, orEarlier: topology)
    batching = try value(.batching, orEarlier: batching)
    barrier = try value(.barrier)
    loader = try value(.loader)
    probe = try value(.probe)
    traceBudgetBytes = try value(.traceBudgetBytes)
    stackSamplingHz = try value(.stackSamplingHz, orEarlier: stackSamplingHz)
    stackSamplingMode = try value(.stackSamplingMode, orEarlier: stackSamplingMode)
    counters = try value(.counters, orEarlier: counters)
    operations = try value(.operations, orEarlier: operations)
    watchdogSeconds = try value(.watchdogSeconds, orEarlier: watchdogSeconds)
    onStall = try value(.onStall, orEarlier: onStall)
  }

  /// Batches whose gradients are averaged into one step: `batches_per_step`, or one for each worker.
  public var stepBatches: Int { batching == .grouped ? threads : batchesPerStep }

  /// Tokens that one step trains on: batches of the step · B · T.
  public var tokensPerStep: Int { stepBatches * batchSize * sequenceLength }
}
