import HeadwayTrace

/// A figure of a run that the history keeps.
public enum HistoryMetric: String, CaseIterable, Sendable {
  /// Tokens trained on per second, after the warm-up.
  case tokensPerSecond = "tokens_per_second"
  /// Tasks completed per second of the window.
  case tasksPerSecond = "tasks_per_second"
  /// Steps per second, after the warm-up.
  case stepsPerSecond = "steps_per_second"
  /// The median duration of a step, after the warm-up.
  case stepMilliseconds = "step_ms"
  /// The length of the measured window.
  case wallSeconds = "wall_seconds"
  /// All threads' time in useful work.
  case usefulShare = "useful_share"
  /// All threads' time that no state explains.
  case unknownShare = "unknown_share"
  /// The largest resident set.
  case peakResidentMegabytes = "peak_rss_mb"
  /// Calls that allocated, for each step once warm.
  case allocationsPerStep = "allocations_per_step"
  /// The last loss on the held-out text.
  case validationLoss = "validation_loss"
  /// The last loss of a training step.
  case trainLoss = "train_loss"

  /// Its unit in words.
  public var unit: String {
    switch self {
    case .tokensPerSecond: "tokens/s"
    case .tasksPerSecond: "tasks/s"
    case .stepsPerSecond: "steps/s"
    case .stepMilliseconds: "ms"
    case .wallSeconds: "s"
    case .usefulShare, .unknownShare: "share"
    case .peakResidentMegabytes: "MB"
    case .allocationsPerStep: "allocations"
    case .validationLoss, .trainLoss: "nats per token"
    }
  }

  /// Whether more of it is better.
  public var higherIsBetter: Bool {
    switch self {
    case .tokensPerSecond, .tasksPerSecond, .stepsPerSecond, .usefulShare: true
    default: false
    }
  }

  /// Its value in a run; `nil` where the run did not measure it.
  public func value(of run: RunSummary) -> Double? {
    let value: Double? =
      switch self {
      case .tokensPerSecond: run.throughput.tokensPerSecond
      case .tasksPerSecond: run.throughput.tasksPerSecond
      case .stepsPerSecond: run.throughput.stepsPerSecond
      case .stepMilliseconds:
        run.throughput.steps > 0 ? Double(run.throughput.stepNs.median.count) / 1e6 : nil
      case .wallSeconds: run.books.map { $0.wallNs.seconds }
      case .usefulShare:
        run.books.flatMap { books in
          let whole = Double(books.threadCount) * Double(books.wallNs.count)
          return whole > 0 ? Double(books.time(.useful).count) / whole : nil
        }
      case .unknownShare: run.books?.unknownShare
      case .peakResidentMegabytes: run.memory.peakRssBytes.map { Double($0) / 1e6 }
      case .allocationsPerStep:
        run.memory.stepAllocations.flatMap { $0.steps > 0 ? Double($0.calls) / Double($0.steps) : nil }
      case .validationLoss: run.loss?.validation.last.map { Double($0.value) }
      case .trainLoss: run.loss?.train.last.map { Double($0.value) }
      }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }
}
