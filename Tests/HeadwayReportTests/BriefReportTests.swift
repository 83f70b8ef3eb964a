import Foundation
import HeadwayReport
import HeadwayTrace
import Testing

/// The reports of forty lines: they stay within them whatever the data, and lose nothing that a reader must know.
@Suite struct BriefReportTests {
  private static let places = ReportPlaces(
    [.init("reports", "my sweep/report.html"), .init("", "my sweep/report.md")],
    command: ["headway", "report", "my sweep", "--full"])

  private func brief(_ sweep: SweepSummary, width: Int = 110, ascii: Bool = false) -> String {
    TerminalReport.brief(sweep: sweep, places: Self.places, width: width, ascii: ascii)
  }

  private func brief(_ run: RunSummary, width: Int = 110, ascii: Bool = false) -> String {
    TerminalReport.brief(
      run: run, manifest: SampleRun.manifest, places: Self.places, width: width, ascii: ascii)
  }

  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }

  /// A text with its line breaks as blanks.
  private func flat(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Where each part of a report begins, in the order in which the parts are named.
  private func expectOrder(_ parts: [String], in text: String) {
    let places = parts.map { text.range(of: $0)?.lowerBound }
    for (part, place) in zip(parts, places) { #expect(place != nil, "\(part) in:\n\(text)") }
    let found = places.compactMap(\.self)
    #expect(found == found.sorted(), "\(text)")
  }

  /// A sweep with more of everything that a reader must know than a screen holds, in long words.
  private static var flood: SweepSummary {
    var sweep = SampleSweep.large
    let long = String(repeating: " with many words that go on", count: 8)
    sweep.warnings = (0..<30).map { "warning \($0)" + long }
    sweep.excluded = (0..<31).map {
      ExcludedRun(cell: "cell \($0)" + long, block: $0, reason: "reason \($0)" + long, lastLines: [long])
    }
    sweep.checks = (0..<20).map { SweepCheck(claim: "claim \($0)" + long, passed: $0 > 11, detail: long) }
    sweep.findings = (0..<12).map { index in
      var finding = sweep.findings[0]
      (finding.scope, finding.change) = ("scope \(index)" + long, "change \(index)" + long)
      return finding
    }
    var effect = EffectRow(
      settings: [AxisSetting(axis: "scheduling", value: "queue")], from: ["barrier"],
      factor: Estimate(value: 1.1, lower: 1.05, upper: 1.2, sampleCount: 6), share: 0.3)
    effect.perDoubling = effect.factor
    sweep.effects = (0..<9).map {
      EffectTable(scope: "\($0) threads", rows: [effect, effect], unexplained: 0.1, isFraction: false)
    }
    return sweep
  }

  @Test(arguments: [60, 80, 100, 110, 140], [false, true])
  func aSweepIsFortyLinesAtMost(width: Int, ascii: Bool) {
    let sweeps = [
      SampleSweep.quick, SampleSweep.single, SampleSweep.empty, SampleSweep.poisoned, SampleSweep.large,
      SampleSweep.lawful, Self.flood,
    ]
    for sweep in sweeps {
      let text = brief(sweep, width: width, ascii: ascii)
      #expect(lines(text).count <= 40, "\(lines(text).count) lines:\n\(text)")
      #expect(text.hasSuffix("\n") && text.contains("headway report 'my sweep' --full"))
      #expect(!ascii || text.unicodeScalars.allSatisfy { $0.isASCII }, "\(text)")
      #expect(!text.contains("nan") && !text.contains("inf "))
      // A table of seven columns needs more than 60.
      if width > 60 { for line in lines(text) { #expect(line.count <= width, "\(line)") } }
    }
  }

  @Test(arguments: [60, 80, 100, 110, 140], [false, true])
  func aRunIsFortyLinesAtMost(width: Int, ascii: Bool) {
    var bare = SampleRun.run(threads: 2, scheduling: .barrier)
    (bare.books, bare.threads, bare.barriers, bare.waits) = (nil, [], [], [])
    var partial = SampleRun.whole
    (partial.partial, partial.completed) = (true, false)
    partial.warnings = Self.flood.warnings
    partial.findings = Self.flood.findings
    partial.losses.eventsDropped = 9
    let runs = [
      SampleRun.whole, SampleRun.run(threads: 4, scheduling: .barrier),
      SampleRun.run(threads: 64, scheduling: .queue), bare, partial,
    ]
    for run in runs {
      let text = brief(run, width: width, ascii: ascii)
      #expect(lines(text).count <= 40, "\(lines(text).count) lines:\n\(text)")
      #expect(text.hasSuffix("\n") && text.contains("headway report 'my sweep' --full"))
      #expect(!ascii || text.unicodeScalars.allSatisfy { $0.isASCII }, "\(text)")
      if width > 60 { for line in lines(text) { #expect(line.count <= width, "\(line)") } }
    }
  }

  @Test func theStoryOfASweepIsInOrderAndLosesNothing() {
    let text = brief(SampleSweep.quick)
    expectOrder(
      [
        "On 2 CPUs the fastest cell is 2 threads, queue, prefetch: 12,600 tokens/s [12,500, 12,800]",
        "AMD EPYC 7B13", "8 of 10 blocks complete, 1 rerun", "! 1 block was rerun",
        "! left out: 4 threads, queue, block 6: exit status 1 (headway: the corpus has no text)",
        "Findings by saving", "1. Oversubscription, 4 threads, barrier: saves 4.9 % [3.1, 6.4]",
        "speed-up", "All threads' time (3 of 12)",
        "✗ not so: the books of every run close within 1 %", "✓ The other check holds",
        "reports     my sweep/report.html", "            my sweep/report.md",
        "in full     headway report 'my sweep' --full",
      ], in: text)
    #expect(flat(text).contains("saves 4.9 % [3.1, 6.4], supported → threads: 2"))
    #expect(flat(text).contains("saves at most 4.5 % [4.1, 4.9], untested → reduction: segmented"))
    #expect(flat(text).contains("(4 threads, queue in block 3 misses 1.4 %)"))
    // The cells that matter are in the table, and the others are counted.
    let table = lines(text).filter { $0.contains("● baseline") || $0.contains("▲ faster") }
    #expect(table.contains { $0.hasPrefix("1 thread, barrier ") })
    #expect(table.contains { $0.hasPrefix("2 threads, queue, prefetch ") && $0.contains("1.86") })
    let cells = lines(text).filter { line in ["●", "▲", "≈", "? unclear"].contains { line.contains($0) } }
    let more = text.firstMatch(of: /and (\d+) more cells?;/).flatMap { Int($0.output.1) } ?? 0
    #expect(cells.count + more == 12 && cells.count >= 6, "\(text)")
  }

  @Test func whatIsTooMuchIsCounted() {
    let text = flat(brief(Self.flood))
    for part in [
      "! warning 0", "and 27 more warnings", "! left out: cell 0", "and 28 more runs left out",
      "not so: claim 0",
      "10 more checks failed", "The other 8 checks hold", "Findings by saving, 2 of 12",
      "1. Oversubscription",
      "(1 of 18)",
    ] { #expect(text.contains(part), "\(part) in:\n\(text)") }
    #expect(text.contains(/and 49\d more cells; the report in full has them all/))
  }

  @Test func checksThatAllHoldAreOneLine() {
    var sweep = SampleSweep.quick
    sweep.checks.removeAll { !$0.passed }
    #expect(brief(sweep).contains("\n✓ The one check holds\n"))
    sweep.checks += sweep.checks
    #expect(brief(sweep).contains("\n✓ All 2 checks hold\n"))
    #expect(brief(sweep, ascii: true).contains("\nok   All 2 checks hold\n"))
  }

  @Test func switchesPredictionsAndLawsAreThere() {
    var sweep = Self.flood
    (sweep.warnings, sweep.excluded, sweep.checks) = ([], [], [])
    sweep.cells = SampleSweep.quick.cells
    let text = flat(brief(sweep))
    #expect(text.contains("What each switch multiplies tokens/s by"))
    #expect(text.contains("0 threads: scheduling barrier → queue 1.10× [1.05, 1.20]"))
    #expect(brief(SampleSweep.lawful).contains("Scaling: "))
    #expect(
      !brief(SampleSweep.quick).contains("What each switch")
        && !brief(SampleSweep.quick).contains("Predicted"))
  }

  @Test func theStoryOfARunIsInOrderAndLosesNothing() {
    let text = brief(SampleRun.run(threads: 4, scheduling: .barrier))
    expectOrder(
      [
        "11,700 tokens/s", "The 4 workers were at useful work for 83 % of the time", "4 threads, barrier",
        "! the CPU clock of main was read late", "Findings by saving", "1. Serial section",
        "thread ", "worker-3", "All threads' time", "\nblocked ", "Waits", "work_end",
        "Loss", "validation 3.700 after step 40", "Memory", "✓ All 5 checks hold", "in full",
      ], in: text)
    #expect(SampleRun.whole.stacks != nil)
    let whole = brief(SampleRun.whole)
    #expect(
      whole.contains("Hottest     worker: multiply 59 %, futex_wait 30 %")
        || whole.contains("Kernels.multiply 59 %"))
    #expect(whole.contains("stacks; the report in full has their tables"))
  }

  @Test func aRunThatIsNotToBeBelievedSaysSo() {
    var run = SampleRun.run(threads: 64, scheduling: .barrier)
    run.partial = true
    run.losses.eventsDropped = 9
    let text = brief(run)
    #expect(text.hasPrefix("Partial: the recording was cut off."))
    #expect(text.contains("✗ Records lost: 9 events dropped or failed"))
    #expect(text.contains("✗ Cut off: the recording ended before the run did"))
    #expect(text.contains(/and \d+ more threads; the report in full has them all/) && text.contains("main "))
    run.books = nil
    run.configuration?.probe = .off
    #expect(brief(run).contains("Nothing was recorded: the run had probe: off."))
  }

  @Test func colourChangesNoText() {
    let coloured = TerminalReport.brief(sweep: SampleSweep.quick, places: Self.places, color: true)
    #expect(coloured.contains("\u{1B}[31m") && !brief(SampleSweep.quick).contains("\u{1B}"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == brief(SampleSweep.quick, width: 100))
  }
}
