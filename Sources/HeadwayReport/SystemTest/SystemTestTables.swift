import Foundation
import HeadwayTrace

/// The tables and drawings that only a system test has.
enum SystemTestTables {
  /// Each thread's times in the window, not shares of it.
  static func threadTimes(_ run: RunSummary) -> TableView {
    // A category that no thread was in says so in the drawing's table already.
    let categories = StateCategory.allCases.filter { category in
      run.threads.contains { $0.time(category).count > 0 }
    }
    return TableView(
      tableLabel: "Each thread's times in the measured window", corner: "thread",
      headings: [.init("role", "w"), .init("wall"), .init("CPU")]
        + categories.map { .init(Phrases.word($0)) } + [.init("tasks"), .init("tokens")],
      rows: run.threads.map { thread in
        .init(
          head: thread.name,
          cells: [
            .init(thread.role.rawValue, "w"), .init(Numerals.duration(thread.wallNs)),
            .init(Numerals.duration(thread.cpuNs)),
          ] + categories.map { .init(Numerals.duration(thread.time($0))) } + [
            .init(Numerals.count(thread.tasks)), .init(Numerals.count(thread.tokens)),
          ])
      })
  }

  /// The model's loss beside what counting reaches.
  static func losses(_ quality: QualityResult) -> TableView {
    let rows: [(String, Double?)] = [
      ("the model", quality.validationLoss), ("counting pairs of tokens", quality.bigramLoss),
      ("counting tokens", quality.unigramLoss),
    ]
    return TableView(
      tableLabel: "Losses on \(Numerals.plural(quality.tokens, "token")) of held-out text",
      corner: "what predicts",
      headings: [.init("nats per token"), .init("perplexity")],
      rows: rows.map { name, loss in
        .init(
          head: name,
          cells: [
            .init(loss.map { Numerals.fixed($0, 4) } ?? Numerals.absent),
            .init(loss.map { Numerals.fixed(exp($0), 1) } ?? Numerals.absent),
          ])
      })
  }

  /// The throughput of the phases, each with its runs and interval.
  static func phaseFigure(_ sweep: SweepSummary) -> FigureView? {
    FigureView(
      "phase-rates",
      caption: "Each dot is a run, each marker the estimate of a phase with its 95 % interval."
        + CellFigure.note(sweep), table: SweepTables.scaling(sweep)
    ) { CellFigure.document(sweep: sweep, form: $0) }
  }
}
