import HeadwayTrace

/// A table of a sweep's summary. Estimates have their point and the ends of their 95 % interval.
public enum SweepTable: String, CaseIterable, Sendable {
  /// A row a run, those that are not in the figures included, with the reason.
  case runs
  /// A row a cell.
  case cells

  /// The table of a sweep.
  public func text(_ summary: SweepSummary) -> [UInt8] {
    switch self {
    case .runs: Self.runs(summary)
    case .cells: Self.cells(summary)
    }
  }

  /// The axes of all cells, in the order in which they are first named.
  private static func axes(_ summary: SweepSummary) -> [String] {
    var axes: [String] = []
    for setting in summary.cells.flatMap(\.settings) where !axes.contains(setting.axis) {
      axes.append(setting.axis)
    }
    return axes
  }

  private static func settings(_ cell: CellSummary?, _ axes: [String]) -> [CSVField] {
    axes.map { axis in .init(cell?.settings.first { $0.axis == axis }?.value) }
  }

  private static func runs(_ summary: SweepSummary) -> [UInt8] {
    let axes = axes(summary)
    var table = CSVText(
      columns: ["cell", "label"] + axes + [
        "is_baseline", "block", "position", "tokens_per_second", "warmup_steps", "steal_share",
        "foreign_share", "directory", "excluded_because",
      ])
    for cell in summary.cells {
      for run in cell.samples {
        let place = [CSVField(cell.id), .init(cell.label)] + settings(cell, axes)
        table.add(
          place + [
            .init(cell.isBaseline ? 1 : 0), .init(run.block), .init(run.position),
            .init(run.tokensPerSecond), .init(run.warmupSteps), .init(run.stealShare),
            .init(run.foreignShare), .init(run.directory), "",
          ])
      }
    }
    for run in summary.excluded {
      let cell = summary.cells.first { $0.id == run.cell || $0.label == run.cell }
      let place = [CSVField(cell?.id ?? run.cell), .init(cell?.label)] + settings(cell, axes)
      table.add(
        place + [
          .init(cell.map { $0.isBaseline ? 1 : 0 }), .init(run.block), "", "", "", "", "", "",
          .init(run.reason),
        ])
    }
    return table.bytes
  }

  private static func cells(_ summary: SweepSummary) -> [UInt8] {
    let axes = axes(summary)
    let estimates = ["tokens_per_second", "speedup", "efficiency"]
    let shares = StateCategory.allCases.map(\.rawValue)
    var table = CSVText(
      columns: ["cell", "label"] + axes + ["is_baseline", "runs"]
        + estimates.flatMap { [$0, $0 + "_lower", $0 + "_upper"] } + ["verdict"]
        + shares.map { $0 + "_share" })
    for cell in summary.cells {
      let values = [cell.tokensPerSecond, cell.speedup, cell.efficiency].flatMap { estimate in
        [CSVField(estimate?.value), .init(estimate?.lower), .init(estimate?.upper)]
      }
      let place = [CSVField(cell.id), .init(cell.label)] + settings(cell, axes)
      table.add(
        place + [.init(cell.isBaseline ? 1 : 0), .init(cell.samples.count)] + values
          + [.init(cell.verdict?.rawValue)] + shares.map { .init(cell.shares?.categories[$0]) })
    }
    return table.bytes
  }
}
