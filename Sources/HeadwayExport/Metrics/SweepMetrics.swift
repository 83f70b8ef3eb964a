import HeadwayTrace

/// The figures of a sweep for Prometheus, with the cell as a label; see ``RunMetrics`` for their form.
public struct SweepMetrics {
  private let summary: SweepSummary

  /// The figures of a sweep.
  public init(_ summary: SweepSummary) { self.summary = summary }

  /// The text.
  public func text() -> [UInt8] {
    var text = MetricsText()
    text.gauge(
      "headway_sweep_info", "The sweep, as labels.",
      [
        (
          [
            ("name", summary.name), ("started_at", summary.startedAt), ("seed", "\(summary.seed)"),
            ("tool_version", summary.toolVersion), ("processor", summary.machine.processor ?? ""),
          ], 1
        )
      ])
    text.gauge("headway_sweep_partial", "1 when the sweep was cut short.", summary.partial ? 1 : 0)
    text.gauge("headway_sweep_elapsed_seconds", "Wall time of the sweep.", summary.elapsedNs.seconds)
    text.gauge(
      "headway_sweep_blocks", "Blocks of the sweep.",
      [
        ([("kind", "complete")], Double(summary.blocks.complete)),
        ([("kind", "planned")], Double(summary.blocks.planned)),
        ([("kind", "disturbed")], Double(summary.blocks.disturbed)),
      ])
    writeCells(&text)
    text.gauge(
      "headway_sweep_check_passed", "1 when what was checked over all runs held.",
      summary.checks.map { ([("claim", $0.claim)], $0.passed ? 1 : 0) })
    text.gauge(
      "headway_sweep_excluded_runs", "Runs that are not in the figures.", Double(summary.excluded.count))
    text.gauge(
      "headway_finding_saving_ratio", RunMetrics.findingHelp, RunMetrics.samples(of: summary.findings))
    if let overhead = summary.overhead {
      write(
        "headway_probe_overhead_ratio", "Instrumented throughput over bare throughput.",
        [([("cell", overhead.cell)], overhead.ratio)], &text)
    }
    return text.bytes
  }

  private func writeCells(_ text: inout MetricsText) {
    func cells(_ value: (CellSummary) -> Estimate?) -> [(MetricsText.Labels, Estimate?)] {
      summary.cells.map { ([("cell", $0.id)], value($0)) }
    }
    text.gauge(
      "headway_cell_info", "A cell of the sweep, as labels.",
      summary.cells.map { cell in
        let axes = cell.settings.map { (name: "axis_" + Self.labelName($0.axis), value: $0.value) }
        return (
          [("cell", cell.id), ("label", cell.label), ("baseline", cell.isBaseline ? "1" : "0")] + axes, 1
        )
      })
    text.gauge(
      "headway_cell_runs", "Runs of a cell.",
      summary.cells.map { ([("cell", $0.id)], Double($0.samples.count)) })
    write(
      "headway_cell_tokens_per_second", "Throughput over the blocks.", cells(\.tokensPerSecond), &text)
    write(
      "headway_cell_speedup_ratio", "Throughput over the baseline's, paired by block.", cells(\.speedup),
      &text)
    write("headway_cell_efficiency_ratio", "Speed-up over the ratio of threads.", cells(\.efficiency), &text)
    text.gauge(
      "headway_cell_category_ratio", "Share of all threads' time by category, median over the runs.",
      summary.cells.flatMap { cell in
        (cell.shares?.categories ?? [:]).sorted { $0.key < $1.key }.map {
          ([("cell", cell.id), ("category", $0.key)], $0.value)
        }
      })
  }

  /// An estimate, and the ends of its interval as families of their own.
  private func write(
    _ name: String, _ help: String, _ samples: [(MetricsText.Labels, Estimate?)], _ text: inout MetricsText
  ) {
    text.gauge(name, help, samples.map { ($0, $1?.value) })
    text.gauge(name + "_lower", help + " Lower end of the 95 % interval.", samples.map { ($0, $1?.lower) })
    text.gauge(name + "_upper", help + " Upper end of the 95 % interval.", samples.map { ($0, $1?.upper) })
  }

  private static func labelName(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}
