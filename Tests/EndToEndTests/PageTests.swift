import Foundation
import HeadwayTestSupport
import Testing

/// The page of a real run, opened as a person opens it. Skipped where no Chromium is installed.
@Suite(.serialized, .enabled(if: Browser.executable != nil, "no Chromium is installed"))
struct PageTests {
  @Test(.timeLimit(.minutes(5))) func theReportOfARunOpens() throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=60", "--set", "threads=3", "--set", "prefetch=1"]
        + ["--set", "stack_sampling_hz=499", "--set", "stack_sampling_mode=wall"])
    try #require(run.status == 0, "\(run.stderr)")
    let report = try place.headway(["report", "run", "--figures", "figures"])
    try #require(report.status == 0, "\(report.stderr)")
    for name in ["barriers", "loss", "threads", "timeline"] {
      #expect(place.exists("figures/\(name).svg"), "\(name)")
    }
    let browser = try Browser(try #require(Browser.executable))
    for width in [1_280, 390] {
      try browser.show(width: width)
      try browser.open(place.url("run/report.html"))
      #expect(browser.complaints == [])
      #expect(browser.requests == [])
      #expect(try browser.value(PageChecks.drawings, as: [String].self) == [])
      #expect(try browser.value(PageChecks.labels, as: [String].self) == [])
    }
    let ids: [String] = try browser.value(
      "[...document.querySelectorAll('figure')].map(figure => figure.id)")
    for id in ["threads", "barriers", "timeline", "steps", "memory-parts", "loss"] {
      #expect(ids.contains(id), "\(id) is not among \(ids)")
    }
    #expect(ids.contains { $0.hasPrefix("flame") }, "stacks were sampled")
    // The critical path of the shown steps tiles the timeline's axis.
    let tiled: Double = try browser.value(
      """
      (() => { const marks = document.querySelector('#timeline .narrow g.marks');
        const bands = [...marks.querySelectorAll('rect.path')].map(band => Number(band.getAttribute('width')));
        return bands.reduce((sum, width) => sum + width, 0) / (marks.dataset.right - marks.dataset.left); })()
      """)
    #expect(tiled > 0.98 && tiled < 1.2, "\(tiled)")

    // The same program again, differently arranged: the page of the comparison has both differences of its stacks.
    let other = try place.headway(
      ["train", "--corpus", "text", "--run-directory", "other"] + Workplace.smallModel
        + ["--set", "steps=60", "--set", "threads=3", "--set", "scheduling=queue"]
        + ["--set", "stack_sampling_hz=499", "--set", "stack_sampling_mode=wall"])
    try #require(other.status == 0, "\(other.stderr)")
    let compared = try place.headway(["compare", "run", "other", "--html", "compared.html"])
    try #require(compared.status == 0, "\(compared.stderr)")
    for width in [1_280, 390] {
      try browser.show(width: width)
      try browser.open(place.url("compared.html"))
      #expect(browser.complaints == [] && browser.requests == [])
      #expect(try browser.value(PageChecks.drawings, as: [String].self) == [])
      #expect(try browser.value(PageChecks.labels, as: [String].self) == [])
    }
    #expect(
      try browser.value("document.querySelectorAll('#flame-difference .marks rect').length", as: Int.self) > 4
    )
  }

  /// A trace of ten million events is cut to what a page can show, and the page says so.
  @Test(.timeLimit(.minutes(30))) func aLongTraceIsCutAndThePageSaysSo() throws {
    let events = 10_000_000
    let place = try Workplace()
    try FileManager.default.createDirectory(at: place.url("run"), withIntermediateDirectories: true)
    try Data(LongTrace.bytes(events: events)).write(to: place.url("run/trace.hwtrace"))
    let started = ContinuousClock.now
    let report = try place.headway(["report", "run"])
    try #require(report.status == 0, "\(report.stderr)")
    let steps = (events + LongTrace.eventsPerStep - 1) / LongTrace.eventsPerStep
    let page = try String(contentsOf: place.url("run/report.html"), encoding: .utf8)
    print("\(events) events: report in \(ContinuousClock.now - started), \(page.utf8.count) bytes")
    #expect(page.utf8.count < 5_000_000)
    #expect(
      page.contains("3 of \(steps.formatted(.number.locale(Locale(identifier: "en_US")))) steps are shown"))
    #expect(page.contains("The critical path, which decided how long this took"))
    let browser = try Browser(try #require(Browser.executable))
    try browser.show(width: 1_280)
    try browser.open(place.url("run/report.html"))
    #expect(browser.complaints == [] && browser.requests == [])
    #expect(try browser.value(PageChecks.drawings, as: [String].self) == [])
  }

  /// A trace that cannot be read costs its drawing only.
  @Test(.timeLimit(.minutes(5))) func aDamagedTraceCostsTheTimelineOnly() throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=5"])
    try #require(run.status == 0, "\(run.stderr)")
    try place.write("this is no trace", to: "run/trace.hwtrace")
    let report = try place.headway(["report", "run"])
    #expect(report.status == 0, "\(report.stderr)")
    let page = try String(contentsOf: place.url("run/report.html"), encoding: .utf8)
    #expect(page.contains("there is no timeline: ") && !page.contains("h-timeline"))
  }
}
