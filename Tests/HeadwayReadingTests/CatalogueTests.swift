import Foundation
import HeadwayHistory
import HeadwayReading
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What lies in directories and what a history knows, as one list.
@Suite struct CatalogueTests {
  private let place: TemporaryDirectory

  init() throws { place = try TemporaryDirectory() }

  private static func manifest(startedAt: String = "2026-11-21T08:00:00Z") -> Manifest {
    Manifest(
      configuration: RunConfiguration(), command: ["headway", "train"], startedAt: startedAt,
      toolVersion: "0.1.0",
      gitCommit: nil, binaryHash: nil, corpusHash: "c0ffee", machine: .literal, environment: [:])
  }

  /// Writes a run that began so many seconds after a fixed day.
  private func writeRun(_ name: String, at seconds: Double, summary: RunSummary? = .literal()) throws {
    let directory = try RunDirectory(creating: place.path(name))
    try directory.write(Self.manifest())
    if let summary { try directory.write(summary) }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_800_000_000 + seconds)],
      ofItemAtPath: directory.manifestPath)
  }

  private func addToHistory(_ paths: [(String, sweep: String?)], rate: Double = 1_234) throws -> String {
    let file = place.path("history.sqlite")
    let runs = paths.map {
      HistoryRun(
        path: $0.0, manifest: Self.manifest(), summary: .literal(tokensPerSecond: rate), sweep: $0.sweep)
    }
    try HistoryDatabase(path: file, isCreating: true).add(runs)
    return file
  }

  @Test func runsAreListedNewestFirstAndFoundByTheirIdentifier() throws {
    try writeRun("data/runs/old", at: 0)
    try writeRun("data/deep/er/new", at: 10)
    try writeRun("data/middle", at: 5)
    let catalogue = Catalogue(directories: [place.path("data")], history: nil)
    #expect(catalogue.entries.map(\.name) == ["new", "middle", "old"] && catalogue.warnings.isEmpty)
    for entry in catalogue.entries { #expect(catalogue[entry.id] == entry && entry.id.count == 16) }
    let again = Catalogue(directories: [place.path("data")], history: nil)
    #expect(again.entries.map(\.id) == catalogue.entries.map(\.id), "an address lasts")
    for id in ["", "..", "%2e%2e", place.path("data/middle"), "0000000000000000", "/etc/passwd"] {
      #expect(catalogue[id] == nil, "\(id)")
    }
    #expect(catalogue.entries(matching: "DEEP").map(\.name) == ["new"])
    #expect(catalogue.entries(matching: "nothing like it").isEmpty)
  }

  @Test func linksAreNotFollowedAndMissingDirectoriesAreSaid() throws {
    try writeRun("elsewhere/run", at: 0)
    try writeRun("data/own", at: 0)
    try FileManager.default.createSymbolicLink(
      atPath: place.path("data/away"), withDestinationPath: place.path("elsewhere"))
    let catalogue = Catalogue(directories: [place.path("data"), place.path("absent")], history: nil)
    #expect(catalogue.entries.map(\.name) == ["own"])
    #expect(
      catalogue.warnings.count == 1 && catalogue.warnings[0].contains("absent: there is no such directory"))
  }

  @Test func aRowSaysWhatIsKnown() throws {
    var interrupted = RunSummary.literal(tokensPerSecond: 77)
    interrupted.completed = false
    try writeRun("data/done", at: 3)
    try writeRun("data/stopped", at: 2, summary: interrupted)
    try writeRun("data/empty", at: 1, summary: nil)
    try writeRun("data/broken", at: 0)
    try place.write("{", to: "data/broken/summary.json")
    let rows = Catalogue(directories: [place.path("data")], history: nil).entries.map { $0.row().row }
    #expect(
      rows.map(\.state) == [
        .complete, .ended("interrupted"), .unknown("has written neither a trace nor a summary"),
        .unknown("its summary cannot be read"),
      ])
    #expect(rows.map(\.rate) == [1_000, 77, nil, nil])
    #expect(rows[0].startedAt == "2026-11-21T08:00:00Z" && rows[0].what?.contains("thread") == true)
    #expect(rows.allSatisfy { $0.address == nil && $0.token == nil })
  }

  /// A sweep that came to its end, and whose journal somebody cut afterwards.
  @Test func aSweepWithADamagedJournalIsNotComplete() throws {
    let profile = try Profile(
      yaml: "corpus: { sources: [.] }\naxes: { threads: [1, 2] }\n", path: "test.yaml")
    let sweep = try SweepDirectory(creating: place.path("data/sweep"))
    try sweep.writePlan(
      SweepPlan(
        profile: profile,
        context: SweepContext(
          command: "headway sweep test.yaml", startedAt: "2026-11-22T08:00:00Z", toolVersion: "0.1.0",
          machine: .literal, corpus: "1 file")))
    let end = String(
      decoding: try HeadwayJSON.line(JournalEntry(EndRecord(elapsedNs: .zero, cutShort: nil))), as: UTF8.self)
    func state(journal: String) throws -> CatalogueListing.State? {
      try place.write(journal, to: "data/sweep/journal.jsonl")
      return Catalogue(directories: [place.path("data")], history: nil).entries.first?.row().row.state
    }
    try place.write(end + "\n", to: "data/sweep/journal.jsonl")
    try sweep.write(SweepSummarizer.summarize(SweepReader.read(sweep)))
    #expect(try state(journal: end + "\n") == .complete)
    #expect(try state(journal: "{\"block\": \n" + end + "\n") == .unknown("its journal is damaged"))
    #expect(try state(journal: "no journal\n") == .unknown("its journal cannot be read"))
  }

  @Test func whatLeadsOutOfItsDirectoryIsListedAndNotRead() throws {
    try writeRun("data/run", at: 0, summary: nil)
    try place.write("root:x:0:0", to: "passwd")
    try FileManager.default.createSymbolicLink(
      atPath: place.path("data/run/summary.json"), withDestinationPath: place.path("passwd"))
    let entry = try #require(Catalogue(directories: [place.path("data")], history: nil).entries.first)
    #expect(!entry.row().isReadable)
    guard case .unknown(let reason) = entry.row().row.state else {
      return #expect(Bool(false), "\(entry.row())")
    }
    #expect(reason.contains("leads out") && !reason.contains("root:x"))
  }

  @Test func aHistoryAddsWhatLiesElsewhereAndIsNotWritten() throws {
    try writeRun("data/here", at: 0)
    try writeRun("other/there", at: 0)
    let file = try addToHistory([
      (place.path("data/here"), nil), (place.path("other/there"), nil), (place.path("gone/run"), nil),
      (place.path("gone/sweep/runs/a/0"), "quick"), (place.path("gone/sweep/runs/a/1"), "quick"),
    ])
    let before = try place.entries()
    let bytes = try Data(contentsOf: URL(filePath: file))
    let catalogue = Catalogue(directories: [place.path("data")], history: file)
    #expect(
      Set(catalogue.entries.map(\.name)) == ["here", "there", "run", "sweep"] && catalogue.warnings.isEmpty)
    #expect(try place.entries() == before, "SQLite makes no files")
    #expect(try Data(contentsOf: URL(filePath: file)) == bytes)
    let gone = try #require(catalogue.entries.first { $0.name == "run" })
    #expect(
      gone.row().row.state == .unknown("its directory is gone") && gone.row().row.rate == 1_234
        && !gone.row().isReadable)
    #expect(catalogue.entries.first { $0.name == "sweep" }?.isSweep == true)
    #expect(catalogue.entries.first { $0.name == "there" }?.row().row.state == .complete)
  }

  /// While another process has the history open, what it has committed lies in a log beside the file.
  @Test func aHistoryThatIsInUseIsReadWithItsLog() throws {
    let file = place.path("history.sqlite")
    let database = try HistoryDatabase(path: file, isCreating: true)
    let run = HistoryRun(path: place.path("a"), manifest: Self.manifest(), summary: .literal())
    try database.add([run])
    #expect(FileManager.default.fileExists(atPath: file + "-wal"))
    #expect(try HistoryEntry.all(in: file).map(\.path) == [place.path("a")])
    withExtendedLifetime(database) {}
  }

  @Test func aHistoryThatIsNoneIsSaid() throws {
    try place.write("no database", to: "history.sqlite")
    let catalogue = Catalogue(directories: [], history: place.path("history.sqlite"))
    #expect(catalogue.entries.isEmpty && catalogue.warnings.count == 1)
    #expect(catalogue.warnings[0].contains("no history"))
    #expect(Catalogue(directories: [], history: place.path("absent")).warnings.count == 1)
  }
}
