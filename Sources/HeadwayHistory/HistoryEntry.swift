import Foundation
import GRDB
import HeadwayTrace

/// A run that a history knows, as a list shows it.
public struct HistoryEntry: Equatable, Sendable {
  /// The run's directory, absolute.
  public var path: String
  /// Start of the run, ISO 8601 in UTC.
  public var startedAt: String
  /// The sweep that it is of, by name.
  public var sweep: String?
  /// How it was arranged, in a line.
  public var arrangement: String
  /// Its throughput; absent where it was not measured.
  public var tokensPerSecond: Double?
}

extension HistoryEntry {
  /// The runs of a history, newest first, read without changing anything on the disk: a history of an older schema is
  /// not brought forward, and SQLite's own files are not made.
  ///
  /// - Throws: ``InputError`` for a file that is not there, is no history, or changes all the time.
  public static func all(in path: String) throws(InputError) -> [HistoryEntry] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        path, problem: "there is no history yet",
        remedy: "add runs to it with headway history add .headway/runs .headway/sweeps")
    }
    for _ in 0..<attempts {
      let before = FileState(path)
      let entries = try read(path, isLogged: before.isLogged)
      // A change that was copied into the file meanwhile can have torn what was read.
      if before.isLogged || FileState(path) == before { return entries }
    }
    throw InputError(
      path, problem: "other processes keep changing the history", remedy: "try again when they have ended")
  }

  private static let attempts = 5

  /// What a change of the file would change.
  private struct FileState: Equatable {
    var size: Int?
    var changed: Date?
    /// Whether changes lie in a log beside the file. Then other processes have it open, their files are there, and
    /// SQLite's locks see to it that what is read is whole.
    var isLogged: Bool

    init(_ path: String) {
      let facts = try? FileManager.default.attributesOfItem(atPath: path)
      size = facts?[.size] as? Int
      changed = facts?[.modificationDate] as? Date
      isLogged = FileManager.default.fileExists(atPath: path + "-wal")
    }
  }

  private static func read(_ path: String, isLogged: Bool) throws(InputError) -> [HistoryEntry] {
    do {
      let queue = try open(path, isLogged: isLogged)
      return try queue.read { db in
        try Row.fetchAll(
          db,
          sql: """
            SELECT run.path, run.started_at, run.sweep, series.arrangement, measurement.value
            FROM run JOIN series ON series.id = run.series_id
            LEFT JOIN measurement ON measurement.run_id = run.id AND measurement.metric = ?
            ORDER BY run.started_at DESC, run.path
            """, arguments: [HistoryMetric.tokensPerSecond.rawValue]
        ).map { row in
          HistoryEntry(
            path: row[0], startedAt: row[1], sweep: row[2], arrangement: row[3], tokensPerSecond: row[4])
        }
      }
    } catch {
      throw HistoryDatabase.failure(path, error)
    }
  }

  /// Opens it for reading. Unless other processes have it open, as a file that nobody changes: otherwise SQLite would
  /// make the log's files, to tell other processes that somebody reads. An SQLite that takes no such addresses makes
  /// them.
  private static func open(_ path: String, isLogged: Bool) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    var place = URLComponents()
    (place.scheme, place.host, place.path) = ("file", "", URL(filePath: path).standardizedFileURL.path)
    place.queryItems = [URLQueryItem(name: "immutable", value: "1")]
    if !isLogged, let address = place.string,
      let queue = try? DatabaseQueue(path: address, configuration: configuration)
    {
      return queue
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}
