import HeadwayReport
import HeadwayTrace
import Testing

@Suite struct TerminalReportTests {
  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test(arguments: [80, 100, 110, 140], [false, true])
  func linesStayWithinTheWidth(width: Int, ascii: Bool) {
    let texts = [
      TerminalReport.render(sweep: SampleSweep.quick, width: width, ascii: ascii),
      TerminalReport.render(sweep: SampleSweep.single, width: width, ascii: ascii),
      TerminalReport.render(sweep: SampleSweep.empty, width: width, ascii: ascii),
      TerminalReport.render(run: SampleRun.run(threads: 4, scheduling: .barrier), width: width, ascii: ascii),
    ]
    for text in texts {
      for line in lines(text) { #expect(line.count <= width, "\(line)") }
      #expect(text.hasSuffix("\n"))
      #expect(!ascii || text.unicodeScalars.allSatisfy { $0.isASCII })
    }
  }

  @Test func tableHoldsTheFiguresOfTheInput() {
    let wide = TerminalReport.render(sweep: SampleSweep.quick, width: 140)
    // 6,800 · 1.03 · 1.05 · 1.72 tokens/s against 6,800.
    #expect(wide.contains("12,600 [12,500, 12,800]"))
    #expect(wide.contains("1.86× [1.83, 1.89]"))
    for width in [100, 110, 140] {
      let text = TerminalReport.render(sweep: SampleSweep.quick, width: width)
      for figure in ["▲ faster", "● baseline", "≈ same", "? unclear", "38 %", "6.1 %"] {
        #expect(text.contains(figure), "\(figure) at \(width)")
      }
    }
    #expect(TerminalReport.render(sweep: SampleSweep.quick, width: 110).contains("12.6 [12.5, 12.8]"))
    #expect(TerminalReport.render(sweep: SampleSweep.quick, width: 80).contains("1.86 [1.83, 1.89]"))
  }

  @Test(arguments: [80, 100, 110, 140]) func columnsAreAligned(width: Int) throws {
    let all = lines(TerminalReport.render(sweep: SampleSweep.quick, width: width))
    let rule = try #require(all.firstIndex { $0.hasPrefix("───") })
    let rows = all[(rule + 1)...(rule + 12)].map(Array.init)
    // Every row has its first share, the efficiency, end in the same column; so have the intervals.
    #expect(Set(rows.map { $0.firstIndex(of: "%") }).count == 1)
    #expect(Set(rows.dropFirst().map { $0.firstIndex(of: "]") }).count == 1)
    #expect(all[rule].count >= rows.map(\.count).max() ?? 0)
  }

  @Test func verdictComesFirstAndNamesOpenOrder() {
    let first = TerminalReport.render(sweep: SampleSweep.quick, width: 140)
    #expect(
      first.hasPrefix(
        "On 2 CPUs the fastest cell is 2 threads, queue, prefetch: 12,600 tokens/s"))
    #expect(
      first.contains("1.86× [1.83, 1.89] the baseline (1 thread,\nbarrier)")
        || first.contains("the baseline (1 thread, barrier)"))
  }

  @Test func findingsAreNumberedWithEvidenceAndRemedy() {
    let text = TerminalReport.render(sweep: SampleSweep.quick, width: 140)
    #expect(
      text.contains(
        "1. Oversubscription, 4 threads, barrier: saves 4.9 % [3.1, 6.4]; supported by an experiment"))
    #expect(text.contains("2. Serial section, 2 threads, barrier: saves at most 4.5 %"))
    #expect(text.contains("Change: reduction: segmented"))
    #expect(
      text.contains(
        "Evidence: workers' wall in barrier.work_start* / (workers · window) = 9.8 % [9.1 %, 10 %]"))
    #expect(text.contains("Refuted if: fewer threads give no higher throughput"))
  }

  @Test func checksSpeakInWordsToo() {
    let text = TerminalReport.render(sweep: SampleSweep.quick, width: 140)
    #expect(text.contains("✓ the loss curve of every cell is bitwise the same"))
    #expect(text.contains("✗ not so: the books of every run close within 1 %"))
    let ascii = TerminalReport.render(sweep: SampleSweep.quick, width: 140, ascii: true)
    #expect(ascii.contains("FAIL not so: the books"))
  }

  @Test func notesStateBlocksOverheadAndExclusions() {
    let text = TerminalReport.render(sweep: SampleSweep.quick, width: 140)
    #expect(
      text.contains("8 of 10 blocks complete, 1 rerun because it was disturbed, seed 7, in 2 min 23 s"))
    #expect(text.contains("instrumented runs reach 0.99× [0.99, 1.00] the throughput of bare runs"))
    #expect(text.contains("4 threads, queue, block 6: exit status 1"))
    #expect(text.contains("! 1 block was rerun"))
  }

  @Test func manyExclusionsAreCounted() {
    var sweep = SampleSweep.quick
    sweep.excluded = [ExcludedRun](repeating: sweep.excluded[0], count: 30)
    #expect(TerminalReport.render(sweep: sweep).contains("- and 26 more"))
  }

  @Test func colourOnlyWhenAskedFor() {
    #expect(!TerminalReport.render(sweep: SampleSweep.quick).contains("\u{1B}"))
    let coloured = TerminalReport.render(sweep: SampleSweep.quick, color: true)
    #expect(coloured.contains("\u{1B}[32m"))
    // Colour changes no text.
    let plain = coloured.replacing(/\u{1B}\[[0-9]+m/, with: "")
    #expect(plain == TerminalReport.render(sweep: SampleSweep.quick))
  }

  @Test func controlCharactersOfDataDoNotReachTheTerminal() {
    var sweep = SampleSweep.quick
    sweep.cells[0].label = "evil\u{1B}[2Jcell\u{07}"
    sweep.warnings = ["line one\nline two \u{9B}31m"]
    let text = TerminalReport.render(sweep: sweep)
    #expect(!text.contains("\u{1B}") && !text.contains("\u{07}") && !text.contains("\u{9B}"))
  }

  @Test func noNumberIsNeverPrinted() {
    let text = TerminalReport.render(sweep: SampleSweep.poisoned, width: 110)
    #expect(!text.contains("nan") && !text.contains("inf ") && !text.contains("inf]"))
    #expect(text.contains("–"))
  }

  @Test func emptyAndSingleSweepsSaySo() {
    #expect(TerminalReport.render(sweep: SampleSweep.empty).hasPrefix("No cell of this sweep has a measured"))
    let single = TerminalReport.render(sweep: SampleSweep.single)
    #expect(single.hasPrefix("On 2 CPUs, 2 threads, queue, prefetch trains 11,900 tokens/s."))
    #expect(single.contains("No cause of lost time stands out"))
  }

  @Test func runReportShowsBooksThreadsAndWaits() {
    let text = TerminalReport.render(run: SampleRun.run(threads: 2, scheduling: .barrier), width: 100)
    #expect(
      text.hasPrefix(
        "11,700 tokens/s over 40 steps, the first 2 dropped as warm-up; the median step takes 43.8 ms"))
    #expect(text.contains("useful work"))
    #expect(text.contains("3 threads × 1.86 s"))
    #expect(text.contains("worker-1"))
    #expect(text.contains("work_end"))
    #expect(text.contains("worker-1, 57 %"))
    #expect(text.contains("6.820 at step 1") || text.contains("at step 40"))
    #expect(text.contains("validation 3.700 after step 40"))
    #expect(text.contains("peak 83.0 MB resident"))
  }

  @Test func bareRunSaysThatNothingWasRecorded() {
    var run = SampleRun.run(threads: 2, scheduling: .barrier)
    (run.books, run.threads, run.barriers, run.waits) = (nil, [], [], [])
    run.configuration?.probe = .off
    #expect(TerminalReport.render(run: run).contains("Nothing was recorded: the run had probe: off."))
    run.configuration?.probe = .counters
    #expect(TerminalReport.render(run: run).contains("the run ended before its threads could be read"))
  }
}
