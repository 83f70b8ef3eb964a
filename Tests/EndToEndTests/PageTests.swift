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
