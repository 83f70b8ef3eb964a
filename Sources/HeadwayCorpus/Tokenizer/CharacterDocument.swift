import HeadwayTrace

/// A character vocabulary as a Hugging Face `tokenizer.json`: every character is split off, and a word-level
/// model looks it up.
///
/// Characters are spelled in GPT-2's byte alphabet (the ByteLevel pre-tokenizer and decoder translate), so
/// that no two keys of the vocabulary are canonically equivalent: readers that compare keys by what they look
/// like would otherwise take two characters for one. `tokenizers` too refuses a character that the vocabulary
/// lacks, because the unknown token that the format demands is not in it.
struct CharacterDocument: Codable {
  var version = "1.0"
  var addedTokens: [TokenizerDocument.AddedToken] = []
  var normalizer: TokenizerDocument.Kind?
  var preTokenizer: Splitting
  var postProcessor: TokenizerDocument.Kind?
  var decoder: TokenizerDocument.ByteLevel? = TokenizerDocument.ByteLevel()
  var model: Model

  /// Splits, then spells.
  struct Splitting: Codable {
    var type = "Sequence"
    var pretokenizers = [
      // Any one character, line breaks included.
      Step(type: "Split", pattern: ["Regex": #"[\s\S]"#], behavior: "Isolated", invert: false),
      Step(type: "ByteLevel", addPrefixSpace: false, trimOffsets: true, useRegex: false),
    ]
  }

  /// One of the two, with the keys of either.
  struct Step: Codable, Equatable {
    var type: String
    var pattern: [String: String]?
    var behavior: String?
    var invert: Bool?
    var addPrefixSpace: Bool?
    var trimOffsets: Bool?
    var useRegex: Bool?
  }

  /// The word-level model.
  struct Model: Codable {
    var type = Self.kind
    var vocab: [String: Int]
    var unkToken = "<unk>"
    static let kind = "WordLevel"
  }
}

extension CharacterDocument {
  /// The document of a character vocabulary.
  init(_ tokenizer: Tokenizer) {
    let spellings = tokenizer.tokenBytes.enumerated().map { (ByteAlphabet.spell($1), $0) }
    preTokenizer = Splitting()
    model = Model(vocab: Dictionary(spellings, uniquingKeysWith: { first, _ in first }))
  }

  /// The characters by id; refuses what would give other ids than ``Tokenizer`` computes.
  func characters(_ refuse: (String, String) -> InputError) throws(InputError) -> CharacterVocabulary {
    let expected = Splitting()
    guard preTokenizer.type == expected.type, preTokenizer.pretokenizers == expected.pretokenizers else {
      throw refuse("pre_tokenizer", "expected every character split off, then ByteLevel without its pattern")
    }
    guard normalizer == nil else { throw refuse("normalizer", "expected none") }
    guard addedTokens.isEmpty else { throw refuse("added_tokens", "expected none beside characters") }
    let size = model.vocab.count
    guard (1...Tokenizer.largestVocabulary).contains(size) else {
      throw refuse("model.vocab", "\(size) tokens, expected 1 to \(Tokenizer.largestVocabulary)")
    }
    var scalars = [Unicode.Scalar?](repeating: nil, count: size)
    for (spelling, id) in model.vocab {
      guard (0..<size).contains(id), scalars[id] == nil else {
        throw refuse("model.vocab", "the \(size) ids are not 0 to \(size - 1), each once (see id \(id))")
      }
      let bytes = ByteAlphabet.bytes(of: spelling) ?? []
      let decoded = bytes.withUnsafeBufferPointer { text in
        text.isEmpty ? nil : UTF8Check.scalar(at: 0, in: text, end: text.count)
      }
      guard let (scalar, length) = decoded, length == bytes.count else {
        throw refuse("model.vocab", "token \(id) is not one character spelled in GPT-2's byte alphabet")
      }
      scalars[id] = scalar
    }
    return CharacterVocabulary(scalars.compactMap { $0 })
  }
}
