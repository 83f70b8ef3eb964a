import Foundation
import HeadwayFiles
import HeadwayTrace

/// An append-only file of JSON lines, each on the disk before ``append(_:)`` returns: after a crash at
/// any moment it holds every record that was appended, and at most one torn line at its end.
///
/// One writer at a time, which a lock (`flock`) sees to; the owner appends from one thread.
public struct Journal: ~Copyable, Sendable {
  private let file: FileDescriptor

  /// Creates the journal, or opens it to go on. A torn line at the end is completed by a newline, so that
  /// it cannot run into the next record.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - patienceSeconds: How long to wait for another writer to let go of it. A process that was killed a moment ago
  ///     may have a child that has not yet.
  /// - Throws: ``InputError`` when another process is writing it, or when it cannot be opened.
  public init(appendingTo path: String, patienceSeconds: Double = 2) throws(InputError) {
    file = try Self.open(path, patienceSeconds)
  }

  private static func open(_ path: String, _ patienceSeconds: Double) throws(InputError) -> FileDescriptor {
    let file = try FileDescriptor(path, O_RDWR | O_CREAT | O_APPEND, for: .write)
    try lock(file, patienceSeconds)
    let size = try file.size()
    if size > 0, try file.read(count: 1, at: size - 1) != Array("\n".utf8) {
      try file.write(Array("\n".utf8))
    }
    try Directory.sync(above: path)
    return file
  }

  /// Takes the lock, which the kernel gives back however the process ends. A file system without locks has none to
  /// take.
  private static func lock(
    _ file: borrowing FileDescriptor, _ patienceSeconds: Double
  ) throws(InputError) {
    let deadline = DispatchTime.now() + patienceSeconds
    while flock(file.raw, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { return }
      if DispatchTime.now() >= deadline {
        throw InputError(
          file.path, problem: "another process is writing this sweep",
          remedy: "wait until it has ended, or end it")
      }
      usleep(5_000)
    }
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

  /// Nothing.
  init() {
    records = []
    damage = []
  }

  /// Reads a journal. The last line may be torn, and so may a line that writing went on after: such a
  /// line is left out and reported.
  ///
  /// - Throws: ``InputError`` when the file is not there, or when it is no journal.
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
    // A torn first line of a journal begins as every line does.
    if records.isEmpty && !damage.isEmpty && bytes.first != UInt8(ascii: "{") {
      throw InputError(
        path, problem: "no line of it can be read",
        remedy: "it is not a sweep's journal; name another directory")
    }
  }
}

extension JournalContents: Sendable where Record: Sendable {}
