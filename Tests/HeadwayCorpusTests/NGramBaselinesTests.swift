import Foundation
import HeadwayCorpus
import Testing

@Suite struct NGramBaselinesTests {
  private func baselines(train: [UInt16], validation: [UInt16], vocabulary: Int) throws -> NGramBaselines? {
    let scratch = try ScratchDirectory()
    return NGramBaselines(
      train: try TokenFile(path: scratch.write(tokenBytes(train), to: "a"), vocabularySize: vocabulary),
      validation: try TokenFile(
        path: scratch.write(tokenBytes(validation), to: "b"), vocabularySize: vocabulary))
  }

  @Test func `losses follow the stated formulas`() throws {
    // Counts: 0 four times, 1 twice, 2 never; 0→1 twice, 1→0 twice, 0→0 once; N = 6, V = 3.
    let found = try #require(
      try baselines(train: [0, 1, 0, 1, 0, 0], validation: [2, 0, 1, 2], vocabulary: 3))
    #expect(found.tokens == 3)
    let (p0, p1, p2) = (5.0 / 9, 3.0 / 9, 1.0 / 9)
    #expect(abs(found.unigramLoss + (log(p0) + log(p1) + log(p2)) / 3) < 1e-12)
    // After 2 nothing was seen; after 0: f = 3, d = 2; after 1: f = 2, d = 1.
    let bigram = log(p0) + log((2 + 2 * p1) / 5) + log((0 + 1 * p2) / 3)
    #expect(abs(found.bigramLoss + bigram / 3) < 1e-12)
  }

  @Test func `a text that alternates is predicted by its bigrams and not by its unigrams`() throws {
    let text = (0..<10_000).map { UInt16($0 % 50) }
    let found = try #require(try baselines(train: text, validation: text, vocabulary: 300))
    #expect(abs(found.unigramLoss - log(50)) < 0.05)
    #expect(found.bigramLoss < 0.05)
  }

  @Test func `probabilities of all tokens add up to one`() throws {
    // The mean over a held-out pair (v, w) is −ln p(w | v), so p can be read off for every w.
    let train: [UInt16] = [0, 1, 2, 0, 1, 1, 3, 0, 2, 2]
    for previous in 0..<5 {
      var total = 0.0
      for next in 0..<5 {
        let pair = [UInt16(previous), UInt16(next)]
        let found = try #require(try baselines(train: train, validation: pair, vocabulary: 5))
        total += exp(-found.bigramLoss)
      }
      #expect(abs(total - 1) < 1e-12)
    }
  }

  @Test func `one held-out token has no loss`() throws {
    #expect(try baselines(train: [0, 1], validation: [1], vocabulary: 3) == nil)
  }
}
