import Foundation
import HeadwayFiles
import HeadwayTestSupport
import Testing

@Suite struct ReadingTests {
  @Test func whatCannotBeReadIsNamed() throws {
    let directory = try TemporaryDirectory()
    let missing = directory.root + "/none"
    #expect(
      sentence { _ = try StoredFile.read(missing, remedy: "name a profile") }
        == "\(missing): there is no such file or directory; name a profile.")
    #expect(
      sentence { _ = try MappedFile(path: missing) }
        == "\(missing): there is no such file or directory; check the path.")
    #expect(
      sentence { _ = try StoredFile.read(directory.root) }
        == "\(directory.root): could not read: it is a directory; name a file.")
    #expect(
      sentence { _ = try MappedFile(path: directory.root) }
        == "\(directory.root): this is not a regular file; name a file.")
    try AtomicFile.write(Data("four".utf8), to: directory.root + "/file")
    let file = directory.root + "/file"
    #expect(
      sentence { _ = try StoredFile.read(file + "/below") }
        == "\(file)/below: could not read: a part of the path is a file, not a directory; "
        + "choose another path.")
    #expect(try FileDescriptor.reading(file).read(count: 2, at: 1) == Array("ou".utf8))
    #expect(
      sentence { _ = try FileDescriptor.reading(file).read(count: 3, at: 2) }
        == "\(file): it ends after 4 bytes, expected 5; it is truncated; write it again.")
  }

  @Test func aMappedFileHasTheBytes() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/file"
    try AtomicFile.write(Data(), to: path)
    #expect(try MappedFile(path: path).withText { $0.count } == 0)
    try AtomicFile.write(Data("text".utf8), to: path)
    #expect(try MappedFile(path: path).withText { Array($0) } == Array("text".utf8))
  }
}
