import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The status file of a run, copied by hand and read while a probe's threads note what they do. What the kernel says of
/// the process that holds it, the end-to-end tests look at.
@Suite struct LiveFileTests {
  private struct Place {
    let directory: TemporaryDirectory
    let live: LiveFile
    let probe: RecordingProbe
    var path: String { directory.url.appending(path: "live.hwlive").path }

    init() throws {
      directory = try TemporaryDirectory()
      live = try LiveFile(path: directory.url.appending(path: "live.hwlive").path)
      probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, live: live)
    }

    /// What a reader sees after a copy.
    func snapshot() throws -> LiveSnapshot {
      live.copy()
      let reader = try #require(try LiveFileReader(opening: path))
      return try #require(try reader.snapshot())
    }
  }

  @Test func aReaderSeesTheStatesAndTheCountsOfEveryThread() throws {
    let place = try Place()
    let work = place.probe.state(.useful("work"))
    let idle = place.probe.state(.blocked("idle", site: "gate"))
    let queue = place.probe.site(SiteDefinition(name: "queue", kind: .queueEmpty))
    let main = place.probe.register(name: "main", role: .main)
    var seen = try place.snapshot()
    #expect(seen.processID == getpid() && seen.windowBegin == nil && seen.step == 0 && seen.loss == nil)
    #expect(seen.states.map(\.name) == ["work", "idle"] && seen.states[1].site == "gate")
    #expect(seen.sites.map(\.name) == ["queue"] && seen.rows.map(\.name) == ["main"])

    place.probe.openWindow()
    main.enter(work)
    main.enter(idle)
    seen = try place.snapshot()
    let row = try #require(seen.rows.first)
    #expect(row.role == .main && row.isActive && row.open.map(\.slot) == [0, 1])
    #expect(row.changed >= row.open[1].ticks && row.now > row.changed)
    #expect(try #require(seen.windowBegin) <= row.changed && seen.windowEnd == nil)

    main.leave()
    main.complete(tasks: 2, tokens: 64)
    main.queued(queue, items: 3)
    main.queued(SiteID(40), items: 9)
    main.step(1, from: main.now())
    place.live.stepFinished(1, tokens: 64, loss: 2.5)
    place.live.stepFinished(2, tokens: 64, loss: 2.25)
    place.live.evaluated(after: 2, loss: 2.75)
    seen = try place.snapshot()
    let later = try #require(seen.rows.first)
    #expect((later.tasks, later.tokens, later.steps) == (2, 64, 1) && later.lastProgress != nil)
    #expect(later.depths.mapValues(\.items) == [0: 3], "a site beyond the rows' capacity is not shown")
    #expect((seen.step, seen.tokens, seen.loss) == (2, 128, 2.25))
    #expect(seen.validation == LossPoint(step: 2, value: 2.75))
    #expect(later.open.map(\.slot) == [0] && later.changed > row.changed)

    main.leave()
    place.probe.closeWindow()
    place.probe.retire(main)
    seen = try place.snapshot()
    let accounts = place.probe.accounts()
    let totals = try #require(seen.rows.first).totals
    let books = try #require(accounts.threads.first)
    #expect(seen.windowEnd != nil && seen.rows.first?.isActive == false)
    for (slot, name) in [(0, "work"), (1, "idle")] {
      let wall = seen.rate.nanoseconds(ofTicks: totals[slot].wallTicks)
      // The file's rate was measured at its start, the books' over the window.
      let account = try #require(books.states[name])
      #expect(abs((wall - account.wallNs).count) <= account.wallNs.count / 50 + 1_000, "\(name)")
      #expect(Int64(totals[slot].cpuNs) == account.cpuNs.count)
    }
  }

  @Test func aThreadThatComesAgainTakesItsRowUp() throws {
    let place = try Place()
    for _ in 0..<3 {
      let worker = place.probe.register(name: "worker", role: .worker)
      worker.complete(tasks: 1, tokens: 1)
      #expect(try place.snapshot().rows.map(\.isActive) == [true])
      place.probe.retire(worker)
    }
    let seen = try place.snapshot()
    #expect(seen.rows.map(\.isActive) == [false] && seen.rows.first?.tasks == 3)
  }

  @Test func aRunThatEndsRemovesItAndSaysSo() throws {
    let place = try Place()
    let reader = try #require(try LiveFileReader(opening: place.path))
    #expect(try reader.snapshot()?.isFinished == false && reader.holder() == .living(process: nil))
    place.live.stepFinished(3, tokens: 8, loss: 1)
    place.live.finish()
    place.live.finish()
    let last = try #require(try reader.snapshot())
    #expect(last.isFinished && last.step == 3, "the end is copied")
    #expect(!FileManager.default.fileExists(atPath: place.path))
    #expect(try LiveFileReader(opening: place.path) == nil)
    guard case .absent = try LiveWatch(path: place.path).look() else {
      Issue.record("something is there")
      return
    }
    // The rows are still there for threads that go on.
    let main = place.probe.register(name: "main", role: .main)
    main.complete(tasks: 1, tokens: 1)
    #expect(place.probe.accounts().threads.first?.tasks == 1)
  }

  @Test func nothingIsInTheFileBeforeItIsCopied() throws {
    let place = try Place()
    let reader = try #require(try LiveFileReader(opening: place.path))
    let main = place.probe.register(name: "main", role: .main)
    let work = place.probe.state(.useful("work"))
    let before = try #require(try reader.snapshot())
    #expect(before.rows.isEmpty && before.states.isEmpty && before.now > 0 && before.readAt >= before.now)
    main.enter(work)
    place.live.copy()
    let copied = try #require(try reader.snapshot())
    main.leave()
    main.complete(tasks: 1, tokens: 1)
    let same = try #require(try reader.snapshot())
    #expect(same.rows == copied.rows && same.isSameCopy(as: copied) && copied.rows.first?.tasks == 0)
    place.live.copy()
    let later = try #require(try reader.snapshot())
    #expect(later.rows.first?.tasks == 1 && later.rows.first?.open.isEmpty == true && later.now > copied.now)
    #expect(place.live.trouble == nil)
  }

  /// A store into a page of a file can wait for a disk; so no page of it is anywhere in this process.
  @Test func noPageOfTheFileIsMapped() throws {
    let place = try Place()
    // A trace, beside it, is mapped, and has to be found.
    let trace = place.directory.url.appending(path: "trace.hwtrace").path
    let probe = try RecordingProbe(
      level: .events, traceURL: trace, budgetBytes: 1 << 20, live: place.live)
    let main = probe.register(name: "main", role: .main)
    main.complete(tasks: 1, tokens: 1)
    place.live.copy()
    // Foundation reads the kernel's files, whose size nobody knows, in part.
    let maps = try #require(ProcFile.read("/proc/self/maps"))
    #expect(!maps.contains("live.hwlive") && maps.contains("trace.hwtrace"))
    #expect(place.live.heldBytes > 0)
  }

  /// The thread of the file's own: unseen outside the window, in the books inside it, and away while a sampler copies.
  @Test(.timeLimit(.minutes(1))) func aThreadCopiesUntilTheEnd() throws {
    let place = try Place()
    try place.live.startCopying()
    #expect(place.probe.accounts().threads.isEmpty)
    try place.live.startCopying(in: place.probe)
    place.live.leaveBooks()
    let own = try #require(place.probe.accounts().threads.first)
    #expect(own.name == "live-status" && own.role == .sampler && place.probe.accounts().threads.count == 1)
    #expect(place.probe.stateNames == ["status.copy", "status.sleep"])

    let sampler = MemorySampler(probe: place.probe)
    try sampler.start()
    let reader = try #require(try LiveFileReader(opening: place.path))
    let first = try #require(try reader.snapshot()).now
    // The sampler copies after each sample: wait for one that this thread did not make.
    while try #require(try reader.snapshot()).now == first {}
    _ = sampler.stop()
    let resumed = try #require(try reader.snapshot()).now
    while try #require(try reader.snapshot()).now == resumed {}
    place.live.finish()
    #expect(try reader.snapshot()?.isFinished == true)
  }

  @Test func whatIsNoStatusIsRefusedInWords() throws {
    let directory = try TemporaryDirectory()
    let path = directory.url.appending(path: "live.hwlive").path
    try Data(repeating: 7, count: 70_000).write(to: URL(filePath: path))
    #expect(sentence { _ = try LiveWatch(path: path).look() }.contains("this is not the status of a run"))
    var head = LiveFormat.header(processID: 1, origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1)
    head[8] = 9
    try (Data(head) + Data(count: 70_000)).write(to: URL(filePath: path))
    #expect(sentence { _ = try LiveWatch(path: path).look() }.contains("version 9"))
    try Data(count: 100).write(to: URL(filePath: path))
    guard case .absent = try LiveWatch(path: path).look() else {
      Issue.record("it is being made")
      return
    }
    #expect(
      sentence { _ = try LiveFile(path: directory.root + "/none/live.hwlive") }.contains("cannot be created"))
  }

  @Test func theKernelsMemoryOfAProcessIsRead() {
    let text = "Name:\tx\nVmPeak:\t 9 kB\nVmHWM:\t 300 kB\nVmRSS:\t 200 kB\nVmSwap:\t 0 kB\n"
    #expect(
      LiveWatch.memory(status: text)
        == LiveView.Memory(rssBytes: 204_800, peakRssBytes: 307_200, swapBytes: 0))
    #expect(LiveWatch.memory(status: "Name:\tkthreadd\n") == nil, "a kernel thread has none")
  }
}
