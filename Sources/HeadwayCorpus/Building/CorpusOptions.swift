import HeadwayTrace

/// How a corpus is built from its sources.
public struct CorpusOptions: Hashable, Sendable {
  /// V, tokens in the vocabulary, 257 … 65,536.
  public var vocabularySize = 1000
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

  /// Checks every value against its range.
  func validate() throws(InputError) {
    func refuse(_ field: String, _ value: String, _ expected: String) -> InputError {
      InputError(
        field, problem: "got \(value), expected \(expected)", remedy: "correct the value", isUsage: true)
    }
    _ = try TokenizerTrainer(vocabularySize: vocabularySize)
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
