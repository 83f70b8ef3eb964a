import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Predictions beside their outcomes in every format, from literals.
@Suite struct LedgerReportTests {
  private static func estimate(_ value: Double, _ half: Double = 0.1) -> Estimate {
    Estimate(value: value, lower: value * (1 - half), upper: value * (1 + half), sampleCount: 8)
  }

  /// The quick sweep: its second cell was predicted 20 % too high, the last two of twelve not at all.
  private static var sweep: SweepSummary {
    var sweep = SampleSweep.quick
    let rows = sweep.cells.dropFirst().enumerated().map { index, cell in
      let rate = cell.tokensPerSecond?.value ?? .nan
      let factor = index == 0 ? 1.2 : 1.01
      let isKnown = index < 9
      return LedgerRow(
        cell: cell.id, label: cell.label,
        tokensPerSecond: isKnown
          ? .init(predicted: estimate(rate * factor), measured: cell.tokensPerSecond) : nil,
        speedup: isKnown
          ? .init(predicted: estimate(rate * factor / 6_800), measured: cell.speedup) : nil,
        ownHalfWidth: isKnown ? 0.1 : nil,
        reason: isKnown ? nil : "the recorded run does not say how fast the blas kernels are")
    }
    let score = LedgerScore(
      outcomes: 9, covered: 8, medianAbsoluteError: 0.01, largestAbsoluteError: 0.2, worst: rows[0].label)
    sweep.predictions = LedgerSummary(
      hash: "0123456789abcdef", frozenNs: Nanoseconds(2_000_000_000),
      recording: LedgerRecording(
        label: "1 thread, barrier", directory: "recording", tokensPerSecond: 6_900,
        measured: estimate(6_800), replayError: -0.004,
        disturbance: "other processes used 20 % of the machine", runs: nil),
      past: PastErrors(outcomes: 22, sweeps: 2, widening: 1.3), rows: rows, throughput: score, speedup: score)
    return sweep
  }

  private static let said = [
    "Predicted before the first run", "8 of 9 throughputs measured within the predicted interval",
    "1.0 % in the middle and 20 % at most (1 thread, barrier, prefetch)", "8 of 9; errors", "+20.0 %",
    "+1.0 %",
    "the recorded run does not say how fast the blas kernels are", "0123456789abcdef",
    "before the first run of a block",
    "−0.4 %", "+1.5 % against the blocks",
    "22 earlier predictions of 2 sweeps widened the intervals by the factor 1.30",
    "While it was recorded, other processes used 20 % of the machine",
  ]

  @Test(arguments: [80, 100, 140]) func theTerminalSaysIt(width: Int) {
    let text = TerminalReport.render(sweep: Self.sweep, width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(text)")
    let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in Self.said { #expect(flat.contains(part), "\(part) in \(flat)") }
    let plain = TerminalReport.render(sweep: Self.sweep, width: width, ascii: true)
    #expect(plain.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test func thePageAndTheMarkdownSayIt() throws {
    let page = try HTMLReport.render(sweep: Self.sweep).withPlainSpaces
    let markdown = try MarkdownReport.render(sweep: Self.sweep)
    for part in Self.said {
      #expect(page.contains(part), "\(part)")
      #expect(markdown.contains(part), "\(part)")
    }
    #expect(
      page.contains("href=\"#h-predictions\"") && page.contains("<th scope=\"col\" class=\"n\">within</th>"))
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("+1.0 %") }
    #expect(
      rows.count == 8
        && rows.allSatisfy { $0.split(separator: "|").count == rows[0].split(separator: "|").count })
  }

  /// Three recorded runs, of which one is useless: the words of several, where a sweep of an earlier version has those
  /// of one.
  @Test func everyRecordedRunIsNamed() throws {
    var sweep = Self.sweep
    #expect(TerminalReport.render(sweep: sweep, width: 400).contains("Replayed from one run of the baseline"))
    func pace(_ rate: Double) -> RecordedPace {
      RecordedPace(steps: 9, warmupSteps: 1, incompleteSteps: 0, stepNs: 1, tokensPerSecond: rate)
    }
    sweep.predictions?.recording.directory = "recordings"
    sweep.predictions?.recording.runs = [
      BaselineRecording(directory: "recordings/0", pace: pace(6_700), replayError: 0.001),
      BaselineRecording(directory: "recordings/1", reason: "it was killed"),
      BaselineRecording(directory: "recordings/2", pace: pace(7_100), replayError: -0.004),
    ]
    let said = [
      "Replayed from 3 runs of the baseline (1 thread, barrier, recordings), made ahead of the blocks, of which the"
        + " middle counts; they reached 6,700 and 7,100 tokens/s, in the middle +1.5 % against the blocks",
      "their own steps are reproduced with an error of −0.4 % at most",
      "While they were recorded, other processes", "recordings/1 is left out: it was killed.",
    ]
    for text in [
      TerminalReport.render(sweep: sweep, width: 2_000), try MarkdownReport.render(sweep: sweep),
      try HTMLReport.render(sweep: sweep).withPlainSpaces,
    ] {
      for part in said { #expect(text.contains(part), "\(part)") }
    }
  }

  @Test func nothingIsShownWhereNothingWasPredicted() throws {
    #expect(!TerminalReport.render(sweep: SampleSweep.quick).contains("Predicted"))
    #expect(try !HTMLReport.render(sweep: SampleSweep.quick).contains("id=\"h-predictions\""))
    #expect(try !MarkdownReport.render(sweep: SampleSweep.quick).contains("Predicted"))
    var sweep = Self.sweep
    sweep.predictions?.rows.removeAll { $0.reason == nil }
    sweep.predictions?.throughput = nil
    sweep.predictions?.speedup = nil
    sweep.predictions?.past = nil
    let text = TerminalReport.render(sweep: sweep)
    #expect(text.contains("Nothing could be predicted.") && text.contains("No earlier sweep"))
  }

  @Test func aFigureThatIsNoNumberIsADash() throws {
    var sweep = Self.sweep
    sweep.predictions?.rows[0].tokensPerSecond?.error = .nan
    sweep.predictions?.throughput?.largestAbsoluteError = .infinity
    sweep.predictions?.recording.replayError = .nan
    for text in [
      TerminalReport.render(sweep: sweep), try MarkdownReport.render(sweep: sweep),
    ] {
      #expect(!text.contains("nan") && !text.contains("inf "))
    }
  }
}
