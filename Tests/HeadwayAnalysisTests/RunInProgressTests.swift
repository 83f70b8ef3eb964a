import HeadwayAnalysis
import HeadwayTrace
import Testing

/// The end of a trace that is being recorded, drawn on a clock of one tick a nanosecond.
@Suite struct RunInProgressTests {
  /// Two workers for `steps` steps of 100 ns: one computes for 60 ns and waits for the other, which computes for 100.
  private func reader(steps: Int, chunkBytes: Int = 1 << 16, isBusy: Bool = true) throws -> TraceReader {
    var file = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 5_000), ticksPerSecond: 1_000_000_000, chunkBytes: chunkBytes)
    file.header.windowBegin = 100
    let workers = (0..<2).map { number in
      file.add(
        RecordedThread(
          name: "worker-\(number)", role: .worker, processID: 1, threadID: ThreadID(Int32(number + 1))))
    }
    let compute = file.add(StateDefinition(name: "compute", category: .useful))
    let wait = file.add(StateDefinition(name: "barrier.end", category: .blocked, site: "end"))
    for worker in workers {
      file.append(TraceRecord(start: 50, kind: .threadBegan, argument: UInt64(worker + 1)), to: worker)
    }
    for step in 0..<steps {
      let start = UInt64(100 + 100 * step)
      file.append(
        TraceRecord(start: start, duration: 60, kind: .state, code: compute, argument: 60), to: workers[0])
      file.append(TraceRecord(start: start + 60, duration: 40, kind: .state, code: wait), to: workers[0])
      file.append(
        TraceRecord(start: start, duration: 100, kind: .state, code: compute, argument: 100), to: workers[1])
      for worker in workers {
        file.append(
          TraceRecord(start: start + 100, duration: 8, kind: .completed, argument: 1), to: worker)
      }
      file.append(
        TraceRecord(start: start, duration: 100, kind: .step, argument: UInt64(step + 1)), to: workers[0])
    }
    if isBusy { file.show(CurrentState(state: Int(compute), depth: 1), of: workers[1]) }
    file.show(CurrentState(state: nil, depth: 0), of: workers[0])
    return try TraceReader(bytes: file.unfinished(), file: "drawn")
  }

  private func look(_ reader: TraceReader, at now: UInt64, period: Int64) throws -> RunInProgress {
    try RunInProgress(trace: reader, manifest: nil, now: 5_000 + now, period: Nanoseconds(period))
  }

  @Test func theLastStretchIsCounted() throws {
    let progress = try look(try reader(steps: 40), at: 4_100, period: 1_000)
    #expect(progress.phase == .measuring && progress.step == 40)
    #expect(progress.periodNs == Nanoseconds(1_000) && progress.elapsedNs == Nanoseconds(4_000))
    // Of the steps that end at 3100, 3200 … 4100, and of what was completed then.
    #expect(progress.recent.threads.map(\.tasks) == [11, 11])
    #expect(progress.recent.threads.map(\.tokens) == [88, 88])
    let books = try #require(progress.recent.books)
    #expect(books.threadCount == 2 && books.closureError < 1e-9)
    let shares = progress.recent.threads.map { $0.time(.useful) / $0.wallNs }
    #expect(abs(shares[0] - 0.6) < 0.001 && abs(shares[1] - 1) < 0.001, "\(shares)")
    #expect(abs(progress.recent.threads[0].time(.blocked) / progress.recent.threads[0].wallNs - 0.4) < 0.001)
    #expect(progress.threads.map { $0.state?.name } == [nil, "compute"])
    #expect(progress.quietNs == .zero)
  }

  /// Small chunks, of which only the last are read, give the same figures.
  @Test func onlyTheChunksOfTheStretchAreRead() throws {
    let whole = try look(try reader(steps: 200), at: 20_100, period: 2_000)
    let parts = try look(try reader(steps: 200, chunkBytes: 256), at: 20_100, period: 2_000)
    #expect(parts.recent.threads == whole.recent.threads && parts.step == whole.step)
    #expect(parts.tokensPerSecond == whole.tokensPerSecond)
    let reader = try reader(steps: 200, chunkBytes: 256)
    let recent = try reader.recentEvents(since: Instant(Nanoseconds(18_000)))
    #expect(recent.events.count < 200 && recent.coveredSince == Instant(Nanoseconds(18_000)))
    // A limit shortens the stretch and says from when on everything is there.
    let few = try reader.recentEvents(since: Instant(.zero), chunkLimit: 4)
    #expect(few.coveredSince > Instant(Nanoseconds(15_000)) && few.events.count < 100)
  }

  /// A thread that stands still since the last event is charged up to now.
  @Test func aStandstillShows() throws {
    let progress = try look(try reader(steps: 10), at: 9_100, period: 4_000)
    #expect(progress.stepsPerSecond == 0 && progress.tokensPerSecond == nil && progress.step == 10)
    #expect(progress.quietNs == Nanoseconds(8_000))
    let worker = try #require(progress.recent.threads.last)
    #expect(worker.time(.useful) == worker.wallNs, "it has been computing all along")
    #expect(progress.remainingNs == nil)
  }

  @Test func aTraceBeforeItsWindowIsPreparing() throws {
    var file = TraceBuilder(origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000)
    let main = file.add(RecordedThread(name: "main", role: .main, processID: 1, threadID: ThreadID(1)))
    file.append(TraceRecord(start: 5, kind: .threadBegan, argument: 1), to: main)
    let progress = try RunInProgress(
      trace: try TraceReader(bytes: file.unfinished(), file: "drawn"), manifest: nil, now: 1_000)
    #expect(progress.phase == .preparing && progress.step == nil && progress.elapsedNs == nil)
    #expect(progress.tokensPerSecond == nil && progress.recent.books == nil && progress.threads.count == 1)
  }
}
