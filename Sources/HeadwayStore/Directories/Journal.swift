import Foundation
import HeadwayFiles
import HeadwayTrace

/// An append-only file of JSON lines, each on the disk before ``append(_:)`` returns: after a crash at
/// any moment it holds every record that was appended, and at most one torn line at its end.
///
/// One writer at a time; the owner appends from one thread.
public struct Journal: ~Copyable, Sendable {
  private let file: FileDescriptor

  /// Creates the journal, or opens it to go on. A torn line at the end is completed by a newline, so that
  /// it cannot run into the next record.
  public init(appendingTo path: String) throws(InputError) {
    file = try Self.open(path)
  }

  private static func open(_ path: String) throws(InputError) -> FileDescriptor {
    let file = try FileDescriptor(path, O_RDWR | O_CREAT | O_APPEND, for: .write)
    let size = try file.size()
    if size > 0, try file.read(count: 1, at: size - 1) != Array("\n".utf8) {
      try file.write(Array("\n".utf8))
    }
    try Directory.sync(above: path)
    return file
  }

  /// Adds one record and waits until it is on the disk.
  public borrowing func append(_ record: some Encodable) throws(InputError) {
    let line = try encoded(for: file.path) { try HeadwayJSON.line(record) }
    try file.write(line + Array("\n".utf8))
    try file.sync()
  }
}

/// What a journal holds.
public struct JournalContents<Record: Decodable> {
  /// The records in the order in which they were appended.
  public var records: [Record]
  /// What was found of lines that a crash tore, one sentence each; they are not among ``records``.
  public var damage: [String]

  /// Reads a journal. The last line may be torn, and so may a line that writing went on after: such a
  /// line is left out and reported.
  ///
  /// - Throws: ``InputError`` when the file is not there or when no line of it can be read.
  public init(of path: String, _ type: Record.Type = Record.self) throws(InputError) {
    let bytes = try StoredFile.read(path, remedy: "name a directory that a sweep has written")
    records = []
    damage = []
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (index, line) in lines.enumerated() where !line.isEmpty {
      do {
        let subject = "\(path), line \(index + 1)"
        records.append(try HeadwayJSON.decode(Record.self, from: Data(line), subject: subject))
      } catch {
        let place = index == lines.count - 1 ? "the last line" : "line \(index + 1)"
        damage.append("\(path): \(place) was cut off while it was being written and is left out")
      }
    }
    if records.isEmpty && !damage.isEmpty {
      throw InputError(
        path, problem: "no line of it can be read",
        remedy: "it is not a sweep's journal; name another directory")
    }
  }
}

extension JournalContents: Sendable where Record: Sendable {}
