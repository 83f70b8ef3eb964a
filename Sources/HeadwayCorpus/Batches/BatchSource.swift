/// Where batches come from. Two sources over the same text with the same sampler give the same tokens.
public protocol BatchSource: Sendable {
  /// Which windows each batch reads.
  var sampler: BatchSampler { get }

  /// Fills a batch with the tokens of batch `index` and sets its index.
  ///
  /// Any number of threads may fill different batches at once.
  ///
  /// - Parameters:
  ///   - batch: Owned by the caller, with the B and T of ``sampler``.
  ///   - index: The batch's index in the run, from 0, without an upper bound.
  func fill(_ batch: TokenBatch, index: Int)
}
