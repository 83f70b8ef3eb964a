import Foundation
import HeadwayFiles
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct AtomicFileTests {
  @Test func writesAndReplacesAndLeavesNothingElse() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/file.txt"
    try AtomicFile.write(Data("one".utf8), to: path)
    try AtomicFile.write(Data("two".utf8), to: path)
    #expect(try StoredFile.read(path, remedy: "") == Data("two".utf8))
    #expect(try directory.entries() == ["file.txt"])
  }

  @Test func bytesOfMoreThanOneChunkComeBackWhole() throws {
    let directory = try TemporaryDirectory()
    let bytes = Data((0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try AtomicFile.write(bytes, to: directory.root + "/large")
    #expect(try StoredFile.read(directory.root + "/large", remedy: "") == bytes)
  }

  /// Renaming onto a directory fails after the temporary file is complete: the last moment to leave it.
  @Test func aFailureLeavesNoTemporaryFile() throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: directory.root + "/taken/inside", withIntermediateDirectories: true)
    let words = sentence { try AtomicFile.write(Data("x".utf8), to: directory.root + "/taken") }
    #expect(
      words == "\(directory.root)/taken: could not write: it is a directory; name a file.")
    #expect(try directory.entries() == ["taken"])
  }

  @Test func aMissingDirectoryAndAPathThroughAFileAreNamed() throws {
    let directory = try TemporaryDirectory()
    let missing = directory.root + "/none/file"
    #expect(
      sentence { try AtomicFile.write(Data(), to: missing) }
        == "\(missing): could not write: there is no such file or directory; check the path.")
    try AtomicFile.write(Data(), to: directory.root + "/file")
    let through = directory.root + "/file/below"
    #expect(
      sentence { try AtomicFile.write(Data(), to: through) }
        == "\(through): could not write: a part of the path is a file, not a directory; choose another path."
    )
  }

  @Test(.enabled(if: access("/proc/version", F_OK) == 0, "needs a /proc that nobody may create files in"))
  func aDirectoryThatMayNotBeWrittenIsNamed() {
    let words = sentence { try AtomicFile.write(Data(), to: "/proc/headway") }
    #expect(words.hasPrefix("/proc/headway: could not write: "))
    #expect(!words.contains("hwtmp"))
  }

  @Test func lastLinesAreTheLastOnesWithoutTheEmpty() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/log.txt"
    let long = (0..<20_000).map { "line \($0)\n" }.joined()
    try AtomicFile.write(Data((long + "the end\n\n \n").utf8), to: path)
    #expect(StoredFile.lastLines(2, of: path) == ["line 19999", "the end"])
    #expect(StoredFile.lastLines(2, of: directory.root + "/none") == [])
    try AtomicFile.write(Data([0xff, 0x0a]), to: path)
    #expect(StoredFile.lastLines(2, of: path) == ["\u{FFFD}"])
  }
}
