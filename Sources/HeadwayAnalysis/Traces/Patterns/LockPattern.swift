import HeadwayTrace

/// Who held a lock while others waited for it: the blame for a wait goes to the holder, not to the waiter
/// (method 5).
///
/// Source: Tallent, Mellor-Crummey, Porterfield, "Analyzing lock contention in multithreaded applications",
/// 2010.
package struct LockPattern: Equatable, Sendable {
  /// The lock's name.
  package var site: String
  /// Σ of the threads' waits for it.
  package var waitNs: Nanoseconds
  /// The part of it during which each thread held the lock, by thread. What is missing to ``waitNs`` passed
  /// between a release and the next turn, or was not recorded.
  package var holderNs: [String: Nanoseconds]
  /// The same by the state that the holder was in most of the time.
  package var stateNs: [String: Nanoseconds]
}

extension TraceActivity {
  /// The locks that threads waited for, longest wait first.
  func lockPatterns() -> [LockPattern] {
    sites.indices.filter { sites[$0].kind == .lock }.compactMap(lockPattern)
      .sorted { $0.waitNs == $1.waitNs ? $0.site < $1.site : $0.waitNs > $1.waitNs }
  }

  private func lockPattern(_ site: Int) -> LockPattern? {
    let waits = waits.filter { $0.site == site }
    guard !waits.isEmpty else { return nil }
    let waiting = StepFunction(waits.map { ($0.from, $0.to, 1) }, from: horizon.lowerBound)
    var pattern = LockPattern(
      site: sites[site].name, waitNs: Nanoseconds(waits.reduce(0) { $0 + $1.to - $1.from }), holderNs: [:],
      stateNs: [:])
    for hold in holds where hold.site == site {
      // A holder does not wait for its own lock: all who wait meanwhile are others.
      let blame = Nanoseconds(Int64(waiting.integral(from: hold.from, to: hold.to)))
      guard blame > .zero else { continue }
      pattern.holderNs[threads[hold.thread].name, default: .zero] += blame
      if let state = state(of: hold) { pattern.stateNs[state, default: .zero] += blame }
    }
    return pattern
  }

  /// The working state in which a thread spent most of a stay; `nil` where it worked in none.
  private func state(of stay: Stay) -> String? {
    let thread = threads[stay.thread]
    // Works are in the order of their ends: the first that may overlap ends after the stay's begin.
    var (low, high) = (0, thread.works.count)
    func end(_ index: Int) -> Int64 { thread.pieces[thread.works[index].range.upperBound - 1].to }
    while low < high {
      let middle = (low + high) / 2
      if end(middle) <= stay.from { low = middle + 1 } else { high = middle }
    }
    var times: [Int: Int64] = [:]
    for work in thread.works[low...] {
      let pieces = thread.pieces[work.range]
      for piece in pieces where min(piece.to, stay.to) > max(piece.from, stay.from) {
        times[work.state, default: 0] += min(piece.to, stay.to) - max(piece.from, stay.from)
      }
      if let first = pieces.first, first.from >= stay.to { break }
    }
    return times.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }
      .map { states[$0.key].name }
  }
}
