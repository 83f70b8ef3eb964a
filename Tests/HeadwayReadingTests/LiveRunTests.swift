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
    let jobs = run.waitSite("jobs", kind: .queueEmpty)
    let main = run.register("main", role: .main)
    let follower = LiveFollower()
    func look() throws -> LiveView {
      run.showStatus()
      guard case .running(let view, let what) = try follower.look(at: directory) else {
        throw Failure(description: "it does not go on")
      }
      #expect(what == "engine test")
      return view
    }
    #expect(RecordingActivity.isRecording(directory) == true)
    #expect(try look().phase == .starting)

    run.openWindow()
    for index in 1...7 {
      main.step(index) {
        main.within(work) { main.complete(tasks: 2, tokens: 50) }
      }
    }
    main.enter(work)
    main.queued(jobs, items: 3)
    let now = try look()
    #expect(now.phase == .measuring && now.step == 7 && now.steps == nil)
    #expect(now.threads.filter { $0.role != .sampler }.map(\.name) == ["main"])
    #expect(now.threads.first?.state == "assign" && now.queues == [.init(site: "jobs", items: 3)])
    #expect((now.tokensPerSecond ?? 0) > 0 && (now.threads.first?.tasksPerSecond ?? 0) > 0)
    #expect((now.intervalNs ?? .zero) > .zero && (now.windowNs ?? .zero) > .zero && now.silentNs != nil)
    // Another reader who asks at once does not cut the interval to nothing.
    let again = try look()
    #expect((again.intervalNs ?? .zero) >= (now.intervalNs ?? .zero))
    let page = try HTMLReport.render(
      live: now, name: "run", what: "engine test",
      options: LivePageOptions(refreshSeconds: 2, toggle: PageLink("Stop", to: "?x")))
    #expect(
      page.contains("Step 7 is done") && page.contains("assign") && page.contains("jobs holds 3")
        && page.contains("http-equiv=\"refresh\""))

    main.leave()
    main.retire()
    #expect(try look().threads.first?.isActive == false)
    run.closeWindow()
    #expect(try look().phase == .ending)
    try run.finish()
    guard case .ended = try follower.look(at: directory) else {
      Issue.record("it goes on")
      return
    }
    guard case .absent = try follower.look(at: directory) else {
      Issue.record("something is left")
      return
    }
    #expect(RecordingActivity.isRecording(directory) == false)
    let report = try RunReport(of: directory)
    #expect(report.summary.threads.contains { $0.name == "live-status" }, "it copied inside the window")
  }

  private struct Failure: Error, CustomStringConvertible { var description: String }

  @Test func aRunWithoutATraceIsFollowedToo() throws {
    let place = try TemporaryDirectory()
    let run = try EngineRun(recordingInto: place.path("run"), traceBytes: 0, samplesMemory: false)
    let directory = try RunDirectory(opening: place.path("run"))
    run.showStatus()
    guard case .running = try LiveFollower().look(at: directory) else {
      Issue.record("it goes on")
      return
    }
    #expect(RecordingActivity.isRecording(directory) == true)
    try run.finish()
    #expect(RecordingActivity.isRecording(directory) == false)
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
