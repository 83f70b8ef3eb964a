import HeadwayTrace

/// Learns a byte-level BPE tokenizer from texts: the same merges, in the same order, as the trainer of
/// Hugging Face `tokenizers`.
///
///     var trainer = try TokenizerTrainer(vocabularySize: 1000)
///     trainer.add(text)
///     let tokenizer = try trainer.train()
///
/// The most frequent pair merges first; among equally frequent ones that with the lower left id, then the
/// lower right id. Ids: 0 is `<|endoftext|>`, 1 … 256 are the bytes in the order of GPT-2's alphabet, then
/// a token per merge. After Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with
/// Subword Units", 2016.
public struct TokenizerTrainer {
  /// V, the vocabulary to reach.
  public let vocabularySize: Int
  /// How often a pair must occur to merge.
  public let minimumFrequency: Int

  private var counts = PieceCounts()

  /// Plans a training.
  ///
  /// - Throws: ``InputError`` (usage) for a vocabulary outside ``Tokenizer/vocabularySizes``.
  public init(vocabularySize: Int, minimumFrequency: Int = 2) throws(InputError) {
    guard Tokenizer.vocabularySizes.contains(vocabularySize) else {
      throw InputError(
        "vocabulary_size",
        problem: "got \(vocabularySize), expected a whole number from 257 to 65536",
        remedy: "257 are the bytes and the end-of-text token, and ids have 16 bits", isUsage: true)
    }
    self.vocabularySize = vocabularySize
    self.minimumFrequency = max(1, minimumFrequency)
  }

  /// Counts the pieces of one text.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  /// Counts the pieces of one text's bytes.
  ///
  /// - Parameter progress: Called now and then with the bytes counted so far.
  public mutating func add(
    _ text: UnsafeBufferPointer<UInt8>, progress: (_ bytes: Int) -> Void = { _ in }
  ) {
    counts.add(text, progress)
  }

  /// Learns the merges of what was added.
  ///
  /// - Parameters:
  ///   - subject: The text that an error names.
  ///   - progress: Called now and then with the tokens of the vocabulary so far and those wanted.
  /// - Throws: ``InputError`` when the text has too few pairs that repeat for the vocabulary: a smaller
  ///   one than was asked for would silently be another model.
  /// - Complexity: Every merge touches only the distinct pieces that hold its pair.
  public func train(
    subject: String = "corpus", progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(InputError) -> Tokenizer {
    var training = MergeTraining(counts, minimumFrequency: minimumFrequency)
    while training.tokenBytes.count < vocabularySize {
      let reached = training.tokenBytes.count
      // The first merges touch the most pieces and take the longest.
      if reached % 8 == 0 { progress(reached, vocabularySize) }
      guard training.mergeMostFrequent() else {
        throw InputError(
          subject,
          problem: "the text yields a vocabulary of \(reached) tokens (\(reached - 257) merges), "
            + "but vocabulary_size asks for \(vocabularySize)",
          remedy: "use more text, or a vocabulary_size of at most \(reached)")
      }
    }
    progress(vocabularySize, vocabularySize)
    return Tokenizer(
      endOfText: Tokenizer.endOfTextInNewVocabularies, byteTokens: Tokenizer.bytes.byteTokens,
      merges: training.merges, tokenBytes: training.tokenBytes)
  }
}
