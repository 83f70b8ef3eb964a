/// Where a text is cut into the part to train on and the part held out.
enum TextSplit {
  /// The first place, at or after the given share of the bytes, where a text may be cut.
  ///
  /// The place is the start of a piece behind something that is not a space, so that both parts, encoded
  /// by themselves, give exactly the tokens of the whole: the pattern looks ahead only from spaces. It
  /// depends on the text and the share alone, not on the vocabulary: two vocabularies are compared on the
  /// same held-out text.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - validationShare: The share to hold out, from the end.
  ///   - starts: Ascending places in the text that start a piece, the first of them 0.
  static func cut(
    _ text: UnsafeBufferPointer<UInt8>, validationShare: Double, starts: [Int]
  ) -> Int {
    guard validationShare > 0 else { return text.count }
    let target = text.count - Int((Double(text.count) * validationShare).rounded(.down))
    guard target < text.count else { return text.count }
    var scanner = PieceScanner(text, from: starts.last { $0 <= target } ?? 0)
    while let piece = scanner.next() {
      if piece.range.upperBound >= target, piece.isSpecial || !scanner.isSpace(piece.range) {
        return piece.range.upperBound
      }
    }
    return text.count
  }
}
