import HeadwayTrace

/// A stretch of work that ends with the team's threads waiting for each other: up to a barrier that several of them
/// meet at or, with a queue, up to the moment at which the main thread's latch says that all is done.
struct Round {
  /// One thread's part.
  struct Part {
    /// The thread's position in ``Timeline/threads``.
    var thread: Int
    /// When it went on from the round before.
    var from: Instant
    /// When it came; with a latch, the round's end.
    var to: Instant
    /// When it went on.
    var until: Instant
  }

  var parts: [Part]

  /// The rounds of a timeline that end in its window. Those of one thread follow each other.
  static func all(in timeline: Timeline) -> [Round] {
    let meetings = timeline.episodes.compactMap { episode -> Round? in
      guard episode.release <= timeline.end else { return nil }
      let team = episode.participants.filter { timeline.threads[$0.thread].isTeam }
      guard team.count > 1 else { return nil }
      return Round(
        parts: team.map {
          let from = max($0.previousDeparture, timeline.begin)
          let to = max($0.arrival, from)
          return Part(
            thread: $0.thread, from: from, to: to, until: max(min($0.departure, timeline.end), to))
        })
    }
    return meetings.isEmpty ? latched(timeline) : meetings
  }

  private static func latched(_ timeline: Timeline) -> [Round] {
    guard let main = timeline.threads.firstIndex(where: { $0.role == .main && !$0.isTeam }) else { return [] }
    let team = timeline.team
    var from = timeline.begin
    return timeline.threads[main].waits.compactMap { wait in
      guard case .site(let site) = wait.cause, timeline.sites[site].kind == .latch, team.count > 1 else {
        return nil
      }
      defer { from = wait.end }
      return Round(parts: team.map { Part(thread: $0, from: from, to: wait.end, until: wait.end) })
    }
  }
}
