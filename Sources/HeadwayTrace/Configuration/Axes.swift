/// Whether workers live for the whole run or are created anew for each pass over the text.
public enum ThreadLifetime: String, Codable, Sendable, CaseIterable {
  /// New threads for every epoch, joined at its end.
  case perEpoch = "per_epoch"
  /// One set of threads for the run.
  case persistent
}

/// How the tasks of a step reach the workers.
public enum Scheduling: String, Codable, Sendable, CaseIterable {
  /// The main thread assigns tasks; a barrier before and one after the work.
  case barrier
  /// Workers pull tasks from a lock-free queue.
  case queue
}

/// Which implementation of the operators computes.
public enum KernelChoice: String, Codable, Sendable, CaseIterable {
  /// Scalar loops: the definition that the others are checked against.
  case reference
  /// Swift SIMD types (AVX2 and FMA on x86-64).
  case simd
  /// OpenBLAS for matrix products, SIMD for the rest.
  case blas
}

/// Who adds up the gradient slots of a step. All add in the same order.
public enum Reduction: String, Codable, Sendable, CaseIterable {
  /// The main thread, alone.
  case serial
  /// Each worker its slice of the parameters.
  case segmented
  /// Pairs of slots at a time, up a binary tree; half of the adders drop out at each level.
  case tree
}

/// What one task covers.
public enum Grain: String, Codable, Sendable, CaseIterable {
  /// A whole batch.
  case batch
  /// One sequence of a batch.
  case sequence
}

/// Who applies the optimizer.
public enum OptimizerPlacement: String, Codable, Sendable, CaseIterable {
  /// The main thread, alone.
  case serial
  /// Each worker its slice of the parameters.
  case segmented
}

/// Who coordinates the workers.
public enum Topology: String, Codable, Sendable, CaseIterable {
  /// The main thread itself.
  case flat
  /// A tree of control nodes with up to twelve children each; only its leaves compute.
  case kissing
}

/// How a barrier waits.
public enum BarrierKind: String, Codable, Sendable, CaseIterable {
  /// `pthread_barrier_t`.
  case pthread
  /// Sleeps in the kernel at once.
  case futex
  /// Polls, yielding the CPU now and then; never sleeps.
  case spin
  /// Polls for a bounded time while there are CPUs for all, then sleeps.
  case spinThenBlock = "spin_then_block"
}

/// Where batches come from.
public enum Loader: String, Codable, Sendable, CaseIterable {
  /// A mapped file of token numbers.
  case tokens
  /// The text itself, tokenised as it streams.
  case text
}

/// How many batches make one step.
public enum Batching: String, Codable, Sendable, CaseIterable {
  /// As many as `batches_per_step` says, whatever the number of workers: strong scaling.
  case fixed
  /// One for each worker, so that the global batch grows with the team: weak scaling.
  case grouped
}

/// What the vocabulary is made of.
public enum TokenizerKind: String, Codable, Sendable, CaseIterable {
  /// Byte-level byte-pair encoding, learned from the text.
  case bpe
  /// The characters (Unicode scalars) that occur in the text.
  case characters
}

/// What happens to a run in which nothing has been completed for as long as the watchdog waits.
public enum StallPolicy: String, Codable, Sendable, CaseIterable {
  /// It is reported, and goes on.
  case report
  /// It is reported, and ends.
  case abort
}

/// What the probes record.
public enum ProbeLevel: String, Codable, Sendable, CaseIterable {
  /// Nothing: the instrumentation is compiled away.
  case off
  /// Accumulators only: exact totals, no events.
  case counters
  /// Accumulators and the event trace.
  case events
}
