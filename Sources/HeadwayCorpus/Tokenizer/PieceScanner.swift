/// Cuts text into the pieces that merges never cross: GPT-2's pattern, written by hand.
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// The special token `<|endoftext|>` is a piece of its own, and the pattern sees the text's end before it.
///
/// Pieces follow one another without gaps. The pattern looks only forward, so scanning from any piece's
/// start gives the same pieces from there on; text indexes rest on this. A byte that is not part of valid
/// UTF-8 counts as a character of its own that is neither letter, number nor space.
struct PieceScanner {
  /// The text; must stay valid and unchanged while the scanner is used.
  let text: UnsafeBufferPointer<UInt8>
  /// Where the next piece starts.
  private(set) var position: Int

  // The literal itself rather than an array of it, which the first `<` of a run would allocate.
  private static var special: String.UTF8View { Tokenizer.endOfTextSpelling.utf8 }
  private var end: Int { text.count }

  /// A piece: where it lies, and whether it is the special token.
  struct Piece {
    var range: Range<Int>
    var isSpecial: Bool
  }

  /// Scans a text from the start of a piece.
  init(_ text: UnsafeBufferPointer<UInt8>, from start: Int = 0) {
    precondition(start >= 0 && start <= text.count, "a start outside the text")
    self.text = text
    position = start
  }

  /// The next piece, `nil` at the end.
  mutating func next() -> Piece? {
    guard position < end else { return nil }
    let start = position
    let isSpecial = text[start] == UInt8(ascii: "<") && isSpecial(at: start)
    position = isSpecial ? start + Self.special.count : endOfPiece(from: start)
    return Piece(range: start..<position, isSpecial: isSpecial)
  }

  /// Whether every character of a piece is a space.
  func isSpace(_ piece: Range<Int>) -> Bool {
    // A piece that starts with a space goes on with spaces only, or has at most one and then others.
    let (first, length) = character(at: piece.lowerBound)
    guard first == .space else { return false }
    let second = piece.lowerBound + length
    return second >= piece.upperBound || character(at: second).kind == .space
  }

  // In bounds below: every index read is at least `start` ≥ 0 and is compared with `end` first.

  private func endOfPiece(from start: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'"), let end = endOfContraction(from: start) { return end }
    let body = first == UInt8(ascii: " ") ? start + 1 : start
    if body < end {
      let (kind, length) = character(at: body)
      if kind != .space && kind != .special { return endOfRun(of: kind, from: body + length) }
    }
    return endOfSpaces(from: start)
  }

  private func endOfContraction(from start: Int) -> Int? {
    guard start + 1 < end else { return nil }
    switch text[start + 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    default: break
    }
    guard start + 2 < end else { return nil }
    switch (text[start + 1], text[start + 2]) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: return nil
    }
  }

  private func endOfRun(of kind: CharacterKind, from start: Int) -> Int {
    var place = start
    while place < end {
      let (next, length) = character(at: place)
      guard next == kind else { break }
      place += length
    }
    return place
  }

  /// A run of spaces up to the end (or the special token) is one piece; before anything else, its last space is left over.
  private func endOfSpaces(from start: Int) -> Int {
    var place = start
    var last = start
    while place < end {
      let (kind, length) = character(at: place)
      guard kind == .space else { return kind == .special || last == start ? place : last }
      last = place
      place += length
    }
    return place
  }

  @inline(__always)
  private func character(at place: Int) -> (kind: CharacterKind, length: Int) {
    let byte = text[place]
    if byte == UInt8(ascii: "<"), isSpecial(at: place) { return (.special, 0) }
    if byte < 0x80 { return (CharacterKind.ascii(byte), 1) }
    return wideCharacter(at: place)
  }

  @inline(never)
  private func isSpecial(at place: Int) -> Bool {
    text[place...].starts(with: Self.special)
  }

  @inline(never)
  private func wideCharacter(at place: Int) -> (kind: CharacterKind, length: Int) {
    guard let (scalar, length) = UTF8Check.scalar(at: place, in: text, end: end) else { return (.other, 1) }
    return (CharacterKind(scalar), length)
  }
}
