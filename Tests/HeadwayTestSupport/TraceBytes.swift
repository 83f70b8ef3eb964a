import HeadwayTrace

extension RecordedTrace {
  /// The trace as the bytes of a file that was ended in good order: threads, states, sites, spans, crossings, steps
  /// and the window, with ticks of a nanosecond.
  ///
  /// - Parameter chunkBytes: The size of a chunk.
  public func fileBytes(chunkBytes: Int = 256) -> [UInt8] {
    var file = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000, chunkBytes: chunkBytes)
    for thread in threads { _ = file.add(thread) }
    for state in states { _ = file.add(state) }
    for site in sites { _ = file.add(site) }
    func ticks(_ instant: Instant) -> UInt64 { UInt64(instant.sinceOrigin.count) }
    file.header.windowBegin = window.map { ticks($0.begin) }
    file.header.windowEnd = window?.end.map(ticks)
    var last: UInt64 = 1_000_000
    for span in spans {
      last = max(last, ticks(span.end))
      file.append(
        TraceRecord(
          start: ticks(span.start), duration: ticks(span.end) - ticks(span.start), kind: .state,
          detail: UInt8(span.depth), code: UInt16(span.state), argument: UInt64(span.cpuNs.count)),
        to: span.thread)
    }
    for crossing in crossings {
      file.appendCrossing(
        to: crossing.thread, site: UInt16(crossing.site), generation: crossing.generation,
        arrival: ticks(crossing.arrival), release: ticks(crossing.release),
        departure: ticks(crossing.departure),
        wasLast: crossing.wasLast)
    }
    for step in steps {
      file.append(
        TraceRecord(
          start: ticks(step.start), duration: ticks(step.end) - ticks(step.start), kind: .step,
          argument: UInt64(step.index)), to: step.thread)
    }
    return file.finished(at: ClockSync(ticks: last, monotonicNs: last))
  }
}
