import Foundation
import GRDB
import HeadwayFiles
import HeadwayTrace

/// The history of runs on this and other machines: an index in SQLite that can be rebuilt from run and sweep
/// directories at any time.
///
///     let history = try HistoryDatabase(path: ".headway/history.sqlite", isCreating: true)
///     try history.add(runs)
///     let series = try history.metric(.tokensPerSecond)
///
/// Every change is one transaction of a write-ahead log: a process that is killed at any moment leaves the history as
/// it was before the change or as it is after it. Several processes may use one history; a writer waits for another.
public struct HistoryDatabase: Sendable {
  /// The file.
  public let path: String
  let queue: DatabaseQueue

  /// Where a project keeps its history unless told otherwise.
  public static let usualPath = ".headway/history.sqlite"

  /// Seconds that a change waits for one of another process.
  private static let patience = 30.0

  /// Opens a history and brings its schema forward.
  ///
  /// - Parameter isCreating: Whether one that is not there is created, with the directories above it.
  /// - Throws: ``InputError`` for a file that is not there, is no history, or is of a newer version.
  public init(path: String, isCreating: Bool) throws(InputError) {
    self.path = path
    if isCreating {
      try Directory.create(Directory.parent(of: path))
    } else if !FileManager.default.fileExists(atPath: path) {
      throw InputError(
        path, problem: "there is no history yet",
        remedy: "add runs to it with headway history add .headway/runs .headway/sweeps")
    }
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(Self.patience)
    configuration.prepareDatabase { db in
      // With the log alone synced, a change may be lost with the machine's power, never the history.
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    let queue: DatabaseQueue
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw Self.failure(path, error)
    }
    self.queue = queue
    let isNewer = try access { try queue.read(HistorySchema.migrator.hasBeenSuperseded) }
    if isNewer {
      throw InputError(
        path, problem: "a newer version of headway wrote this history",
        remedy:
          "use that version, or rebuild another one from the runs: headway history rebuild DIR… --history FILE"
      )
    }
    try access { try HistorySchema.migrator.migrate(queue) }
  }

  /// Runs that it holds.
  public func runCount() throws(InputError) -> Int {
    try access { try queue.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM run") ?? 0 } }
  }

  /// Turns an error of the database into a sentence about its file.
  func access<Value>(_ body: () throws -> Value) throws(InputError) -> Value {
    do { return try body() } catch { throw Self.failure(path, error) }
  }

  static func failure(_ path: String, _ error: any Error) -> InputError {
    if let error = error as? InputError { return error }
    guard let error = error as? DatabaseError else {
      return InputError(path, problem: "the history cannot be used (\(error))", remedy: rebuilding)
    }
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return InputError(path, problem: "this is no history, or it is damaged", remedy: rebuilding)
    case .SQLITE_BUSY:
      return InputError(
        path, problem: "another process has been changing the history for \(Int(patience)) s",
        remedy: "try again when it has ended")
    case .SQLITE_FULL:
      return InputError(path, problem: "there is no space left on the disk", remedy: "free some space there")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      return InputError(
        path, problem: "it cannot be opened for writing",
        remedy: "change the permissions, or choose another place")
    default:
      let what = error.message ?? "code \(error.resultCode.rawValue)"
      return InputError(path, problem: "the history cannot be used (\(what))", remedy: rebuilding)
    }
  }

  private static let rebuilding =
    "remove the file and rebuild it from the runs with headway history rebuild DIR…"
}
