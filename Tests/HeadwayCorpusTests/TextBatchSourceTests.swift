import Foundation
import HeadwayCorpus
import HeadwayTrace
import Testing

@Suite struct TextBatchSourceTests {
  private func corpus(in scratch: ScratchDirectory, keepsText: Bool = true) throws -> Corpus {
    for number in 0..<12 {
      try scratch.write(text: prose(seed: UInt64(number), words: 250), to: "t/\(number)")
    }
    // One piece far longer than a window, and spaces and special tokens at every kind of border.
    try scratch.write(text: String(repeating: "z", count: 700) + " \n\n", to: "t/long")
    try scratch.write(text: " <|endoftext|> x<|endoftext|><|endoftext|>\n\n \t y", to: "t/special")
    return try CorpusBuilder(
      sources: [scratch["t"]],
      options: smallOptions {
        $0.keepsText = keepsText
        $0.validationShare = 0.2
      }
    ).build(to: scratch["out"])
  }

  @Test func `tokenising as it streams gives the batches of the token file`() throws {
    let scratch = try ScratchDirectory()
    let corpus = try corpus(in: scratch)
    for split in CorpusSplit.allCases {
      for (batchSize, length) in [(1, 1), (3, 7), (2, 32), (4, 65)] {
        let tokens = try TokenBatchSource(
          tokens: corpus.tokens(of: split), batchSize: batchSize, sequenceLength: length, seed: 4)
        let text = try TextBatchSource(
          corpus: corpus, split: split, batchSize: batchSize, sequenceLength: length, seed: 4)
        let one = TokenBatch(batchSize: batchSize, sequenceLength: length)
        let other = TokenBatch(batchSize: batchSize, sequenceLength: length)
        for index in 0..<2 * tokens.sampler.batchesPerEpoch {
          tokens.fill(one, index: index)
          text.fill(other, index: index)
          #expect(one.inputs.elementsEqual(other.inputs) && one.targets.elementsEqual(other.targets))
          #expect(other.index == index)
        }
      }
    }
  }

  @Test func `many threads fill different batches at once`() throws {
    let scratch = try ScratchDirectory()
    let corpus = try corpus(in: scratch)
    let text = try TextBatchSource(corpus: corpus, batchSize: 2, sequenceLength: 16, seed: 4)
    let tokens = try TokenBatchSource(tokens: corpus.train, batchSize: 2, sequenceLength: 16, seed: 4)
    let batches = (0..<200).map { _ in TokenBatch(batchSize: 2, sequenceLength: 16) }
    DispatchQueue.concurrentPerform(iterations: 200) { text.fill(batches[$0], index: $0) }
    let expected = TokenBatch(batchSize: 2, sequenceLength: 16)
    for (index, batch) in batches.enumerated() {
      tokens.fill(expected, index: index)
      #expect(batch.inputs.elementsEqual(expected.inputs) && batch.targets.elementsEqual(expected.targets))
    }
  }

  @Test func `a text that was not kept, or was changed, is refused in words`() throws {
    let bare = try ScratchDirectory()
    let without = try corpus(in: bare, keepsText: false)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bare["out"]).sorted()
        == ["corpus.json", "tokenizer.json", "train.bin", "validation.bin"])
    func refusal(_ corpus: Corpus) -> String {
      sentence { try TextBatchSource(corpus: corpus, batchSize: 2, sequenceLength: 16, seed: 4) }
    }
    #expect(
      refusal(without).contains(
        "train.txt: the corpus was built without keeping its text; use loader: tokens"))

    let scratch = try ScratchDirectory()
    let corpus = try corpus(in: scratch)
    let text = try Data(contentsOf: URL(fileURLWithPath: scratch["out/train.txt"]))
    let index = try Data(contentsOf: URL(fileURLWithPath: scratch["out/train.idx"]))
    var edited = text
    edited[100] ^= 1
    try scratch.write(edited, to: "out/train.txt")
    #expect(refusal(corpus).contains("train.txt: the text or its index was changed"))
    try scratch.write(text.dropLast(), to: "out/train.txt")
    #expect(refusal(corpus).contains("train.idx: the text index belongs to another text"))
    try scratch.write(text, to: "out/train.txt")
    try scratch.write(index.dropLast(8), to: "out/train.idx")
    #expect(refusal(corpus).contains("train.idx: the text index is truncated"))
    var broken = index
    broken[56 + 7] = 0x7F
    try scratch.write(broken, to: "out/train.idx")
    #expect(refusal(corpus).contains("entry 1 of the text index is out of order"))
    broken[8] = 2
    try scratch.write(broken, to: "out/train.idx")
    #expect(refusal(corpus).contains("of another version"))
    try scratch.write(Array("hello".utf8), to: "out/train.idx")
    #expect(refusal(corpus).contains("this is not a text index"))
  }
}
