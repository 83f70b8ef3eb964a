import Foundation
import GRDB
import HeadwayHistory
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Files of other versions, files that are none, and processes that are killed.
@Suite struct HistoryFileTests {
  /// The schema as the first version wrote it, with a run in it.
  private static let firstVersion = """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('1 runs');
    CREATE TABLE machine (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, facts TEXT NOT NULL);
    CREATE TABLE series (
      id INTEGER PRIMARY KEY, machine_id INTEGER NOT NULL REFERENCES machine (id), work TEXT NOT NULL,
      workload TEXT NOT NULL, arrangement TEXT NOT NULL, UNIQUE (machine_id, work, arrangement));
    CREATE TABLE run (
      id INTEGER PRIMARY KEY, series_id INTEGER NOT NULL REFERENCES series (id), path TEXT NOT NULL UNIQUE,
      started_at TEXT NOT NULL, git_commit TEXT, binary_hash TEXT, sweep TEXT);
    CREATE INDEX run_by_series ON run (series_id, started_at);
    CREATE TABLE measurement (
      run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, metric TEXT NOT NULL, value REAL NOT NULL,
      PRIMARY KEY (run_id, metric)) WITHOUT ROWID;
    INSERT INTO machine VALUES (1, 'an old machine', '{}');
    INSERT INTO series VALUES (1, 1, '{}', 'old work', '2 threads');
    INSERT INTO run VALUES (1, 1, '/runs/old', '2026-01-01T00:00:00Z', 'abc', NULL, 'first');
    INSERT INTO measurement VALUES (1, 'tokens_per_second', 123);
    """

  private func write(_ sql: String, to path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test func anOlderSchemaIsBroughtForward() throws {
    let place = try HistoryCase()
    try write(Self.firstVersion, to: place.path)
    let history = try HistoryDatabase(path: place.path, isCreating: false)
    let old = try history.history(of: .tokensPerSecond).series.first?.points.map(\.value.value)
    #expect(old == [123])
    try history.add([HistoryCase.run(1)])
    #expect(try history.runCount() == 2)
    let reader = try DatabaseQueue(path: place.path)
    let applied = try reader.read {
      try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations ORDER BY 1")
    }
    #expect(applied == ["1 runs", "2 measurements by metric"])
  }

  @Test func aNewerSchemaIsRefused() throws {
    let place = try HistoryCase()
    _ = try place.open()
    try write("INSERT INTO grdb_migrations VALUES ('9 something to come')", to: place.path)
    let text = sentence { _ = try HistoryDatabase(path: place.path, isCreating: false) }
    #expect(text.contains(place.path) && text.contains("newer version"))
  }

  @Test func whatIsNoHistoryIsRefused() throws {
    let place = try HistoryCase()
    #expect(
      sentence { _ = try HistoryDatabase(path: place.path, isCreating: false) }.contains(
        "there is no history yet"))
    try place.directory.write(String(repeating: "This is a text. ", count: 400), to: "text.sqlite")
    let text = sentence {
      _ = try HistoryDatabase(path: place.directory.path("text.sqlite"), isCreating: false)
    }
    #expect(text.contains("this is no history"), "\(text)")
    let below = place.directory.path("text.sqlite") + "/history.sqlite"
    #expect(sentence { _ = try HistoryDatabase(path: below, isCreating: true) }.contains("text.sqlite"))
  }

  /// The real binary adds 30 runs at a time, and rebuilds, and is killed somewhere along the way. What it leaves is
  /// the history before the change or after it.
  @Test(.timeLimit(.minutes(3)))
  func aKilledProcessLeavesTheHistoryWhole() throws {
    let binary = try #require(headwayBinary, "the command was not built")
    let place = try HistoryCase()
    let batches = 6
    for batch in 0..<batches { try place.writeRuns(30, into: "runs/\(batch)") }
    func arguments(_ verb: String, _ folder: String) -> [String] {
      ["history", verb, place.directory.path(folder), "--history", place.path]
    }
    // How long a whole one takes, so that the kills fall all over it.
    let started = ContinuousClock.now
    let first = try run(binary, arguments("add", "runs/0"))
    try #require(first.status == 0, "\(first.stderr)")
    let microseconds = Double((ContinuousClock.now - started).components.attoseconds) / 1e12
    var generator = SystemRandomNumberGenerator()
    var before = 30
    for attempt in 0..<20 {
      let isRebuild = attempt % 4 == 3
      let folder = isRebuild ? "runs" : "runs/\(1 + attempt % (batches - 1))"
      let child = Process()
      child.executableURL = binary
      child.arguments = arguments(isRebuild ? "rebuild" : "add", folder)
      child.standardOutput = FileHandle.nullDevice
      child.standardError = FileHandle.nullDevice
      try child.run()
      // The moment is the point here, nothing is waited for.
      usleep(UInt32.random(in: 0...UInt32(min(max(microseconds, 1_000), 2e6)), using: &generator))
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
      let history = try HistoryDatabase(path: place.path, isCreating: false)
      let count = try history.runCount()
      let allowed = isRebuild ? [before, 30 * batches] : [before, before + 30]
      #expect(allowed.contains(count), "\(count) runs after attempt \(attempt), \(before) before")
      let reader = try DatabaseQueue(path: place.path)
      let check = try reader.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
      #expect(check == ["ok"])
      let torn = try reader.read { db in
        try Int.fetchOne(
          db, sql: "SELECT COUNT(*) FROM run WHERE id NOT IN (SELECT run_id FROM measurement)") ?? -1
      }
      #expect(torn == 0, "a run without its figures")
      before = count
    }
    let last = try run(binary, arguments("rebuild", "runs"))
    #expect(last.status == 0, "\(last.stderr)")
    #expect(try HistoryDatabase(path: place.path, isCreating: false).runCount() == 30 * batches)
  }
}
