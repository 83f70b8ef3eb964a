import HeadwayTrace

/// Batches copied out of a mapped token file. Filling allocates nothing.
public struct TokenBatchSource: BatchSource {
  /// Which windows each batch reads.
  public let sampler: BatchSampler
  private let tokens: TokenFile

  /// Plans batches over a token file.
  ///
  /// - Throws: ``InputError`` when the file has too few tokens for one batch.
  public init(
    tokens: TokenFile, batchSize: Int, sequenceLength: Int, seed: UInt64
  ) throws(InputError) {
    sampler = try BatchSampler(
      tokenCount: tokens.count, batchSize: batchSize, sequenceLength: sequenceLength, seed: seed,
      subject: tokens.path)
    self.tokens = tokens
  }

  /// Copies the windows of batch `index`; see ``BatchSource/fill(_:index:)``.
  public func fill(_ batch: TokenBatch, index: Int) {
    precondition(
      batch.batchSize == sampler.batchSize && batch.sequenceLength == sampler.sequenceLength,
      "a batch of another shape")
    for sequence in 0..<sampler.batchSize {
      let offset = sampler.offset(ofSequence: sequence, inBatch: index)
      tokens.copy(from: offset, into: batch.inputs(ofSequence: sequence))
      tokens.copy(from: offset + 1, into: batch.targets(ofSequence: sequence))
    }
    batch.index = index
  }
}
