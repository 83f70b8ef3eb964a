import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The report of a program that was measured from outside: its own unit, and no word of what nobody recorded.
@Suite struct ForeignSweepReportTests {
  /// Two cells, of which the second takes half the time.
  private func sweep(better: SweepMetric.Polarity = .lower) -> SweepSummary {
    let cells = [1, 2].map { threads in
      var cell = SampleSweep.cell(threads, "queue", "off")
      let seconds = 3 / Double(threads)
      cell.metric = MetricSummary(
        estimate: Estimate(value: seconds, lower: seconds * 0.99, upper: seconds * 1.01, sampleCount: 8),
        samples: (0..<8).map { block in
          MetricSample(
            block: block, position: 0, value: seconds, stealShare: nil, foreignShare: nil,
            directory: "runs/\(cell.id)/\(block)")
        })
      (cell.samples, cell.tokensPerSecond, cell.shares) = ([], nil, nil)
      cell.isBaseline = threads == 1
      cell.verdict = threads == 1 ? nil : .faster
      cell.speedup = threads == 1 ? nil : Estimate(value: 2, lower: 1.97, upper: 2.03, sampleCount: 8)
      return cell
    }
    var sweep = SampleSweep.summary(cells)
    sweep.program = ForeignProgram(
      command: ["./train", "{threads}"], metric: SweepMetric(name: "wall time", unit: "s", better: better))
    (sweep.findings, sweep.overhead, sweep.corpus) = ([], nil, "./train {threads}")
    sweep.warnings = [ForeignProgram.defaultAbsence]
    return sweep
  }

  @Test func lessIsBetterWhereTheProfileSaysSo() {
    #expect(
      VerdictSentence.words(for: sweep()).hasPrefix(
        "On 2 CPUs the fastest cell is 2 threads, queue: 1.50 s [1.48, 1.52], 2.00× [1.97, 2.03] the baseline"
      ))
    #expect(
      VerdictSentence.words(for: sweep(better: .higher)).hasPrefix(
        "On 2 CPUs no cell measured more than the baseline, 1 thread, queue: 3.00 s"))
    var single = sweep()
    single.cells.removeLast()
    #expect(
      VerdictSentence.words(for: single)
        == "On 2 CPUs, 1 thread, queue has a wall time of 3.00 s [2.97, 3.03].")
  }

  @Test func everyFormatSaysWhatIsMissingAndWhy() throws {
    let sweep = sweep()
    let terminal = TerminalReport.render(sweep: sweep)
    let pages = [
      try MarkdownReport.render(sweep: sweep), try HTMLReport.render(sweep: sweep, runs: [:]).withPlainSpaces,
    ]
    for text in [terminal.replacing("\n  ", with: " ")] + pages {
      #expect(text.contains("measured from outside"), "\(text)")
      #expect(text.contains("./train") && !text.contains("tokens/s"), "\(text)")
      #expect(!text.contains("Findings</h2>") && !text.contains("No cause of lost time"))
    }
    #expect(terminal.contains("wall time, s") && terminal.contains("lower is better"))
    #expect(!terminal.contains("no\nCPU") && !terminal.contains("barrier  queue"))
    #expect(pages[1].contains("Wall time over threads") && pages[0].contains("| s [95 %] |"))
  }

  @Test func aCellWithoutThreadsIsInTheTableAndNotInTheDrawing() throws {
    var sweep = sweep()
    for index in sweep.cells.indices { sweep.cells[index].threads = nil }
    #expect(ScalingFigure.svg(sweep: sweep) == nil)
    #expect(TerminalReport.render(sweep: sweep).contains("1.50"))
  }

  @Test func whatEndedTheSweepIsSaid() {
    var sweep = sweep()
    sweep.stoppedBy = .halfWidth
    let text = TerminalReport.render(sweep: sweep).replacing(/\s+/, with: " ")
    #expect(text.contains("every interval had become as narrow as asked"))
    sweep.stoppedBy = .budget
    #expect(
      TerminalReport.render(sweep: sweep).replacing(/\s+/, with: " ").contains(
        "the budget had no time for another"))
  }
}
