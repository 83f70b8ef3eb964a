import GRDB
import HeadwayTrace

extension HistoryDatabase {
  /// How a metric went over the commits, for every machine, workload and arrangement by itself.
  ///
  /// - Parameters:
  ///   - metric: Which figure.
  ///   - filter: Keeps the series whose workload, arrangement or sweeps contain it, whatever the case.
  public func history(
    of metric: HistoryMetric, matching filter: String? = nil
  ) throws(InputError) -> MetricHistory {
    var groups: [Int64: SeriesBuilder] = [:]
    try access {
      try queue.read { db in
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT run.series_id, run.started_at, run.git_commit, run.binary_hash, run.sweep, measurement.value,
              run.path
            FROM measurement JOIN run ON run.id = measurement.run_id
            WHERE measurement.metric = ? ORDER BY run.series_id, run.started_at, run.path
            """, arguments: [metric.rawValue])
        while let row = try rows.next() {
          let id: Int64 = row[0]
          groups[id, default: SeriesBuilder()].add(
            startedAt: row[1], gitCommit: row[2], binaryHash: row[3], sweep: row[4], value: row[5])
        }
        let names = try Row.fetchCursor(
          db,
          sql: """
            SELECT series.id, machine.fingerprint, series.workload, series.arrangement
            FROM series JOIN machine ON machine.id = series.machine_id
            """)
        while let row = try names.next() {
          let id: Int64 = row[0]
          groups[id]?.name(machine: row[1], workload: row[2], arrangement: row[3])
        }
      }
    }
    let kept = groups.values.filter { filter.map($0.contains) ?? true }.sorted { $0.precedes($1) }
    var warnings: [String] = []
    if kept.contains(where: { $0.pointCount > SeriesBuilder.searchedPoints }) {
      warnings.append(
        "changes are looked for in the last \(SeriesBuilder.searchedPoints) points of a series only")
    }
    return MetricHistory(
      metric: metric.rawValue, unit: metric.unit, higherIsBetter: metric.higherIsBetter,
      runs: kept.reduce(0) { $0 + $1.runCount }, series: kept.map(\.series), warnings: warnings)
  }
}
