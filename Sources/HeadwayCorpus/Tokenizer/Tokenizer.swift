import HeadwayTrace

/// Text to tokens and back; the same ids as Hugging Face `tokenizers` for every valid UTF-8 text.
///
///     let tokenizer = try Tokenizer(path: "tokenizer.json")
///     let ids = try tokenizer.encode("Once upon a time")
///     tokenizer.decode(ids)   // "Once upon a time"
///
/// There are two kinds (``kind``). Ids fit `UInt16` in both, and ``decodeBytes(_:)`` gives back exactly what
/// was encoded.
///
/// - Byte-level byte-pair encoding with GPT-2's pieces: the special token `<|endoftext|>`, the 256 bytes,
///   and one token per merge. The literal text `<|endoftext|>` encodes to the special token, as it does in
///   `tokenizers`. Every text can be encoded: a byte that is not valid UTF-8 counts as a character of its
///   own, which ``decode(_:)`` shows as U+FFFD.
/// - Characters: one token per Unicode scalar of the text that it was made of, and no special token. A text
///   with any other character is refused.
///
/// A value is immutable and may be used by many threads. Encoding in a loop: keep a ``TokenEncoder``.
public struct Tokenizer: Sendable, Equatable {
  /// The text of the special token between documents.
  public static let endOfTextSpelling = "<|endoftext|>"
  /// The special token's id in the vocabularies that are made here.
  static let endOfTextInNewVocabularies: UInt16 = 0
  /// What `UInt16` can number.
  public static let largestVocabulary = 65_536
  /// The vocabulary sizes of byte-pair encodings: the special token and the bytes, up to the largest.
  public static let vocabularySizes = 257...largestVocabulary

  /// V, tokens in the vocabulary; ids are 0 ..< V.
  public let vocabularySize: Int
  /// The id of `<|endoftext|>`; `nil` for characters, which have no such token.
  public let endOfText: UInt16?

  /// The characters; `nil` for byte-pair encoding.
  let characters: CharacterVocabulary?
  /// The token of each byte; empty for characters.
  let byteTokens: [UInt16]
  /// The pairs that merge, in order of rank, and what they become; none for characters.
  let merges: [Merge]
  /// The bytes of each token, by id.
  let tokenBytes: [[UInt8]]
  /// The rank of each pair that merges.
  let ranks: PairMap<UInt32>

  /// One merge: two neighbours become one token.
  struct Merge: Hashable, Sendable {
    var left: UInt16
    var right: UInt16
    var result: UInt16
  }

  /// What the tokens are made of.
  public var kind: TokenizerKind { characters == nil ? .bpe : .characters }

  /// Two tokenizers are equal when they are of one kind and have the same tokens and merges under the same
  /// ids.
  public static func == (left: Self, right: Self) -> Bool {
    left.kind == right.kind && left.endOfText == right.endOfText && left.tokenBytes == right.tokenBytes
      && left.merges == right.merges
  }

  /// A tokenizer of characters.
  init(_ characters: CharacterVocabulary) {
    self.characters = characters
    endOfText = nil
    byteTokens = []
    merges = []
    tokenBytes = characters.scalars.map { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
    vocabularySize = tokenBytes.count
    ranks = PairMap<UInt32>(filler: 0)
  }

  /// Assembles a byte-pair encoding whose parts the caller has checked: ids dense, every byte present.
  init(endOfText: UInt16, byteTokens: [UInt16], merges: [Merge], tokenBytes: [[UInt8]]) {
    self.endOfText = endOfText
    characters = nil
    self.byteTokens = byteTokens
    self.merges = merges
    self.tokenBytes = tokenBytes
    vocabularySize = tokenBytes.count
    var ranks = PairMap<UInt32>(minimumCapacity: merges.count, filler: 0)
    for (rank, merge) in merges.enumerated() {
      // The last of two equal pairs wins, as in `tokenizers`.
      ranks.update(TokenPair(merge.left, merge.right), from: 0) { $0 = UInt32(rank) }
    }
    self.ranks = ranks
  }

  /// The tokenizer of the bytes alone: every byte a token, nothing merged; V = 257.
  public static let bytes = Tokenizer(
    endOfText: endOfTextInNewVocabularies,
    byteTokens: (0..<256).map { byte in
      UInt16(1 + (ByteAlphabet.bytesInOrder.firstIndex(of: UInt8(byte)) ?? 0))
    },
    merges: [],
    tokenBytes: [Array(endOfTextSpelling.utf8)] + ByteAlphabet.bytesInOrder.map { [$0] })

  /// The ids of a text.
  ///
  /// - Parameter subject: Where the text came from, for an error.
  /// - Throws: ``InputError`` naming the first character that a character vocabulary lacks, and its place.
  public func encode(_ text: String, subject: String = "text") throws(InputError) -> [UInt16] {
    try encode(Array(text.utf8), subject: subject)
  }

  /// The ids of a text's bytes.
  ///
  /// - Throws: As ``encode(_:subject:)``, of a string.
  public func encode(
    _ bytes: some Collection<UInt8>, subject: String = "text"
  ) throws(InputError) -> [UInt16] {
    var encoder = TokenEncoder(self)
    var tokens: [UInt16] = []
    try Array(bytes).withUnsafeBufferPointer { (text) throws(InputError) in
      do throws(UnknownCharacter) {
        try encoder.encode(text, into: &tokens)
      } catch {
        throw error.error(subject, in: text, vocabularySize: vocabularySize)
      }
    }
    return tokens
  }

  /// The bytes that ids stand for: exactly those that were encoded. Every id must be below V.
  public func decodeBytes(_ ids: some Sequence<UInt16>) -> [UInt8] {
    var bytes: [UInt8] = []
    for id in ids { bytes.append(contentsOf: tokenBytes[Int(id)]) }
    return bytes
  }

  /// The text that ids stand for; bytes that are not valid UTF-8 become U+FFFD. Every id must be below V.
  public func decode(_ ids: some Sequence<UInt16>) -> String {
    String(decoding: decodeBytes(ids), as: UTF8.self)
  }
}
