/// Builds a trace file in memory: for importers of other programs' recordings, and for tests.
///
///     var file = TraceBuilder(origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000)
///     let thread = file.add(RecordedThread(name: "rank 0", role: nil, processID: 7, threadID: ThreadID(7)))
///     let solve = file.add(StateDefinition(name: "solve", category: .useful))
///     file.append(TraceRecord(start: 5, duration: 10, kind: .state, code: solve), to: thread)
///     let bytes = file.finished(at: ClockSync(ticks: 20, monotonicNs: 20))
public struct TraceBuilder: Sendable {
  /// The header, whose window a builder may set.
  public var header: TraceHeader
  private var definitions: [UInt8] = []
  private var counts = (threads: 0, states: 0, sites: 0)
  private var records: [[TraceRecord]] = []
  private var current: [Int: CurrentState] = [:]

  /// An empty trace of one process.
  public init(
    origin: ClockSync, ticksPerSecond: UInt64, processID: Int32 = 1,
    chunkBytes: Int = TraceFormat.chunkBytes
  ) {
    header = TraceHeader(
      chunkBytes: chunkBytes, processID: processID, origin: origin, ticksPerSecond: ticksPerSecond)
  }

  /// Defines a thread, and returns its number.
  public mutating func add(_ thread: RecordedThread) -> Int {
    defer { counts.threads += 1 }
    define(.thread(thread), number: counts.threads)
    records.append([])
    return counts.threads
  }

  /// Defines a state, and returns its number.
  public mutating func add(_ state: StateDefinition) -> UInt16 {
    defer { counts.states += 1 }
    define(.state(state), number: counts.states)
    return UInt16(clamping: counts.states)
  }

  /// Defines a site, and returns its number.
  public mutating func add(_ site: SiteDefinition) -> UInt16 {
    defer { counts.sites += 1 }
    define(.site(site), number: counts.sites)
    return UInt16(clamping: counts.sites)
  }

  private mutating func define(_ definition: TraceDefinition, number: Int) {
    let bytes = definition.encoded(number: UInt16(clamping: number))
    if definitions.count + bytes.count <= TraceFormat.definitionBytes {
      definitions += bytes
    } else {
      header.definitionsDropped += 1
    }
  }

  /// Adds an event of a thread. Two records of a crossing must follow each other.
  public mutating func append(_ record: TraceRecord, to thread: Int) { records[thread].append(record) }

  /// Says what a thread was doing when the recording ended or was cut off.
  public mutating func show(_ state: CurrentState, of thread: Int) { current[thread] = state }

  /// Adds a crossing of a barrier, given in ticks.
  public mutating func appendCrossing(
    to thread: Int, site: UInt16, generation: UInt32, arrival: UInt64, release: UInt64, departure: UInt64,
    wasLast: Bool
  ) {
    append(
      TraceRecord(
        start: arrival, duration: departure - arrival, kind: .crossing, detail: wasLast ? 1 : 0, code: site,
        argument: UInt64(generation)), to: thread)
    append(
      TraceRecord(start: release, kind: .release, code: site, argument: UInt64(generation)), to: thread)
  }

  /// The bytes of the file of a recording that ended in good order.
  public func finished(at end: ClockSync) -> [UInt8] { encoded(final: end) }

  /// The bytes of the file as a crash would leave it.
  public func unfinished() -> [UInt8] { encoded(final: nil) }

  private func encoded(final: ClockSync?) -> [UInt8] {
    var body = ByteWriter()
    body.append(contentsOf: definitions)
    body.pad(to: TraceFormat.definitionBytes)
    for (thread, records) in records.enumerated() {
      for (sequence, chunk) in chunks(of: records).enumerated() {
        let start = body.bytes.count
        let head = TraceFormat.chunkHead(
          thread: UInt32(thread), sequence: UInt32(sequence), current: current[thread])
        for word in [head.magic, head.thread, head.sequence, head.current] { body.append(word) }
        for record in chunk {
          body.append(record.start)
          body.append(UInt64(littleEndian: record.commitWord))
          body.append(UInt64(littleEndian: record.argumentWord))
        }
        body.pad(to: start + header.chunkBytes)
      }
    }
    var header = header
    let length = TraceFormat.headerBytes + body.bytes.count
    header.final = final.map { (sync: $0, bytes: UInt64(length)) }
    return header.encoded() + body.bytes
  }

  /// Splits records into chunks without parting a crossing from its release.
  private func chunks(of records: [TraceRecord]) -> [[TraceRecord]] {
    let capacity = TraceFormat.recordCapacity(ofChunk: header.chunkBytes)
    var chunks: [[TraceRecord]] = []
    for (index, record) in records.enumerated() {
      let room = record.kind == .crossing && index + 1 < records.count ? 2 : 1
      if let last = chunks.indices.last, record.kind == .release || chunks[last].count + room <= capacity {
        chunks[last].append(record)
      } else {
        chunks.append([record])
      }
    }
    return chunks
  }
}
