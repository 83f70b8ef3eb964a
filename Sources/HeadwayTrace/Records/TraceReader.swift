/// Reads a trace file piece by piece: no more than a chunk of it is in memory.
///
/// The reader refuses in words what is not a trace or is of another version, and never trusts a number of
/// the file. A file that a killed process left, or that was cut, is read up to its last whole record.
public struct TraceReader {
  /// Hands out `count` bytes of a file from `offset`, or fewer where it ends.
  public typealias Source = (_ offset: Int, _ count: Int) throws(InputError) -> [UInt8]

  /// Chunks beyond which a file's length is not believed.
  private static let chunkLimit = 1 << 24

  /// The name that errors use.
  public let file: String
  /// The header.
  public let header: TraceHeader
  /// The rows of threads.
  public private(set) var threads: [RecordedThread] = []
  /// The states.
  public private(set) var states: [StateDefinition] = []
  /// The sites.
  public private(set) var sites: [SiteDefinition] = []
  /// Whether the file ends before its recording did.
  public private(set) var isTruncated: Bool
  /// What the counter's readings mean, by the two readings of the clocks that lie furthest apart.
  public private(set) var rate: ClockRate
  /// Whether the recording was ended in good order.
  public var isFinished: Bool { header.final != nil }

  let byteCount: Int
  let read: Source

  /// Opens a trace of `byteCount` bytes: reads its header and definitions, and looks at each chunk's head.
  ///
  /// - Throws: ``InputError`` naming the file and the field at fault, or whatever `read` throws.
  public init(file: String, byteCount: Int, read: @escaping Source) throws(InputError) {
    self.file = file
    self.byteCount = byteCount
    self.read = read
    header = try TraceHeader(
      decoding: try read(0, min(byteCount, TraceFormat.headerBytes)), file: file)
    let body = byteCount - TraceFormat.firstChunk
    if let final = header.final {
      isTruncated = UInt64(clamping: byteCount) < final.bytes
    } else {
      isTruncated = body < 0 || body % header.chunkBytes != 0
    }
    guard body / header.chunkBytes <= Self.chunkLimit else {
      throw InputError(
        file, field: "chunk length", problem: "\(header.chunkBytes) bytes do not fit \(byteCount) bytes",
        remedy: "the trace is damaged; record the run again")
    }
    rate = ClockRate(ticksPerSecond: header.ticksPerSecond) ?? .nanosecondTicks
    try readDefinitions()
    try measureRate()
    for edge in [header.windowBegin, header.windowEnd].compactMap(\.self)
    where abs(instant(edge).sinceOrigin.count) > Self.horizonNs {
      throw InputError(
        file, field: "window", problem: "it lies years from the recording",
        remedy: "the trace is damaged; record the run again")
    }
  }

  /// Opens a trace that is in memory.
  public init(bytes: [UInt8], file: String) throws(InputError) {
    try self.init(file: file, byteCount: bytes.count) { (offset, count) throws(InputError) in
      Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)])
    }
  }

  /// The window on the trace's clock.
  public var window: TraceWindow? {
    header.windowBegin.map { begin in
      TraceWindow(begin: instant(begin), end: header.windowEnd.map(instant))
    }
  }

  /// What one state transition of the probe costs; absent where the recorder did not say.
  public var transitionCostNs: Nanoseconds? {
    header.transitionTicks.map { rate.nanoseconds(ofTicks: $0) }
  }

  func instant(_ ticks: UInt64) -> Instant {
    rate.instant(ofTicks: ticks, origin: header.origin.ticks)
  }

  func damaged(at offset: Int, _ problem: String) -> InputError {
    InputError(
      file, field: "byte \(offset)", problem: problem, remedy: "the trace is damaged; record the run again")
  }

  private mutating func readDefinitions() throws(InputError) {
    let start = TraceFormat.headerBytes
    guard byteCount > start else { return }
    let bytes = try read(start, min(byteCount - start, TraceFormat.definitionBytes))
    var offset = 0
    var isCut = false
    while true {
      let place = start + offset
      let entry = try TraceDefinition.decode(bytes, at: &offset, isCut: &isCut, file: file)
      guard let entry else { break }
      let expected: Int
      switch entry.definition {
      case .thread(let thread):
        expected = threads.count
        threads.append(thread)
      case .state(let state):
        expected = states.count
        states.append(state)
      case .site(let site):
        expected = sites.count
        sites.append(site)
      }
      guard entry.number == expected else {
        throw damaged(at: place, "definition number \(entry.number) stands where \(expected) was expected")
      }
    }
    if isCut { isTruncated = true }
  }

  /// Finds the latest reading of both clocks: the final one, or the one that the youngest chunk began with.
  private mutating func measureRate() throws(InputError) {
    let origin = header.origin
    var latest = header.final?.sync ?? origin
    if header.final == nil {
      for place in chunkPlaces {
        let head = try read(place, TraceFormat.chunkHeadBytes + TraceFormat.recordBytes)
        let first = TraceFormat.chunkHeadBytes
        guard let start: UInt64 = head.number(at: first), let commit: UInt64 = head.number(at: first + 8),
          let argument: UInt64 = head.number(at: first + 16),
          let record = TraceRecord(start: start, commitWord: commit, argumentWord: argument),
          record.kind == .clockSync, record.start > latest.ticks
        else { continue }
        latest = ClockSync(ticks: record.start, monotonicNs: origin.monotonicNs &+ record.argument)
      }
    }
    // Below a millisecond the header's own measurement is the better one.
    guard latest.monotonicNs > origin.monotonicNs, latest.monotonicNs - origin.monotonicNs >= 1_000_000
    else { return }
    rate = ClockRate(from: origin, to: latest) ?? rate
  }

  /// Where the file's chunks begin, a cut last one included.
  var chunkPlaces: StrideTo<Int> {
    stride(from: TraceFormat.firstChunk, to: max(byteCount, TraceFormat.firstChunk), by: header.chunkBytes)
  }
}
