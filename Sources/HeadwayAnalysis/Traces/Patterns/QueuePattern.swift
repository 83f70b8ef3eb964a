import HeadwayStatistics
import HeadwayTrace

/// A queue between producers and consumers, in the part of the run in which it had settled (method 11): one
/// that was full at the start hides a slow producer until it has drained.
///
/// The consumers' times between completed tasks are the series that the stationarity test looks at (method
/// 14); without completed tasks there is no pattern.
package struct QueuePattern: Equatable, Sendable {
  /// The site at which consumers wait.
  package var site: String
  /// Who waits there.
  package var consumers: [String]
  /// Who waits for room in the queue; empty where nobody ever had to.
  package var producers: [String]
  /// Whether waits for room are recorded at all: without that the producers' spare time is not known.
  package var isBounded: Bool
  /// The consumers' wait at the empty queue / (consumers · settled time).
  package var emptyShare: Double
  /// The producers' wait for room / (producers · settled time): their spare time.
  package var fullShare: Double
  /// Tasks that the consumers completed in the settled time.
  package var tasks: Int
  /// Waits at the empty queue in the settled time.
  package var waits: Int
  /// Whether the run settled at all; without that nothing is told of the producer.
  package var isSettled: Bool
  /// The beginning of the run that was left out / what was observed.
  package var warmupShare: Double
}

extension TraceActivity {
  /// The queues at which consumers waited and completed tasks.
  func queuePatterns() -> [QueuePattern] {
    sites.indices.filter { sites[$0].kind == .queueEmpty }.compactMap(queuePattern)
  }

  private func queuePattern(_ site: Int) -> QueuePattern? {
    let takers = Set(waits.filter { $0.site == site }.map(\.thread))
    let done = completions.filter { takers.contains($0.thread) && horizon.contains($0.at.sinceOrigin.count) }
      .map(\.at.sinceOrigin.count).sorted()
    guard !takers.isEmpty, done.count > 1 else { return nil }
    let gaps = zip(done, done.dropFirst()).map { Double($1 - $0) }
    let test = Stationarity(durations: gaps)
    let begin = test.warmupLength > 0 ? done[test.warmupLength] : horizon.lowerBound
    let settled = begin..<horizon.upperBound
    let full = partner(of: site)
    let givers = Set(waits.filter { $0.site == full && !takers.contains($0.thread) }.map(\.thread))
    return QueuePattern(
      site: sites[site].name, consumers: takers.map { threads[$0].name }.sorted(),
      producers: givers.map { threads[$0].name }.sorted(), isBounded: full != nil,
      emptyShare: share(of: takers, at: site, in: settled),
      fullShare: full.map { share(of: givers, at: $0, in: settled) } ?? 0,
      tasks: done.count { $0 > begin },
      waits: waits.count { $0.site == site && $0.to > begin }, isSettled: test.isSettled,
      warmupShare: ratio(
        Double(begin - horizon.lowerBound), Double(horizon.upperBound - horizon.lowerBound)))
  }

  /// The site at which producers of the same queue wait for room: the only one, or the one whose name differs
  /// in `full` for `empty` alone.
  private func partner(of site: Int) -> Int? {
    let full = sites.indices.filter { sites[$0].kind == .queueFull }
    let empty = sites.indices.filter { sites[$0].kind == .queueEmpty }
    if full.count == 1 && empty.count == 1 { return full[0] }
    return full.first {
      sites[$0].name.replacing("full", with: "") == sites[site].name.replacing("empty", with: "")
    }
  }

  private func share(of members: Set<Int>, at site: Int, in span: Range<Int64>) -> Double {
    let waited = waits.reduce(0.0) { sum, wait in
      guard wait.site == site, members.contains(wait.thread) else { return sum }
      return sum + Double(max(min(wait.to, span.upperBound) - max(wait.from, span.lowerBound), 0))
    }
    return ratio(waited, Double(members.count) * Double(span.upperBound - span.lowerBound))
  }
}
