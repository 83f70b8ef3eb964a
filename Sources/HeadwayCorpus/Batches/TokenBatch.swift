/// Room for one batch: B sequences of T input tokens and the T tokens that follow each, row-major (B, T).
///
/// Allocated once and filled again and again by a ``BatchSource``.
public final class TokenBatch: @unchecked Sendable {
  // Sendable: a batch is handed over, never shared. At any time one thread owns it and alone touches its
  // members; ownership moves through a synchronising hand-over (the prefetcher's slots, the work queue or
  // a barrier), which orders the old owner's accesses before the new owner's. Whoever moves a batch
  // upholds this. Readers may share a batch between two barriers in which nobody writes it.

  /// B, sequences.
  public let batchSize: Int
  /// T, tokens in a sequence.
  public let sequenceLength: Int
  /// Token ids (B, T), each below the vocabulary size once filled; freed with the batch.
  public let inputs: UnsafeMutableBufferPointer<Int32>
  /// The id that follows each input (B, T); freed with the batch.
  public let targets: UnsafeMutableBufferPointer<Int32>
  /// The batch's index in the run, −1 before it was filled.
  public var index = -1

  /// Allocates a batch, zeroed.
  public init(batchSize: Int, sequenceLength: Int) {
    precondition(batchSize >= 1 && sequenceLength >= 1, "an empty batch")
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    inputs = .allocate(capacity: batchSize * sequenceLength)
    targets = .allocate(capacity: batchSize * sequenceLength)
    inputs.initialize(repeating: 0)
    targets.initialize(repeating: 0)
  }

  deinit {
    inputs.deallocate()
    targets.deallocate()
  }

  /// The inputs of one sequence, T places.
  public func inputs(ofSequence sequence: Int) -> UnsafeMutableBufferPointer<Int32> {
    row(sequence, of: inputs)
  }

  /// The targets of one sequence, T places.
  public func targets(ofSequence sequence: Int) -> UnsafeMutableBufferPointer<Int32> {
    row(sequence, of: targets)
  }

  private func row(
    _ sequence: Int, of values: UnsafeMutableBufferPointer<Int32>
  ) -> UnsafeMutableBufferPointer<Int32> {
    precondition(sequence >= 0 && sequence < batchSize, "sequence \(sequence) of \(batchSize)")
    let start = sequence * sequenceLength
    return .init(rebasing: values[start..<start + sequenceLength])
  }
}
