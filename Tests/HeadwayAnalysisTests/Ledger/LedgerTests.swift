import Foundation
import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Predictions of a run that was written down, held against outcomes that were written down.
@Suite struct LedgerTests {
  private var base: RunConfiguration {
    var configuration = PlantedRun().configuration
    configuration.threads = 2
    return configuration
  }

  private func cell(_ id: String, _ change: (inout RunConfiguration) -> Void = { _ in }) -> LedgerCell {
    var configuration = base
    change(&configuration)
    return LedgerCell(id: id, configuration: configuration)
  }

  private func ledger(_ cells: [LedgerCell], past: PastErrors? = nil) throws -> PredictionLedger {
    var run = PlantedRun()
    run.configuration = base
    return PredictionLedger(
      of: cells, baseline: "base", replay: try Replay(of: run.source), directory: "recording", cores: 2,
      past: past)
  }

  @Test func everyCellButTheBaselineIsPredictedOrSaysWhyNot() throws {
    let ledger = try ledger([
      cell("base"), cell("one") { $0.threads = 1 }, cell("queue") { $0.scheduling = .queue },
      cell("blas") { $0.kernels = .blas }, cell("wide") { $0.width = 128 }, cell("bare") { $0.probe = .off },
    ])
    #expect(ledger.cells.map(\.cell) == ["one", "queue", "blas", "wide", "bare"])
    for prediction in ledger.cells.prefix(2) {
      let rate = try #require(prediction.tokensPerSecond)
      let half = try #require(prediction.ownHalfWidth)
      #expect(prediction.reason == nil && half > 0 && !prediction.assumptions.isEmpty)
      #expect(abs(try #require(rate.upper) - rate.value * (1 + half)) < 1e-6 * rate.value)
      #expect(abs(try #require(rate.lower) - rate.value / (1 + half)) < 1e-6 * rate.value)
      let recorded = try #require(ledger.recorded)
      #expect(
        abs(try #require(prediction.speedup).value - rate.value / recorded.tokensPerSecond) < 1e-9,
        "the speed-up is over the recorded run")
    }
    let one = try #require(ledger.cells[0].speedup?.value)
    #expect(one > 0.5 && one < 0.6, "half of the workers take the tasks twice as long: \(one)")
    let reasons = ledger.cells.suffix(3).map { $0.reason ?? "" }
    #expect(reasons[0] == "the recorded run does not say how fast the blas kernels are")
    #expect(reasons[1].contains("width=128") && reasons[2].contains("probe=off"))
    #expect(ledger.cells.suffix(3).allSatisfy { $0.tokensPerSecond == nil && $0.speedup == nil })
  }

  /// A sweep that records less than the recorded run predicts as if it recorded as much.
  @Test func aProbeThatAllCellsShareIsNoChange() throws {
    let ledger = try ledger([
      cell("base") { $0.probe = .counters },
      cell("one") {
        $0.threads = 1
        $0.probe = .counters
      },
    ])
    #expect(ledger.cells[0].tokensPerSecond != nil, "\(ledger.cells[0].reason ?? "")")
  }

  @Test func aRunThatCannotBeReplayedPredictsNothingAndSaysSo() {
    let ledger = PredictionLedger(
      of: [cell("base"), cell("one")], baseline: "base", directory: "recording", cores: 2,
      unusable: "the trace holds no step")
    #expect(ledger.recorded == nil && ledger.replayError == nil)
    #expect(ledger.cells == [CellPrediction(cell: "one", reason: "the trace holds no step")])
  }

  private func estimate(_ value: Double, _ half: Double) -> Estimate {
    Estimate(value: value, lower: value / (1 + half), upper: value * (1 + half), sampleCount: 9)
  }

  private func measured(_ id: String, _ rate: Double?, _ speedup: Double?) -> CellSummary {
    CellSummary(
      id: id, label: "cell \(id)", settings: [], isBaseline: id == "base", threads: 1, samples: [],
      tokensPerSecond: rate.map { estimate($0, 0.01) }, speedup: speedup.map { estimate($0, 0.01) },
      efficiency: nil, verdict: nil, shares: nil)
  }

  private func prediction(_ id: String, _ rate: Double, _ speedup: Double, half: Double) -> CellPrediction {
    CellPrediction(
      cell: id, tokensPerSecond: estimate(rate, half), speedup: estimate(speedup, half), ownHalfWidth: half,
      uncertainty: [], assumptions: [])
  }

  /// Predicted 100, 200, 300 tokens/s; measured 110, 190 and never; a fourth cell is not predicted.
  private var summary: LedgerSummary {
    let ledger = PredictionLedger(
      baseline: "base", recordedRun: "recording", cores: 2,
      cells: [
        prediction("a", 100, 1, half: 0.05), prediction("b", 200, 2, half: 0.1),
        prediction("c", 300, 3, half: 0.1), CellPrediction(cell: "d", reason: "nobody knows"),
      ])
    return LedgerSummary(
      ledger, hash: "00ff", frozenNs: Nanoseconds(5),
      measured: [
        measured("base", 100, nil), measured("a", 110, 1.1), measured("b", 190, 2), measured("c", nil, nil),
        measured("d", 50, 0.5),
      ])
  }

  @Test func outcomesAreHeldAgainstPredictions() throws {
    let summary = summary
    #expect(summary.rows.map(\.label) == ["cell a", "cell b", "cell c", "cell d"])
    let (a, b, c, d) = (summary.rows[0], summary.rows[1], summary.rows[2], summary.rows[3])
    #expect(abs(try #require(a.tokensPerSecond?.error) - (100.0 / 110 - 1)) < 1e-12)
    #expect(a.tokensPerSecond?.isCovered == false, "110 lies above 105")
    #expect(abs(try #require(b.tokensPerSecond?.error) - (200.0 / 190 - 1)) < 1e-12)
    #expect(b.tokensPerSecond?.isCovered == true && b.speedup?.error == 0)
    #expect(c.tokensPerSecond?.predicted.value == 300 && c.tokensPerSecond?.error == nil)
    #expect(c.tokensPerSecond?.isCovered == nil, "what was not measured is neither right nor wrong")
    #expect(d.tokensPerSecond == nil && d.reason == "nobody knows")
    let score = try #require(summary.throughput)
    #expect(score.outcomes == 2 && score.covered == 1 && score.worst == "cell a")
    #expect(abs(score.largestAbsoluteError - (1 - 100.0 / 110)) < 1e-12)
    #expect(abs(score.medianAbsoluteError - (1 - 100.0 / 110 + 200.0 / 190 - 1) / 2) < 1e-12)
    #expect(summary.speedup?.covered == 1 && summary.recording.label == "cell base")
  }

  @Test func pastErrorsWidenAndNeverNarrow() throws {
    #expect(PastErrors(of: []) == nil)
    let past = try #require(PastErrors(of: [summary]))
    // Too few outcomes for a quantile: the largest miss counts, ln(1.1) of an interval of ln(1.05).
    #expect(past.outcomes == 2 && past.sweeps == 1)
    #expect(abs(past.widening - log(1.1) / log(1.05)) < 1e-9)
    // With nine more that hit, four of five lie inside as they are.
    var exact = summary
    exact.rows = Array(repeating: summary.rows[1], count: 9)
    let tamed = try #require(PastErrors(of: [summary, exact]))
    #expect(tamed.outcomes == 11 && tamed.sweeps == 2 && tamed.widening == 1)

    let cells = [cell("base"), cell("one") { $0.threads = 1 }]
    let narrow = try ledger(cells).cells[0]
    let wide = try ledger(cells, past: PastErrors(outcomes: 9, sweeps: 1, widening: 2)).cells[0]
    #expect(
      wide.ownHalfWidth == narrow.ownHalfWidth && wide.tokensPerSecond?.value == narrow.tokensPerSecond?.value
    )
    let own = try #require(narrow.ownHalfWidth)
    let rate = try #require(wide.tokensPerSecond)
    #expect(abs(try #require(rate.upper) / rate.value - 1 - 2 * own) < 1e-9, "twice as wide")
    #expect(wide.uncertainty.last?.source == .ledger)
    #expect(try ledger(cells, past: tamed).cells[0].uncertainty == narrow.uncertainty)
  }
}
