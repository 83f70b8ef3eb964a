import GRDB

/// The tables of the history, as a list of steps: a file that has the first of them gets the others.
///
/// A step that was released is never changed; what is to be different comes as a further one.
enum HistorySchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs") { db in
      try db.execute(
        sql: """
          CREATE TABLE machine (
            id INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL UNIQUE,
            facts TEXT NOT NULL
          );
          CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            machine_id INTEGER NOT NULL REFERENCES machine (id),
            work TEXT NOT NULL,
            workload TEXT NOT NULL,
            arrangement TEXT NOT NULL,
            UNIQUE (machine_id, work, arrangement)
          );
          CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            series_id INTEGER NOT NULL REFERENCES series (id),
            path TEXT NOT NULL UNIQUE,
            started_at TEXT NOT NULL,
            git_commit TEXT,
            binary_hash TEXT,
            sweep TEXT
          );
          CREATE INDEX run_by_series ON run (series_id, started_at);
          CREATE TABLE measurement (
            run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            metric TEXT NOT NULL,
            value REAL NOT NULL,
            PRIMARY KEY (run_id, metric)
          ) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2 measurements by metric") { db in
      try db.execute(
        sql: "CREATE INDEX measurement_by_metric ON measurement (metric, run_id, value)")
    }
    return migrator
  }
}
