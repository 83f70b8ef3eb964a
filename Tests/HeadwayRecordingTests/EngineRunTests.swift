import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayRecording
import HeadwayStore
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A small engine of planted behaviour on real threads, recorded with the library.
@Suite("Recording another engine", .serialized) struct EngineRunTests {
  private static let threads = 3
  private static let episodes = 12

  /// Workers that meet at a barrier, the first of them late by design; then a lock that it holds while the
  /// others come for it.
  private func record(into path: String) throws {
    let run = try EngineRun(recordingInto: path, program: ["engine": "planted"])
    let work = run.state("work")
    let outer = run.state("outer")
    let end = run.barrier("end", participants: Self.threads + 1)
    let lock = run.lock("sums")
    let meeting = Meeting(Self.threads + 1)
    let holds = EventGate()
    let finished = (0..<Self.threads).map { _ in EventGate() }
    let ready = (0..<Self.threads).map { _ in EventGate() }
    let go = EventGate()
    for worker in 0..<Self.threads {
      Thread.detachNewThread {
        let me = run.register("worker-\(worker)")
        let idle = run.waitSite("start", kind: .latch)
        ready[worker].open()
        idle.wait(me) { _ = go.wait() }
        me.enter(outer)
        for _ in 0..<Self.episodes {
          me.within(work) { burn(milliseconds: worker == 0 ? 6 : 1) }
          me.complete(tasks: 1, tokens: 10)
          end.cross(me) { meeting.wait() }
        }
        if worker == 0 {
          lock.withLock(me) {
            holds.open()
            me.within(work) { burn(milliseconds: 10) }
          }
        } else {
          holds.wait()
          lock.withLock(me) {}
        }
        me.leave()
        me.retire()
        finished[worker].open()
      }
    }
    let me = run.register("main", role: .main)
    let join = run.waitSite("join", kind: .latch)
    for gate in ready { gate.wait() }
    run.openWindow()
    go.open()
    for episode in 0..<Self.episodes { me.step(episode) { end.cross(me) { meeting.wait() } } }
    join.wait(me) { for gate in finished { gate.wait() } }
    run.closeWindow()
    me.retire()
    try run.finish()
    try run.finish()
  }

  private func summary(of recorded: RecordedAccounts, _ manifest: Manifest) -> RunSummary {
    RunAnalysis.summarize(
      configuration: manifest.configuration, completed: true, accounts: recorded.accounts,
      stepDurations: recorded.stepsNs, loss: nil, memory: recorded.memory, warnings: [],
      usableCpus: manifest.machine.usableCpus, program: manifest.program)
  }

  @Test("books, barriers, waits, progress and findings of a planted engine")
  func planted() throws {
    let place = try TemporaryDirectory()
    try record(into: place.path("run"))
    let directory = try RunDirectory(opening: place.path("run"))
    let manifest = try directory.manifest()
    #expect(
      manifest.configuration == nil && manifest.corpusHash == nil && manifest.program == ["engine": "planted"]
    )
    let recorded = try directory.accounts()
    let summary = summary(of: recorded, manifest)
    let books = try #require(summary.books)
    #expect(books.closureError < 0.001 && books.threadCount == Self.threads + 1)
    #expect(summary.loss == nil && summary.configuration == nil && summary.partial == nil)
    let end = try #require(summary.barriers.first { $0.site == "end" })
    #expect(end.episodes == Self.episodes && end.spreadNs?.count == Self.episodes)
    #expect(end.lastArrivals.values.reduce(0, +) == Self.episodes)
    let fast = try #require(end.threadWaitNs["worker-1"])
    let late = try #require(end.threadWaitNs["worker-0"])
    #expect(fast > late, "whoever is fast waits for the late one")
    // The main thread comes at once, the late one after 6 ms of CPU time.
    #expect((end.spreadNs?.p50.count ?? 0) >= 5_000_000)
    let lock = try #require(summary.waits.first { $0.site == "sums" })
    #expect(lock.kind == .lock && lock.waits >= 1 && lock.waits <= 2 && lock.durationNs?.count == lock.waits)
    #expect(summary.threads.filter { $0.role == .worker }.allSatisfy { $0.tasks == Self.episodes })
    #expect(summary.throughput.tokens == Self.threads * Self.episodes * 10)
    #expect(summary.throughput.steps == Self.episodes && (summary.throughput.tasksPerSecond ?? 0) > 0)
    #expect((summary.memory.peakRssBytes ?? 0) > 0)
    let samples = try #require(summary.memory.samples)
    #expect(samples.taken > 0)
    // The two ways of measuring waits agree on real threads.
    #expect(summary.warnings.allSatisfy { !$0.contains("waits noted") }, "\(summary.warnings)")
    for finding in summary.findings { #expect(!finding.change.contains("scheduling:")) }
  }

  @Test("the trace tells what the accumulators say: the same books to a thousandth")
  func traceAgrees() throws {
    let place = try TemporaryDirectory()
    try record(into: place.path("run"))
    let directory = try RunDirectory(opening: place.path("run"))
    let manifest = try directory.manifest()
    var recorded = try directory.accounts()
    #expect(recorded.accounts.losses.eventsDropped == 0)
    // The trace carries no scheduler statistics.
    for index in recorded.accounts.threads.indices {
      recorded.accounts.threads[index].runDelayNs = nil
      recorded.accounts.threads[index].scheduledNs = nil
    }
    let exact = summary(of: recorded, manifest)
    let traced = try RunAnalysis.summarize(
      trace: TraceFile.reader(of: directory.tracePath), manifest: manifest)
    #expect(traced.partial == false && traced.completed)
    let left = try #require(exact.books)
    let right = try #require(traced.books)
    let whole = Double(left.wallNs.count) * Double(left.threadCount)
    #expect(abs(Double((left.wallNs - right.wallNs).count)) <= 0.001 * Double(left.wallNs.count))
    for category in StateCategory.allCases {
      let gap = Double((left.time(category) - right.time(category)).count)
      #expect(abs(gap) <= 0.001 * whole, "\(category): \(left.time(category)), \(right.time(category))")
    }
    for thread in exact.threads {
      let twin = try #require(traced.threads.first { $0.name == thread.name })
      #expect(twin.tasks == thread.tasks && twin.tokens == thread.tokens)
      for (name, state) in thread.states {
        let gap = Double((twin.states[name]?.wallNs ?? .zero).count - state.wallNs.count)
        #expect(abs(gap) <= 0.001 * Double(left.wallNs.count), "\(thread.name) in \(name)")
        #expect(twin.states[name]?.count ?? 0 == state.count, "\(thread.name) in \(name)")
      }
    }
    for barrier in exact.barriers {
      let twin = try #require(traced.barriers.first { $0.site == barrier.site })
      #expect(twin.episodes == barrier.episodes && twin.lastArrivals == barrier.lastArrivals)
      #expect(
        abs(Double((twin.waitNs - barrier.waitNs).count)) <= 0.001 * Double(barrier.waitNs.count) + 1_000)
      #expect(twin.spreadNs?.count == barrier.spreadNs?.count)
    }
    for wait in exact.waits {
      let twin = try #require(traced.waits.first { $0.site == wait.site })
      #expect(
        twin.waits == wait.waits && twin.kind == wait.kind && twin.durationNs?.count == wait.durationNs?.count
      )
    }
    #expect(traced.throughput.steps == exact.throughput.steps)
  }

  @Test("operations, stacks and stalls of another engine are recorded where they are asked for")
  func everythingElse() throws {
    let place = try TemporaryDirectory()
    let run = try EngineRun(
      recordingInto: place.path("run"), traceBytes: 1 << 20, operations: true, stackSamplingHz: 1_000,
      stackSamplingMode: .wall, watchdogSeconds: 600)
    let solve = run.state("solve")
    let (row, column) = (run.operation("row"), run.operation("column"))
    let me = run.register("main", role: .main)
    run.openWindow()
    for _ in 0..<10 {
      me.within(solve) {
        burn(milliseconds: 5)
        me.ended(row)
        burn(milliseconds: 1)
        me.ended(column)
      }
      me.complete(tasks: 1)
    }
    run.closeWindow()
    me.retire()
    try run.finish()
    let directory = try RunDirectory(opening: place.path("run"))
    let recorded = try directory.accounts()
    #expect(recorded.stalls == [])
    let profile = try directory.stacks()
    #expect(profile.threads.map(\.name) == ["main"] && profile.states.contains("solve"))
    #expect(profile.samples.count >= 20, "60 ms at a thousand a second")
    let summary = summary(of: recorded, try directory.manifest())
    let times = try #require(summary.operations)
    #expect(times.operations.map(\.operation) == ["row", "column"] && times.states.map(\.state) == ["solve"])
    #expect(times.operations.allSatisfy { $0.count == 10 && $0.work == nil })
    #expect(times.operations[0].wallNs.count >= 50_000_000)
    #expect(
      sentence { _ = try EngineRun(recordingInto: place.path("no"), stackSamplingHz: -1) }.contains("4000"))
    #expect(!FileManager.default.fileExists(atPath: place.path("no")), "nothing half-written")
  }

  @Test("a barrier that is none is said, and breaks nothing")
  func notABarrier() throws {
    let place = try TemporaryDirectory()
    let run = try EngineRun(recordingInto: place.path("run"), traceBytes: 0)
    let end = run.barrier("end", participants: 2)
    let me = run.register("main", role: .main)
    run.openWindow()
    run.openWindow()
    end.cross(me) {}
    struct Broken: Error {}
    #expect(throws: Broken.self) { try end.cross(me) { throw Broken() } }
    me.retire()
    try run.finish()
    let recorded = try RunDirectory(opening: place.path("run")).accounts()
    #expect(recorded.accounts.warnings.count == 1)
    #expect(recorded.accounts.warnings[0].contains("left the barrier end before its 2 participants"))
    #expect(throws: InputError.self) { try EngineRun(recordingInto: place.path("run")) }
  }
}

/// The engine's own barrier, of which the library knows nothing.
///
/// `@unchecked Sendable` because its state is touched under `condition` only.
final class Meeting: @unchecked Sendable {
  private let condition = NSCondition()
  private let participants: Int
  private var (missing, generation): (Int, Int)

  init(_ participants: Int) {
    self.participants = participants
    (missing, generation) = (participants, 0)
  }

  func wait() {
    condition.withLock {
      missing -= 1
      let mine = generation
      if missing == 0 {
        (missing, generation) = (participants, generation + 1)
        condition.broadcast()
      }
      while generation == mine { condition.wait() }
    }
  }
}

/// Uses the calling thread's CPU for that long.
func burn(milliseconds: Int) {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  let end = time.tv_sec * 1_000_000_000 + time.tv_nsec + milliseconds * 1_000_000
  while time.tv_sec * 1_000_000_000 + time.tv_nsec < end { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) }
}
