import HeadwayFiles
import HeadwayTestSupport
import Testing

@Suite struct ContentHashTests {
  /// Digests that the authors of FNV publish.
  @Test(arguments: [
    ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
  ])
  func thePublishedDigests(text: String, digest: String) {
    var hash = ContentHash()
    hash.combine(text.utf8)
    #expect(hash.hexadecimal == digest)
  }

  @Test func filesAndNumbersAreTheirBytes() throws {
    let directory = try TemporaryDirectory()
    try directory.write("foo", to: "one")
    try directory.write("bar", to: "two")
    #expect(
      try ContentHash(ofFiles: [directory.path("one"), directory.path("two")]).hexadecimal
        == "85944171f73967e8")
    let long = String(repeating: "0123456789", count: 14_000)
    try directory.write(long, to: "long")
    var whole = ContentHash()
    whole.combine(long.utf8)
    #expect(try ContentHash(ofFiles: [directory.path("long")]).value == whole.value, "longer than a piece")
    var number = ContentHash()
    number.combine(Float(1))
    var bytes = ContentHash()
    bytes.combine([0, 0, 0x80, 0x3F])
    #expect(number.value == bytes.value)
  }
}
