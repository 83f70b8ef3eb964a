/// The last stretch of a trace, as far back as was read.
public struct RecentEvents: Sendable {
  /// The events of every thread from ``coveredSince`` on, each thread's in order; earlier ones may be among them.
  public var events: [TraceEvent]
  /// From when on every event is there.
  public var coveredSince: Instant
}

extension TraceReader {
  /// A chunk by its place: whose it is and when it was begun.
  private struct Head {
    var place: Int
    var thread: Int
    var began: Instant
    /// When the thread went on to its next chunk; `nil` in its last one.
    var left: Instant?
  }

  /// Reads the chunks that reach into the time since an instant, and the last one of every thread whenever that was:
  /// what a thread is doing stands in it. What it costs grows with that time and not with the trace, but for a glance
  /// at the head of each chunk.
  ///
  /// - Parameters:
  ///   - since: How far back is wanted.
  ///   - chunkLimit: Chunks that are read at most besides every thread's last; more of them shorten what is covered.
  /// - Throws: ``InputError`` where the file is damaged or cannot be read.
  public func recentEvents(since: Instant, chunkLimit: Int = 128) throws(InputError) -> RecentEvents {
    let heads = try chunkHeads()
    let wanted = heads.filter { $0.left.map { $0 >= since } ?? true }
    var covered = since
    var kept = wanted
    let older = wanted.filter { $0.left != nil }.sorted { $0.began > $1.began }
    if older.count > chunkLimit {
      // Everything after the latest end of a chunk that is left out is there.
      let dropped = older[chunkLimit...]
      covered = dropped.compactMap(\.left).reduce(since, max)
      let places = Set(dropped.map(\.place))
      kept.removeAll { places.contains($0.place) }
    }
    var events: [TraceEvent] = []
    var omissions = TraceOmissions()
    for head in kept {
      let bytes = try read(head.place, min(header.chunkBytes, byteCount - head.place))
      try readChunk(bytes, at: head.place, omissions: &omissions) { (event) throws(InputError) in
        events.append(event)
      }
    }
    return RecentEvents(events: events, coveredSince: covered)
  }

  /// The heads of the chunks in use, in the order in which threads took them.
  private func chunkHeads() throws(InputError) -> [Head] {
    var heads: [Head] = []
    var latest: [Int: Int] = [:]
    for place in chunkPlaces {
      let bytes = try read(place, TraceFormat.chunkHeadBytes + TraceFormat.recordBytes)
      guard let magic: UInt32 = bytes.number(at: 0), magic == TraceFormat.chunkMagic,
        let thread: UInt32 = bytes.number(at: 4)
      else { continue }
      // The first record, a reading of the clocks in what this library writes, says when the chunk was taken; until it
      // is there the chunk holds nothing.
      let first = TraceFormat.chunkHeadBytes
      guard let start: UInt64 = bytes.number(at: first), let commit: UInt64 = bytes.number(at: first + 8),
        let argument: UInt64 = bytes.number(at: first + 16), commit != 0,
        let record = TraceRecord(start: start, commitWord: commit, argumentWord: argument)
      else { continue }
      // What has a length was recorded at its end.
      let length = record.kind == .completed ? 0 : record.duration
      let began = instant(record.start.addingReportingOverflow(length).partialValue)
      if let before = latest[Int(thread)] { heads[before].left = began }
      latest[Int(thread)] = heads.count
      heads.append(Head(place: place, thread: Int(thread), began: began))
    }
    return heads
  }
}
