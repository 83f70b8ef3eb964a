import HeadwayFiles

/// How often each distinct piece occurs in a text: what a tokenizer is trained on.
///
/// Pieces are kept once, end to end, in one array; a table of their numbers is probed linearly.
struct PieceCounts {
  private var arena: [UInt8] = []
  private var pieces: [Entry] = []
  private var table = [Int32](repeating: -1, count: 1 << 12)

  private struct Entry {
    var start: Int
    var length: Int32
    var hash: UInt32
    var occurrences: Int
  }

  /// Distinct pieces.
  var count: Int { pieces.count }

  /// Counts the pieces of one text; special tokens separate and are not counted.
  ///
  /// - Parameter progress: Called about every megabyte with the bytes counted so far.
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ progress: (Int) -> Void = { _ in }) {
    var scanner = PieceScanner(text)
    var due = 0
    while let piece = scanner.next() {
      if piece.range.lowerBound >= due {
        progress(piece.range.lowerBound)
        due = piece.range.lowerBound + 1 << 20
      }
      if !piece.isSpecial { add(piece: UnsafeBufferPointer(rebasing: text[piece.range])) }
    }
  }

  /// The bytes of a distinct piece.
  func bytes(of piece: Int) -> ArraySlice<UInt8> {
    let entry = pieces[piece]
    return arena[entry.start..<entry.start + Int(entry.length)]
  }

  /// How often a distinct piece occurs.
  func occurrences(of piece: Int) -> Int { pieces[piece].occurrences }

  private mutating func add(piece: UnsafeBufferPointer<UInt8>) {
    var hash = ContentHash()
    hash.combine(piece)
    let short = UInt32(truncatingIfNeeded: hash.value ^ hash.value >> 32)
    var place = Int(short) & (table.count - 1)
    while table[place] >= 0 {
      let known = Int(table[place])
      if pieces[known].hash == short, bytes(of: known).elementsEqual(piece) {
        pieces[known].occurrences += 1
        return
      }
      place = (place + 1) & (table.count - 1)
    }
    table[place] = Int32(pieces.count)
    pieces.append(
      Entry(start: arena.count, length: Int32(piece.count), hash: short, occurrences: 1))
    arena.append(contentsOf: piece)
    if 2 * pieces.count > table.count { grow() }
  }

  private mutating func grow() {
    table = Array(repeating: -1, count: 2 * table.count)
    for (number, entry) in pieces.enumerated() {
      var place = Int(entry.hash) & (table.count - 1)
      while table[place] >= 0 { place = (place + 1) & (table.count - 1) }
      table[place] = Int32(number)
    }
  }
}
