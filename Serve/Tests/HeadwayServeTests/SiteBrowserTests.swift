import Foundation
import HeadwayTestSupport
import Testing

/// The served pages in a real browser, clicked through as a person does. Skipped where no Chromium is installed;
/// `HEADWAY_PICTURES` names a directory for pictures.
@Suite(.serialized, .enabled(if: Browser.executable != nil, "no Chromium is installed"))
struct SiteBrowserTests {
  private func visit(_ browser: Browser, _ name: String, problems: [String] = []) throws {
    #expect(browser.complaints == [], "\(name)")
    #expect(try browser.value(PageChecks.labels, as: [String].self) == [], "\(name)")
    #expect(try browser.value(PageChecks.drawings, as: [String].self) == problems, "\(name)")
    guard let folder = ProcessInfo.processInfo.environment["HEADWAY_PICTURES"] else { return }
    try browser.picture().write(to: URL(filePath: folder).appending(path: "\(name).png"))
  }

  @Test(.timeLimit(.minutes(5))) func aListAReportAndAComparisonByClicking() throws {
    let place = try ServedPlace()
    let server = try ServerProcess(place.plan)
    let browser = try Browser(try #require(Browser.executable))
    let list = try #require(URL(string: server.address))
    for (width, isDark) in [(1_280, false), (390, false), (390, true)] {
      let name = "\(width)-\(isDark ? "dark" : "light")"
      try browser.show(width: width, isDark: isDark)
      try browser.open(list)
      // Only the page itself is asked for: whatever the browser wants besides, its policy forbids.
      #expect(browser.requests.allSatisfy { $0.hasSuffix("/favicon.ico") }, "\(browser.requests)")
      try visit(browser, "served-list-\(name)", problems: ["no drawing is shown"])
      let mark = """
        (() => { const mark = (name, field) => [...document.querySelectorAll("tbody tr")]
            .find(row => row.cells[0].textContent === name).querySelector(`input[name=${field}]`).click();
          mark("slow", "base"); mark("fast", "candidate"); return true; })()
        """
      #expect(try browser.value(mark, as: Bool.self))
      try browser.follow("document.querySelector('form[action=\"/compare\"] button').click()")
      #expect(
        try browser.value("document.querySelector('h1').textContent", as: String.self).contains("2.00×"))
      try visit(browser, "served-comparison-\(name)", problems: ["no drawing is shown"])
      try browser.follow("document.querySelector('nav.trail a').click()")
      try browser.follow(
        "[...document.querySelectorAll('tbody th a')].find(a => a.textContent === 'fast').click()")
      #expect(
        try browser.value("document.querySelector('h1').textContent", as: String.self).contains("tokens/s"))
      try visit(browser, "served-report-\(name)")
      try browser.open(list.appending(path: "absent"))
      // The one complaint that a page in words about a wrong address cannot prevent.
      #expect(browser.complaints.allSatisfy { $0.contains("404") })
      #expect(
        try browser.value("document.querySelector('h1').textContent", as: String.self)
          == "There is no such page")
    }
  }
}
