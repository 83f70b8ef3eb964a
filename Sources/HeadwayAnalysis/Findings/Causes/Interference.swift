import HeadwayTrace

/// Work that takes more CPU time while other threads work: false sharing, or memory that all wait for.
///
/// A run in which all threads always work at the same moments cannot show it; one in which they do not is
/// compared with itself (see ``StateInterference``).
///
/// Model: without it the workers' spans would take what they take alone, so the excess CPU time /
/// (workers · window) vanishes.
/// Source: Bolosky, Scott, "False sharing and its effect on shared memory performance", 1993, whose runs with
/// and without company are here the moments of one run.
enum Interference {
  /// A slowdown below this is not stated.
  static let least = 1.1

  static func symptom(in view: RunView) -> Symptom? {
    guard let patterns = view.patterns, view.workers.count > 1 else { return nil }
    let found = patterns.interferences.filter { $0.slowdown >= least && $0.interval.lower > 1 }
      .sorted { $0.excessNs > $1.excessNs }
    guard let worst = found.first else { return nil }
    let excess = found.reduce(Nanoseconds.zero) { $0 + $1.excessNs }
    var slowdown = Measure(
      "slowdown", "CPU time of \(worst.state) with another thread at work / without", worst.slowdown,
      unit: "ratio")
    slowdown.interval = worst.interval
    let share = patterns.share(excess) / Double(view.workers.count)
    let (state, lower, upper) = (worst.state, times(worst.interval.lower), times(worst.interval.upper))
    return Symptom(
      .interference, saving: share,
      measures: [
        slowdown,
        Measure("excess", "CPU time beyond that of lone tasks / (workers · window)", share),
        Measure("spans", "spans of \(state) compared", Double(worst.spans), unit: "count"),
      ]
    ) { symptom in
      Wording(
        observation: "Tasks take \(times(symptom["slowdown"])) [\(lower), \(upper)] the CPU time in \(state)"
          + " while another thread works, \(percent(symptom["excess"])) of the workers' time in all",
        explanation: "cache lines, memory bandwidth or a core that is shared",
        change: "give each thread's accumulators cache lines of their own (128 bytes apart), or shrink what"
          + " \(state) streams through memory",
        refutation: "the CPU times stay when each thread's data is padded, or lone tasks have less to do")
    }
  }
}
