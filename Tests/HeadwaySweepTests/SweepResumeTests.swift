import Foundation
import HeadwayFiles
import HeadwayProbes
import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A sweep that ended before its time goes on: whatever its journal holds is neither lost nor made again.
@Suite(.serialized) struct SweepResumeTests {
  /// A summary without what tells when it was measured.
  private func comparable(_ sweep: FakeSweep) throws -> SweepSummary {
    var summary = SweepSummarizer.summarize(try sweep.read())
    summary.elapsedNs = .zero
    summary.driver = nil
    summary.warnings = []
    return summary
  }

  private func places(_ sweep: FakeSweep) throws -> [String] {
    try sweep.records().filter { $0.outcome == .completed }.map { "\($0.arm)/\($0.block)/\($0.pass)" }
      .sorted()
  }

  /// A kill leaves the journal cut between any two lines, or within one.
  @Test func aJournalCutAnywhereGoesOnToTheSameSummary() throws {
    let sweep = try FakeSweep("blocks: { minimum: 2, maximum: 2 }")
    try sweep.run()
    let whole = try comparable(sweep)
    let everywhere = try places(sweep)
    let bytes = try StoredFile.read(sweep.directory.journalPath)
    let ends = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    for (line, start) in ends.dropLast().enumerated() {
      for cut in [start, (start + ends[line + 1]) / 2] {
        try AtomicFile.write(bytes[..<cut], to: sweep.directory.journalPath)
        let known = try sweep.records().count
        let observer = RecordingObserver()
        #expect(try sweep.resume(telling: observer))
        #expect(observer.started.count == 10 - known, "only what was missing is run, cut at \(cut)")
        #expect(try places(sweep) == everywhere, "nothing lost, nothing doubled, cut at \(cut)")
        #expect(try comparable(sweep) == whole)
        let recorded = try sweep.read()
        #expect(recorded.stoppedBy == .maximum && recorded.cutShort == nil)
        #expect(recorded.warnings.contains { $0.hasPrefix("the sweep was interrupted and resumed once") })
        #expect(recorded.warnings.contains { $0.contains("was cut off") } == (cut > start))
      }
    }
  }

  @Test func aBlockInTwoPartsIsNamed() throws {
    let sweep = try FakeSweep("blocks: { minimum: 2, maximum: 2 }")
    try sweep.run()
    let lines = try String(contentsOfFile: sweep.directory.journalPath, encoding: .utf8).split(
      separator: "\n")
    // Five runs, a block, and one run of the second block.
    let text = lines.prefix(7).joined(separator: "\n") + "\n"
    try AtomicFile.write(Data(text.utf8), to: sweep.directory.journalPath)
    #expect(try sweep.resume())
    #expect(try sweep.read().warnings.contains { $0.contains("block 2 was measured in parts") })
  }

  @Test func aSweepThatIsCompleteStaysAsItIs() throws {
    let sweep = try FakeSweep("blocks: { minimum: 1, maximum: 1 }")
    try sweep.run()
    let before = try StoredFile.read(sweep.directory.journalPath)
    #expect(try !sweep.resume())
    #expect(try StoredFile.read(sweep.directory.journalPath) == before)
  }

  @Test func anInterruptedSweepGoesOn() throws {
    let sweep = try FakeSweep("blocks: { minimum: 2, maximum: 2 }")
    let cancellation = sweep.cancellation
    sweep.observer.afterRun = { if $0.block == 1 { cancellation.cancel() } }
    try sweep.run()
    #expect(try sweep.read().cutShort == "the sweep was stopped in block 2")
    let known = try sweep.records().count
    let later = sweep.afterwards()
    #expect(try later.resume())
    let recorded = try sweep.read()
    #expect(recorded.cutShort == nil && recorded.runs.count == 10)
    #expect(try sweep.records().count == 10 && known == 6)
    #expect(SweepSummarizer.summarize(recorded).blocks == BlockCount(complete: 2, planned: 2, disturbed: 0))
  }

  /// One try was spent before the kill; of two that leaves one.
  @Test func triesAreCountedOverTheResumption() throws {
    let sweep = try FakeSweep(
      "blocks: { minimum: 1, maximum: 1 }\nretries: 1",
      script: "case \"$2\" in *-1_*queue) exit 3;; esac\n\(FakeSweep.succeed)")
    try sweep.run()
    let failing = "threads-1_scheduling-queue"
    let lines = try String(contentsOfFile: sweep.directory.journalPath, encoding: .utf8).split(
      separator: "\n")
    let failures = lines.indices.filter { lines[$0].contains("\"outcome\":\"failed\"") }
    try #require(failures.count == 2)
    for (kept, more) in [(failures[0] + 1, 1), (failures[1] + 1, 0)] {
      let text = lines.prefix(kept).joined(separator: "\n") + "\n"
      try AtomicFile.write(Data(text.utf8), to: sweep.directory.journalPath)
      let observer = RecordingObserver()
      #expect(try sweep.resume(telling: observer))
      #expect(observer.started.count { $0 == "1 thread, queue" } == more)
      #expect(try sweep.records().count { $0.arm == failing } == 2)
      #expect(Set(try sweep.records().map(\.directory)).count == 6, "every try has a directory of its own")
    }
  }

  @Test func aBlockInWhichNothingSucceededIsTriedAfresh() throws {
    let sweep = try FakeSweep(
      "blocks: { minimum: 1, maximum: 1 }\nretries: 0",
      script: "test -e \"$4/mended\" || exit 7\n\(FakeSweep.succeed)")
    try sweep.run()
    #expect(try sweep.read().cutShort?.contains("so the sweep ended") == true)
    try sweep.temporary.write("", to: "prepared/mended")
    #expect(try sweep.resume())
    let recorded = try sweep.read()
    #expect(recorded.cutShort == nil && recorded.runs.count == 5 && recorded.excluded.count == 5)
  }

  /// The disk lost what the journal knows of: that run is made again, and counts once.
  @Test func aRunWhoseFilesAreGoneIsMadeAgain() throws {
    let sweep = try FakeSweep("blocks: { minimum: 1, maximum: 1 }")
    try sweep.run()
    let lines = try String(contentsOfFile: sweep.directory.journalPath, encoding: .utf8).split(
      separator: "\n")
    try AtomicFile.write(
      Data((lines.prefix(5).joined(separator: "\n") + "\n").utf8), to: sweep.directory.journalPath)
    try FileManager.default.removeItem(atPath: sweep.directory.resolve("runs/threads-2_scheduling-queue/0"))
    let observer = RecordingObserver()
    #expect(try sweep.resume(telling: observer))
    #expect(observer.started == ["2 threads, queue"])
    let recorded = try sweep.read()
    #expect(recorded.runs.count == 5 && Set(recorded.runs.map(\.record.arm)).count == 5)
    #expect(recorded.excluded.map(\.cell) == ["2 threads, queue"])
  }

  /// Killed within the second pass over a disturbed block: the second pass goes on, and no third begins.
  @Test func theRerunOfADisturbedBlockGoesOn() throws {
    let sweep = try FakeSweep("blocks: { minimum: 1, maximum: 1 }")
    var reading = 0
    var now = SystemActivity(
      times: .init(busy: 0, idle: 0, steal: 0), ticksPerSecond: 100, ownCpuNs: 0, throttledPeriods: nil)
    try sweep.run(activity: {
      reading += 1
      // The first run is disturbed: other processes use all of its thousand seconds.
      if reading == 2 { now.times.busy += 100_000 } else { now.times.idle += 100_000 }
      return now
    })
    try #require(try sweep.records().map(\.pass) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    let lines = try String(contentsOfFile: sweep.directory.journalPath, encoding: .utf8).split(
      separator: "\n")
    for kept in 5...9 {
      try AtomicFile.write(
        Data((lines.prefix(kept).joined(separator: "\n") + "\n").utf8), to: sweep.directory.journalPath)
      #expect(try sweep.resume())
      #expect(try sweep.records().map(\.pass) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
      #expect(try sweep.read().blocks == [BlockRecord(block: 0, passes: 2, keptPass: 1, disturbances: [])])
    }
  }

  @Test func twoProcessesCannotWriteOneSweep() throws {
    let directory = try TemporaryDirectory()
    let first = try Journal(appendingTo: directory.path("journal.jsonl"), patienceSeconds: 0)
    let words = sentence { _ = try Journal(appendingTo: directory.path("journal.jsonl"), patienceSeconds: 0) }
    #expect(words.contains("another process is writing this sweep; wait until it has ended, or end it."))
    try first.append(JournalEntry(EndRecord(elapsedNs: .zero, cutShort: nil)))
  }

  @Test func whatChangedWithoutHarmIsNoted() {
    var then = SweepContext.literal
    then.surroundings = Surroundings(hugePages: "madvise", affinity: "0-1")
    var now = then
    #expect(then.changes(toResumingAs: now).isEmpty)
    now.machine.kernel = "6.2"
    now.surroundings?.hugePages = "never"
    now.surroundings?.affinity = nil
    #expect(
      then.changes(toResumingAs: now) == [
        "kernel: 6.1 when the sweep began, 6.2 when it was resumed",
        "transparent huge pages: madvise when the sweep began, never when it was resumed",
        "affinity: CPUs 0-1 when the sweep began, not visible when it was resumed",
      ])
    now.surroundings = nil
    #expect(then.changes(toResumingAs: now).count == 1, "an older plan says nothing of them")
  }

  /// Whatever lies between two runs of one process is the driver's; a resumption is not.
  @Test func theDriversTimeIsWhatLiesBetweenRuns() throws {
    func run(_ startMs: Int64, _ wallMs: Int64) -> JournalEntry {
      var record = RunRecord(arm: "a", block: 0, position: 0, directory: "d\(startMs)")
      (record.startedNs, record.wallNs) = (.milliseconds(startMs), .milliseconds(wallMs))
      return JournalEntry(record)
    }
    let state = JournalState([
      run(5, 10), run(17, 10), run(30, 1),
      JournalEntry(ResumptionRecord(at: "2026-01-01T00:00:00Z", elapsedNs: .milliseconds(31), notes: [])),
      run(1_000, 1), run(1_009, 1),
    ])
    #expect(state.gaps == [2, 3, 8].map { .milliseconds($0) })
    let time = try #require(DriverTime(state.gaps))
    #expect(time.medianNs == .milliseconds(3) && time.longestNs == .milliseconds(8) && time.count == 3)
    #expect(DriverTime([]) == nil)
  }

  @Test func whatChangedMeanwhileIsNamed() {
    let now = SweepContext.literal
    func obstacle(_ change: (inout SweepContext) -> Void) -> String? {
      var then = SweepContext.literal
      then.environment = [AxisSetting(axis: "OMP_WAIT_POLICY", value: "active")]
      then.programHash = "1"
      var today = then
      change(&today)
      return then.obstacle(toResumingAs: today)
    }
    #expect(now.obstacle(toResumingAs: now) == nil && obstacle { _ in } == nil)
    #expect(obstacle { $0.machine.usableCpus = 8 }?.contains("2 usable CPUs") == true)
    #expect(obstacle { $0.machine.processor = "Other" }?.contains("another processor") == true)
    #expect(obstacle { $0.toolVersion = "9" }?.contains("version 0.1.0 of the tool, and this is 9") == true)
    #expect(obstacle { $0.programHash = "2" }?.contains("the program that is measured has changed") == true)
    #expect(obstacle { $0.environment = [] }?.contains("OMP_WAIT_POLICY") == true)
    #expect(obstacle { ($0.programHash, $0.environment) = (nil, nil) } == nil, "unknown counts as unchanged")
  }
}
