import HeadwayTrace

/// A sweep's throughputs in the JSON that the Java Microbenchmark Harness writes with `-rf json`: what
/// dashboards for benchmarks read.
///
/// Every cell is one entry of the one benchmark `headway.NAME.tokens_per_second`, told apart by its parameters,
/// in mode `thrpt`. A run is a fork with one measured iteration. The score is the report's estimate, with half
/// the width of its 95 % interval as the error (the harness itself gives 99.9 %); `"NaN"` stands, as there,
/// for an error or end that the data do not carry. A cell without a complete block has the median of its runs as
/// its score; one without runs has no entry.
public struct JMHResults {
  private let summary: SweepSummary

  /// The results of a sweep.
  public init(_ summary: SweepSummary) { self.summary = summary }

  /// The text.
  public func text() -> [UInt8] {
    var text = JSONText()
    text.beginArray()
    for cell in summary.cells where !cell.samples.isEmpty { write(cell, &text) }
    text.endArray()
    text.endLine()
    return text.takeBytes()
  }

  private func write(_ cell: CellSummary, _ text: inout JSONText) {
    text.beginObject()
    text.field("jmhVersion", "headway \(summary.toolVersion)")
    text.field("benchmark", "headway.\(summary.name).tokens_per_second")
    text.field("mode", "thrpt")
    // A cell of a program whose threads nobody named counts as one.
    text.field("threads", cell.threads ?? 1)
    text.field("forks", cell.samples.count)
    // The warm-up is found among the steps of each run; the harness means whole iterations, and there are none.
    text.field("warmupIterations", 0)
    text.field("measurementIterations", 1)
    text.key("params")
    text.beginObject()
    for setting in cell.settings { text.field(setting.axis, setting.value) }
    text.endObject()
    text.key("primaryMetric")
    text.beginObject()
    writeScore(of: cell, &text)
    text.endObject()
    text.key("secondaryMetrics")
    text.beginObject()
    text.endObject()
    text.endObject()
  }

  private func writeScore(of cell: CellSummary, _ text: inout JSONText) {
    let sorted = cell.samples.map(\.tokensPerSecond).sorted()
    let middle = sorted.count / 2
    let median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    let estimate = cell.tokensPerSecond
    let ends = [estimate?.lower, estimate?.upper]
    text.key("score")
    Self.write(estimate?.value ?? median, &text)
    text.key("scoreError")
    Self.write(ends[0].flatMap { lower in ends[1].map { ($0 - lower) / 2 } }, &text)
    text.field("scoreConfidence", each: ends) { Self.write($1, &$0) }
    text.key("scorePercentiles")
    text.beginObject()
    for (name, value) in [("0.0", sorted.first), ("50.0", median), ("100.0", sorted.last)] {
      text.key(name)
      Self.write(value, &text)
    }
    text.endObject()
    text.field("scoreUnit", "tokens/s")
    text.field("rawData", each: cell.samples) { text, run in
      text.beginArray()
      Self.write(run.tokensPerSecond, &text)
      text.endArray()
    }
  }

  private static func write(_ value: Double?, _ text: inout JSONText) {
    if let value, value.isFinite { text.value(value) } else { text.value("NaN") }
  }
}
