import HeadwayTrace

/// The spreads of one barrier's episodes, put together from the crossings of its participants.
///
/// How many participate is not recorded, so an episode is complete only when no more of its crossings can
/// come. Threads' events are read a chunk at a time: episodes are kept until ``limit`` later ones have been
/// seen, far more than the chunks of a thousand threads hold.
struct EpisodeTally {
  /// Episodes kept at once.
  private static let limit = 1 << 20

  private struct Episode {
    var first: Instant
    var release: Instant
    /// The thread named the last; absent until its crossing has been seen.
    var last: Int?
  }

  private var pending: [UInt32: Episode] = [:]
  private var spreads: [Int: DurationHistogram] = [:]

  /// Adds a crossing.
  mutating func add(_ crossing: BarrierCrossing) {
    var episode =
      pending[crossing.generation] ?? Episode(first: crossing.arrival, release: crossing.release, last: nil)
    episode.first = min(episode.first, crossing.arrival)
    episode.release = max(episode.release, crossing.release)
    if crossing.wasLast { episode.last = crossing.thread }
    pending[crossing.generation] = episode
    if pending.count > Self.limit { settle(pending.keys.sorted().prefix(Self.limit / 2)) }
  }

  private mutating func settle(_ generations: some Sequence<UInt32>) {
    for generation in generations {
      guard let episode = pending.removeValue(forKey: generation), let last = episode.last else { continue }
      spreads[last, default: DurationHistogram()].add(episode.release - episode.first)
    }
  }

  /// The spreads by the thread that was the last. An episode whose last arriver left no record, at a cut, is
  /// none.
  func finished() -> [Int: DurationHistogram] {
    var copy = self
    copy.settle(pending.keys)
    return copy.spreads
  }
}
