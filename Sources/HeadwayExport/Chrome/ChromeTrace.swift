import HeadwayTrace

/// A trace as Chrome's trace event JSON, which most trace viewers read.
///
/// It has the states of the threads, their operations and steps, the flows from the last to arrive at a barrier
/// to those that waited, the counts of completed tasks, and the memory. Waits have no slices of their own here:
/// one thread is one row in this format, and their states stand in it. Times are microseconds since the
/// recording began, to the nanosecond.
///
/// The trace is read and written event by event: memory does not grow with it.
///
/// Source: "Trace Event Format", the document of the Chromium project.
public struct ChromeTrace {
  private let reader: TraceReader
  private let processName: String
  private let memory: MemorySamples?

  /// Bytes after which a piece is handed out.
  private static let pieceBytes = 1 << 18

  /// Describes an export; the parameters are those of ``PerfettoTrace``.
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
    var text = JSONText()
    var tasks = Array(repeating: 0, count: reader.threads.count)
    text.beginObject()
    text.field("displayTimeUnit", "ns")
    text.key("traceEvents")
    text.beginArray()
    writeNames(&text)
    writeMemory(&text)
    let omissions = try reader.forEachEvent { (event) throws(InputError) in
      write(event, tasks: &tasks, &text)
      if text.bytes.count >= Self.pieceBytes { try sink(text.takeBytes()) }
    }
    text.endArray()
    text.endObject()
    text.endLine()
    try sink(text.takeBytes())
    return ExportNotes(of: reader, omissions: omissions)
  }

  private func write(_ event: TraceEvent, tasks: inout [Int], _ text: inout JSONText) {
    switch event {
    case .span(let span):
      let state = reader.states[span.state]
      slice(
        state.name, state.category.rawValue, span.thread, span.start, span.end, ("cpu_ns", span.cpuNs.count),
        &text)
    case .operation(let operation):
      let state = reader.states[operation.state]
      slice(state.name, "operation", operation.thread, operation.start, operation.end, nil, &text)
    case .step(let step):
      slice("step", "step", step.thread, step.start, step.end, ("index", Int64(step.index)), &text)
    case .crossing(let crossing):
      // The flow leaves with the last arrival, which comes before every departure.
      begin(
        reader.sites[crossing.site].name, crossing.wasLast ? "s" : "f", crossing.thread,
        at: crossing.wasLast ? crossing.arrival : crossing.departure, &text)
      text.field("cat", "barrier")
      text.field("id", "\(crossing.site).\(crossing.generation)")
      if !crossing.wasLast { text.field("bp", "e") }
      text.endObject()
    case .completed(let completion):
      tasks[completion.thread] += completion.tasks
      begin(
        "tasks of " + reader.threads[completion.thread].name, "C", completion.thread, at: completion.at, &text
      )
      count("tasks", tasks[completion.thread], &text)
    case .wait, .entered, .began, .ended, .current: break
    }
  }

  private func slice(
    _ name: String, _ category: String, _ thread: Int, _ start: Instant, _ end: Instant,
    _ argument: (name: String, value: Int64)?, _ text: inout JSONText
  ) {
    begin(name, "X", thread, at: start, &text)
    text.field("cat", category)
    text.key("dur")
    text.microseconds(ofNanoseconds: (end - start).count)
    if let argument { count(argument.name, Int(argument.value), &text) } else { text.endObject() }
  }

  /// Opens an event; the caller closes it.
  private func begin(
    _ name: String, _ phase: String, _ thread: Int, at instant: Instant?, _ text: inout JSONText
  ) {
    let row = reader.threads[thread]
    // A row is named by its number: the operating system gives a thread's number again.
    begin(name, phase, process: row.processID, thread: thread + 1, at: instant, &text)
  }

  private func begin(
    _ name: String, _ phase: String, process: Int32, thread: Int, at instant: Instant?, _ text: inout JSONText
  ) {
    text.beginObject()
    text.field("name", name)
    text.field("ph", phase)
    text.field("pid", Int(process))
    text.field("tid", thread)
    if let instant {
      text.key("ts")
      text.microseconds(ofNanoseconds: instant.sinceOrigin.count)
    }
  }

  /// Adds the one argument of an event and closes it.
  private func count(_ name: String, _ value: Int, _ text: inout JSONText) {
    text.key("args")
    text.beginObject()
    text.field(name, value)
    text.endObject()
    text.endObject()
  }

  private func writeNames(_ text: inout JSONText) {
    for process in Set(reader.threads.map(\.processID) + [reader.header.processID]).sorted() {
      begin("process_name", "M", process: process, thread: 0, at: nil, &text)
      name(process == reader.header.processID ? processName : "process \(process)", &text)
    }
    for (index, thread) in reader.threads.enumerated() {
      begin("thread_name", "M", index, at: nil, &text)
      name(thread.name, &text)
      begin("thread_sort_index", "M", index, at: nil, &text)
      count("sort_index", index, &text)
    }
  }

  private func name(_ name: String, _ text: inout JSONText) {
    text.key("args")
    text.beginObject()
    text.field("name", name)
    text.endObject()
    text.endObject()
  }

  private func writeMemory(_ text: inout JSONText) {
    for sample in memory?.series ?? [] {
      for counter in PerfettoTracks.memory {
        guard let value = sample[keyPath: counter.value] else { continue }
        begin(
          counter.name, "C", process: reader.header.processID, thread: 0, at: Instant(sample.timeNs), &text)
        count(counter.unit == .bytes ? "bytes" : "count", value, &text)
      }
    }
  }
}
