import HeadwayTrace

/// The universal law that was fitted to a series, as the scaling figure draws it: its curve and its band.
struct ScalingLawDrawing {
  /// Number of threads with the law's throughput there.
  struct Point {
    let threads: Double
    let value: Double
    let lower: Double
    let upper: Double
  }

  let points: [Point]

  /// `nil` for a series to which no law with a band was fitted.
  init?(_ series: ScalingSeries, in sweep: SweepSummary) {
    let shared = series.cells.first?.settings.filter { $0.axis != "threads" } ?? []
    let fit = sweep.scaling?.first { Set($0.settings) == Set(shared) }
    let isInverse = sweep.metric.better == .lower
    points = (fit?.band ?? []).compactMap { point in
      guard let lower = point.value.lower, let upper = point.value.upper else { return nil }
      let values =
        isInverse ? [1 / point.value.value, 1 / upper, 1 / lower] : [point.value.value, lower, upper]
      guard values.allSatisfy({ $0.isFinite && $0 > 0 }), point.threads.isFinite else { return nil }
      return Point(threads: point.threads, value: values[0], lower: values[1], upper: values[2])
    }
    if points.count < 2 { return nil }
  }

  /// The law beside the cells in a table.
  static func rows(_ sweep: SweepSummary) -> [TableView.Row] {
    ScalingSeries.shown(in: sweep).flatMap { series -> [TableView.Row] in
      guard let law = ScalingLawDrawing(series, in: sweep) else { return [] }
      return law.points.filter { $0.threads == $0.threads.rounded() }.map { point in
        .init(
          head: "universal law of \(series.label)",
          cells: [
            .init(Numerals.count(Int(point.threads))), .init(Numerals.rounded(point.value)),
            .init("\(Numerals.rounded(point.lower)) – \(Numerals.rounded(point.upper))"),
            .init("fitted", "w"),
          ])
      }
    }
  }
}
