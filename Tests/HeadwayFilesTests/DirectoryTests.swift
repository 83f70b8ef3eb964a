import HeadwayFiles
import HeadwayTestSupport
import Testing

@Suite struct DirectoryTests {
  /// The parent of every kind of path. A bare name of one letter once ended the process.
  @Test(arguments: [
    ("a", "."), ("a/", "."), ("out", "."), ("é", "."), ("a/b", "a"), ("a//b", "a"), ("a/b/", "a"),
    ("a/b/c", "a/b"), ("/", "/"), ("//", "/"), ("/a", "/"), ("/a/", "/"), ("/a/b", "/a"), ("//a", "/"),
    ("./a", "."), ("../a", ".."), (".", "."), ("..", "."), ("", "."), ("a/\u{301}b", "a"),
  ])
  func theParentIsWhereAPathLies(path: String, parent: String) {
    #expect(Directory.parent(of: path) == parent)
  }

  @Test func directoriesAreMadeWithThoseAboveThem() throws {
    let directory = try TemporaryDirectory()
    try Directory.create(directory.path("a/b/c"))
    #expect(Directory.isDirectory(directory.path("a/b/c")))
    try Directory.createFresh(directory.path("d"), what: "a run")
    #expect(try directory.entries() == ["a", "d"])
  }
}
