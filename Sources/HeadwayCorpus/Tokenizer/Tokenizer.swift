/// Byte-level byte-pair encoding with GPT-2's pieces; the same ids as Hugging Face `tokenizers` for every
/// valid UTF-8 text.
///
///     let tokenizer = try Tokenizer(path: "tokenizer.json")
///     let ids = tokenizer.encode("Once upon a time")
///     tokenizer.decode(ids)   // "Once upon a time"
///
/// The vocabulary is the special token `<|endoftext|>`, the 256 bytes, and one token per merge; ids fit
/// `UInt16`. The literal text `<|endoftext|>` encodes to the special token, as it does in `tokenizers`.
///
/// Bytes that are not valid UTF-8 are encoded too, each as a character of its own, and
/// ``decodeBytes(_:)`` gives back exactly what was encoded; ``decode(_:)`` shows them as U+FFFD.
///
/// A value is immutable and may be used by many threads. Encoding in a loop: keep a ``TokenEncoder``.
public struct Tokenizer: Sendable, Equatable {
  /// The text of the special token between documents.
  public static let endOfTextSpelling = "<|endoftext|>"
  /// The vocabulary sizes that can be: the special token and the bytes, up to what `UInt16` can number.
  public static let vocabularySizes = 257...65_536

  /// V, tokens in the vocabulary; ids are 0 ..< V.
  public let vocabularySize: Int
  /// The id of `<|endoftext|>`.
  public let endOfText: UInt16

  /// The token of each byte.
  let byteTokens: [UInt16]
  /// The pairs that merge, in order of rank, and what they become.
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

  /// Two tokenizers are equal when they have the same tokens and merges under the same ids.
  public static func == (left: Self, right: Self) -> Bool {
    left.endOfText == right.endOfText && left.tokenBytes == right.tokenBytes && left.merges == right.merges
  }

  /// Assembles a tokenizer whose parts the caller has checked: ids dense, every byte present.
  init(endOfText: UInt16, byteTokens: [UInt16], merges: [Merge], tokenBytes: [[UInt8]]) {
    self.endOfText = endOfText
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
    endOfText: 0,
    byteTokens: (0..<256).map { byte in
      UInt16(1 + (ByteAlphabet.bytesInOrder.firstIndex(of: UInt8(byte)) ?? 0))
    },
    merges: [],
    tokenBytes: [Array(endOfTextSpelling.utf8)] + ByteAlphabet.bytesInOrder.map { [$0] })

  /// The ids of a text.
  public func encode(_ text: String) -> [UInt16] {
    var text = text
    return text.withUTF8 { encode($0) }
  }

  /// The ids of a text's bytes.
  public func encode(_ bytes: some Collection<UInt8>) -> [UInt16] {
    var encoder = TokenEncoder(self)
    var tokens: [UInt16] = []
    let whole: Void? = bytes.withContiguousStorageIfAvailable { encoder.encode($0, into: &tokens) }
    if whole == nil { Array(bytes).withUnsafeBufferPointer { encoder.encode($0, into: &tokens) } }
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
