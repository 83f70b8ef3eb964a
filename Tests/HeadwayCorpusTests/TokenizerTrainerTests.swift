import HeadwayCorpus
import HeadwayTrace
import Testing

/// Trains by recounting every pair before every merge; ids as the trainer gives them.
private func naiveTokens(_ words: [String], merges: Int, minimumFrequency: Int) -> [[UInt8]] {
  // Ids of the bytes follow GPT-2's alphabet; for printable ASCII that is the order of the bytes.
  var tokens: [[UInt8]] = []
  var pieces = words.map { $0.utf8.map { Int($0) - 1_000 } }
  func bytes(_ id: Int) -> [UInt8] { id < 0 ? [UInt8(id + 1_000)] : tokens[id] }
  for _ in 0..<merges {
    var counts: [[Int]: Int] = [:]
    for piece in pieces {
      for (left, right) in zip(piece, piece.dropFirst()) { counts[[left, right], default: 0] += 1 }
    }
    let best = counts.filter { $0.value >= minimumFrequency }.max { one, other in
      one.value != other.value ? one.value < other.value : other.key.lexicographicallyPrecedes(one.key)
    }
    guard let pair = best?.key else { break }
    tokens.append(bytes(pair[0]) + bytes(pair[1]))
    pieces = pieces.map { piece in
      var merged: [Int] = []
      var place = 0
      while place < piece.count {
        if place + 1 < piece.count, [piece[place], piece[place + 1]] == pair {
          merged.append(tokens.count - 1)
          place += 2
        } else {
          merged.append(piece[place])
          place += 1
        }
      }
      return merged
    }
  }
  return tokens
}

@Suite struct TokenizerTrainerTests {
  @Test func `incremental counts give the merges of recounting`() throws {
    var generator = SeededGenerator(state: 1)
    for round in 0..<300 {
      // No letter repeats within a word: where "aaa" merges, `tokenizers` keeps a count that recounting
      // would not, and the golden file covers that.
      let words = (0..<(5 + round % 30)).map { _ in
        String("abcdefg".shuffled(using: &generator).prefix(Int.random(in: 1...6, using: &generator)))
      }
      let expected = naiveTokens(words, merges: 12, minimumFrequency: 2)
      guard !expected.isEmpty, Set(expected).count == expected.count else { continue }
      var trainer = try TokenizerTrainer(vocabularySize: 257 + expected.count)
      for word in words { trainer.add(word) }
      let tokenizer = try trainer.train()
      let learnt = (0..<expected.count).map { tokenizer.decodeBytes([UInt16(257 + $0)]) }
      #expect(learnt == expected, "\(words)")
    }
  }

  @Test func `ties go to the lower ids and a repeated letter merges left to right`() throws {
    var trainer = try TokenizerTrainer(vocabularySize: 259)
    for _ in 0..<2 { for word in ["zy", "ba", "aaa"] { trainer.add(word) } }
    let tokenizer = try trainer.train()
    #expect(tokenizer.decode([257]) == "aa", "\"aaa\" holds the pair twice, so it occurs four times")
    #expect(tokenizer.decode([258]) == "ba")
    #expect(try tokenizer.encode("aaa").count == 2)
    #expect(try tokenizer.encode("aaaaa").prefix(2) == [257, 257])
  }

  @Test func `a text with too few pairs is refused, saying how many there are`() throws {
    var trainer = try TokenizerTrainer(vocabularySize: 300)
    trainer.add("abab abab")
    #expect(
      sentence { try trainer.train(subject: "poem.txt") }
        == "poem.txt: the text yields a vocabulary of 259 tokens (2 merges), but vocabulary_size asks for "
        + "300; use more text, or a vocabulary_size of at most 259.")
  }

  @Test func `a vocabulary that ids cannot number is refused`() {
    for size in [-1, 0, 256, 65_537] {
      #expect(
        sentence { try TokenizerTrainer(vocabularySize: size) }.hasPrefix("vocabulary_size: got \(size)"))
    }
  }

  @Test func `progress ends at the vocabulary that was asked for`() throws {
    var trainer = try TokenizerTrainer(vocabularySize: 258)
    trainer.add("abab")
    var last = (0, 0)
    _ = try trainer.train { last = ($0, $1) }
    #expect(last == (258, 258))
  }
}
