/// The state of a training: pieces as token sequences, how often each pair occurs, and which is next.
///
/// The queue's entries may be out of date; one whose count no longer holds goes back with the count that
/// does. New pairs arise only around the token just made, so only they are added after a merge. Counts
/// follow `tokenizers` to the letter, including that "aaa" holds the pair (a, a) twice.
struct MergeTraining {
  /// The tokens so far, by id.
  private(set) var tokenBytes = Tokenizer.bytes.tokenBytes
  /// The merges so far, in order.
  private(set) var merges: [Tokenizer.Merge] = []

  private let minimumFrequency: Int
  private var pieces: [Piece] = []
  private var symbols: [UInt16] = []
  private var pairCounts = PairMap<Int>(filler: 0)
  private var queue = BinaryHeap<Candidate>()
  // The pieces that hold a candidate's pair; emptied once merged. Ascending, each piece once.
  private var holders: [[Int32]] = []
  private var idOfBytes: [[UInt8]: UInt16] = [:]

  /// A distinct piece: its tokens lie in `symbols` from `start` on.
  private struct Piece {
    var start: Int
    var length: Int
    var occurrences: Int
  }

  /// A pair that could merge: the most frequent first, then the lowest ids.
  private struct Candidate: HeapElement {
    var count: Int
    var pair: TokenPair
    var holders: Int32
    func precedes(_ other: Self) -> Bool {
      count != other.count ? count > other.count : pair < other.pair
    }
  }

  /// Starts from pieces as bytes.
  init(_ counts: PieceCounts, minimumFrequency: Int) {
    self.minimumFrequency = minimumFrequency
    let byteTokens = Tokenizer.bytes.byteTokens
    for (id, bytes) in tokenBytes.enumerated() { idOfBytes[bytes] = UInt16(id) }
    var found = PairMap<Int32>(filler: 0)
    for number in 0..<counts.count {
      let bytes = counts.bytes(of: number)
      let occurrences = counts.occurrences(of: number)
      pieces.append(Piece(start: symbols.count, length: bytes.count, occurrences: occurrences))
      for byte in bytes { symbols.append(byteTokens[Int(byte)]) }
      for place in pieces[number].start..<max(pieces[number].start, symbols.count - 1) {
        let pair = TokenPair(symbols[place], symbols[place + 1])
        pairCounts.update(pair, from: 0) { $0 += occurrences }
        note(pair, in: Int32(number), &found)
      }
    }
    enqueue(found)
  }

  /// Merges the pair that is due; `false` when none occurs often enough.
  mutating func mergeMostFrequent() -> Bool {
    while let top = queue.popFirst() {
      let current = pairCounts[top.pair] ?? 0
      if top.count != current {
        queue.insert(Candidate(count: current, pair: top.pair, holders: top.holders))
        continue
      }
      guard top.count >= minimumFrequency else { return false }
      merge(top)
      return true
    }
    return false
  }

  private mutating func merge(_ candidate: Candidate) {
    let (left, right) = (candidate.pair.left, candidate.pair.right)
    let bytes = tokenBytes[Int(left)] + tokenBytes[Int(right)]
    // Two ways to the same bytes give one token with two merges.
    let result: UInt16
    if let known = idOfBytes[bytes] {
      result = known
    } else {
      result = UInt16(tokenBytes.count)
      idOfBytes[bytes] = result
      tokenBytes.append(bytes)
    }
    merges.append(Tokenizer.Merge(left: left, right: right, result: result))
    let pieces = holders[Int(candidate.holders)]
    holders[Int(candidate.holders)] = []
    var found = PairMap<Int32>(filler: 0)
    for piece in pieces { merge(candidate.pair, into: result, inPiece: piece, &found) }
    enqueue(found)
  }

  private mutating func merge(
    _ pair: TokenPair, into result: UInt16, inPiece number: Int32, _ found: inout PairMap<Int32>
  ) {
    let piece = pieces[Int(number)]
    let end = piece.start + piece.length
    var write = piece.start
    var read = piece.start
    while read < end {
      guard read + 1 < end, symbols[read] == pair.left, symbols[read + 1] == pair.right else {
        symbols[write] = symbols[read]
        write += 1
        read += 1
        continue
      }
      if write > piece.start {
        let before = symbols[write - 1]
        change(TokenPair(before, pair.left), by: -piece.occurrences)
        change(TokenPair(before, result), by: piece.occurrences)
        note(TokenPair(before, result), in: number, &found)
      }
      if read + 2 < end {
        let after = symbols[read + 2]
        change(TokenPair(pair.right, after), by: -piece.occurrences)
        change(TokenPair(result, after), by: piece.occurrences)
        note(TokenPair(result, after), in: number, &found)
      }
      symbols[write] = result
      write += 1
      read += 2
    }
    pieces[Int(number)].length = write - piece.start
  }

  private mutating func change(_ pair: TokenPair, by amount: Int) {
    pairCounts.update(pair, from: 0) { $0 += amount }
  }

  /// Notes that a piece holds a pair; `found` maps pairs to places in `holders`.
  private mutating func note(_ pair: TokenPair, in piece: Int32, _ found: inout PairMap<Int32>) {
    var place: Int32 = -1
    found.update(pair, from: -1) { value in
      if value < 0 { value = Int32(holders.count) }
      place = value
    }
    if Int(place) == holders.count { holders.append([]) }
    if holders[Int(place)].last != piece { holders[Int(place)].append(piece) }
  }

  private mutating func enqueue(_ found: PairMap<Int32>) {
    found.forEach { pair, place in
      guard let count = pairCounts[pair], count > 0 else { return }
      queue.insert(Candidate(count: count, pair: pair, holders: place))
    }
  }
}
