import Foundation
import HeadwayHistory
import HeadwayTestSupport
import HeadwayTrace

/// Runs for a history, and a place for it.
struct HistoryCase {
  let directory: TemporaryDirectory
  var path: String { directory.path("history.sqlite") }

  init() throws { directory = try TemporaryDirectory() }

  func open() throws -> HistoryDatabase { try HistoryDatabase(path: path, isCreating: true) }

  /// A run of a commit, which is also the day on which it ran.
  static func run(
    _ number: Int, commit: Int? = 0, rate: Double = 1_000, machine: MachineFacts = .literal,
    binary: String? = nil, sweep: String? = nil, _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> HistoryRun {
    let (manifest, summary) = parts(commit: commit, rate: rate, machine: machine, binary: binary, change)
    return HistoryRun(path: "/runs/\(number)", manifest: manifest, summary: summary, sweep: sweep)
  }

  static func parts(
    commit: Int? = 0, rate: Double = 1_000, machine: MachineFacts = .literal, binary: String? = nil,
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> (Manifest, RunSummary) {
    var configuration = RunConfiguration()
    change(&configuration)
    let day = String(format: "2026-11-%02dT08:00:00Z", (commit ?? 0) + 1)
    let manifest = Manifest(
      configuration: configuration, command: ["headway", "train"], startedAt: day, toolVersion: "0.1.0",
      gitCommit: commit.map { "commit\($0)" }, binaryHash: binary, corpusHash: "c0ffee", machine: machine,
      environment: [:])
    return (manifest, RunSummary.literal(configuration: configuration, tokensPerSecond: rate))
  }

  /// Writes the directories of some runs below a folder of this place.
  func writeRuns(_ count: Int, into folder: String) throws {
    for number in 0..<count {
      let (manifest, summary) = Self.parts(commit: number % 9, rate: 1_000 + Double(number))
      try directory.write(try HeadwayJSON.document(manifest), to: "\(folder)/\(number)/manifest.json")
      try directory.write(try HeadwayJSON.document(summary), to: "\(folder)/\(number)/summary.json")
    }
  }
}
