/// The first bytes of a trace file.
public struct TraceHeader: Equatable, Sendable {
  /// Byte offsets of the fields.
  public enum Offset {
    static let magic = 0
    static let version = 8
    static let headerBytes = 12
    static let definitionBytes = 16
    static let chunkBytes = 20
    static let processID = 24
    static let originTicks = 32
    static let originMonotonicNs = 40
    static let ticksPerSecond = 48
    /// The counter when the window opened; 0 before.
    public static let windowBegin = 56
    /// The counter when the window closed; 0 before.
    public static let windowEnd = 64
    /// Definitions that found no room.
    public static let definitionsDropped = 72
    /// The counter at the end of the recording; valid once ``finalBytes`` is not 0.
    public static let finalTicks = 80
    /// The monotonic clock at that moment.
    public static let finalMonotonicNs = 88
    /// Bytes of the finished file; stored last, 0 until then.
    public static let finalBytes = 96
    /// Ticks that one state transition of the probe costs; 0 where it was not measured.
    public static let transitionTicks = 104
    static let end = 112
  }

  /// Bytes of a chunk.
  public var chunkBytes: Int
  /// The recording process.
  public var processID: Int32
  /// Simultaneous readings of the clocks at zero of every instant.
  public var origin: ClockSync
  /// The counter's frequency as known at the start; readings later in the file know it better.
  public var ticksPerSecond: UInt64
  /// The counter when the window opened.
  public var windowBegin: UInt64?
  /// The counter when the window closed.
  public var windowEnd: UInt64?
  /// Definitions that found no room.
  public var definitionsDropped = 0
  /// Ticks that one state transition of the probe costs; absent where it was not measured.
  public var transitionTicks: UInt64?
  /// Simultaneous readings at the end of the recording, and the file's length then; absent when the
  /// recording process was ended before.
  public var final: (sync: ClockSync, bytes: UInt64)?

  /// Describes a new file.
  public init(chunkBytes: Int, processID: Int32, origin: ClockSync, ticksPerSecond: UInt64) {
    self.chunkBytes = chunkBytes
    self.processID = processID
    self.origin = origin
    self.ticksPerSecond = ticksPerSecond
  }

  /// Compares all fields.
  public static func == (left: Self, right: Self) -> Bool { left.encoded() == right.encoded() }

  /// The header's bytes.
  public func encoded() -> [UInt8] {
    var bytes = ByteWriter()
    bytes.append(TraceFormat.magic)
    bytes.append(TraceFormat.version)
    bytes.append(UInt32(TraceFormat.headerBytes))
    bytes.append(UInt32(TraceFormat.definitionBytes))
    bytes.append(UInt32(clamping: chunkBytes))
    bytes.append(processID)
    bytes.append(UInt32(0))
    bytes.append(origin.ticks)
    bytes.append(origin.monotonicNs)
    bytes.append(ticksPerSecond)
    bytes.append(windowBegin ?? 0)
    bytes.append(windowEnd ?? 0)
    bytes.append(UInt64(clamping: definitionsDropped))
    bytes.append(final?.sync.ticks ?? 0)
    bytes.append(final?.sync.monotonicNs ?? 0)
    bytes.append(final?.bytes ?? 0)
    bytes.append(transitionTicks ?? 0)
    bytes.pad(to: TraceFormat.headerBytes)
    return bytes.bytes
  }

  /// Decodes the first bytes of a file.
  ///
  /// - Throws: ``InputError`` naming the file and the field for what is no trace, is of another version or
  ///   holds a value that no writer writes.
  public init(decoding bytes: [UInt8], file: String) throws(InputError) {
    func damaged(_ field: String, _ problem: String) -> InputError {
      InputError(
        file, field: field, problem: problem, remedy: "the trace is damaged; record the run again")
    }
    func number<Number: FixedWidthInteger>(
      _ offset: Int, _ field: String, as type: Number.Type = Number.self
    ) throws(InputError) -> Number {
      guard let value: Number = bytes.number(at: offset) else {
        throw damaged(field, "the file ends before it, after \(bytes.count) bytes")
      }
      return value
    }
    guard try number(Offset.magic, "magic", as: UInt64.self) == TraceFormat.magic else {
      throw InputError(
        file, field: "magic", problem: "this is not a Headway trace",
        remedy: "name a trace.hwtrace of a run directory")
    }
    let version: UInt32 = try number(Offset.version, "version")
    guard TraceFormat.readableVersions.contains(version) else {
      throw InputError(
        file, field: "version",
        problem: "the trace has version \(version), and this headway reads the versions"
          + " \(TraceFormat.readableVersions.lowerBound) to \(TraceFormat.readableVersions.upperBound)",
        remedy: "read it with the headway that recorded it")
    }
    guard try number(Offset.headerBytes, "header length", as: UInt32.self) == TraceFormat.headerBytes else {
      throw damaged("header length", "expected \(TraceFormat.headerBytes)")
    }
    guard
      try number(Offset.definitionBytes, "definitions length", as: UInt32.self)
        == TraceFormat.definitionBytes
    else { throw damaged("definitions length", "expected \(TraceFormat.definitionBytes)") }
    let chunkBytes: UInt32 = try number(Offset.chunkBytes, "chunk length")
    guard TraceFormat.chunkSizes.contains(Int(chunkBytes)) else {
      let range = TraceFormat.chunkSizes
      throw damaged(
        "chunk length", "got \(chunkBytes), expected \(range.lowerBound) to \(range.upperBound)")
    }
    let ticksPerSecond: UInt64 = try number(Offset.ticksPerSecond, "ticks per second")
    guard (1_000...1_000_000_000_000).contains(ticksPerSecond) else {
      throw damaged("ticks per second", "got \(ticksPerSecond), expected a thousand to a trillion")
    }
    self.init(
      chunkBytes: Int(chunkBytes), processID: try number(Offset.processID, "process"),
      origin: ClockSync(
        ticks: try number(Offset.originTicks, "origin"),
        monotonicNs: try number(Offset.originMonotonicNs, "origin")),
      ticksPerSecond: ticksPerSecond)
    let begin: UInt64 = try number(Offset.windowBegin, "window")
    let end: UInt64 = try number(Offset.windowEnd, "window")
    windowBegin = begin == 0 ? nil : begin
    windowEnd = end == 0 ? nil : end
    definitionsDropped = Int(
      clamping: try number(Offset.definitionsDropped, "definitions dropped", as: UInt64.self))
    let sync = ClockSync(
      ticks: try number(Offset.finalTicks, "final clock"),
      monotonicNs: try number(Offset.finalMonotonicNs, "final clock"))
    let length: UInt64 = try number(Offset.finalBytes, "final length")
    // Without it all else is readable.
    let cost: UInt64 = bytes.number(at: Offset.transitionTicks) ?? 0
    transitionTicks = cost == 0 || version < 2 ? nil : cost
    final = length == 0 ? nil : (sync: sync, bytes: length)
  }
}
