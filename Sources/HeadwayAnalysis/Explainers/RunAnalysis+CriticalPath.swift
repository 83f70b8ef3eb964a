import HeadwayTrace

extension RunAnalysis {
  /// The critical path through a stretch of a trace, in time (method 6).
  ///
  /// Only what reaches into the stretch is kept in memory. The segments tile it exactly.
  ///
  /// - Throws: ``InputError`` where the trace is damaged, or has no thread of the program in the stretch.
  public static func criticalPath(
    reading reader: TraceReader, from begin: Instant, to end: Instant
  ) throws(InputError) -> [PathSegment] {
    let trace = try reader.recordedTrace(within: TraceWindow(begin: begin, end: end))
    let timeline = try Timeline(trace, file: reader.file)
    // The timeline leaves the tool's own threads out, as its builder does.
    let threads = trace.threads.indices.filter { trace.threads[$0].role != .sampler }
    return CriticalPath(timeline).segments.map { segment in
      PathSegment(
        thread: threads[segment.thread], state: timeline.contexts[segment.context].name, start: segment.start,
        end: segment.end)
    }
  }
}
