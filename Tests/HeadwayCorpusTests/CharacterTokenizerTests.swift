import Foundation
import HeadwayCorpus
import HeadwayTrace
import Testing

/// What Hugging Face `tokenizers` saves and encodes; made by `make_character_golden.py` beside the file.
private struct CharacterGolden: Decodable {
  struct Case: Decodable {
    var text: String
    var ids: [UInt16]
  }
  var text: String
  var cases: [Case]

  static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/HeadwayCorpus/character_golden.json")

  static func load() throws -> CharacterGolden {
    try JSONDecoder().decode(CharacterGolden.self, from: Data(contentsOf: url))
  }
}

@Suite struct CharacterTokenizerTests {
  private func tokenizer(of text: String) throws -> Tokenizer {
    var census = CharacterCensus()
    census.add(text)
    return try census.tokenizer(limit: 1000)
  }

  @Test func `every character is a token, numbered by its scalar value`() throws {
    let characters = try tokenizer(of: "ba日 c\na")
    #expect(characters.kind == .characters && characters.endOfText == nil)
    #expect(characters.vocabularySize == 6)
    #expect(try characters.encode("\n abc日") == [0, 1, 2, 3, 4, 5])
    #expect(characters.decode([5, 0, 2]) == "日\na")
    #expect(try characters.encode("").isEmpty)
  }

  @Test func `spellings that look alike stay apart`() throws {
    let text = "\u{C5}\u{212B}A\u{30A}"
    let characters = try tokenizer(of: text)
    #expect(characters.vocabularySize == 4)
    #expect(try characters.decodeBytes(characters.encode(text)) == Array(text.utf8))
    let scratch = try ScratchDirectory()
    let again = try Tokenizer(path: scratch.write(try characters.json(), to: "tokenizer.json"))
    #expect(again == characters)
    // A is U+0041, then U+00C5, U+030A and U+212B.
    #expect(try again.encode(text) == [1, 3, 0, 2])
  }

  @Test func `ids are those of Hugging Face tokenizers, in both files`() throws {
    let golden = try CharacterGolden.load()
    let whole = try JSONSerialization.jsonObject(with: Data(contentsOf: CharacterGolden.url))
    let inner = try #require((whole as? [String: Any])?["tokenizer"])
    let scratch = try ScratchDirectory()
    let theirs = try Tokenizer(
      path: scratch.write(try JSONSerialization.data(withJSONObject: inner), to: "theirs.json"))
    let ours = try tokenizer(of: golden.text)
    #expect(theirs == ours)
    for each in golden.cases {
      #expect(try theirs.encode(each.text) == each.ids, "\(each.text.debugDescription)")
      #expect(theirs.decodeBytes(each.ids) == Array(each.text.utf8))
    }
    // What decides ids there is the same in the file that is written here.
    let written = try JSONSerialization.jsonObject(with: try ours.json()) as? [String: Any]
    for key in ["model", "pre_tokenizer"] {
      let (one, other) = (written?[key], (inner as? [String: Any])?[key])
      #expect(try #require(one as? NSDictionary) == #require(other as? NSDictionary), "\(key)")
    }
  }

  @Test func `an unknown character is named, with its place`() throws {
    let characters = try tokenizer(of: "ab\n")
    let end =
      ", which is none of the vocabulary's 3 characters; leave it out, or use a model whose text has it."
    #expect(
      sentence { try characters.encode("ab\nbé", subject: "t") } == "t: line 2, character 2 is é (U+00E9)"
        + end)
    #expect(sentence { try characters.encode("ab\t") } == "text: line 1, character 3 is U+0009" + end)
    #expect(
      sentence { try characters.encode([0x61, 0xFF]) } == "text: line 1, character 2 is not valid UTF-8" + end
    )
  }

  @Test func `files of other tokenizers are refused`() throws {
    let scratch = try ScratchDirectory()
    let good = String(decoding: try tokenizer(of: "abc").json(), as: UTF8.self)
    func refusal(_ old: String, _ new: String) throws -> String {
      #expect(good.contains(old))
      let path = try scratch.write(text: good.replacingOccurrences(of: old, with: new), to: "t.json")
      return sentence { try Tokenizer(path: path) }
    }
    #expect(try refusal("\"c\" : 2", "\"c\" : 3").contains("model.vocab: the 3 ids are not 0 to 2"))
    #expect(try refusal("\"c\" : 2", "\"c\" : 1").contains("model.vocab: the 3 ids are not 0 to 2"))
    #expect(try refusal("\"c\" : 2", "\"cc\" : 2").contains("token 2 is not one character"))
    #expect(try refusal("\"c\" : 2", "\"日\" : 2").contains("token 2 is not one character"))
    #expect(try refusal("Isolated", "Removed").contains("pre_tokenizer: expected every character"))
    #expect(try refusal("WordLevel", "Unigram").contains("model"))
  }
}

@Suite struct CharacterCorpusTests {
  private func options(_ change: (inout CorpusOptions) -> Void = { _ in }) -> CorpusOptions {
    smallOptions {
      $0.tokenizer = .characters
      $0.vocabularySize = 1000
      $0.order = .sorted
      change(&$0)
    }
  }

  @Test func `the vocabulary is the whole text's, and documents are joined as they are`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: String(repeating: "abc\n", count: 50), to: "t/1")
    // Only the end, which is held out, has a z.
    try scratch.write(text: String(repeating: "cab ", count: 50) + "z", to: "t/2")
    let corpus = try CorpusBuilder(sources: [scratch["t"]], options: options()).build(to: scratch["out"])
    #expect(corpus.facts.tokenizer == .characters)
    #expect(corpus.facts.vocabularySize == 6 && corpus.tokenizer.vocabularySize == 6)
    #expect(corpus.facts.textBytes == 401 && corpus.facts.tokens == 401)
    #expect(corpus.describe() == "2 files, 401 B, 401 tokens, vocabulary 6 characters")
    let texts = try CorpusSplit.allCases.map {
      try String(contentsOfFile: scratch["out/\($0.rawValue).txt"], encoding: .utf8)
    }
    #expect(
      texts.joined() == String(repeating: "abc\n", count: 50) + String(repeating: "cab ", count: 50) + "z")
    #expect(try corpus.tokenizer.encode(texts[0]) == (0..<corpus.train.count).map { corpus.train[$0] })
    #expect(corpus.validation[corpus.validation.count - 1] == 5)
    #expect(try Corpus.open(scratch["out"]).facts == corpus.facts)
    // The text loader gives the same batches.
    let tokens = try TokenBatchSource(tokens: corpus.train, batchSize: 3, sequenceLength: 7, seed: 4)
    let text = try TextBatchSource(corpus: corpus, batchSize: 3, sequenceLength: 7, seed: 4)
    let (one, other) = (
      TokenBatch(batchSize: 3, sequenceLength: 7), TokenBatch(batchSize: 3, sequenceLength: 7)
    )
    for index in 0..<40 {
      tokens.fill(one, index: index)
      text.fill(other, index: index)
      #expect(one.inputs.elementsEqual(other.inputs) && one.targets.elementsEqual(other.targets))
    }
  }

  @Test func `more characters than vocabulary_size allows are refused, with both numbers`() throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write(text: "abcdefgh", to: "t")
    #expect(
      sentence {
        try CorpusBuilder(sources: [path], options: options { $0.vocabularySize = 7 }).build(to: scratch["o"])
      } == "\(path): vocabulary_size: the text has 8 different characters, and vocabulary_size is 7; "
        + "set vocabulary_size to 8 or more, or use tokenizer: bpe.")
    #expect(!FileManager.default.fileExists(atPath: scratch["o"]))
    #expect(
      sentence { try CorpusBuilder(sources: [path], options: options { $0.vocabularySize = 0 }) }
        == "vocabulary_size: got 0, expected a whole number from 1 to 65536; correct the value.")
  }

  @Test func `corpora of the two kinds are kept apart`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: prose(seed: 1, words: 300), to: "t/a.txt")
    func open(_ source: String, _ kind: TokenizerKind, _ size: Int) throws -> Corpus {
      try Corpus.openOrBuild(
        from: [scratch[source]],
        options: options {
          $0.tokenizer = kind
          $0.vocabularySize = size
        }, cache: scratch["cache"])
    }
    let pairs = try open("t", .bpe, 270)
    let characters = try open("t", .characters, 270)
    #expect(pairs.directory != characters.directory)
    #expect(pairs.tokenizer.kind == .bpe && characters.tokenizer.kind == .characters)
    #expect(try open("t", .bpe, 270).directory == pairs.directory)
    // A built one is opened when its kind is the one asked for.
    _ = try CorpusBuilder(sources: [scratch["t"]], options: options()).build(to: scratch["out"])
    #expect(try open("out", .characters, 500).directory == scratch["out"])
    let size = characters.tokenizer.vocabularySize
    #expect(
      sentence { try open("out", .bpe, size) }.hasSuffix(
        "the corpus was built with tokenizer characters, but bpe is asked for; set tokenizer to characters, "
          + "or name the text instead."))
    #expect(
      sentence { try open("out", .characters, 5) }.hasSuffix(
        "the corpus has \(size) different characters, and vocabulary_size is 5; set vocabulary_size to \(size) "
          + "or more, or name the text instead."))
  }

  @Test func `a text is encoded with a tokenizer that exists, which decides the corpus`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: "abcabc\ncab", to: "t/a")
    let model = try CorpusBuilder(sources: [scratch["t"]], options: options()).build(to: scratch["m"])
      .tokenizer
    try scratch.write(text: "bbb\nacca", to: "u/a")
    func open() throws -> Corpus {
      try Corpus.openOrBuild(
        from: [scratch["u"]], options: options { $0.existingTokenizer = model }, cache: scratch["cache"])
    }
    let corpus = try open()
    #expect(corpus.tokenizer == model && corpus.facts.vocabularySize == 4)
    #expect(corpus.train[0] == 2)
    try scratch.write(text: "bbb\nbé", to: "u/b")
    #expect(sentence(open).hasPrefix("\(scratch["u/b"]): line 2, character 2 is é (U+00E9)"))
    // Byte pairs encode everything, also with a text too small to learn them from.
    let pairs = try Corpus.openOrBuild(
      from: [scratch["u"]], options: options { $0.existingTokenizer = .bytes }, cache: scratch["cache"])
    #expect(pairs.tokenizer == .bytes && pairs.facts.tokenizer == .bpe)
    #expect(pairs.facts.textBytes == 8 + 13 + 7)
  }

  @Test func `what is missing of the limit is said, and never made up for`() throws {
    let scratch = try ScratchDirectory()
    try scratch.write(text: String(repeating: "abc\n", count: 500), to: "t/1")
    func facts(_ limit: Int?) throws -> CorpusFacts {
      try Corpus.openOrBuild(
        from: [scratch["t"]], options: options { $0.limitBytes = limit }, cache: scratch["cache"]
      ).facts
    }
    let short = try facts(5_000)
    #expect(short.missingBytes == 3_000 && short.textBytes == 2_000)
    #expect(
      short.describeMissing()
        == "5.0 kB of text were asked for (limit_bytes) and the sources hold 2.0 kB: 3.0 kB are missing; name "
        + "more files or directories as sources (no text is repeated to make up for it)")
    #expect(try facts(nil).describeMissing() == nil)
    #expect(try facts(2_000).missingBytes == nil)
    // A file that was left because of the limit: the text is there, only not taken.
    try scratch.write(text: String(repeating: "abc\n", count: 900), to: "t/2")
    #expect(try facts(5_000).missingBytes == nil)
  }
}
