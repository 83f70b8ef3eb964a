import HeadwayTrace

extension RunAnalysis {
  /// The crossings of every barrier site, added up over its participants, by site name.
  static func barriers(of threads: [ThreadAccounts]) -> [BarrierSummary] {
    let sites = Set(threads.flatMap(\.barriers.keys)).sorted()
    return sites.map { site in
      let rows = threads.compactMap { thread in thread.barriers[site].map { (thread.name, $0) } }
      let imbalance = rows.reduce(Nanoseconds.zero) { $0 + $1.1.imbalanceNs }
      let wakeup = rows.reduce(Nanoseconds.zero) { $0 + $1.1.wakeupNs }
      return BarrierSummary(
        site: site, episodes: rows.map(\.1.episodes).max() ?? 0, waitNs: imbalance + wakeup,
        imbalanceNs: imbalance, wakeupNs: wakeup,
        lastArrivals: pairs(rows.filter { $0.1.lastArrivals > 0 }.map { ($0.0, $0.1.lastArrivals) }) {
          $0 + $1
        },
        threadWaitNs: pairs(rows.map { ($0.0, $0.1.waitNs) }) { $0 + $1 },
        threadWakeupNs: pairs(rows.map { ($0.0, $0.1.wakeupNs) }) { $0 + $1 },
        spreadNs: distribution(rows.map(\.1.spread)))
    }
  }

  /// The waits of every site that is no barrier, added up over its threads, by site name.
  static func waits(of threads: [ThreadAccounts]) -> [WaitSummary] {
    let sites = Set(threads.flatMap(\.waits.keys)).sorted()
    return sites.compactMap { site in
      let rows = threads.compactMap { thread in thread.waits[site].map { (thread.name, $0) } }
      guard let kind = rows.first?.1.kind else { return nil }
      return WaitSummary(
        site: site, kind: kind, waits: rows.reduce(0) { $0 + $1.1.count },
        waitNs: rows.reduce(.zero) { $0 + $1.1.waitNs },
        threadWaitNs: pairs(rows.map { ($0.0, $0.1.waitNs) }) { $0 + $1 },
        durationNs: distribution(rows.map(\.1.durations)))
    }
  }

  /// The threads' histograms of a site as one; absent when one of them is, or when nothing was counted.
  private static func distribution(_ parts: [DurationHistogram?]) -> Distribution? {
    guard parts.allSatisfy({ $0 != nil }) else { return nil }
    return Distribution(parts.compactMap(\.self).reduce(into: DurationHistogram()) { $0 += $1 })
  }

  private static func pairs<Value>(
    _ rows: [(String, Value)], _ combine: (Value, Value) -> Value
  ) -> [String: Value] {
    Dictionary(rows, uniquingKeysWith: combine)
  }
}
