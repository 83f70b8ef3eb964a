import HeadwayFiles
import HeadwayTrace

/// What a run notes step by step, in arrays whose room is reserved before the first step.
struct TrainingRecord {
  /// Each step's duration.
  private(set) var durations: [Nanoseconds] = []
  /// Each step's loss.
  private(set) var train: [LossPoint] = []
  /// The held-out losses.
  var validation: [LossPoint] = []
  /// Whether the last step was taken.
  var completed = false
  /// What a reader of the outcome must know.
  var warnings: [String] = []

  /// Reserves room for `steps` steps; beyond a million the arrays grow as they must.
  init(steps: Int) {
    durations.reserveCapacity(min(steps, 1_000_000))
    train.reserveCapacity(min(steps, 1_000_000))
  }

  mutating func append(step: Int, loss: Float, elapsed: Nanoseconds) {
    durations.append(elapsed)
    train.append(LossPoint(step: step, value: loss))
  }

  /// A hash of the bits of every training loss, in order.
  var trainBitsHash: String {
    var hash = ContentHash()
    for point in train { hash.combine(point.value) }
    return hash.hexadecimal
  }
}
