import HeadwayTrace

/// Puts the crossings of all threads together to episodes (method 3).
///
/// All barriers of a site share its generations without using one twice at a time. A number that comes again
/// after the episode with it had opened belongs to a new episode: everybody arrives before the opening.
///
/// Complexity: O(crossings), sorted by their arrival as a trace has them.
struct EpisodeAssembly {
  private struct Key: Hashable {
    var site: Int
    var generation: UInt32
  }

  private let trace: RecordedTrace
  private let position: [Int?]
  private let begin: Instant
  private let end: Instant

  init(_ trace: RecordedTrace, position: [Int?], begin: Instant, end: Instant) {
    self.trace = trace
    self.position = position
    self.begin = begin
    self.end = end
  }

  /// The episodes with a crossing that reaches into the window, in the order of their opening.
  func episodes() -> [BarrierEpisode] {
    var episodes: [BarrierEpisode] = []
    var open: [Key: Int] = [:]
    var previous = [(release: Instant, departure: Instant)](
      repeating: (begin, begin), count: position.count)
    for crossing in sortedCrossings() {
      guard let thread = position[crossing.thread] else { continue }
      let before = previous[crossing.thread]
      previous[crossing.thread] = (max(crossing.release, begin), max(crossing.departure, begin))
      // Whoever comes just at the end still ended the others' waits.
      guard crossing.departure > begin, crossing.arrival <= end else { continue }
      let key = Key(site: crossing.site, generation: crossing.generation)
      var index = episodes.count
      if let known = open[key], crossing.arrival <= episodes[known].release {
        index = known
      } else {
        open[key] = index
        episodes.append(
          BarrierEpisode(
            site: crossing.site, generation: crossing.generation, release: crossing.release, last: nil,
            participants: []))
      }
      if crossing.wasLast { episodes[index].last = episodes[index].participants.count }
      episodes[index].release = max(episodes[index].release, crossing.release)
      episodes[index].participants.append(
        BarrierEpisode.Participant(
          thread: thread, arrival: crossing.arrival, departure: crossing.departure,
          previousRelease: before.release, previousDeparture: before.departure))
    }
    return episodes.sorted { $0.release < $1.release }
  }

  private func sortedCrossings() -> [BarrierCrossing] {
    let crossings = trace.crossings
    let isSorted = zip(crossings, crossings.dropFirst()).allSatisfy { $0.arrival <= $1.arrival }
    return isSorted ? crossings : crossings.sorted { $0.arrival < $1.arrival }
  }
}
