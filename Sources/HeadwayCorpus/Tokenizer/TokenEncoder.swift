/// Encodes text with one tokenizer, keeping its working memory and a cache of short pieces between calls.
///
/// One thread uses an encoder at a time; the ids never depend on what was encoded before.
package struct TokenEncoder: Sendable {
  /// The tokenizer whose ids are produced.
  package let tokenizer: Tokenizer
  private var merger: PieceMerger
  private var cache: PieceCache

  /// An encoder with an empty cache.
  package init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    merger = PieceMerger()
    cache = PieceCache()
  }

  /// Appends the ids of a whole text, special tokens included.
  package mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, into tokens: inout [UInt16]
  ) throws(UnknownCharacter) {
    try scan(text, from: 0, appendingTo: &tokens) { _, _ in true }
  }

  /// Appends the ids from a piece's start onwards until `shouldGoOn` says no. Each character is a piece
  /// where the tokens are characters.
  ///
  /// - Parameters:
  ///   - text: The whole text, valid and unchanged during the call.
  ///   - start: The start of a piece (or of a special token): 0 or an offset that an earlier scan reported.
  ///   - tokens: Where the ids go.
  ///   - shouldGoOn: Called after every piece with the offset of the next piece and the tokens so far;
  ///     `false` ends the scan.
  /// - Throws: ``UnknownCharacter`` at the first character that a character vocabulary lacks; byte-pair
  ///   encodings never throw.
  package mutating func scan(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, appendingTo tokens: inout [UInt16],
    while shouldGoOn: (_ next: Int, _ tokens: inout [UInt16]) -> Bool
  ) throws(UnknownCharacter) {
    if let characters = tokenizer.characters {
      return try scan(text, from: start, characters, appendingTo: &tokens, while: shouldGoOn)
    }
    var scanner = PieceScanner(text, from: start)
    while let piece = scanner.next() {
      if piece.isSpecial, let endOfText = tokenizer.endOfText {
        tokens.append(endOfText)
      } else {
        append(UnsafeBufferPointer(rebasing: text[piece.range]), to: &tokens)
      }
      guard shouldGoOn(piece.range.upperBound, &tokens) else { return }
    }
  }

  private func scan(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ characters: CharacterVocabulary,
    appendingTo tokens: inout [UInt16], while shouldGoOn: (_ next: Int, _ tokens: inout [UInt16]) -> Bool
  ) throws(UnknownCharacter) {
    var place = start
    while place < text.count {
      guard let (scalar, length) = UTF8Check.scalar(at: place, in: text, end: text.count) else {
        throw UnknownCharacter(scalar: nil, byte: place)
      }
      guard let token = characters.token(of: scalar) else {
        throw UnknownCharacter(scalar: scalar, byte: place)
      }
      tokens.append(token)
      place += length
      guard shouldGoOn(place, &tokens) else { return }
    }
  }

  private mutating func append(_ piece: UnsafeBufferPointer<UInt8>, to tokens: inout [UInt16]) {
    if piece.count == 1 {
      tokens.append(tokenizer.byteTokens[Int(piece[0])])
      return
    }
    guard let key = PieceCache.Key(piece) else {
      merger.append(piece, to: &tokens, tokenizer)
      return
    }
    if cache.append(key, to: &tokens) { return }
    let first = tokens.count
    merger.append(piece, to: &tokens, tokenizer)
    cache.store(key, tokens[first...])
  }
}
