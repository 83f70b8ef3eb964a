import Foundation
import HeadwayCorpus
import HeadwayTrace
import Testing

@Suite struct TokenFileTests {
  @Test func `ids are little-endian and widen to Int32`() throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write([0x01, 0x00, 0x02, 0x01, 0xFF, 0xFF], to: "t.bin")
    let tokens = try TokenFile(path: path, vocabularySize: 65_536)
    #expect(tokens.count == 3)
    #expect((0..<3).map { tokens[$0] } == [1, 258, 65_535])
    let batch = TokenBatch(batchSize: 1, sequenceLength: 2)
    tokens.copy(from: 1, into: batch.inputs)
    #expect(Array(batch.inputs) == [258, 65_535])
  }

  @Test func `a batch holds the windows and their successors`() throws {
    let scratch = try ScratchDirectory()
    let ids = (0..<1000).map { UInt16($0 * 7 % 300) }
    let tokens = try TokenFile(path: scratch.write(tokenBytes(ids), to: "t.bin"), vocabularySize: 300)
    let source = try TokenBatchSource(tokens: tokens, batchSize: 3, sequenceLength: 8, seed: 9)
    let batch = TokenBatch(batchSize: 3, sequenceLength: 8)
    for index in 0..<100 {
      source.fill(batch, index: index)
      #expect(batch.index == index)
      for sequence in 0..<3 {
        let offset = source.sampler.offset(ofSequence: sequence, inBatch: index)
        #expect(batch.inputs(ofSequence: sequence).map { UInt16($0) } == Array(ids[offset..<offset + 8]))
        #expect(batch.targets(ofSequence: sequence).map { UInt16($0) } == Array(ids[offset + 1..<offset + 9]))
      }
    }
  }

  @Test func `bad files are refused in words`() throws {
    let scratch = try ScratchDirectory()
    let cases: [(String, String)] = [
      (scratch["none.bin"], "there is no such file or directory; check the path."),
      (try scratch.write([], to: "empty.bin"), "the token file is empty; build the corpus again."),
      (
        try scratch.write([1, 0, 2], to: "odd.bin"),
        "its length of 3 bytes is odd, but a token takes two bytes; "
          + "it is truncated or not a token file; build the corpus again."
      ),
      (
        try scratch.write([1, 0, 0x2C, 1], to: "big.bin"),
        "token 1 has the id 300, but the vocabulary has 300 tokens; "
          + "the file is corrupt or belongs to another tokenizer; build the corpus again."
      ),
      (scratch.path, "this is not a regular file; name a file."),
    ]
    for (path, problem) in cases {
      #expect(sentence { try TokenFile(path: path, vocabularySize: 300) } == "\(path): \(problem)")
    }
  }
}
