import HeadwayTrace

/// Who ended a wait. A barrier's crossings say it; of every other wait the trace has no record of the other side,
/// so it is inferred from what the threads did:
///
/// | waited for | blocker | its act |
/// |---|---|---|
/// | an item in a queue | main or control thread | the last handing out begun before the wait ended |
/// | room in a queue | worker; of a prefetch thread, main or control thread | the last end of work |
/// | a latch | worker | the last end of work |
/// | prefetched input | prefetch thread | the last end of work |
/// | a lock | any thread | the last end of work |
///
/// *Work* is a useful state that encloses no waits; *handing out* is one that does (`dispatch`). Where the threads
/// of the table do none of it, any thread's work is taken. An act at or before the beginning of the wait did not
/// end it: such a wait has no known blocker.
///
/// Complexity: O(log intervals) a question.
struct BlockerSearch {
  private let workers: ActivityEnds
  private let coordinators: ActivityEnds
  private let prefetchers: ActivityEnds
  private let anyone: ActivityEnds
  private let handing: HandingOut
  private let roles: [ThreadRole]
  /// The thread that creates the others.
  let main: Int?

  init(threads: [TimelineThread], contexts: [TimelineContext]) {
    roles = threads.map(\.role)
    main = roles.firstIndex(of: .main)
    func ends(_ isIncluded: (ThreadRole) -> Bool) -> ActivityEnds {
      let work = ActivityEnds(threads, isIncluded) { contexts[$0].isWork }
      return work.isEmpty ? ActivityEnds(threads, isIncluded) { contexts[$0].isUseful } : work
    }
    func isCoordinator(_ role: ThreadRole) -> Bool { role == .main || role == .control }
    workers = ends { $0 == .worker }
    prefetchers = ends { $0 == .prefetch }
    anyone = ends { _ in true }
    coordinators = ActivityEnds(threads, isCoordinator) { contexts[$0].isUseful }
    let enclosing = HandingOut(threads, isCoordinator) { contexts[$0].isUseful && contexts[$0].enclosesWaits }
    handing = enclosing.isEmpty ? HandingOut(threads, isCoordinator) { contexts[$0].isUseful } : enclosing
  }

  /// The thread and the act that ended a wait of `thread` from `start` to `end`; `nil` where nothing shows it.
  func act(
    endingWaitOf thread: Int, from start: Instant, to end: Instant, kind: SiteKind
  ) -> (thread: Int, at: Instant)? {
    let found: (thread: Int, at: Instant)?
    switch kind {
    case .barrier: found = nil
    case .queueEmpty:
      found = handing.latest(before: end, notBy: thread) ?? anyone.latest(upTo: end, notBy: thread)
    case .queueFull:
      found = ends(roles[thread] == .prefetch ? coordinators : workers, upTo: end, notBy: thread)
    case .latch: found = ends(workers, upTo: end, notBy: thread)
    case .prefetchNotReady: found = ends(prefetchers, upTo: end, notBy: thread)
    case .lock: found = anyone.latest(upTo: end, notBy: thread)
    }
    return found.flatMap { $0.at > start ? $0 : nil }
  }

  /// Who is waited for where the window ends before the wait does: the thread that hands out.
  func isAwaited(by thread: Int) -> Int? {
    guard let main, main != thread else { return nil }
    return main
  }

  private func ends(
    _ first: ActivityEnds, upTo end: Instant, notBy thread: Int
  ) -> (thread: Int, at: Instant)? {
    first.isEmpty ? anyone.latest(upTo: end, notBy: thread) : first.latest(upTo: end, notBy: thread)
  }
}

/// The ends of some threads' work, in time.
private struct ActivityEnds {
  private var ends: [(at: Instant, thread: Int)] = []
  /// The last end before this one by another thread.
  private var previousOther: [Int] = []

  var isEmpty: Bool { ends.isEmpty }

  init(
    _ threads: [TimelineThread], _ isIncluded: (ThreadRole) -> Bool, where isWork: (Int) -> Bool
  ) {
    for (index, thread) in threads.enumerated() where isIncluded(thread.role) {
      for interval in thread.intervals where isWork(interval.context) { ends.append((interval.end, index)) }
    }
    ends.sort { ($0.at, $0.thread) < ($1.at, $1.thread) }
    previousOther.reserveCapacity(ends.count)
    for index in ends.indices {
      let before = index - 1
      if before < 0 {
        previousOther.append(-1)
      } else {
        previousOther.append(ends[before].thread == ends[index].thread ? previousOther[before] : before)
      }
    }
  }

  func latest(upTo instant: Instant, notBy thread: Int) -> (thread: Int, at: Instant)? {
    var index = ends.partitionPoint { $0.at > instant } - 1
    if index >= 0, ends[index].thread == thread { index = previousOther[index] }
    return index >= 0 ? (ends[index].thread, ends[index].at) : nil
  }
}

/// When some threads handed out work, by the beginning.
private struct HandingOut {
  private var acts: [(start: Instant, end: Instant, thread: Int)] = []
  private var previousOther: [Int] = []

  var isEmpty: Bool { acts.isEmpty }

  init(
    _ threads: [TimelineThread], _ isIncluded: (ThreadRole) -> Bool, where isHanding: (Int) -> Bool
  ) {
    for (index, thread) in threads.enumerated() where isIncluded(thread.role) {
      for interval in thread.intervals where isHanding(interval.context) {
        acts.append((interval.start, interval.end, index))
      }
    }
    acts.sort { ($0.start, $0.thread) < ($1.start, $1.thread) }
    for index in acts.indices {
      let before = index - 1
      if before < 0 {
        previousOther.append(-1)
      } else {
        previousOther.append(acts[before].thread == acts[index].thread ? previousOther[before] : before)
      }
    }
  }

  func latest(before instant: Instant, notBy thread: Int) -> (thread: Int, at: Instant)? {
    var index = acts.partitionPoint { $0.start >= instant } - 1
    if index >= 0, acts[index].thread == thread { index = previousOther[index] }
    return index >= 0 ? (acts[index].thread, min(acts[index].end, instant)) : nil
  }
}

extension Array {
  /// The position of the first element for which `isBeyond` holds, given that it holds for all after it.
  /// Complexity: O(log n).
  func partitionPoint(_ isBeyond: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
