import HeadwayFiles
import HeadwayTrace
import Synchronization

/// Batches tokenised from the text itself, window by window: the same tokens as ``TokenBatchSource`` gives
/// for the same part, shape, seed and index, at the cost of the tokenising.
public final class TextBatchSource: BatchSource {
  /// Which windows each batch reads.
  public let sampler: BatchSampler

  private let text: MappedFile
  private let index: TextIndex
  private let tokenizer: Tokenizer
  // Working memory that no thread is using; as many as ever filled at once.
  private let idle = Mutex<[Room]>([])

  /// What encoding a window needs.
  private struct Room: Sendable {
    var encoder: TokenEncoder
    var tokens: [UInt16] = []

    /// Room for windows of `length` tokens, with what lies between the index's entry and the window and
    /// the end of the last piece, so that no later window needs more.
    init(_ tokenizer: Tokenizer, length: Int) {
      encoder = TokenEncoder(tokenizer)
      tokens.reserveCapacity(length + 1 + TextIndex.stride + 2 * PieceMerger.reservedBytes)
    }
  }

  /// Plans batches over one part of a corpus whose text was kept.
  ///
  /// - Complexity: One pass over the text, to check its hash.
  /// - Throws: ``InputError`` when the text was not kept, was changed since the corpus was built, or has
  ///   too few tokens for one batch.
  public init(
    corpus: Corpus, split: CorpusSplit = .train, batchSize: Int, sequenceLength: Int, seed: UInt64
  ) throws(InputError) {
    let path = corpus.directory + "/" + split.textFile
    guard let hash = corpus.facts.textHashes?[split.rawValue] else {
      throw InputError(
        path, problem: "the corpus was built without keeping its text",
        remedy: "use loader: tokens, or build the corpus with its text")
    }
    let tokens = corpus.tokens(of: split)
    sampler = try BatchSampler(
      tokenCount: tokens.count, batchSize: batchSize, sequenceLength: sequenceLength, seed: seed,
      subject: path)
    text = try MappedFile(path: path)
    index = try TextIndex(
      path: corpus.directory + "/" + split.indexFile, textBytes: text.count, tokenCount: tokens.count)
    guard try CorpusHash.text(corpus.directory, split) == hash else {
      throw InputError(
        path, problem: "the text or its index was changed since the corpus was built",
        remedy: "build the corpus again")
    }
    tokenizer = corpus.tokenizer
  }

  /// Tokenises the windows of batch `index`; see ``BatchSource/fill(_:index:)``.
  public func fill(_ batch: TokenBatch, index batchIndex: Int) {
    precondition(
      batch.batchSize == sampler.batchSize && batch.sequenceLength == sampler.sequenceLength,
      "a batch of another shape")
    var room = idle.withLock { $0.popLast() } ?? Room(tokenizer, length: sampler.sequenceLength)
    for sequence in 0..<sampler.batchSize {
      let offset = sampler.offset(ofSequence: sequence, inBatch: batchIndex)
      let first = tokenise(offset..<offset + sampler.sequenceLength + 1, in: &room)
      let (inputs, targets) = (batch.inputs(ofSequence: sequence), batch.targets(ofSequence: sequence))
      for place in 0..<sampler.sequenceLength {
        inputs[place] = Int32(room.tokens[first + place])
        targets[place] = Int32(room.tokens[first + place + 1])
      }
    }
    batch.index = batchIndex
    idle.withLock { [room] in $0.append(room) }
  }

  /// Encodes at least a range of the text's tokens and returns where it starts among those encoded.
  private func tokenise(_ range: Range<Int>, in room: inout Room) -> Int {
    let start = index.start(ofToken: range.lowerBound)
    let wanted = range.upperBound - start.token
    room.tokens.removeAll(keepingCapacity: true)
    text.withText { text in
      // A character that the vocabulary lacks ends the scan, and the check below stops the run: the text's
      // hash says that the vocabulary was made of it.
      try? room.encoder.scan(text, from: start.byte, appendingTo: &room.tokens) { _, tokens in
        tokens.count < wanted
      }
    }
    // The hash of text and index was checked, and the sampler stays inside the text's tokens.
    precondition(room.tokens.count >= wanted, "the text ends before its tokens do")
    return range.lowerBound - start.token
  }
}
