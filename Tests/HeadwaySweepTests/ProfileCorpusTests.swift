import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The part of a profile that says what the text's tokens are.
@Suite struct ProfileCorpusTests {
  private func profile(_ text: String) throws -> Profile { try Profile(yaml: text, path: "test.yaml") }

  @Test func theTokenizerStandsInTheCorpusOrTheBase() throws {
    let inCorpus = try profile("corpus: { sources: [a], tokenizer: characters, vocabulary_size: 200 }")
    #expect(inCorpus.corpus?.tokenizer == .characters && inCorpus.base.tokenizer == .characters)
    #expect(inCorpus.corpus?.vocabularySize == 200 && inCorpus.base.vocabularySize == 200)
    let inBase = try profile("corpus: { sources: [a] }\nbase: { tokenizer: characters }")
    #expect(inBase.corpus == CorpusRequest.characters && inBase.base.tokenizer == .characters)
    let inBoth = try profile(
      "corpus: { sources: [a], tokenizer: characters }\nbase: { tokenizer: characters }")
    #expect(inBoth.corpus == CorpusRequest.characters)
    #expect(try profile("corpus: { sources: [a] }").corpus?.tokenizer == .bpe)
  }

  @Test(arguments: [
    (
      "corpus: { sources: [a], tokenizer: words }",
      "test.yaml, line 1: tokenizer: got words, expected one of bpe, characters"
    ),
    (
      "base: { tokenizer: bpe }\ncorpus: { sources: [a], tokenizer: characters }",
      "got characters, and base says bpe; give it in one place"
    ),
    (
      "corpus: { sources: [a] }\naxes: { tokenizer: [bpe, characters] }", "tokenizer"
    ),
    (
      "corpus: { sources: [a], vocabulary_size: 200 }",
      "vocabulary_size: 200 tokens do not hold the 256 bytes and <|endoftext|>"
    ),
    ("corpus: { sources: [a], tokeniser: bpe }", "tokeniser: unknown key; did you mean tokenizer?"),
  ]) func whatContradictsIsRefused(text: String, words: String) {
    #expect(sentence { _ = try profile(text) }.contains(words), "\(sentence { _ = try profile(text) })")
  }
}

extension CorpusRequest {
  /// Characters of one directory, with every default.
  fileprivate static let characters = CorpusRequest(
    sources: ["a"], tokenizer: .characters, vocabularySize: 1000, limitBytes: nil, cache: ".headway/corpus")
}
