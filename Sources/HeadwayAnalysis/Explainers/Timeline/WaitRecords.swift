import HeadwayTrace

/// The waits that a trace records, by thread, and those that its states show without a record.
struct WaitRecords {
  private let begin: Instant
  private let end: Instant
  private let kinds: [SiteKind]
  /// Crossings and waits by thread, uncut and in no order; a crossing comes with its opening and its last
  /// arriver.
  private var records: [[TimelineWait]]

  init(
    _ trace: RecordedTrace, position: [Int?], threads: Int, episodes: [BarrierEpisode], begin: Instant,
    end: Instant
  ) {
    self.begin = begin
    self.end = end
    kinds = trace.sites.map(\.kind)
    records = Array(repeating: [], count: threads)
    for (index, episode) in episodes.enumerated() {
      let last = episode.last.map { episode.participants[$0].thread }
      // One that opens after the window is a wait for its last arriver, as far as the window goes.
      let isInside = episode.release <= end
      for (participant, crossing) in episode.participants.enumerated() {
        records[crossing.thread].append(
          TimelineWait(
            cause: isInside ? .barrier(episode: index, participant: participant) : .site(episode.site),
            start: crossing.arrival, end: crossing.departure, opened: max(episode.release, crossing.arrival),
            blocker: last == crossing.thread ? nil : last))
      }
    }
    for wait in trace.waits where wait.end > begin && wait.start < end {
      guard let thread = position[wait.thread] else { continue }
      records[thread].append(
        TimelineWait(
          cause: .site(wait.site), start: wait.start, end: wait.end, opened: wait.end, blocker: nil))
    }
  }

  /// The waits of a thread, cut to the window, apart from each other, each with its blocker.
  func waits(
    of thread: Int, intervals: [StateInterval], contexts: [TimelineContext], blockers: BlockerSearch
  ) -> [TimelineWait] {
    var waits: [TimelineWait] = []
    var cursor = begin
    for record in records[thread].sorted(by: { $0.start < $1.start }) {
      var wait = record
      wait.start = max(record.start, cursor)
      wait.end = min(record.end, end)
      guard wait.end > wait.start else { continue }
      cursor = wait.end
      if case .site(let site) = wait.cause, kinds[site] != .barrier {
        let act =
          record.end > end
          ? blockers.isAwaited(by: thread).map { (thread: $0, at: end) }
          : blockers.act(endingWaitOf: thread, from: wait.start, to: wait.end, kind: kinds[site])
        wait.blocker = act?.thread
        wait.opened = act?.at ?? wait.end
      }
      wait.opened = min(max(wait.opened, wait.start), wait.end)
      waits.append(wait)
    }
    return completed(waits, of: thread, intervals: intervals, contexts: contexts, blockers: blockers)
  }

  /// Adds the waiting states that no record covers, and the times before a thread's creation.
  private func completed(
    _ records: [TimelineWait], of thread: Int, intervals: [StateInterval], contexts: [TimelineContext],
    blockers: BlockerSearch
  ) -> [TimelineWait] {
    var waits: [TimelineWait] = []
    waits.reserveCapacity(records.count)
    var next = 0
    for interval in intervals {
      while next < records.count, records[next].end <= interval.start {
        waits.append(records[next])
        next += 1
      }
      let isCovered = next < records.count && records[next].start < interval.end
      guard !isCovered else { continue }
      let context = contexts[interval.context]
      if context.isWaiting {
        waits.append(
          TimelineWait(
            cause: .unrecorded, start: interval.start, end: interval.end, opened: interval.end, blocker: nil))
      } else if isAbsence(interval.context, of: contexts), interval.end < end {
        waits.append(
          TimelineWait(
            cause: .creation, start: interval.start, end: interval.end, opened: interval.end,
            blocker: blockers.isAwaited(by: thread)))
      }
    }
    return waits + records[next...]
  }

  private func isAbsence(_ context: Int, of contexts: [TimelineContext]) -> Bool {
    contexts[context].definition == TimelineContext.notStarted
      || contexts[context].definition == TimelineContext.exited
  }
}
