import HeadwayTrace

/// The parts of a Hugging Face `tokenizer.json` that decide a byte-level BPE's ids.
struct TokenizerDocument: Codable {
  var version = "1.0"
  var addedTokens: [AddedToken]
  var normalizer: Kind?
  var preTokenizer: ByteLevel?
  var postProcessor: Kind?
  var decoder: ByteLevel?
  var model: Model

  /// A token that is matched in the text before anything else.
  struct AddedToken: Codable {
    var id: Int
    var content: String
    var singleWord = false
    var lstrip = false
    var rstrip = false
    var normalized = false
    var special = true
  }

  /// A component of which only the kind matters.
  struct Kind: Codable {
    var type: String
  }

  /// The ByteLevel pre-tokenizer or decoder.
  struct ByteLevel: Codable {
    var type = "ByteLevel"
    var addPrefixSpace: Bool? = false
    var trimOffsets: Bool? = true
    var useRegex: Bool? = true
  }

  /// The BPE model.
  struct Model: Codable {
    var type: String?
    var dropout: Double?
    var continuingSubwordPrefix: String?
    var endOfWordSuffix: String?
    var fuseUnk: Bool? = false
    var byteFallback: Bool? = false
    var ignoreMerges: Bool? = false
    var vocab: [String: Int]
    var merges: [MergePair]
  }

  /// Two spellings, read from `"a b"` or `["a", "b"]`, written as the former.
  struct MergePair: Codable {
    var left: String
    var right: String

    init(left: String, right: String) { (self.left, self.right) = (left, right) }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let parts =
        if let text = try? container.decode(String.self) {
          text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        } else {
          try container.decode([String].self)
        }
      guard parts.count == 2 else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "a merge joins two tokens")
      }
      self.init(left: parts[0], right: parts[1])
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(left + " " + right)
    }
  }
}

extension TokenizerDocument {
  /// The document of a byte-pair encoding, whose special token is given.
  init(_ tokenizer: Tokenizer, endOfText: UInt16) {
    func spelling(_ id: UInt16) -> String {
      id == endOfText
        ? Tokenizer.endOfTextSpelling : ByteAlphabet.spell(tokenizer.tokenBytes[Int(id)])
    }
    addedTokens = [AddedToken(id: Int(endOfText), content: Tokenizer.endOfTextSpelling)]
    preTokenizer = ByteLevel()
    decoder = ByteLevel()
    let vocabulary = (0..<tokenizer.vocabularySize).map { (spelling(UInt16($0)), $0) }
    model = Model(
      type: "BPE", vocab: Dictionary(vocabulary, uniquingKeysWith: { first, _ in first }),
      merges: tokenizer.merges.map { MergePair(left: spelling($0.left), right: spelling($0.right)) })
  }

  /// Refuses what would give other ids than ``Tokenizer`` computes.
  func requireByteLevel(_ refuse: (String, String) -> InputError) throws(InputError) {
    guard model.type ?? "BPE" == "BPE" else {
      throw refuse("model.type", "got \(model.type ?? ""), expected BPE")
    }
    guard preTokenizer?.type == "ByteLevel", preTokenizer?.addPrefixSpace == false,
      preTokenizer?.useRegex ?? true
    else {
      throw refuse("pre_tokenizer", "expected ByteLevel with its pattern and without a prefix space")
    }
    guard normalizer == nil else { throw refuse("normalizer", "expected none") }
    guard model.dropout ?? 0 == 0 else { throw refuse("model.dropout", "expected none") }
    guard model.continuingSubwordPrefix ?? "" == "", model.endOfWordSuffix ?? "" == "",
      model.ignoreMerges != true
    else {
      throw refuse("model", "expected no affixes and no ignored merges")
    }
  }
}
