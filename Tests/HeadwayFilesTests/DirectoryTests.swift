import Foundation
import HeadwayFiles
import HeadwayTestSupport
import HeadwayTrace
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

  /// What a killed process left unfinished does not make a directory full; what a living one is writing does.
  @Test func leftOversOfTheDeadAreCleared() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("d")
    try Directory.create(path)
    // No process has this number: the kernel's limit is 2²².
    let left = path + "/plan.json\(TemporaryName.mark)\(1 << 23)-7"
    _ = FileManager.default.createFile(atPath: left, contents: Data("{".utf8))
    try Directory.createFresh(path, what: "a run")
    #expect(!FileManager.default.fileExists(atPath: left))
    let own = path + "/plan.json\(TemporaryName.mark)\(getpid())-7"
    _ = FileManager.default.createFile(atPath: own, contents: Data("{".utf8))
    #expect(throws: InputError.self) { try Directory.createFresh(path, what: "a run") }
    #expect(FileManager.default.fileExists(atPath: own))
  }
}
