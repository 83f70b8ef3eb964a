import Foundation
import HeadwayCorpus
import HeadwayTrace
import Testing

/// What Hugging Face `tokenizers` learns and encodes; made by `make_tokenizer_golden.py` beside the file.
private struct Golden: Decodable {
  struct Case: Decodable {
    var text: String
    var ids: [UInt16]
  }
  var vocabulary_size: Int
  var documents: [String]
  var cases: [Case]

  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/HeadwayCorpus/tokenizer_golden.json").path

  static func load() throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// The tokenizer.json inside the golden file, as a file of its own.
  static func tokenizer(in scratch: ScratchDirectory) throws -> Tokenizer {
    let whole = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    let inner = try #require((whole as? [String: Any])?["tokenizer"])
    let data = try JSONSerialization.data(withJSONObject: inner)
    return try Tokenizer(path: scratch.write(data, to: "hf.json"))
  }
}

@Suite struct GoldenTokenizerTests {
  @Test func `encoding gives the ids of Hugging Face tokenizers`() throws {
    let golden = try Golden.load()
    let tokenizer = try Golden.tokenizer(in: ScratchDirectory())
    #expect(golden.cases.count > 120)
    for each in golden.cases {
      #expect(try tokenizer.encode(each.text) == each.ids, "\(each.text.debugDescription)")
      #expect(tokenizer.decode(each.ids) == each.text)
    }
  }

  @Test func `training gives the merges of Hugging Face tokenizers`() throws {
    let golden = try Golden.load()
    var trainer = try TokenizerTrainer(vocabularySize: golden.vocabulary_size)
    for document in golden.documents { trainer.add(document) }
    let scratch = try ScratchDirectory()
    #expect(try trainer.train() == Golden.tokenizer(in: scratch))
  }

  @Test func `a saved tokenizer is read back the same and written the same`() throws {
    let scratch = try ScratchDirectory()
    let tokenizer = try Golden.tokenizer(in: scratch)
    let path = try scratch.write(tokenizer.json(), to: "tokenizer.json")
    let again = try Tokenizer(path: path)
    #expect(again == tokenizer)
    #expect(try again.json() == tokenizer.json())
    #expect(tokenizer != Tokenizer.bytes)
  }

  @Test func `a collection that is not contiguous encodes alike`() throws {
    let tokenizer = try Golden.tokenizer(in: ScratchDirectory())
    let text = "The quick brown fox"
    #expect(
      try tokenizer.encode(Array(text.utf8).reversed().reversed() as [UInt8]) == tokenizer.encode(text))
    #expect(try tokenizer.encode(Array(Array(text.utf8).reversed()).reversed()) == tokenizer.encode(text))
  }

  @Test func `a broken tokenizer file is refused in words`() throws {
    let scratch = try ScratchDirectory()
    let good = try String(decoding: Golden.tokenizer(in: scratch).json(), as: UTF8.self)
    func refusal(_ text: String) throws -> String {
      let path = try scratch.write(text: text, to: "bad.json")
      return sentence { try Tokenizer(path: path) }.replacing(path + ": ", with: "")
    }
    #expect(try refusal(String(good.prefix(5000))).hasPrefix("the JSON is not valid"))
    #expect(try refusal("").contains("the JSON is not valid"))
    #expect(try refusal(#"{"version": "1.0"}"#).contains(": is missing; it may be truncated"))
    func edited(_ old: String, _ new: String) throws -> String {
      try #require(good.contains(old), "\(old)")
      return try refusal(good.replacing(old, with: new))
    }
    #expect(
      try edited(#""type" : "BPE""#, #""type" : "WordPiece""#).hasPrefix(
        "model.type: got WordPiece, expected BPE; use a byte-level BPE"))
    #expect(
      try edited(#""content" : "<|endoftext|>""#, #""content" : "<s>""#).hasPrefix(
        "added_tokens: <|endoftext|> is missing"))
    #expect(try edited(#""!" : 1,"#, "").contains("the 639 ids are not 0 to 638"))
    #expect(try edited(#""!" : 1,"#, #""!" : 2,"#).contains("each once"))
    #expect(try edited(#""!" : 1,"#, #""語" : 1,"#).contains("token 1 is not spelled in GPT-2's"))
    #expect(try edited(#""!" : 1,"#, #""!!!!!" : 1,"#).contains("byte 33 has no token"))
    #expect(try edited(#""use_regex" : true"#, #""use_regex" : false"#).contains("pre_tokenizer: "))
    let merge = try #require(good.split(separator: "\"").first { $0 == "Ġ t" })
    #expect(try edited("\"\(merge)\"", #""Ġ qqq""#).contains("Ġ and qqq are not tokens"))
    #expect(try edited("\"\(merge)\"", #""one two three""#).contains("a merge joins two tokens"))
    #expect(sentence { try Tokenizer(path: scratch["none.json"]) }.contains("no such file"))
  }
}
