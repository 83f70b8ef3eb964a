import Foundation
import HeadwayFiles
import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What a sweep predicts is frozen before its first run, and stays as it is.
@Suite(.serialized) struct PredictionLedgerTests {
  private static let blocks = "blocks: { minimum: 2, maximum: 2 }"

  /// Predictions of the fake sweep's cells, which measure 1,000, 2,000, 3,000 and 4,000 tokens/s.
  private func literal(_ sweep: FakeSweep) -> PredictionLedger {
    func estimate(_ value: Double) -> Estimate {
      Estimate(value: value, lower: value * 0.9, upper: value * 1.1, sampleCount: 5)
    }
    return PredictionLedger(
      baseline: sweep.plan.cells[0].id, recordings: [BaselineRecording(directory: "recordings/0")], cores: 2,
      cells: zip(sweep.plan.cells.dropFirst(), [2_100, 3_000, 6_000]).map { cell, rate in
        CellPrediction(
          cell: cell.id, tokensPerSecond: estimate(rate), speedup: estimate(rate / 1_000), ownHalfWidth: 0.1,
          uncertainty: [], assumptions: [])
      })
  }

  private func entries(_ sweep: FakeSweep) throws -> [JournalEntry] {
    try JournalContents(of: sweep.directory.journalPath, JournalEntry.self).records
  }

  /// The fake run leaves no trace, so that nothing can be predicted: that is frozen too, and said.
  @Test func aRunThatCannotBeReplayedIsSaid() throws {
    let sweep = try FakeSweep(Self.blocks, predictions: true)
    try sweep.run()
    #expect(sweep.observer.recordings == (1...3).map { "1 thread, barrier \($0)/3" })
    let first = try #require(try entries(sweep).first?.predictions)
    #expect(try sweep.directory.predictionsHash() == first.hash)
    let ledger = try #require(SweepSummarizer.summarize(try sweep.read()).predictions)
    #expect(ledger.rows.count == 3 && ledger.throughput == nil)
    #expect(ledger.rows.allSatisfy { $0.reason?.hasPrefix("the run to predict from failed: ") == true })
    #expect(ledger.recording.directory == "recordings" && ledger.recording.runs?.count == 3)
    #expect(
      (0..<3).allSatisfy { number in
        sweep.observer.warnings.contains { $0.hasPrefix("nothing is predicted from recordings/\(number): ") }
      })
    #expect(try sweep.records().count == 10, "the recorded run is none of the blocks")
  }

  /// Killed between the file and its line in the journal: the file is what was predicted.
  @Test func whatWasFrozenBeforeAKillIsKeptAndScored() throws {
    let sweep = try FakeSweep(Self.blocks, predictions: true)
    try sweep.directory.writePlan(sweep.plan)
    try sweep.directory.freeze(literal(sweep))
    let bytes = try StoredFile.read(sweep.directory.predictionsPath)
    #expect(try sweep.resume())
    #expect(sweep.observer.recordings.isEmpty, "nothing is recorded again")
    #expect(try StoredFile.read(sweep.directory.predictionsPath) == bytes)
    let entries = try entries(sweep)
    let noted = try #require(entries.firstIndex { $0.predictions != nil })
    let begun = try #require(entries.firstIndex { $0.run != nil })
    #expect(noted < begun, "frozen before the first run")
    let ledger = try #require(SweepSummarizer.summarize(try sweep.read()).predictions)
    let errors = ledger.rows.map { $0.tokensPerSecond?.error ?? .nan }
    #expect(zip(errors, [0.05, 0, 0.5]).allSatisfy { abs($0 - $1) < 1e-9 }, "\(errors)")
    #expect(ledger.rows.map { $0.tokensPerSecond?.isCovered } == [true, true, false])
    #expect(ledger.rows.map { $0.speedup?.isCovered } == [true, true, false])
    #expect(ledger.throughput?.outcomes == 3 && ledger.throughput?.covered == 2)
    #expect(ledger.throughput?.worst == "2 threads, queue")
    let words = sentence { try sweep.directory.freeze(literal(sweep)) }
    #expect(words.contains("frozen and do not change"))
  }

  @Test func anEditedPredictionIsLeftOut() throws {
    let sweep = try FakeSweep(Self.blocks, predictions: true)
    try sweep.directory.writePlan(sweep.plan)
    try sweep.directory.freeze(literal(sweep))
    #expect(try sweep.resume())
    var better = literal(sweep)
    better.cells[2].tokensPerSecond?.value = 4_000
    try AtomicFile.writeJSON(better, to: sweep.directory.predictionsPath)
    let recorded = try sweep.read()
    #expect(recorded.predictions == nil && SweepSummarizer.summarize(recorded).predictions == nil)
    #expect(
      recorded.warnings.contains {
        $0.contains("predictions.json") && $0.contains("not the file that was frozen")
      }, "\(recorded.warnings)")
    try FileManager.default.removeItem(atPath: sweep.directory.predictionsPath)
    #expect(try sweep.read().warnings.contains { $0.hasPrefix("the predictions are left out: ") })
  }

  @Test func aResumedSweepKeepsItsPredictions() throws {
    let sweep = try FakeSweep(Self.blocks, predictions: true)
    try sweep.run()
    let bytes = try StoredFile.read(sweep.directory.predictionsPath)
    let lines = try String(contentsOfFile: sweep.directory.journalPath, encoding: .utf8).split(
      separator: "\n")
    for kept in [1, 2, 7] {
      try AtomicFile.write(
        Data((lines.prefix(kept).joined(separator: "\n") + "\n").utf8), to: sweep.directory.journalPath)
      let observer = RecordingObserver()
      #expect(try sweep.resume(telling: observer))
      #expect(observer.recordings.isEmpty)
      #expect(try StoredFile.read(sweep.directory.predictionsPath) == bytes)
      let noted = try entries(sweep).first?.predictions
      #expect(noted != nil)
      #expect(try sweep.read().predictions?.record == noted)
    }
  }

  /// Runs were made and nothing was predicted before them: whoever resumes cannot predict any more.
  @Test func nothingIsPredictedAfterTheFact() throws {
    let sweep = try FakeSweep(Self.blocks, predictions: true)
    try sweep.run()
    let lines = try String(contentsOfFile: sweep.directory.journalPath, encoding: .utf8).split(
      separator: "\n")
    let runs = lines.dropFirst().prefix(3).joined(separator: "\n") + "\n"
    try AtomicFile.write(Data(runs.utf8), to: sweep.directory.journalPath)
    try FileManager.default.removeItem(atPath: sweep.directory.predictionsPath)
    #expect(try sweep.resume())
    #expect(try entries(sweep).allSatisfy { $0.predictions == nil })
    #expect(try sweep.directory.predictionsHash() == nil)
    // A line that was put in after a run is none.
    try AtomicFile.write(Data((runs + lines[0] + "\n").utf8), to: sweep.directory.journalPath)
    try sweep.directory.freeze(literal(sweep))
    #expect(try sweep.read().predictions == nil)
    #expect(try sweep.read().warnings.contains { $0.contains("after runs had been made") })
  }

  @Test func aSweepThatIsStoppedWhileItRecordsFreezesNothing() throws {
    let sweep = try FakeSweep(Self.blocks, predictions: true)
    sweep.cancellation.cancel()
    try sweep.run()
    #expect(try sweep.directory.predictionsHash() == nil)
    #expect(try sweep.records().isEmpty)
    #expect(try sweep.afterwards().resume())
    #expect(sweep.observer.recordings.count == 1, "told once, by the first; the second has its own ear")
    #expect(try sweep.read().predictions != nil)
  }

  /// Killed between two recordings: all are made anew, and what the killed one left is in nobody's way.
  @Test func aSweepThatWasKilledBetweenRecordingsRecordsAgain() throws {
    let sweep = try FakeSweep("\(Self.blocks)\nrecordings: 2", predictions: true)
    try sweep.directory.writePlan(sweep.plan)
    for number in 0..<2 {
      let left = try RunDirectory(
        creating: sweep.directory.resolve(sweep.directory.relativeRecordingPath(number)))
      try AtomicFile.write(Data("left".utf8), to: left.path + "/left")
    }
    let observer = RecordingObserver()
    #expect(try sweep.resume(telling: observer))
    #expect(observer.recordings == ["1 thread, barrier 1/2", "1 thread, barrier 2/2"])
    let recordings = try sweep.read().predictions?.ledger.recordings
    #expect(recordings?.map(\.directory) == ["recordings/0", "recordings/1"])
    let files = FileManager.default
    #expect(!files.fileExists(atPath: sweep.directory.resolve("recordings/0/left")))
    #expect(!files.fileExists(atPath: sweep.directory.resolve("recordings/1/left")))
  }

  /// Two intervals lie between three recordings, whatever the machine does.
  @Test func recordingsAreMadeApartFromEachOther() throws {
    let sweep = try FakeSweep("\(Self.blocks)\nrecording_interval_seconds: 0.25", predictions: true)
    try sweep.run()
    let frozen = try #require(try entries(sweep).first?.predictions?.frozenNs)
    #expect(frozen.count >= 500_000_000, "\(frozen)")
    #expect(
      try FakeSweep("recording_interval_seconds: 2").plan.recordingIntervalSeconds == nil,
      "nothing is recorded")
    let words = sentence { _ = try profile("recording_interval_seconds: -1") }
    #expect(words.contains("recording_interval_seconds"), "\(words)")
  }

  /// Whoever stops a sweep between two recordings does not wait for the next.
  @Test(.timeLimit(.minutes(1))) func aSweepThatIsStoppedBetweenRecordingsEnds() throws {
    let sweep = try FakeSweep("\(Self.blocks)\nrecording_interval_seconds: 3600", predictions: true)
    sweep.observer.beforeRecording = { number in if number == 2 { sweep.cancellation.cancel() } }
    try sweep.run()
    #expect(sweep.observer.recordings.count == 2)
    #expect(try sweep.directory.predictionsHash() == nil)
    #expect(try sweep.records().isEmpty)
  }

  /// A plan of an earlier version does not say how often: once.
  @Test func theNumberOfRecordingsIsTheProfiles() throws {
    #expect(try profile().recordings == 3)
    #expect(try FakeSweep("recordings: 5", predictions: true).plan.recordings == 5)
    #expect(try FakeSweep("recordings: 5").plan.recordings == nil, "nothing is predicted")
    let words = sentence { _ = try profile("recordings: 0") }
    #expect(words.contains("recordings"), "\(words)")
  }

  @Test func aSweepThatIsToPredictNothingDoesNot() throws {
    #expect(try profile().predicts)
    let sweep = try FakeSweep(Self.blocks)
    try sweep.run()
    #expect(sweep.plan.predicts == false && sweep.observer.recordings.isEmpty)
    #expect(try sweep.read().predictions == nil)
    let foreign = try Profile(
      yaml: "command: [./train, '{threads}']\naxes: { threads: [1, 2] }", path: "test.yaml")
    #expect(try SweepPlan(profile: foreign, context: .literal).predicts == false)
  }
}
