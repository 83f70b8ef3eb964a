import HeadwayTrace

/// How much longer the window took than with equal peers (method 9).
///
/// In every round each thread's time is replaced by the mean of the team's: T_ideal is the window less
/// Σ over rounds of (longest − mean), and S = T / T_ideal. S of one thread, or of one context, is the same with only
/// that keeping what it really took.
struct Stragglers {
  /// Below this slow-down nothing is taken apart.
  static let threshold = 1.03

  /// T_ideal in nanoseconds.
  private(set) var ideal: Double
  /// S.
  private(set) var slowdown: Double
  /// S with only one thread keeping its times, by thread; empty below the threshold.
  private(set) var threads: [(thread: Int, slowdown: Double)] = []
  /// S with only one context keeping its times, by context; empty below the threshold.
  private(set) var contexts: [(context: Int, slowdown: Double)] = []

  /// Compares the peers of each round; `nil` without rounds.
  init?(_ timeline: Timeline, rounds: [Round]) {
    guard !rounds.isEmpty else { return nil }
    let wall = Double(timeline.wallNs.count)
    let counts = timeline.contexts.map { !$0.isWaiting && $0.definition.category != .lifecycle }
    var lost = 0.0
    var byThread = [Double](repeating: 0, count: timeline.threads.count)
    var byContext = [Double](repeating: 0, count: timeline.contexts.count)
    for round in rounds {
      var means = [Double](repeating: 0, count: timeline.contexts.count)
      let rows = round.parts.map { part -> [Double] in
        var row = [Double](repeating: 0, count: timeline.contexts.count)
        timeline.threads[part.thread].forEachPiece(from: part.from, to: part.to) { interval, from, to in
          if counts[interval.context] { row[interval.context] += Double((to - from).count) }
        }
        for context in row.indices { means[context] += row[context] / Double(round.parts.count) }
        return row
      }
      let totals = rows.map { $0.reduce(0, +) }
      let mean = means.reduce(0, +)
      lost += (totals.max() ?? 0) - mean
      for (part, total) in zip(round.parts, totals) { byThread[part.thread] += max(total - mean, 0) }
      for context in means.indices {
        let most = rows.reduce(0) { max($0, $1[context]) }
        byContext[context] += most - means[context]
      }
    }
    ideal = wall - lost
    slowdown = ideal > 0 ? wall / ideal : 1
    guard slowdown >= Self.threshold, ideal > 0 else { return }
    threads = byThread.enumerated().filter { $0.element > 0 }
      .map { ($0.offset, 1 + $0.element / ideal) }.sorted {
        ($1.slowdown, $0.thread) < ($0.slowdown, $1.thread)
      }
    contexts = byContext.enumerated().filter { $0.element > 0 }
      .map { ($0.offset, 1 + $0.element / ideal) }
      .sorted { ($1.slowdown, $0.context) < ($0.slowdown, $1.context) }
  }
}
