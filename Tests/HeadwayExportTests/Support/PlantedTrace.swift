import HeadwayTrace

/// A trace of two workers at a barrier, on a clock of one tick a nanosecond that began at 1,000 ns of the
/// monotonic clock:
///
///     worker-0  | step 100…900 | forward 100…400 (attend 100…200) | end 400…600, last | 1 task, 32 tokens
///     worker-1  | forward 100…300                                 | end 300…650       | pop 660…670 | queue 700…800
enum PlantedTrace {
  static func builder(announcing: Bool = true) -> TraceBuilder {
    var trace = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 1_000), ticksPerSecond: 1_000_000_000, processID: 42)
    trace.header.windowBegin = 100
    trace.header.windowEnd = 900
    let first = trace.add(
      RecordedThread(name: "worker-0", role: .worker, processID: 42, threadID: ThreadID(43)))
    let second = trace.add(
      RecordedThread(
        name: "worker-1", role: .worker, processID: 42, threadID: ThreadID(44), eventsDropped: 2))
    let forward = trace.add(StateDefinition(name: "forward", category: .useful))
    let attend = trace.add(StateDefinition(name: "attend \"all\"", category: .useful))
    let pop = trace.add(StateDefinition(name: "pop", category: .useful))
    let end = trace.add(SiteDefinition(name: "end", kind: .barrier))
    let queue = trace.add(SiteDefinition(name: "queue", kind: .queueEmpty))

    trace.append(TraceRecord(start: 90, kind: .threadBegan, argument: 43), to: first)
    if announcing { trace.append(TraceRecord(start: 100, kind: .entered, code: forward), to: first) }
    trace.append(
      TraceRecord(start: 100, duration: 100, kind: .state, detail: 1, code: attend, argument: 80), to: first)
    trace.append(
      TraceRecord(start: 100, duration: 300, kind: .state, code: forward, argument: 250), to: first)
    trace.append(TraceRecord(start: 400, duration: 32, kind: .completed, argument: 1), to: first)
    trace.appendCrossing(
      to: first, site: end, generation: 7, arrival: 580, release: 590, departure: 600, wasLast: true)
    trace.append(TraceRecord(start: 100, duration: 800, kind: .step, argument: 5), to: first)
    trace.append(TraceRecord(start: 910, kind: .threadEnded), to: first)

    trace.append(
      TraceRecord(start: 100, duration: 200, kind: .state, code: forward, argument: 200), to: second)
    trace.appendCrossing(
      to: second, site: end, generation: 7, arrival: 300, release: 590, departure: 650, wasLast: false)
    trace.append(TraceRecord(start: 660, duration: 10, kind: .operation, code: pop), to: second)
    trace.append(TraceRecord(start: 700, duration: 100, kind: .wait, code: queue), to: second)
    return trace
  }

  static func reader(announcing: Bool = true) throws -> TraceReader {
    try TraceReader(
      bytes: builder(announcing: announcing).finished(at: ClockSync(ticks: 1_000, monotonicNs: 2_000)),
      file: "planted")
  }

  /// Two samples of the memory, the second one with a reading that failed.
  static var memory: MemorySamples {
    var first = MemorySample(timeNs: Nanoseconds(100))
    (first.rssBytes, first.heapBytes, first.minorFaults) = (4_096, 1_024, 3)
    var second = MemorySample(timeNs: Nanoseconds(500))
    second.rssBytes = 8_192
    return MemorySamples(series: [first, second], taken: 2, peak: second, readingsFailed: ["smaps": 1])
  }
}
