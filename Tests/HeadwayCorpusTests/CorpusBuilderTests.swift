import Foundation
import HeadwayCorpus
import HeadwayTrace
import Testing

/// Prose of some length whose words repeat, different for every seed.
func prose(seed: UInt64, words: Int) -> String {
  var generator = SeededGenerator(state: seed)
  let stock = [
    "the", "river", "runs", "below", "naïve", "hills", "I'll", "wait", "12", "3.5", "日本", "  ", "\n\n",
  ]
  return (0..<words).map { _ in stock[Int(generator.next() % UInt64(stock.count))] }.joined(separator: " ")
}

/// Options with a vocabulary that small texts reach.
func smallOptions(_ change: (inout CorpusOptions) -> Void = { _ in }) -> CorpusOptions {
  var options = CorpusOptions()
  options.vocabularySize = 270
  change(&options)
  return options
}

@Suite struct CorpusBuilderTests {
  @Test func `a directory becomes a corpus whose parts agree`() throws {
    let scratch = try ScratchDirectory()
    for number in 0..<5 {
      try scratch.write(text: prose(seed: UInt64(number), words: 400), to: "text/\(number % 2)/\(number).md")
    }
    var points: [CorpusProgress] = []
    let corpus = try CorpusBuilder(sources: [scratch["text"]], options: smallOptions())
      .build(to: scratch["out"]) { points.append($0) }
    #expect(corpus.facts.filesTaken == 5)
    #expect(corpus.facts.filesSkipped == SkippedFiles())
    #expect(corpus.facts.schema == "headway.corpus/1")
    #expect(corpus.train.count == corpus.facts.trainTokens)
    #expect(corpus.validation.count == corpus.facts.validationTokens)
    #expect(corpus.contentHash.count == 16)
    for phase in CorpusProgress.Phase.allCases {
      let last = try #require(points.last { $0.phase == phase })
      #expect(last.done == last.total, "\(phase)")
    }
    #expect(
      points.map(\.phase.rawValue)
        == points.map(\.phase.rawValue).sorted { one, other in
          let order = CorpusProgress.Phase.allCases.map(\.rawValue)
          return order.firstIndex(of: one) ?? 0 < order.firstIndex(of: other) ?? 0
        })
    // The token files are what the texts encode to, and the texts are the documents joined.
    var texts = ""
    for split in CorpusSplit.allCases {
      let text = try String(contentsOfFile: scratch["out/\(split.rawValue).txt"], encoding: .utf8)
      let tokens = corpus.tokens(of: split)
      #expect(try corpus.tokenizer.encode(text) == (0..<tokens.count).map { tokens[$0] })
      texts += text
    }
    #expect(try corpus.tokenizer.encode(texts).count == corpus.facts.tokens)
    let documents = texts.components(separatedBy: "<|endoftext|>")
    #expect(Set(documents) == Set((0..<5).map { prose(seed: UInt64($0), words: 400) }))
    #expect(texts.utf8.count == corpus.facts.textBytes)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["out", "text"])
    #expect(
      corpus.describe()
        == "5 files, \(String(format: "%.1f", Double(texts.utf8.count) / 1000)) kB, "
        + "\(String(format: "%.1f", Double(corpus.facts.tokens) / 1000)) K tokens, vocabulary 270")
  }

  @Test func `building twice gives the same bytes, and another vocabulary the same texts`() throws {
    let scratch = try ScratchDirectory()
    for number in 0..<9 { try scratch.write(text: prose(seed: UInt64(number), words: 90), to: "t/\(number)") }
    let first = try CorpusBuilder(sources: [scratch["t"]], options: smallOptions()).build(to: scratch["a"])
    let again = try CorpusBuilder(sources: [scratch["t"]], options: smallOptions()).build(to: scratch["b"])
    for name in try FileManager.default.contentsOfDirectory(atPath: scratch["a"]) {
      #expect(
        FileManager.default.contentsEqual(atPath: scratch["a/\(name)"], andPath: scratch["b/\(name)"]),
        "\(name)")
    }
    #expect(first.facts == again.facts)
    let other = try CorpusBuilder(
      sources: [scratch["t"]], options: smallOptions { $0.vocabularySize = 260 }
    ).build(to: scratch["c"])
    #expect(other.contentHash != first.contentHash)
    for name in ["train.txt", "validation.txt"] {
      #expect(FileManager.default.contentsEqual(atPath: scratch["a/\(name)"], andPath: scratch["c/\(name)"]))
    }
  }

  @Test func `the cut never changes how either part encodes`() throws {
    // Spaces are where the pattern looks ahead, so they are where a cut could go wrong.
    let text = String(repeating: "ab  \n\n  cd   <|endoftext|>  e \t\n", count: 12)
    let whole = try Tokenizer.bytes.encode(text).count
    for share in stride(from: 0.005, through: 0.9, by: 0.023) {
      let scratch = try ScratchDirectory()
      let source = try scratch.write(text: text, to: "t.txt")
      let options = smallOptions {
        $0.vocabularySize = 257
        $0.validationShare = share
      }
      let corpus = try CorpusBuilder(sources: [source], options: options).build(to: scratch["out"])
      #expect(corpus.facts.tokens == whole)
      let first = try String(contentsOfFile: scratch["out/train.txt"], encoding: .utf8)
      #expect(first.last?.isWhitespace == false || corpus.validation.count == 0)
      #expect(abs(Double(first.utf8.count) / Double(text.utf8.count) - (1 - share)) < 0.06)
    }
  }

  @Test func `nothing is held out with a share of 0`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: prose(seed: 1, words: 300), to: "t.txt")
    let corpus = try CorpusBuilder(sources: [source], options: smallOptions { $0.validationShare = 0 })
      .build(to: scratch["out"])
    #expect(corpus.validation.count == 0)
    #expect(corpus.facts.bytesPerToken == Double(corpus.facts.textBytes) / Double(corpus.train.count))
    #expect(
      sentence { try TokenBatchSource(tokens: corpus.validation, batchSize: 1, sequenceLength: 1, seed: 0) }
        .contains("the text has 0 tokens"))
  }

  @Test func `what is no text is passed over and counted by kind`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: prose(seed: 1, words: 300), to: "t/good.txt")
    try scratch.write([0x61, 0, 0x62], to: "t/program")
    try scratch.write([0x61, 0xFF], to: "t/latin1.txt")
    try scratch.write([0xED, 0xA0, 0x80], to: "t/surrogate.txt")
    try scratch.write([], to: "t/empty.txt")
    try scratch.write([UInt8](repeating: 0x61, count: 5_001), to: "t/large.txt")
    try scratch.write(text: "secret secret", to: "t/.git/config")
    try scratch.write(text: "hidden hidden", to: "t/.hidden.txt")
    try scratch.write(text: "{}", to: "t/built/corpus.json")
    try scratch.write(text: "built built", to: "t/built/train.txt")
    try FileManager.default.createSymbolicLink(atPath: scratch["t/loop"], withDestinationPath: "../t")
    try FileManager.default.createSymbolicLink(atPath: scratch["t/link.txt"], withDestinationPath: "good.txt")
    try #require(mkfifo(scratch["t/pipe"], 0o600) == 0)
    let corpus = try CorpusBuilder(
      sources: [scratch["t"]], options: smallOptions { $0.maximumFileBytes = 5_000 }
    ).build(to: scratch["out"])
    var expected = SkippedFiles()
    expected.binary = 1
    expected.notUtf8 = 2
    expected.empty = 1
    expected.tooLarge = 1
    expected.builtCorpora = 1
    expected.notRegular = 3
    #expect(corpus.facts.filesSkipped == expected)
    #expect(expected.total == 9)
    #expect(corpus.facts.filesTaken == 1)
    #expect(
      corpus.facts.describeSkipped()
        == "skipped: 1 binary, 2 not UTF-8, 1 empty, 1 too large, 1 built corpora, 3 links or special files")
  }

  @Test func `a hidden directory is entered when it is named, and overlapping sources count once`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: prose(seed: 1, words: 200), to: "p/a.txt")
    try scratch.write(text: prose(seed: 2, words: 200), to: "p/.build/checkouts/b.txt")
    try scratch.write(text: "no", to: "p/.build/checkouts/.git/HEAD")
    let sources = [scratch["p"], scratch["p/.build/checkouts"], scratch["p/a.txt"], scratch["p/."]]
    let corpus = try CorpusBuilder(sources: sources, options: smallOptions()).build(to: scratch["out"])
    #expect(corpus.facts.filesTaken == 2)
    #expect(corpus.facts.sources == sources)
  }

  @Test func `a byte limit takes whole files and says what it left`() throws {
    let scratch = try ScratchDirectory()
    for number in 0..<20 {
      try scratch.write(text: prose(seed: UInt64(number), words: 100), to: "t/\(number).txt")
    }
    var takenBySeed: Set<String> = []
    for order in [DocumentOrder.sorted, .shuffled(seed: 0), .shuffled(seed: 1)] {
      let out = scratch["out-\(order)"]
      let corpus = try CorpusBuilder(
        sources: [scratch["t"]],
        options: smallOptions {
          $0.limitBytes = 3_000
          $0.order = order
          $0.validationShare = 0
        }
      ).build(to: out)
      let text = try String(contentsOfFile: out + "/train.txt", encoding: .utf8)
      #expect(text.utf8.count <= 3_000 && text.utf8.count > 2_000)
      let facts = corpus.facts
      #expect(facts.filesTaken + facts.filesSkipped.overLimit == 20)
      let all = (0..<20).map { prose(seed: UInt64($0), words: 100) }
      #expect(Set(text.components(separatedBy: "<|endoftext|>")).isSubset(of: Set(all)))
      let separators = 13 * (facts.filesTaken - 1)
      #expect(
        facts.textBytes - separators + facts.filesSkipped.overLimitBytes
          == all.reduce(0) { $0 + $1.utf8.count })
      #expect(facts.limitBytes == 3_000)
      if order == .sorted { #expect(text.hasPrefix(all[0])) }
      takenBySeed.insert(text)
    }
    #expect(takenBySeed.count == 3)
  }

  @Test func `what a killed build left is removed by the next, unless somebody is still at it`() throws {
    let scratch = try ScratchDirectory()
    let source = try scratch.write(text: prose(seed: 1, words: 300), to: "t.txt")
    for name in ["abandoned", "young", "locked"] {
      try scratch.write(text: "part", to: "out.hwtmp-\(name)/train.txt")
      var old = [timeval(tv_sec: 1_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000, tv_usec: 0)]
      if name != "young" { try #require(utimes(scratch["out.hwtmp-\(name)"], &old) == 0) }
    }
    let descriptor = open(scratch["out.hwtmp-locked"], O_RDONLY)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX) == 0)
    _ = try CorpusBuilder(sources: [source], options: smallOptions()).build(to: scratch["out"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        == ["out", "out.hwtmp-locked", "out.hwtmp-young", "t.txt"])
  }

  @Test func `a corpus is described in one line`() throws {
    func facts(_ files: Int, _ bytes: Int, _ tokens: Int) throws -> String {
      let json = """
        {"schema": "headway.corpus/1", "sources": ["t"], "files_taken": \(files), "text_bytes": \(bytes),
        "files_skipped": {"binary": 0, "not_utf8": 0, "empty": 0, "too_large": 0, "unreadable": 0,
        "built_corpora": 0, "not_regular": 0, "over_limit": 1200, "over_limit_bytes": 999},
        "train_tokens": \(tokens - 1), "validation_tokens": 1, "vocabulary_size": 1000,
        "validation_share": 0.1, "bytes_per_token": 2.5, "content_hash": "00"}
        """
      let value = try HeadwayJSON.decode(CorpusFacts.self, from: Data(json.utf8), subject: "facts")
      #expect(value.describeSkipped() == "skipped: 1,200 over the byte limit (999 B)")
      return value.describe()
    }
    #expect(try facts(1_234, 5_600_000, 1_900_000) == "1,234 files, 5.6 MB, 1.9 M tokens, vocabulary 1000")
    #expect(try facts(1, 999, 999) == "1 file, 999 B, 999 tokens, vocabulary 1000")
    #expect(
      try facts(1_000_000, 999_990, 2_000_000_000)
        == "1,000,000 files, 1.0 MB, 2.0 G tokens, vocabulary 1000")
  }
}
