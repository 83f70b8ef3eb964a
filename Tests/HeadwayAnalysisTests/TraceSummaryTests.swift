import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Summaries made from traces, whole and cut off, on a drawn run of two threads and a clock of 1 GHz (ms):
///
///     main      | wait at end 0…60 ------| optimize 60…80 | (cut at 100: wait at end since 80)
///     worker-0  | dispatch 0… ( forward 10…60, completed ) ( forward 62…90 ) forward since 90 |
///
/// The crossing of `end` at 60 has the worker as its last arriver.
@Suite struct TraceSummaryTests {
  private static let ms: UInt64 = 1_000_000

  private static func trace(version1: Bool = false) -> TraceBuilder {
    var trace = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000, chunkBytes: 256)
    trace.header.windowBegin = 1
    let main = trace.add(RecordedThread(name: "main", role: .main, processID: 1, threadID: ThreadID(1)))
    let worker = trace.add(
      RecordedThread(name: "worker-0", role: .worker, processID: 1, threadID: ThreadID(2)))
    let forward = trace.add(StateDefinition(name: "forward", category: .useful))
    let dispatch = trace.add(StateDefinition(name: "dispatch", category: .useful))
    let optimize = trace.add(StateDefinition(name: "optimize", category: .useful))
    let wait = trace.add(StateDefinition(name: "barrier.end", category: .blocked, site: "end"))
    let end = trace.add(SiteDefinition(name: "end", kind: .barrier))
    func state(_ code: UInt16, _ from: UInt64, _ to: UInt64, depth: UInt8, cpu: UInt64) -> TraceRecord {
      TraceRecord(
        start: from * ms, duration: (to - from) * ms, kind: .state, detail: depth, code: code,
        argument: cpu * ms)
    }
    trace.append(TraceRecord(start: 0, kind: .threadBegan, argument: 1), to: main)
    trace.append(state(wait, 0, 60, depth: 0, cpu: 0), to: main)
    trace.appendCrossing(
      to: main, site: end, generation: 0, arrival: 1, release: 60 * ms, departure: 60 * ms, wasLast: false)
    trace.append(state(optimize, 60, 80, depth: 0, cpu: 20), to: main)
    trace.append(TraceRecord(start: 1, duration: 80 * ms - 1, kind: .step, argument: 1), to: main)
    trace.show(CurrentState(state: Int(wait), depth: 1), of: main)
    trace.append(TraceRecord(start: 0, kind: .threadBegan, argument: 2), to: worker)
    trace.append(TraceRecord(start: 0, kind: .entered, detail: 0, code: dispatch), to: worker)
    trace.append(state(forward, 10, 60, depth: 1, cpu: 50), to: worker)
    trace.append(TraceRecord(start: 60 * ms, duration: 512, kind: .completed, argument: 1), to: worker)
    trace.appendCrossing(
      to: worker, site: end, generation: 0, arrival: 60 * ms, release: 60 * ms, departure: 60 * ms,
      wasLast: true)
    trace.append(state(forward, 62, 90, depth: 1, cpu: 28), to: worker)
    trace.append(TraceRecord(start: 100 * ms, kind: .operation, code: forward), to: main)
    trace.show(CurrentState(state: Int(forward), depth: 2), of: worker)
    return trace
  }

  private func summary(_ bytes: [UInt8]) throws -> RunSummary {
    try RunAnalysis.summarize(trace: TraceReader(bytes: bytes, file: "x"), manifest: nil)
  }

  @Test func openStatesAreChargedUpToTheLastEvent() throws {
    let summary = try summary(Self.trace().unfinished())
    #expect(summary.partial == true && !summary.completed)
    let books = try #require(summary.books)
    #expect(books.wallNs == Nanoseconds(99_999_999) && books.closureError < 1e-9)
    let threads = Dictionary(uniqueKeysWithValues: summary.threads.map { ($0.name, $0) })
    func wall(_ thread: String, _ state: String) -> Double {
      Double(threads[thread]?.states[state]?.wallNs.count ?? 0) / Double(Self.ms)
    }
    #expect(abs(wall("main", "optimize") - 20) < 1e-3)
    // The 60 that ended, and the 20 from the end of optimize to the last event.
    #expect(abs(wall("main", "barrier.end") - 80) < 1e-3)
    #expect(threads["main"]?.states[ThreadAccounts.unattributedState] == nil)
    #expect(abs(wall("worker-0", "forward") - (50 + 28 + 10)) < 1e-3)
    #expect(abs(wall("worker-0", "dispatch") - 12) < 1e-3)
    #expect(threads["worker-0"]?.tasks == 1 && threads["worker-0"]?.tokens == 512)
    #expect(summary.barriers.first?.spreadNs?.count == 1)
    #expect(summary.barriers.first?.lastArrivals == ["worker-0": 1])
    #expect(summary.throughput.stepsNs == [Nanoseconds(79_999_999)])
    #expect(summary.warnings.contains { $0.contains("partial") })
    #expect(summary.warnings.contains { $0.contains("open when the recording was cut off") })
    #expect(summary.loss == nil && summary.memory.peakRssBytes == nil && summary.configuration == nil)
  }

  @Test func aTraceInMemoryGivesTheSame() throws {
    let bytes = Self.trace().unfinished()
    let whole = try TraceReader(bytes: bytes, file: "x").recordedTrace()
    #expect(try summary(bytes) == RunAnalysis.summarize(trace: whole, manifest: nil))
  }

  /// Cut anywhere, a trace is refused in words or summarised with books that close; a longer rest never
  /// shows less of the run.
  @Test func everyCutIsReadOrRefused() throws {
    let bytes = Self.trace().unfinished()
    var seen: Int64 = 0
    var read = 0
    for length in Array(0...130) + Array(4_090...4_500) + Array(65_530...bytes.count) {
      do {
        let summary = try summary(Array(bytes[..<length]))
        #expect(summary.partial == true, "cut at \(length)")
        #expect((summary.books?.closureError ?? 0) < 1e-9, "cut at \(length)")
        if length > 65_536 {
          let wall = summary.books?.wallNs.count ?? 0
          #expect(wall >= seen, "cut at \(length)")
          seen = wall
        }
        read += 1
      } catch let error as InputError {
        #expect(length < 104 && "\(error)".hasPrefix("x: "), "cut at \(length)")
      }
    }
    #expect(seen == 99_999_999 && read > 500)
  }

  @Test func aRunWithoutAWindowHasNoBooks() throws {
    var trace = Self.trace()
    trace.header.windowBegin = nil
    let summary = try summary(trace.unfinished())
    #expect(summary.books == nil && summary.partial == true)
    #expect(summary.warnings.contains { $0.contains("never opened") })
  }

  @Test func aThreadThatLostEventsIsNotGuessedAt() throws {
    var trace = Self.trace()
    let lost = trace.add(
      RecordedThread(name: "lost", role: .worker, processID: 1, threadID: ThreadID(3), eventsDropped: 9))
    trace.append(TraceRecord(start: 0, kind: .threadBegan, argument: 3), to: lost)
    trace.show(CurrentState(state: 0, depth: 1), of: lost)
    let summary = try summary(trace.unfinished())
    let thread = try #require(summary.threads.first { $0.name == "lost" })
    #expect(thread.states.keys.sorted() == [ThreadAccounts.unattributedState])
    #expect(summary.warnings.contains { $0.contains("that time is unknown") })
  }
}
