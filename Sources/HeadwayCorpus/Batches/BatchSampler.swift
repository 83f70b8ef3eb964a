import HeadwayTrace

/// Which tokens each batch of a run reads: random access, seeded, O(1) memory.
///
/// An epoch cuts the text into non-overlapping windows of T tokens (the target of a window's last token is
/// the token after it) and visits them in a seeded permutation, B at a time. Every epoch has its own
/// permutation and its own phase: the first window starts 0 ..< T tokens into the text. Windows that do
/// not fill a last batch wait for another epoch, whose permutation leaves out others.
///
///     let sampler = try BatchSampler(tokenCount: 10_000, batchSize: 4, sequenceLength: 32, seed: 1)
///     sampler.offset(ofSequence: 0, inBatch: 17)
public struct BatchSampler: Sendable {
  /// B, sequences in a batch.
  public let batchSize: Int
  /// T, tokens in a sequence.
  public let sequenceLength: Int
  /// Windows that an epoch orders.
  public let windowsPerEpoch: Int
  /// Whole batches in an epoch.
  public let batchesPerEpoch: Int

  private let seed: UInt64
  private let phaseCount: Int

  /// Plans the batches of a text.
  ///
  /// - Parameters:
  ///   - tokenCount: Tokens in the text.
  ///   - batchSize: B, at least 1.
  ///   - sequenceLength: T, at least 1.
  ///   - seed: Decides phases and permutations.
  ///   - subject: The text that an error names.
  /// - Throws: ``InputError`` when the text has fewer than B · T + 1 tokens, or B or T is below 1.
  public init(
    tokenCount: Int, batchSize: Int, sequenceLength: Int, seed: UInt64, subject: String = "corpus"
  ) throws(InputError) {
    guard batchSize >= 1, sequenceLength >= 1 else {
      throw InputError(
        subject, problem: "a batch of \(batchSize) sequences of \(sequenceLength) tokens is empty",
        remedy: "choose batch_size and sequence_length of at least 1", isUsage: true)
    }
    let (product, overflow) = batchSize.multipliedReportingOverflow(by: sequenceLength)
    guard !overflow, product < tokenCount else {
      let needed = overflow ? "more than \(Int.max)" : "\(product + 1)"
      throw InputError(
        subject,
        problem: "the text has \(tokenCount) tokens, but one batch of \(batchSize) × \(sequenceLength) "
          + "needs \(needed)",
        remedy: "use more text, or lower batch_size or sequence_length")
    }
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    self.seed = seed
    // As many windows as fit at every phase, so that all epochs have equally many; a text too short for
    // that keeps the windows of one batch and has fewer phases.
    windowsPerEpoch = max(batchSize, (tokenCount - sequenceLength) / sequenceLength)
    phaseCount = min(sequenceLength, tokenCount - windowsPerEpoch * sequenceLength)
    batchesPerEpoch = windowsPerEpoch / batchSize
  }

  /// The epoch that a batch belongs to, from 0.
  public func epoch(ofBatch index: Int) -> Int { index / batchesPerEpoch }

  /// Where the window of one sequence starts: inputs are the T tokens from there, targets those from one
  /// further.
  ///
  /// - Parameters:
  ///   - sequence: 0 ..< B.
  ///   - index: The batch, from 0, without an upper bound.
  public func offset(ofSequence sequence: Int, inBatch index: Int) -> Int {
    precondition(index >= 0 && sequence >= 0 && sequence < batchSize, "sequence outside its batch")
    let epochKey = mix(seed ^ mix(UInt64(epoch(ofBatch: index))))
    let phase = Int((epochKey >> 32) % UInt64(phaseCount))
    let order = SeededPermutation(count: windowsPerEpoch, key: epochKey)
    let place = index % batchesPerEpoch * batchSize + sequence
    return phase + order[place] * sequenceLength
  }

  /// The window starts of a batch's B sequences, in order, replacing what `offsets` held.
  ///
  /// Allocates nothing once `offsets` has room for B.
  public func offsets(ofBatch index: Int, into offsets: inout [Int]) {
    offsets.removeAll(keepingCapacity: true)
    for sequence in 0..<batchSize { offsets.append(offset(ofSequence: sequence, inBatch: index)) }
  }
}
