import Foundation
import HeadwayReading
import HeadwayRecording
import HeadwayReport
import HeadwayStore
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A run that this process records, looked at while it goes on.
@Suite struct LiveRunTests {
  @Test func aRunIsFollowedToItsEnd() throws {
    let place = try TemporaryDirectory()
    let path = place.path("run")
    let run = try EngineRun(recordingInto: path, program: ["engine": "test"], samplesMemory: false)
    let directory = try RunDirectory(opening: path)
    let work = run.state("assign")
    let main = run.register("main", role: .main)
    #expect(RecordingActivity.isRecording(trace: directory.tracePath) == true)
    #expect(try LiveTrace.look(at: directory).phase == .preparing)

    run.openWindow()
    for index in 1...7 {
      main.step(index) {
        main.within(work) { main.complete(tasks: 2, tokens: 50) }
      }
    }
    main.enter(work)
    let now = try LiveTrace.look(at: directory)
    #expect(now.phase == .measuring && now.step == 7 && now.plannedSteps == nil)
    #expect(now.threads.map(\.name) == ["main"])
    #expect(now.threads.first?.state == StateDefinition(name: "assign", category: .useful))
    #expect((now.tokensPerSecond ?? 0) > 0 && (now.tasksPerSecond ?? 0) > 0)
    #expect(now.recent.threads.first?.tasks == 14 && now.recent.threads.first?.tokens == 350)
    #expect(now.recent.books?.threadCount == 1 && now.recent.findings.isEmpty)
    #expect(now.elapsedNs.map { $0 > .zero } == true && now.quietNs.map { $0 >= .zero } == true)
    let page = try HTMLReport.render(
      progress: now, name: "run",
      options: ProgressPageOptions(refreshSeconds: 2, toggle: PageLink("Stop", to: "?x")))
    #expect(
      page.contains("Step 7 is done") && page.contains("assign") && page.contains("http-equiv=\"refresh\""))

    main.leave()
    main.retire()
    #expect(try LiveTrace.look(at: directory).threads.first?.hasEnded == true)
    try run.finish()
    #expect(RecordingActivity.isRecording(trace: directory.tracePath) == false)
    #expect(try LiveTrace.look(at: directory).phase == .closing)
  }

  @Test func aRunWithoutATraceSaysSo() throws {
    let place = try TemporaryDirectory()
    let run = try EngineRun(recordingInto: place.path("run"), traceBytes: 0, samplesMemory: false)
    let directory = try RunDirectory(opening: place.path("run"))
    #expect(sentence { _ = try LiveTrace.look(at: directory) }.contains("has written no trace"))
    #expect(RecordingActivity.isRecording(trace: directory.tracePath) == false)
    try run.finish()
  }

  /// The kernel's list of locks tells a sweep that goes on from one that was killed.
  @Test func aLockedJournalIsASweepThatGoesOn() throws {
    let place = try TemporaryDirectory()
    try place.write("{}", to: "sweep/plan.json")
    let directory = try SweepDirectory(opening: place.path("sweep"))
    #expect(RecordingActivity.isSweeping(directory) == false)
    do {
      let journal = try directory.journal()
      #expect(RecordingActivity.isSweeping(directory) == true)
      try journal.append(["a": 1])
    }
    #expect(RecordingActivity.isSweeping(directory) == false)
  }
}
