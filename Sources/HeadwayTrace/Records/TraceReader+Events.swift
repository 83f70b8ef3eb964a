extension TraceReader {
  /// Times further from the origin than this are damage: a thousand days.
  static let horizonNs: Int64 = 86_400_000_000_000 * 1_000

  /// Hands every event to `body`: each thread's in the order in which they were recorded, threads mixed.
  ///
  /// - Returns: What was left out.
  /// - Throws: ``InputError`` naming the byte where the file is damaged, or what `body` throws.
  @discardableResult
  public func forEachEvent(_ body: (TraceEvent) throws(InputError) -> Void) throws(InputError)
    -> TraceOmissions
  {
    var omissions = TraceOmissions()
    for place in chunkPlaces {
      let wanted = min(header.chunkBytes, byteCount - place)
      let bytes = try read(place, wanted)
      if bytes.count < wanted { omissions.cutChunks += 1 }
      try readChunk(bytes, at: place, omissions: &omissions, body)
    }
    return omissions
  }

  func readChunk(
    _ bytes: [UInt8], at place: Int, omissions: inout TraceOmissions,
    _ body: (TraceEvent) throws(InputError) -> Void
  ) throws(InputError) {
    guard let magic: UInt32 = bytes.number(at: 0), magic != 0 else { return }
    guard magic == TraceFormat.chunkMagic else { throw damaged(at: place, "a chunk has no chunk's mark") }
    guard let thread: UInt32 = bytes.number(at: 4) else { return }
    let current: UInt32 = bytes.number(at: TraceFormat.currentStateOffset) ?? 0
    let isDefined = Int(thread) < threads.count
    var crossing: TraceRecord?
    var offset = TraceFormat.chunkHeadBytes
    while let start: UInt64 = bytes.number(at: offset), let commit: UInt64 = bytes.number(at: offset + 8),
      let argument: UInt64 = bytes.number(at: offset + 16), commit != 0
    {
      guard let record = TraceRecord(start: start, commitWord: commit, argumentWord: argument) else {
        throw damaged(at: place + offset, "unknown kind of record \(UInt8(truncatingIfNeeded: commit >> 48))")
      }
      offset += TraceFormat.recordBytes
      if record.kind == .clockSync { continue }
      if crossing != nil && record.kind != .release { omissions.undefinedRecords += 1 }
      let first = crossing
      crossing = record.kind == .crossing ? record : nil
      guard record.kind != .crossing else { continue }
      let event = isDefined ? event(record, after: first, thread: Int(thread)) : nil
      guard let event else {
        omissions.undefinedRecords += 1
        continue
      }
      guard isPlausible(record), first.map(isPlausible) ?? true else {
        throw damaged(at: place + offset - TraceFormat.recordBytes, "its time lies years from the others")
      }
      try body(event)
    }
    if crossing != nil { omissions.undefinedRecords += 1 }
    if isDefined, let current = CurrentState(word: current) {
      try body(.current(thread: Int(thread), current))
    }
  }

  private func isPlausible(_ record: TraceRecord) -> Bool {
    abs(instant(record.start).sinceOrigin.count) <= Self.horizonNs
      && (record.kind == .completed || rate.nanoseconds(ofTicks: record.duration).count <= Self.horizonNs)
  }

  /// Decodes a record; `first` is the crossing whose release it is. `nil` for what is not defined.
  private func event(_ record: TraceRecord, after first: TraceRecord?, thread: Int) -> TraceEvent? {
    let start = instant(record.start)
    let end = instant(record.start.addingReportingOverflow(record.duration).partialValue)
    let code = Int(record.code)
    switch record.kind {
    case .state where code < states.count:
      return .span(
        StateSpan(
          thread: thread, state: code, start: start, end: end,
          cpuNs: Nanoseconds(Int64(clamping: record.argument)), depth: Int(record.detail)))
    case .operation where code < states.count:
      return .operation(OperationSpan(thread: thread, state: code, start: start, end: end))
    case .wait where code < sites.count:
      return .wait(Wait(thread: thread, site: code, start: start, end: end))
    case .step:
      return .step(StepMark(thread: thread, index: Int(record.argument), start: start, end: end))
    case .threadBegan:
      return .began(
        thread: thread, threadID: ThreadID(Int32(truncatingIfNeeded: record.argument)), at: start)
    case .threadEnded:
      return .ended(thread: thread, at: start)
    case .entered where code < states.count:
      return .entered(StateEntry(thread: thread, state: code, at: start, depth: Int(record.detail)))
    case .completed:
      return .completed(
        Completion(thread: thread, at: start, tasks: Int(record.argument), tokens: Int(record.duration)))
    case .release where code < sites.count:
      guard let first, first.code == record.code, first.argument == record.argument else { return nil }
      let arrival = instant(first.start)
      let departure = instant(first.start.addingReportingOverflow(first.duration).partialValue)
      // Counters of two cores may disagree by a little: the opening lies between coming and going.
      return .crossing(
        BarrierCrossing(
          thread: thread, site: code, generation: UInt32(truncatingIfNeeded: record.argument),
          arrival: arrival, release: max(arrival, min(start, departure)), departure: departure,
          wasLast: first.detail == 1))
    default:
      return nil
    }
  }

  /// Reads the whole trace into a value, or what of it reaches into a stretch of time, which is then its window.
  public func recordedTrace(within stretch: TraceWindow? = nil) throws(InputError) -> RecordedTrace {
    var trace = RecordedTrace(
      threads: threads, states: states, sites: sites, window: stretch ?? window,
      losses: RecordLosses(
        eventsDropped: threads.reduce(0) { $0 + min($1.eventsDropped, .max - $0) },
        readingsFailed: 0),
      isTruncated: isTruncated, isFinished: isFinished)
    var openStretch: [Int: Int] = [:]
    var unmatched = 0
    let omissions = try forEachEvent { (event) throws(InputError) in
      if let stretch, !event.reaches(into: stretch) { return }
      switch event {
      case .span(let span): trace.spans.append(span)
      case .operation(let operation): trace.operations.append(operation)
      case .crossing(let crossing): trace.crossings.append(crossing)
      case .wait(let wait): trace.waits.append(wait)
      case .step(let step): trace.steps.append(step)
      case .began(let thread, let threadID, let instant):
        openStretch[thread] = trace.stretches.count
        trace.stretches.append(
          ThreadStretch(thread: thread, threadID: threadID, began: instant, ended: nil))
      case .ended(let thread, let instant):
        if let index = openStretch.removeValue(forKey: thread) {
          trace.stretches[index].ended = instant
        } else {
          unmatched += 1
        }
      case .entered(let entry): trace.entries.append(entry)
      case .completed(let completion): trace.completions.append(completion)
      case .current(let thread, let state): trace.current[thread] = state
      }
    }
    trace.transitionCostNs = transitionCostNs
    trace.undefinedRecords = omissions.undefinedRecords + unmatched
    trace.isTruncated = isTruncated || omissions.cutChunks > 0
    trace.sort()
    return trace
  }
}

extension TraceEvent {
  /// Whether an event overlaps a stretch of time. When threads came and went is kept whenever it was.
  fileprivate func reaches(into stretch: TraceWindow) -> Bool {
    func overlaps(_ start: Instant, _ end: Instant) -> Bool {
      end >= stretch.begin && stretch.end.map { start <= $0 } ?? true
    }
    switch self {
    case .span(let span): return overlaps(span.start, span.end)
    case .operation(let operation): return overlaps(operation.start, operation.end)
    case .crossing(let crossing): return overlaps(crossing.arrival, crossing.departure)
    case .wait(let wait): return overlaps(wait.start, wait.end)
    case .step(let step): return overlaps(step.start, step.end)
    case .entered(let entry): return overlaps(entry.at, entry.at)
    case .completed(let completion): return overlaps(completion.at, completion.at)
    case .began, .ended, .current: return true
    }
  }
}

extension RecordedTrace {
  /// Orders everything by time, then thread, then nesting.
  mutating func sort() {
    spans.sort { ($0.start, $0.thread, $0.depth) < ($1.start, $1.thread, $1.depth) }
    operations.sort { ($0.start, $0.thread) < ($1.start, $1.thread) }
    crossings.sort { ($0.arrival, $0.thread) < ($1.arrival, $1.thread) }
    waits.sort { ($0.start, $0.thread) < ($1.start, $1.thread) }
    steps.sort { ($0.start, $0.thread) < ($1.start, $1.thread) }
    stretches.sort { ($0.began, $0.thread) < ($1.began, $1.thread) }
  }
}
