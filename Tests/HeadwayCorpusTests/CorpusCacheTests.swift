import Foundation
import HeadwayCorpus
import HeadwayTrace
import Synchronization
import Testing

@Suite(.serialized) struct CorpusCacheTests {
  private func open(
    _ scratch: ScratchDirectory, from source: String = "t", vocabulary: Int = 262,
    kind: TokenizerKind = .bpe
  ) throws -> (corpus: Corpus, wasBuilt: Bool) {
    var wasBuilt = false
    let options = smallOptions {
      $0.vocabularySize = vocabulary
      $0.tokenizer = kind
    }
    let corpus = try Corpus.openOrBuild(
      from: [scratch[source]], options: options, cache: scratch["cache/deep"]
    ) { _ in wasBuilt = true }
    return (corpus, wasBuilt)
  }

  private func kept(_ scratch: ScratchDirectory) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch["cache/deep"]).sorted()
  }

  @Test func `the same text is built once, and again when it or an option changes`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: prose(seed: 1, words: 300), to: "t/a.txt")
    let first = try open(scratch)
    #expect(first.wasBuilt)
    let second = try open(scratch)
    #expect(!second.wasBuilt)
    #expect(second.corpus.facts == first.corpus.facts)
    #expect(second.corpus.directory == first.corpus.directory)
    #expect(try open(scratch, from: "t/../t").wasBuilt == false)
    #expect(try open(scratch, vocabulary: 265).wasBuilt)
    #expect(try open(scratch, from: "t/a.txt").wasBuilt)
    try scratch.write(text: prose(seed: 2, words: 300), to: "t/b.txt")
    let grown = try open(scratch)
    #expect(grown.wasBuilt)
    #expect(grown.corpus.contentHash != first.corpus.contentHash)
    #expect(try kept(scratch).count == 4)
  }

  @Test func `a built corpus is opened as it is, if its vocabulary is the one asked for`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: prose(seed: 1, words: 300), to: "t/a.txt")
    let built = try CorpusBuilder(sources: [scratch["t"]], options: smallOptions()).build(to: scratch["out"])
    let opened = try open(scratch, from: "out", vocabulary: 270)
    #expect(!opened.wasBuilt)
    #expect(opened.corpus.directory == built.directory)
    #expect(!FileManager.default.fileExists(atPath: scratch["cache"]))
    #expect(
      sentence { try open(scratch, from: "out", vocabulary: 300) }.hasSuffix(
        "the corpus has a vocabulary of 270 tokens, but vocabulary_size asks for 300; "
          + "set vocabulary_size to 270, or name the text instead."))
    #expect(
      sentence {
        try Corpus.openOrBuild(
          from: [scratch["t"], scratch["out"]], options: smallOptions(), cache: scratch["cache"])
      }.contains("cannot be joined with other sources"))
  }

  @Test func `a kept corpus that was damaged is built again`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: prose(seed: 1, words: 300), to: "t/a.txt")
    let first = try open(scratch)
    let tokens = first.corpus.directory + "/train.bin"
    #expect(truncate(tokens, 10) == 0)
    let again = try open(scratch)
    #expect(again.wasBuilt)
    #expect(again.corpus.facts == first.corpus.facts)
    #expect(try kept(scratch).count == 1)
  }

  @Test func `a failed build leaves nothing in the cache`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: "too short", to: "t/a.txt")
    #expect(sentence { try open(scratch) }.contains("the text yields a vocabulary of"))
    #expect(try kept(scratch).isEmpty)
  }

  @Test func `builders of the same text at once all get the same whole corpus`() throws {
    let scratch = try ScratchDirectory()
    for number in 0..<20 {
      try scratch.write(text: prose(seed: UInt64(number), words: 300), to: "t/\(number)")
    }
    for _ in 0..<5 {
      let hashes = Mutex<[String]>([])
      let problems = Mutex<[String]>([])
      let path = (source: scratch["t"], cache: scratch["cache/deep"])
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        do {
          let corpus = try Corpus.openOrBuild(
            from: [path.source], options: smallOptions { $0.vocabularySize = 262 }, cache: path.cache)
          hashes.withLock { $0.append(corpus.contentHash) }
        } catch {
          problems.withLock { $0.append("\(error)") }
        }
      }
      #expect(problems.withLock { $0 } == [])
      #expect(hashes.withLock { $0.count } == 8)
      #expect(Set(hashes.withLock { $0 }).count == 1)
      let kept = try kept(scratch)
      #expect(kept.count == 1)
      try FileManager.default.removeItem(atPath: scratch["cache/deep/\(kept[0])"])
    }
  }
}
