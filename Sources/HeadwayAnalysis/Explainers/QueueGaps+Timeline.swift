import HeadwayTrace

extension QueueGaps {
  /// Gaps shorter than this are the price of handing over an item that is there, not a lack of items.
  static let handOffLimit = Nanoseconds(100_000)

  /// The gaps of all who take from queues, by site, in the order of the trace's sites.
  ///
  /// A recorded wait is a gap. Where threads count their tasks, so is the time from a task's end to the next work
  /// without a wait in between: the item was there. It belongs to the site that the thread takes from.
  static func all(in timeline: Timeline) -> [QueueGaps] {
    let taken = timeline.sites.map { $0.kind == .queueEmpty || $0.kind == .prefetchNotReady }
    var gaps = timeline.sites.map { QueueGaps(site: $0.name) }
    for thread in timeline.threads {
      var source: Int?
      for wait in thread.waits {
        guard case .site(let site) = wait.cause, taken[site] else { continue }
        if timeline.sites[site].kind == .queueEmpty { source = site }
        let length = wait.end - wait.start
        if length < handOffLimit {
          gaps[site].handOff.add(length)
        } else if wait.blocker != nil {
          gaps[site].producerBound.add(length)
        } else {
          gaps[site].other.add(length)
        }
      }
      guard let source else { continue }
      for gap in timeline.unwaitedGaps(of: thread) {
        if gap < handOffLimit { gaps[source].handOff.add(gap) } else { gaps[source].other.add(gap) }
      }
    }
    return gaps.filter { $0.producerBound.count + $0.handOff.count + $0.other.count > 0 }
  }
}

extension Timeline {
  /// The times from a task's end to the thread's next work, where it did not wait in between.
  fileprivate func unwaitedGaps(of thread: TimelineThread) -> [Nanoseconds] {
    var gaps: [Nanoseconds] = []
    for completion in thread.completions {
      var index = thread.intervals.partitionPoint { $0.end <= completion }
      while index < thread.intervals.count {
        let interval = thread.intervals[index]
        if contexts[interval.context].isWaiting { break }
        if contexts[interval.context].isWork, interval.start >= completion {
          gaps.append(interval.start - completion)
          break
        }
        index += 1
      }
    }
    return gaps
  }
}
