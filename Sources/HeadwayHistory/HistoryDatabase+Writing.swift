import Foundation
import GRDB
import HeadwayTrace

extension HistoryDatabase {
  /// Adds runs in one transaction; a run whose directory is known is replaced. Returns how many were written.
  ///
  /// - Parameter runs: Read one by one, so that they need not all be in memory.
  @discardableResult
  public func add(_ runs: some Sequence<HistoryRun>) throws(InputError) -> Int {
    try access { try queue.write { db in try Self.write(runs, to: db) } }
  }

  /// Replaces everything by these runs, in one transaction: until it is done the history is the old one. Returns how
  /// many were written.
  @discardableResult
  public func rebuild(from runs: some Sequence<HistoryRun>) throws(InputError) -> Int {
    try access {
      try queue.write { db in
        for table in ["measurement", "run", "series", "machine"] {
          try db.execute(sql: "DELETE FROM \(table)")
        }
        return try Self.write(runs, to: db)
      }
    }
  }

  private static func write(_ runs: some Sequence<HistoryRun>, to db: Database) throws -> Int {
    var tables = SeriesTables()
    let insertRun = try db.makeStatement(
      sql: """
        INSERT INTO run (series_id, path, started_at, git_commit, binary_hash, sweep)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (path) DO UPDATE SET series_id = excluded.series_id, started_at = excluded.started_at,
          git_commit = excluded.git_commit, binary_hash = excluded.binary_hash, sweep = excluded.sweep
        """)
    let forget = try db.makeStatement(sql: "DELETE FROM measurement WHERE run_id = ?")
    let insertValue = try db.makeStatement(
      sql: "INSERT INTO measurement (run_id, metric, value) VALUES (?, ?, ?)")
    var count = 0
    for run in runs {
      let series = try tables.series(of: run, in: db)
      try insertRun.execute(
        arguments: [series, run.path, run.startedAt, run.gitCommit, run.binaryHash, run.sweep])
      guard let id = try Int64.fetchOne(db, sql: "SELECT id FROM run WHERE path = ?", arguments: [run.path])
      else { continue }
      try forget.execute(arguments: [id])
      for (metric, value) in run.measurements {
        try insertValue.execute(arguments: [id, metric.rawValue, value])
      }
      count += 1
    }
    return count
  }
}

/// The numbers of machines and series, each looked up once in a transaction.
private struct SeriesTables {
  private struct Key: Hashable {
    var machine: Int64
    var work: String
    var arrangement: String
  }
  private var machines: [String: Int64] = [:]
  private var known: [Key: Int64] = [:]

  mutating func series(of run: HistoryRun, in db: Database) throws -> Int64 {
    let machine = try machine(run.machine, in: db)
    // One line of sorted keys: equal works give equal text.
    let work = String(decoding: try HeadwayJSON.line(run.work.facts), as: UTF8.self)
    let key = Key(machine: machine, work: work, arrangement: run.arrangement)
    if let id = known[key] { return id }
    try db.execute(
      sql: """
        INSERT INTO series (machine_id, work, workload, arrangement) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
        """, arguments: [machine, work, run.work.words, run.arrangement])
    let id = try Self.number(
      db, "SELECT id FROM series WHERE machine_id = ? AND work = ? AND arrangement = ?",
      [machine, work, run.arrangement])
    known[key] = id
    return id
  }

  private mutating func machine(_ facts: MachineFacts, in db: Database) throws -> Int64 {
    let fingerprint = facts.fingerprint
    if let id = machines[fingerprint] { return id }
    try db.execute(
      sql: "INSERT INTO machine (fingerprint, facts) VALUES (?, ?) ON CONFLICT DO NOTHING",
      arguments: [fingerprint, String(decoding: try HeadwayJSON.line(facts), as: UTF8.self)])
    let id = try Self.number(db, "SELECT id FROM machine WHERE fingerprint = ?", [fingerprint])
    machines[fingerprint] = id
    return id
  }

  private static func number(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> Int64 {
    guard let id = try Int64.fetchOne(db, sql: sql, arguments: arguments) else {
      throw DatabaseError(message: "a row that was just written is not there")
    }
    return id
  }
}
