import HeadwayTrace

/// A trace for Perfetto: ui.perfetto.dev and its trace processor.
///
/// Every process and thread has a track. A thread's track holds its states as slices with their CPU time; below
/// it lie its waits (barriers, queues, locks, input) with their parts, its short operations, the steps that it
/// led, and its counts of completed tasks and tokens. From the last to arrive at a barrier a flow leads to each
/// thread that waited for it. Memory is a set of counters of the process. Times are `CLOCK_MONOTONIC`.
///
/// The trace is read and written event by event, twice read and once written: memory does not grow with it.
///
///     try PerfettoTrace(reader: reader, processName: "train", memory: summary.memory.samples).write { bytes in … }
///
/// Source: Perfetto's `protos/perfetto/trace`, by field number; docs/exports.md lists the fields used.
public struct PerfettoTrace {
  private let reader: TraceReader
  private let processName: String
  private let memory: MemorySamples?

  /// Bytes after which a piece is handed out.
  private static let pieceBytes = 1 << 18

  /// Describes an export.
  ///
  /// - Parameters:
  ///   - reader: The trace.
  ///   - processName: What the recording process is called.
  ///   - memory: The memory of that process over the run; absent where it was not sampled.
  public init(reader: TraceReader, processName: String, memory: MemorySamples?) {
    self.reader = reader
    self.processName = processName
    self.memory = memory
  }

  /// Writes the file.
  ///
  /// - Returns: What was left out.
  /// - Throws: ``InputError`` when the trace is damaged, or what `sink` throws.
  public func write(to sink: ByteSink) throws(InputError) -> ExportNotes {
    var packets = try PerfettoPackets(reader: reader, processName: processName)
    packets.begin(memory: memory)
    let omissions = try reader.forEachEvent { (event) throws(InputError) in
      packets.add(event)
      if packets.byteCount >= Self.pieceBytes { try sink(packets.takeBytes()) }
    }
    packets.finish()
    try sink(packets.takeBytes())
    var notes = ExportNotes(of: reader, omissions: omissions)
    notes.add(
      packets.endlessStates, "state has no recorded end and is drawn as far as is known",
      "states have no recorded end and are drawn as far as is known")
    return notes
  }
}
