import HeadwayTrace

/// What is known of a built corpus: `corpus.json`, schema `headway.corpus/1`.
public struct CorpusFacts: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.corpus/1"

  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The files and directories that the text came from, as they were named.
  public var sources: [String]
  /// Files whose text was taken, each a document.
  public var filesTaken: Int
  /// Files that were found and not taken.
  public var filesSkipped: SkippedFiles
  /// The bound on the text's bytes that was asked for, absent without one.
  public var limitBytes: Int?
  /// Bytes of text, train and validation together, with the `<|endoftext|>` between documents.
  public var textBytes: Int
  /// Tokens to train on.
  public var trainTokens: Int
  /// Tokens held out.
  public var validationTokens: Int
  /// What the vocabulary is made of; absent in corpora built when there were byte pairs only.
  public var tokenizer: TokenizerKind?
  /// V, tokens in the vocabulary.
  public var vocabularySize: Int
  /// The share of the text's bytes held out, from its end, as it was asked for.
  public var validationShare: Double
  /// Bytes of text per token.
  public var bytesPerToken: Double
  /// ``ContentHash`` of the tokenizer and both token files: equal hashes give equal batches.
  public var contentHash: String
  /// ``ContentHash`` of each kept text and its index, by part; absent when the text was not kept.
  public var textHashes: [String: String]?

  /// Train and validation tokens together.
  public var tokens: Int { trainTokens + validationTokens }

  /// Bytes that the limit asked for and the sources do not hold; `nil` without a limit, or where files were
  /// left because of it.
  public var missingBytes: Int? {
    guard let limitBytes, filesSkipped.overLimit == 0, textBytes < limitBytes else { return nil }
    return limitBytes - textBytes
  }
}

/// Files that a walk found and did not take, by reason.
public struct SkippedFiles: Codable, Equatable, Sendable {
  /// Files with a NUL byte.
  public var binary = 0
  /// Files that are not valid UTF-8.
  public var notUtf8 = 0
  /// Files without a byte.
  public var empty = 0
  /// Files above the size cap.
  public var tooLarge = 0
  /// Files and directories that this process may not read.
  public var unreadable = 0
  /// Directories passed over because they are built corpora.
  public var builtCorpora = 0
  /// Symbolic links, sockets, devices and pipes inside a directory.
  public var notRegular = 0
  /// Text files left because the byte limit was reached.
  public var overLimit = 0
  /// Bytes of the files left because the byte limit was reached.
  public var overLimitBytes = 0

  /// Nothing skipped.
  public init() {}

  /// All of them.
  public var total: Int {
    binary + notUtf8 + empty + tooLarge + unreadable + builtCorpora + notRegular + overLimit
  }
}
