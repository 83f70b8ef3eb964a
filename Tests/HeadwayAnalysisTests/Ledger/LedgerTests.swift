import Foundation
import HeadwayAnalysis
import HeadwayStatistics
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

  /// A run of the base whose tasks take so many times the usual, replayed.
  private func source(_ number: Int, slower factor: Double = 1) throws -> LedgerSource {
    var run = PlantedRun()
    run.configuration = base
    run.taskNs *= factor
    return LedgerSource(directory: "recordings/\(number)", replay: .success(try Replay(of: run.source)))
  }

  private func ledger(_ cells: [LedgerCell], past: PastErrors? = nil) throws -> PredictionLedger {
    PredictionLedger(of: cells, baseline: "base", from: [try source(0)], cores: 2, past: past)
  }

  private func unusable(_ number: Int, _ problem: String) -> LedgerSource {
    LedgerSource(
      directory: "recordings/\(number)",
      replay: .failure(InputError("recordings/\(number)", problem: problem, remedy: "none")),
      disturbance: "others used the machine")
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
      let recorded = try #require(ledger.recordings.first?.pace)
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
      of: [cell("base"), cell("one")], baseline: "base",
      from: [unusable(0, "the trace holds no step"), unusable(1, "it failed")], cores: 2)
    #expect(ledger.recordings.map(\.reason) == ["the trace holds no step", "it failed"])
    #expect(ledger.recordings.allSatisfy { $0.pace == nil && $0.replayError == nil && $0.disturbance != nil })
    #expect(ledger.cells == [CellPrediction(cell: "one", reason: "the trace holds no step")])
  }

  /// One of three recorded runs is 25 % slow: the middle counts, and the interval says how far they lie apart.
  @Test func theMiddleOfSeveralRecordedRunsCounts() throws {
    let cells = [cell("base"), cell("one") { $0.threads = 1 }]
    let slow = try source(1, slower: 1.25)
    let sources = [try source(0), slow, try source(2, slower: 1.02), unusable(3, "it failed")]
    let ledger = PredictionLedger(of: cells, baseline: "base", from: sources, cores: 2)
    func alone(_ source: LedgerSource) throws -> CellPrediction {
      PredictionLedger(of: cells, baseline: "base", from: [source], cores: 2).cells[0]
    }
    let (middle, slowest) = (try alone(sources[2]), try alone(slow))
    let prediction = ledger.cells[0]
    #expect(prediction.tokensPerSecond?.value == middle.tokensPerSecond?.value)
    #expect(ledger.recordings.map { $0.pace != nil } == [true, true, true, false])
    #expect(prediction.assumptions == middle.assumptions && prediction.reason == nil)
    let spread = try #require(prediction.uncertainty.first { $0.source == .recordings }).share
    let rates = (
      middle: try #require(middle.tokensPerSecond).value, slowest: try #require(slowest.tokensPerSecond).value
    )
    #expect(abs(spread - (rates.middle / rates.slowest - 1)) < 1e-9 && spread > 0.2)
    let own = try #require(middle.ownHalfWidth)
    let half = (own * own + spread * spread).squareRoot()
    #expect(abs(try #require(prediction.ownHalfWidth) - half) < 1e-9)
    let rate = try #require(prediction.tokensPerSecond)
    #expect(abs(try #require(rate.upper) / rate.value - 1 - half) < 1e-9)
    // What all threads lose alike is in no speed-up: there the recorded runs agree.
    let speedup = try #require(prediction.speedup)
    #expect(try #require(speedup.upper) / speedup.value - 1 < own + 0.02)
    // A single run does not tell how far others would lie.
    #expect(!middle.uncertainty.contains { $0.source == .recordings })
  }

  /// Seven recorded runs have a centre, as a cell's measured runs do, and that has an interval.
  @Test func manyRecordedRunsHaveACentre() throws {
    let cells = [cell("base"), cell("one") { $0.threads = 1 }]
    let sources = try [1.0, 1.02, 1.25, 1.01, 1.03, 1.3, 1.05].enumerated().map {
      try source($0.offset, slower: $0.element)
    }
    func ledger(_ sources: [LedgerSource]) -> CellPrediction {
      PredictionLedger(of: cells, baseline: "base", from: sources, cores: 2).cells[0]
    }
    let rates = try sources.map { try #require(ledger([$0]).tokensPerSecond).value }
    let centre = try #require(HodgesLehmann(rates))
    let interval = try #require(centre.interval())
    let prediction = ledger(sources)
    let rate = try #require(prediction.tokensPerSecond)
    #expect(
      abs(rate.value / centre.estimate - 1) < 1e-9 && rate.value < rates.sorted()[3], "the slow ones count")
    let spread = try #require(prediction.uncertainty.first { $0.source == .recordings }).share
    let reach = max(interval.upper / centre.estimate, centre.estimate / interval.lower) - 1
    #expect(abs(spread - reach) < 1e-9 && spread > 0.05)
  }

  /// The file of a sweep that had one recorded run.
  @Test func theFirstVersionIsReadAsOneRecordedRun() throws {
    let text = """
      {"schema": "headway.ledger/1", "baseline": "base", "recorded_run": "recording", "cores": 2,
       "disturbance": "others used the machine", "replay_error": 0.01,
       "recorded": {"steps": 9, "warmup_steps": 1, "incomplete_steps": 0, "step_ns": 5, "tokens_per_second": 100},
       "cells": [{"cell": "a", "reason": "nobody knows", "uncertainty": [], "assumptions": []}]}
      """
    let ledger = try HeadwayJSON.decode(PredictionLedger.self, from: Data(text.utf8), subject: "text")
    #expect(ledger.schema == PredictionLedger.schemaName && ledger.cores == 2 && ledger.past == nil)
    let pace = RecordedPace(
      steps: 9, warmupSteps: 1, incompleteSteps: 0, stepNs: 5, tokensPerSecond: 100)
    #expect(
      ledger.recordings == [
        BaselineRecording(
          directory: "recording", pace: pace, replayError: 0.01, disturbance: "others used the machine")
      ])
    #expect(ledger.cells == [CellPrediction(cell: "a", reason: "nobody knows")])
    let again = try HeadwayJSON.decode(
      PredictionLedger.self, from: try HeadwayJSON.document(ledger), subject: "text")
    #expect(again == ledger)
    let summary = LedgerSummary(
      ledger, hash: "00", frozenNs: Nanoseconds(1), measured: [measured("base", 110, nil)])
    #expect(summary.recording.directory == "recording" && summary.recording.tokensPerSecond == 100)
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

  private func recording(_ number: Int, _ rate: Double?, error: Double?) -> BaselineRecording {
    BaselineRecording(
      directory: "recordings/\(number)",
      pace: rate.map {
        RecordedPace(steps: 9, warmupSteps: 0, incompleteSteps: 0, stepNs: 1, tokensPerSecond: $0)
      }, replayError: error, disturbance: rate == nil ? "others used the machine" : nil)
  }

  /// Predicted 100, 200, 300 tokens/s; measured 110, 190 and never; a fourth cell is not predicted.
  private var summary: LedgerSummary {
    let ledger = PredictionLedger(
      baseline: "base",
      recordings: [
        recording(0, 90, error: 0.001), recording(1, 110, error: -0.02), recording(2, nil, error: nil),
        recording(3, 105, error: 0.01),
      ], cores: 2,
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
    let recording = summary.recording
    #expect(recording.directory == "recordings" && recording.tokensPerSecond == 105)
    #expect(recording.replayError == -0.02)
    #expect(recording.disturbance == "others used the machine" && recording.runs?.count == 4)
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
