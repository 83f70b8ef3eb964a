import HeadwayReport
import HeadwayTrace
import Testing

@Suite struct MarkdownReportTests {
  @Test func tableHasEveryCellAndEqualColumns() throws {
    let text = try MarkdownReport.render(sweep: SampleSweep.quick)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("thread") }
    #expect(rows.count == 12)
    #expect(Set(rows.map { $0.filter { $0 == "|" }.count }) == [10])
    #expect(text.contains("| 2 threads, queue, prefetch | 12,600 [12,500, 12,800] | 1.86× [1.83, 1.89] |"))
  }

  @Test func findingsChecksAndCautionsAreThere() throws {
    let text = try MarkdownReport.render(
      sweep: SampleSweep.quick, figures: [(title: "Throughput over threads", path: "scaling.svg")])
    #expect(text.contains("1. **Oversubscription** (4 threads, barrier): saves 4.9 % [3.1, 6.4]"))
    #expect(text.contains("> - This check failed: the books of every run close within 1 %"))
    #expect(text.contains("- ✓ the loss curve of every cell"))
    #expect(text.contains("![Throughput over threads](scaling.svg)"))
    #expect(text.contains("```sh\nheadway sweep profiles/quick.yaml --seed 7\n```"))
    #expect(!text.contains("{{"))
  }

  @Test func markupInTheDataIsText() throws {
    var sweep = SampleSweep.quick
    sweep.cells[1].label = "a | b <b> `c`\n[link](http://example.org)"
    sweep.command = "headway ``` sweep"
    let text = try MarkdownReport.render(sweep: sweep)
    #expect(text.contains("a \\| b &lt;b&gt; \\`c\\` [link]\\(http://example.org)"))
    #expect(text.contains("````sh\nheadway ``` sweep\n````"))
  }

  @Test func emptyAndPoisonedSweepsRender() throws {
    #expect(try MarkdownReport.render(sweep: SampleSweep.empty).contains("No cell of this sweep"))
    let text = try MarkdownReport.render(sweep: SampleSweep.poisoned)
    #expect(!text.contains("nan") && !text.contains("inf]"))
  }

  @Test func runHasCategoriesAndThreads() throws {
    let text = try MarkdownReport.render(run: SampleRun.run(threads: 2, scheduling: .barrier))
    #expect(text.contains("**11,700 tokens/s over 40 steps"))
    #expect(text.contains("| useful work | 3.31 s | 59 % |"))
    #expect(text.contains("| worker-1 | 83 % |"))
  }

  @Test func theHottestFunctionsAndTheBadgeAreThere() throws {
    let text = try MarkdownReport.render(run: SampleRun.whole)
    #expect(text.contains("| Kernels.multiply | program | workers | 59 % | 59 % | 0 % |"))
    #expect(text.contains("| futex\\_wait | libc.so.6 | workers | 30 % | 30 % | 30 % |"))
    #expect(text.contains("5 samples at 100 Hz of wall time"))
    #expect(text.contains("✓ All 5 checks of these figures hold: ✓ Books close"))
    #expect(!text.contains("{{"))
    #expect(try !MarkdownReport.render(run: .literal()).contains("Where the stacks were"))
  }

  @Test func manyThreadsAreCutAndSaidToBe() throws {
    let text = try MarkdownReport.render(run: SampleRun.run(threads: 63, scheduling: .barrier))
    #expect(text.contains("| worker-22 |") && !text.contains("| worker-23 |"))
    #expect(text.contains("The first 24 of 64 threads; `summary.json` has all."))
  }
}
