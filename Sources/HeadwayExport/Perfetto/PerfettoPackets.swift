import HeadwayTrace

/// The packets of a Perfetto trace under construction, all of one sequence.
///
/// Names are interned once, in the first packet; tracks are declared when they are first used.
struct PerfettoPackets {
  let reader: TraceReader
  let originNs: UInt64
  let processName: String
  let processes: [Int32]
  var bytes = ProtobufMessage()
  var declared: Set<UInt64> = []
  var nesting: [SliceNesting]
  var counts: [(tasks: Int, tokens: Int)]
  /// The threads that cross each barrier, by site.
  let participants: [[Int]]

  /// No packets yet. Reads the trace once to learn who crosses which barrier.
  init(reader: TraceReader, processName: String) throws(InputError) {
    self.reader = reader
    participants = try Self.participants(of: reader)
    self.processName = processName
    originNs = reader.header.origin.monotonicNs
    var processes = [reader.header.processID]
    for thread in reader.threads where !processes.contains(thread.processID) {
      processes.append(thread.processID)
    }
    self.processes = processes
    nesting = Array(repeating: SliceNesting(), count: reader.threads.count)
    counts = Array(repeating: (0, 0), count: reader.threads.count)
  }

  /// Bytes that wait to be taken.
  var byteCount: Int { bytes.bytes.count }
  /// Hands out the bytes so far.
  mutating func takeBytes() -> [UInt8] { bytes.takeBytes() }
  /// States whose ends were not recorded.
  var endlessStates: Int { nesting.reduce(0) { $0 + $1.endless } }

  /// The clock, the names, the processes and threads, the window and the memory.
  mutating func begin(memory: MemorySamples?) {
    writeClockAndNames()
    for process in processes.indices { declare(process: process) }
    for thread in reader.threads.indices { declare(thread: thread) }
    if let window = reader.window {
      slice(track: track(process: 0), name: .window, category: nil, from: window.begin, to: window.end)
    }
    for sample in memory?.series ?? [] { add(sample) }
  }

  /// Adds an event.
  mutating func add(_ event: TraceEvent) {
    switch event {
    case .entered(let entry):
      nest(entry.thread) { $0.enter(entry, $1) }
    case .span(let span):
      nest(span.thread) { $0.add(span, $1) }
    case .operation(let operation):
      let track = declare(.operations, of: operation.thread)
      slice(
        track: track, name: .state(operation.state), category: reader.states[operation.state].category,
        from: operation.start, to: operation.end)
    case .wait(let wait):
      let track = declare(.waits, of: wait.thread)
      slice(track: track, name: .site(wait.site), category: nil, from: wait.start, to: wait.end)
    case .crossing(let crossing):
      add(crossing)
    case .step(let step):
      let track = declare(.steps, of: step.thread)
      begin(track: track, name: .step, at: step.start) { $0.annotate(.index, Int64(step.index)) }
      end(track: track, at: step.end)
    case .completed(let completion):
      add(completion)
    case .began(let thread, let threadID, let instant):
      packet(at: instant, track: track(of: thread), type: .instant) {
        $0.unsigned(10, PerfettoName.began.number)
        $0.annotate(.threadID, Int64(threadID.rawValue))
      }
    case .ended(let thread, let instant):
      packet(at: instant, track: track(of: thread), type: .instant) {
        $0.unsigned(10, PerfettoName.ended.number)
      }
    case .current: break
    }
  }

  /// What is left when all events have been added.
  mutating func finish() {
    for thread in nesting.indices { nest(thread) { $0.finish($1) } }
  }

  private static func participants(of reader: TraceReader) throws(InputError) -> [[Int]] {
    var threads = Array(repeating: Set<Int>(), count: reader.sites.count)
    guard reader.sites.contains(where: { $0.kind == .barrier }) else { return threads.map { _ in [] } }
    try reader.forEachEvent { (event) throws(InputError) in
      if case .crossing(let crossing) = event { threads[crossing.site].insert(crossing.thread) }
    }
    return threads.map { $0.sorted() }
  }
}
