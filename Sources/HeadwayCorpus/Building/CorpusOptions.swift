import HeadwayTrace

/// How a corpus is built from its sources.
public struct CorpusOptions: Equatable, Sendable {
  /// What the vocabulary is made of. Byte-pair encoding learns it from the part to train on; characters are
  /// those of the whole text, held out or not, as in nanoGPT.
  public var tokenizer = TokenizerKind.bpe
  /// V. For byte pairs the tokens to learn, 257 … 65,536; for characters the most that the text may have,
  /// 1 … 65,536, of which there are as many as it has.
  public var vocabularySize = 1000
  /// A tokenizer to encode with instead of one of the text's own, such as a trained model's; ``tokenizer``
  /// and ``vocabularySize`` then have no say.
  public var existingTokenizer: Tokenizer?
  /// The share of the text's bytes that is held out, from its end, 0 … 0.9.
  public var validationShare = 0.1
  /// The most bytes of text to take, absent without a bound. Files are taken whole, in order; one that
  /// would pass the bound is left, and those after it are still tried.
  public var limitBytes: Int?
  /// The largest file that a directory contributes; larger ones are skipped. Does not bind a file that is
  /// itself named as a source.
  public var maximumFileBytes = 4 << 20
  /// The order of the documents.
  public var order = DocumentOrder.shuffled(seed: 0)
  /// Whether the text is kept beside the tokens, for ``TextBatchSource``.
  public var keepsText = true

  /// The default options.
  public init() {}

  /// The kind of the corpus' tokenizer.
  var kind: TokenizerKind { existingTokenizer?.kind ?? tokenizer }

  /// The text between two documents: the special token's, or none where characters are the tokens.
  var separator: String { kind == .bpe ? Tokenizer.endOfTextSpelling : "" }

  /// Checks every value against its range.
  func validate() throws(InputError) {
    func refuse(_ field: String, _ value: String, _ expected: String) -> InputError {
      InputError(
        field, problem: "got \(value), expected \(expected)", remedy: "correct the value", isUsage: true)
    }
    switch kind {
    case .bpe where existingTokenizer == nil: _ = try TokenizerTrainer(vocabularySize: vocabularySize)
    case .characters where existingTokenizer == nil:
      guard (1...Tokenizer.largestVocabulary).contains(vocabularySize) else {
        throw refuse("vocabulary_size", "\(vocabularySize)", "a whole number from 1 to 65536")
      }
    default: break
    }
    guard (0...0.9).contains(validationShare) else {
      throw refuse("validation_share", "\(validationShare)", "a number from 0 to 0.9")
    }
    if let limitBytes, limitBytes < 1 {
      throw refuse("limit_bytes", "\(limitBytes)", "a whole number of at least 1")
    }
    guard maximumFileBytes >= 1 else {
      throw refuse("maximum_file_bytes", "\(maximumFileBytes)", "a whole number of at least 1")
    }
  }
}

/// The order in which files become documents.
public enum DocumentOrder: Hashable, Sendable {
  /// By name, source after source. The end, which is held out, is then the last directories.
  case sorted
  /// By a hash of each file's name with a seed: every part of the text is like every other, and a file
  /// that is added or removed does not move the rest.
  case shuffled(seed: UInt64)

  func arrange(_ files: [SourceFile]) -> [SourceFile] {
    guard case .shuffled(let seed) = self else { return files }
    return files.enumerated().map { place, file in
      (key: mix(file.name.utf8.reduce(mix(seed)) { mix($0 ^ UInt64($1)) }), place: place, file: file)
    }.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.file)
  }
}
