import Foundation
import HeadwayFiles
import HeadwayTestSupport
import Testing

@Suite struct StagedDirectoryTests {
  private static let marked = StagedDirectory.Replaced.directory(mark: "mark", kind: "checkpoint")

  /// Puts a directory with the file `mark`, which holds `text`, at `path`.
  private func put(_ text: String, at path: String, replacing: StagedDirectory.Replaced) throws -> Bool {
    let staged = try StagedDirectory(for: path, replacing: replacing)
    try staged.place.write("mark") { Data(text.utf8) }
    return try staged.commit()
  }

  @Test func itAppearsWholeWithItsParentsAndIsReplacedByItsKindOnly() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/a/b/out"
    #expect(try put("one", at: path, replacing: .nothing))
    #expect(try put("two", at: path + "/", replacing: Self.marked))
    #expect(try StoredFile.read(path + "/mark") == Data("two".utf8))
    #expect(
      sentence { _ = try put("three", at: path, replacing: .nothing) }
        == "\(path): the directory is not empty; remove it, or choose another output.")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.root + "/a/b") == ["out"])
    try directory.write("precious", to: "other/notes.txt")
    let other = directory.root + "/other"
    #expect(
      sentence { _ = try put("x", at: other, replacing: Self.marked) }
        == "\(other): exists and is not a checkpoint; name a new directory, or remove it first.")
    #expect(try StoredFile.read(other + "/notes.txt") == Data("precious".utf8))
  }

  /// A link to what is replaced stays a link, to the new directory.
  @Test func aSymbolicLinkIsFollowed() throws {
    let directory = try TemporaryDirectory()
    #expect(try put("one", at: directory.root + "/real", replacing: .nothing))
    let link = directory.root + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
    #expect(try put("two", at: link, replacing: Self.marked))
    #expect(try StoredFile.read(directory.root + "/real/mark") == Data("two".utf8))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real")
  }

  @Test func whatIsNotCommittedLeavesNothing() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/out"
    let words = sentence {
      let staged = try StagedDirectory(for: path, replacing: .nothing)
      #expect(try directory.entries().allSatisfy { $0.hasPrefix("out.hwtmp-") })
      try staged.place.write("below/none") { Data() }
    }
    #expect(
      words == "\(path)/below/none: could not write: there is no such file or directory; check the path.")
    #expect(try directory.entries() == [])
  }

  @Test func whoeverIsFirstKeepsThePlace() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/out"
    let late = try StagedDirectory(for: path, replacing: .nothing)
    try late.place.write("mark") { Data("late".utf8) }
    #expect(try put("first", at: path, replacing: .nothing))
    #expect(try late.commit() == false)
    #expect(try StoredFile.read(path + "/mark") == Data("first".utf8))
    #expect(try directory.entries() == ["out"])
  }

  @Test func aPlaceThatCannotBeIsRefusedWithoutATrace() throws {
    let directory = try TemporaryDirectory()
    let file = directory.root + "/file"
    try AtomicFile.write(Data(), to: file)
    #expect(
      sentence { try StagedDirectory.requirePlace(at: file + "/a/b", replacing: Self.marked) }
        == "\(file)/a/b: cannot be created in \(file), which is a file; choose a place you may write to.")
    #expect(
      sentence { try StagedDirectory.requirePlace(at: file, replacing: Self.marked) }
        .hasPrefix("\(file): exists and is not a checkpoint"))
    try StagedDirectory.requirePlace(at: directory.root + "/a/b", replacing: Self.marked)
    #expect(try directory.entries() == ["file"])
  }
}
