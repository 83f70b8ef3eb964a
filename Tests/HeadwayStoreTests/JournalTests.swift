import Foundation
import HeadwayFiles
import HeadwayStore
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct JournalTests {
  struct Entry: Codable, Equatable {
    var cell: String
    var block: Int
  }

  @Test func everyRecordIsALineAtOnce() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/journal.jsonl"
    let journal = try Journal(appendingTo: path)
    for block in 0..<3 {
      try journal.append(Entry(cell: "a\nb", block: block))
      #expect(try JournalContents(of: path, Entry.self).records.count == block + 1)
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix("{\"block\":0,\"cell\":\"a\\nb\"}\n"))
    #expect(try JournalContents(of: path, Entry.self).damage == [])
  }

  /// A crash may leave any part of the last record: all that came before it must be read.
  @Test func aTornLastLineIsReportedAndTheRestIsRead() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/journal.jsonl"
    let whole = "{\"block\":0,\"cell\":\"a\"}\n"
    let torn = "{\"block\":1,\"cell\":\"b\"}"
    for length in 1..<torn.count {
      try AtomicFile.write(Data((whole + torn.prefix(length)).utf8), to: path)
      let contents = try JournalContents(of: path, Entry.self)
      #expect(contents.records == [Entry(cell: "a", block: 0)])
      #expect(
        contents.damage == ["\(path): the last line was cut off while it was being written and is left out"]
      )
    }
    try AtomicFile.write(Data((whole + torn).utf8), to: path)
    #expect(try JournalContents(of: path, Entry.self).records.count == 2)
  }

  @Test func writingGoesOnBehindATornLine() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/journal.jsonl"
    try AtomicFile.write(Data("{\"block\":0,\"cell\":\"a\"}\n{\"blo".utf8), to: path)
    let journal = try Journal(appendingTo: path)
    try journal.append(Entry(cell: "b", block: 1))
    let contents = try JournalContents(of: path, Entry.self)
    #expect(contents.records.map(\.cell) == ["a", "b"])
    #expect(
      contents.damage == ["\(path): line 2 was cut off while it was being written and is left out"])
  }

  @Test func whatIsNoJournalIsRefused() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/journal.jsonl"
    #expect(sentence { _ = try JournalContents(of: path, Entry.self) }.contains("there is no such file"))
    try AtomicFile.write(Data("a shopping list\n".utf8), to: path)
    #expect(
      sentence { _ = try JournalContents(of: path, Entry.self) }
        == "\(path): no line of it can be read; it is not a sweep's journal; name another directory.")
    try AtomicFile.write(Data(), to: path)
    #expect(try JournalContents(of: path, Entry.self).records == [])
    // A kill within the first line leaves a journal without records.
    try AtomicFile.write(Data("{\"blo".utf8), to: path)
    let torn = try JournalContents(of: path, Entry.self)
    #expect(torn.records == [] && torn.damage.count == 1)
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0, "needs /dev/full"))
  func aFullDiskIsNamed() throws {
    let directory = try TemporaryDirectory()
    let path = directory.root + "/journal.jsonl"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    let words = sentence {
      let journal = try Journal(appendingTo: path)
      try journal.append(Entry(cell: "a", block: 0))
    }
    #expect(
      words
        == "\(path): could not write: there is no space left on the disk; free some space there, or choose "
        + "another place.")
  }
}
