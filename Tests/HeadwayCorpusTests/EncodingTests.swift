import HeadwayCorpus
import Testing

@Suite struct EncodingTests {
  @Test func `bytes alone round-trip, valid UTF-8 or not`() throws {
    let tokenizer = Tokenizer.bytes
    #expect(tokenizer.vocabularySize == 257)
    #expect(try tokenizer.encode("!\"").map(Int.init) == [1, 2])
    let all = (0...255).map { UInt8($0) } + [0xE2, 0x82, 0xF0, 0x9F]
    #expect(try tokenizer.decodeBytes(tokenizer.encode(all)) == all)
    #expect(try tokenizer.decode(tokenizer.encode([0x61, 0xFF])) == "a\u{FFFD}")
    #expect(try tokenizer.decode(tokenizer.encode("naïve 日本 👩‍👧")) == "naïve 日本 👩‍👧")
    #expect(try tokenizer.encode("").isEmpty)
    #expect(try tokenizer.encode("<|endoftext|>") == [0])
  }
}
