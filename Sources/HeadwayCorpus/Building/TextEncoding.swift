import HeadwayFiles
import HeadwayTrace

/// Encodes one part of a text into a token file, and indexes it.
struct TextEncoding {
  /// Tokens written.
  private(set) var tokenCount = 0
  /// The entries of the text's index.
  private(set) var index = TextIndexBuilder()

  private static let flushTokens = 1 << 16

  /// Encodes a whole text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - encoder: Keeps its cache from text to text.
  ///   - writer: Receives the ids, little-endian.
  ///   - subject: The text that an error names.
  ///   - progress: Called with the bytes encoded so far.
  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, with encoder: inout TokenEncoder, to writer: inout FileWriter,
    subject: String, progress: (Int) -> Void
  ) throws(InputError) {
    var tokens: [UInt16] = []
    var start = 0
    // Stops now and then to write out what there is, because a closure cannot lend the writer.
    while start < text.count {
      tokens.removeAll(keepingCapacity: true)
      var piece = start
      var before = 0
      do throws(UnknownCharacter) {
        try encoder.scan(text, from: start, appendingTo: &tokens) { next, tokens in
          index.note(byte: piece, tokens: tokenCount + before..<tokenCount + tokens.count)
          (piece, before) = (next, tokens.count)
          return tokens.count < Self.flushTokens
        }
      } catch {
        throw error.error(subject, in: text, vocabularySize: encoder.tokenizer.vocabularySize)
      }
      try writer.write(numbers: tokens)
      tokenCount += tokens.count
      start = piece
      progress(start)
    }
  }
}
