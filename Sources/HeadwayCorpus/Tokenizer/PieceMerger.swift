/// Applies merges inside one piece: always the pair of lowest rank, leftmost first among equals.
///
/// Short pieces are searched from end to end after every merge; long ones keep candidate pairs in a heap,
/// so that a piece of n bytes costs O(n log n) whatever it holds. Its working memory is kept: only a piece
/// of more than ``reservedBytes`` bytes, the longest so far, allocates.
struct PieceMerger {
  private static let longestSearched = 48
  /// Bytes of a piece that room is reserved for.
  static let reservedBytes = 1_024
  private var ids: [UInt16] = []
  private var ranks: [UInt32] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  private var heap = BinaryHeap<Candidate>()

  /// A pair that could merge: ordered by rank, then by place.
  private struct Candidate: HeapElement {
    var rank: UInt32
    var place: Int32
    func precedes(_ other: Self) -> Bool { (rank, place) < (other.rank, other.place) }
  }

  /// A merger with its room reserved.
  init() {
    ids.reserveCapacity(Self.reservedBytes)
    ranks.reserveCapacity(Self.reservedBytes)
    next.reserveCapacity(Self.reservedBytes)
    previous.reserveCapacity(Self.reservedBytes)
    // A place is rated once at first and at most twice for every merge.
    heap.reserveCapacity(3 * Self.reservedBytes)
  }

  /// Appends the ids of a piece.
  mutating func append(
    _ piece: UnsafeBufferPointer<UInt8>, to tokens: inout [UInt16], _ tokenizer: Tokenizer
  ) {
    ids.removeAll(keepingCapacity: true)
    for byte in piece { ids.append(tokenizer.byteTokens[Int(byte)]) }
    if piece.count <= Self.longestSearched {
      mergeBySearch(tokenizer)
      tokens.append(contentsOf: ids)
    } else {
      mergeByHeap(tokenizer)
      var place: Int32 = 0
      while place >= 0 {
        tokens.append(ids[Int(place)])
        place = next[Int(place)]
      }
    }
  }

  private func rank(_ left: UInt16, _ right: UInt16, _ tokenizer: Tokenizer) -> UInt32 {
    tokenizer.ranks[TokenPair(left, right)] ?? .max
  }

  /// `ranks[i]` is the rank of the pair at i, i + 1, or the maximum.
  private mutating func mergeBySearch(_ tokenizer: Tokenizer) {
    ranks.removeAll(keepingCapacity: true)
    for place in 0..<ids.count - 1 { ranks.append(rank(ids[place], ids[place + 1], tokenizer)) }
    while !ranks.isEmpty {
      var best = 0
      for place in ranks.indices where ranks[place] < ranks[best] { best = place }
      guard ranks[best] != .max else { return }
      ids[best] = tokenizer.merges[Int(ranks[best])].result
      ids.remove(at: best + 1)
      ranks.remove(at: best)
      if best > 0 { ranks[best - 1] = rank(ids[best - 1], ids[best], tokenizer) }
      if best < ranks.count { ranks[best] = rank(ids[best], ids[best + 1], tokenizer) }
    }
  }

  /// `next` and `previous` link the places that are left, −1 at the ends; `ranks[i]` is the rank of the pair
  /// that starts at i, so that a candidate whose rank differs is out of date.
  private mutating func mergeByHeap(_ tokenizer: Tokenizer) {
    let count = Int32(ids.count)
    next.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    ranks.removeAll(keepingCapacity: true)
    for place in 0..<count {
      next.append(place + 1 < count ? place + 1 : -1)
      previous.append(place - 1)
      ranks.append(.max)
    }
    heap.removeAll()
    for place in 0..<count { rate(place, tokenizer) }
    while let best = heap.popFirst() {
      let place = Int(best.place)
      guard ranks[place] == best.rank else { continue }
      let absorbed = Int(next[place])
      ids[place] = tokenizer.merges[Int(best.rank)].result
      ranks[absorbed] = .max
      next[place] = next[absorbed]
      if next[place] >= 0 { previous[Int(next[place])] = best.place }
      rate(best.place, tokenizer)
      if previous[place] >= 0 { rate(previous[place], tokenizer) }
    }
  }

  private mutating func rate(_ place: Int32, _ tokenizer: Tokenizer) {
    let right = next[Int(place)]
    let rank = right < 0 ? .max : self.rank(ids[Int(place)], ids[Int(right)], tokenizer)
    ranks[Int(place)] = rank
    if rank != .max { heap.insert(Candidate(rank: rank, place: place)) }
  }
}
