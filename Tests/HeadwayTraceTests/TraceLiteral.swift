import HeadwayTrace

/// A small trace of two processes on a clock of one tick a nanosecond, and the value that it stands for.
///
///     main      |--- forward 100…500 (backward 200…300) ---| step 100…600
///     foreign   | solve 150…350 | barrier 350…420, opened 400 | wait 430…440 |
struct TraceLiteral {
  var builder: TraceBuilder
  var expected: RecordedTrace

  init(chunkBytes: Int = 64) {
    builder = TraceBuilder(
      origin: ClockSync(ticks: 50, monotonicNs: 9_000), ticksPerSecond: 1_000_000_000, processID: 7,
      chunkBytes: chunkBytes)
    builder.header.windowBegin = 90
    builder.header.windowEnd = 650
    let threads = [
      RecordedThread(name: "main", role: .main, processID: 7, threadID: ThreadID(7), eventsDropped: 3),
      RecordedThread(name: "räng 1 · OpenMP", role: nil, processID: 8, threadID: ThreadID(11)),
    ]
    let states = [
      StateDefinition(name: "forward", category: .useful),
      StateDefinition(name: "backward", category: .useful),
      StateDefinition(name: "solve", category: .unknown),
      StateDefinition(name: "barrier.end", category: .blocked, site: "end"),
    ]
    let sites = [
      SiteDefinition(name: "end", kind: .barrier), SiteDefinition(name: "queue", kind: .queueEmpty),
    ]
    for thread in threads { _ = builder.add(thread) }
    for state in states { _ = builder.add(state) }
    for site in sites { _ = builder.add(site) }
    builder.append(TraceRecord(start: 60, kind: .threadBegan, argument: 7), to: 0)
    builder.append(
      TraceRecord(start: 200, duration: 100, kind: .state, detail: 1, code: 1, argument: 80), to: 0)
    builder.append(TraceRecord(start: 210, duration: 5, kind: .operation, code: 0), to: 0)
    builder.append(TraceRecord(start: 100, duration: 400, kind: .state, code: 0, argument: 390), to: 0)
    builder.append(TraceRecord(start: 100, duration: 500, kind: .step, argument: 41), to: 0)
    builder.append(TraceRecord(start: 610, kind: .threadEnded), to: 0)
    builder.append(TraceRecord(start: 140, kind: .threadBegan, argument: 11), to: 1)
    builder.append(TraceRecord(start: 150, duration: 200, kind: .state, code: 2, argument: 150), to: 1)
    builder.appendCrossing(
      to: 1, site: 0, generation: 12, arrival: 350, release: 400, departure: 420, wasLast: true)
    builder.append(TraceRecord(start: 430, duration: 10, kind: .wait, code: 1), to: 1)
    func at(_ ticks: Int64) -> Instant { Instant(Nanoseconds(ticks - 50)) }
    expected = RecordedTrace(
      threads: threads, states: states, sites: sites,
      spans: [
        StateSpan(thread: 0, state: 0, start: at(100), end: at(500), cpuNs: Nanoseconds(390), depth: 0),
        StateSpan(thread: 1, state: 2, start: at(150), end: at(350), cpuNs: Nanoseconds(150), depth: 0),
        StateSpan(thread: 0, state: 1, start: at(200), end: at(300), cpuNs: Nanoseconds(80), depth: 1),
      ],
      operations: [OperationSpan(thread: 0, state: 0, start: at(210), end: at(215))],
      crossings: [
        BarrierCrossing(
          thread: 1, site: 0, generation: 12, arrival: at(350), release: at(400), departure: at(420),
          wasLast: true)
      ],
      waits: [Wait(thread: 1, site: 1, start: at(430), end: at(440))],
      steps: [StepMark(thread: 0, index: 41, start: at(100), end: at(600))],
      stretches: [
        ThreadStretch(thread: 0, threadID: ThreadID(7), began: at(60), ended: at(610)),
        ThreadStretch(thread: 1, threadID: ThreadID(11), began: at(140), ended: nil),
      ],
      window: TraceWindow(begin: at(90), end: at(650)),
      losses: RecordLosses(eventsDropped: 3, readingsFailed: 0))
  }

  /// The file of a recording that ended in good order.
  var bytes: [UInt8] { builder.finished(at: ClockSync(ticks: 700, monotonicNs: 9_650)) }
}

/// A small generator of numbers: SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
