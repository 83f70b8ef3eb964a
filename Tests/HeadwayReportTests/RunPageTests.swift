import Foundation
import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct RunPageTests {
  private func page(_ run: RunSummary = SampleRun.whole) throws -> String {
    try HTMLReport.render(
      run: run, manifest: SampleRun.manifest, excerpt: TimelineExcerpt(of: SampleTrace.trace()),
      stacks: SampleTrace.stacks
    ).withPlainSpaces
  }

  @Test func sectionsComeInTheOrderOfUseAndInTheContents() throws {
    let html = try page()
    let names = [
      "findings", "threads", "barriers", "waits", "timeline", "stacks", "steps", "memory", "loss",
      "environment", "method", "repeat", "parameters",
    ]
    let headings = try names.map { try #require(html.range(of: "id=\"h-\($0)\"")?.lowerBound) }
    #expect(headings == headings.sorted())
    let links = html.matches(of: /href="#h-([a-z]+)"/).map { String($0.output.1) }
    #expect(links == names)
    // What only some runs have stands between the memory and the loss.
    var run = SampleRun.whole
    run.stepBooks = UnexplainedSteps(
      steps: 38, stepsOverBudget: 0, share: 0.001, worstStep: StepShare(step: 7, share: 0.004), threads: [:])
    let more = try page(run)
    let anchor = "h-unexplained-time-in-the-steps"
    #expect(more.contains("href=\"#\(anchor)\"") && more.contains("<h2 id=\"\(anchor)\">"))
    let order = try ["h-memory", anchor, "h-loss"].map {
      try #require(more.range(of: "id=\"\($0)\"")?.lowerBound)
    }
    #expect(order == order.sorted())
  }

  @Test func everyPlotHasItsTableAndBothForms() throws {
    let html = try page()
    let figures = html.matches(of: /<figure id="([^"]+)"/).map { String($0.output.1) }
    #expect(
      figures == [
        "threads", "barriers", "waits", "timeline", "flame", "flame-asleep", "steps", "memory",
        "memory-parts", "loss",
      ])
    for part in html.components(separatedBy: "<figure ").dropFirst() {
      let figure = part.prefix { _ in true }.components(separatedBy: "</figure>")[0]
      #expect(figure.components(separatedBy: "<svg").count == 3)
      #expect(figure.contains("<details>") && figure.contains("<tbody>") && figure.contains("scope=\"row\""))
    }
    let ids = html.matches(of: /<pattern id="([^"]+)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
  }

  @Test func itSaysWhereTheTimeWentAndHowToRepeatIt() throws {
    let html = try page()
    for text in [
      "The 4 workers were at useful work for 83 % of the time, blocked for 14 % and spinning for 2.0 %.",
      "all 5 threads", "4 workers", "headway train --corpus &#39;my text&#39; --set threads=4", "Test CPU",
      "OMP_NUM_THREADS=1", "90.0 MB resident", "3 of 5 steps are shown", "Running or ready to run",
      "Asleep, off the CPU",
      "they are in trace.hwtrace and stacks.json", "settled after 2 of 40 steps",
    ] {
      #expect(html.contains(text), "\(text)")
    }
  }

  @Test func whatIsNotThereIsNotShown() throws {
    let html = try HTMLReport.render(run: .literal())
    for id in ["threads", "barriers", "waits", "timeline", "stacks", "environment", "repeat"] {
      #expect(!html.contains("h-\(id)\""), "\(id)")
    }
    #expect(html.contains("could not be made"))
    #expect(!html.contains("{{"))
  }

  @Test func theBadgeCountsWhatFailedAndWhatCouldNotBeChecked() throws {
    #expect(try page().contains("✓ All 5 checks of these figures hold"))
    var run = SampleRun.whole
    run.losses.eventsDropped = 12
    #expect(try page(run).contains("✗ Read with care: 1 check of 5 failed"))
    #expect(try page(run).contains("12 events dropped or failed"))
    run.books?.closureError = .nan
    run.throughput.warmupSteps = 20
    run.completed = false
    #expect(try page(run).contains("✗ Read with care: 4 checks of 5 failed"))
    run = SampleRun.whole
    run.throughput.steps = 7
    #expect(try page(run).contains("? 1 check of 5 could not be made"))
  }

  @Test func hostileNamesAreTextEverywhere() throws {
    let evil = "</script></title><script>alert(1)</script><img src=x onerror=y>\"'&{{title}}"
    var run = SampleRun.whole
    run.threads[0].name = evil
    run.barriers[0].site = evil
    run.barriers[0].threadWaitNs[evil] = Nanoseconds(5)
    run.waits[0].site = evil
    run.memory.components[evil] = 5
    run.warnings = [evil]
    run.stacks = StackSummary(
      mode: .wall, frequencyHz: 99, samples: 1, losses: StackLosses(), handlerNs: .zero,
      roles: [
        RoleStacks(
          role: .main, periods: 1, sleepingPeriods: 0,
          functions: [
            HotFunction(name: evil, module: evil, selfPeriods: 1, sleepingPeriods: 0, totalPeriods: 1)
          ])
      ])
    var trace = SampleTrace.trace()
    trace.threads[1].name = evil
    trace.states[0].name = evil
    trace.sites[0].name = evil
    var manifest = SampleRun.manifest
    manifest.environment = [evil: evil]
    manifest.command = ["headway", evil]
    let html = try HTMLReport.render(
      run: run, manifest: manifest, excerpt: TimelineExcerpt(of: trace),
      stacks: .literal(stacks: [(evil, .worker, [evil], 3)]))
    #expect(html.components(separatedBy: "<script").count == 3)
    #expect(html.components(separatedBy: "</script").count == 3)
    #expect(!html.contains("<img"))
    let drawings = html.matches(of: /<svg[\s\S]*?<\/svg>/).map { String($0.output) }
    for drawing in drawings { #expect(try DrawnSVG(drawing).problems.isEmpty) }
  }

  /// 66 threads over 1,136 steps, as large as a report gets: it must stay easy to open.
  @Test func aLargeRunMakesASmallPage() throws {
    var run = SampleRun.run(threads: 65, scheduling: .barrier)
    run.throughput.stepsNs = (0..<1_136).map { Nanoseconds(43_000_000 + Int64($0 * 7_919 % 2_000_000)) }
    run.throughput.steps = 1_136
    let trace = SampleTrace.trace(workers: 65, steps: Array(repeating: 40, count: 60))
    let html = try HTMLReport.render(run: run, excerpt: TimelineExcerpt(of: trace))
    #expect(html.utf8.count < 1_500_000, "\(html.utf8.count) bytes")
  }
}
