import Foundation
import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The pages in a real browser: what a person with a wide or a narrow window, a light or a dark scheme, and only
/// a keyboard gets. Skipped where no Chromium is installed; `HEADWAY_PICTURES` names a directory for pictures.
@Suite(.serialized, .enabled(if: Browser.executable != nil, "no Chromium is installed"))
struct BrowserTests {
  private func browser(_ html: String, _ name: String) throws -> (Browser, URL, TemporaryDirectory) {
    let directory = try TemporaryDirectory()
    let file = try directory.write(html, to: "\(name).html")
    return (try Browser(try #require(Browser.executable)), file, directory)
  }

  /// Opens the page in both widths and schemes and asks everything of it.
  ///
  /// - Parameters:
  ///   - hasDrawings: Whether there is anything drawn on it.
  ///   - isForm: Whether it has radio buttons, of which the keyboard reaches a group at once.
  private func check(
    _ html: String, _ name: String, hasDrawings: Bool = true, isForm: Bool = false
  ) throws {
    let (browser, file, directory) = try browser(html, name)
    defer { withExtendedLifetime(directory) {} }
    for width in [1_280, 390] {
      for isDark in [false, true] {
        let place: Comment = "\(name) at \(width), \(isDark ? "dark" : "light")"
        try browser.show(width: width, isDark: isDark)
        try browser.open(file)
        #expect(browser.complaints == [], place)
        #expect(browser.requests == [], place)
        let missing = hasDrawings ? [] : ["no drawing is shown"]
        #expect(try browser.value(PageChecks.drawings, as: [String].self) == missing, place)
        #expect(try browser.value(PageChecks.labels, as: [String].self) == [], place)
        let height = try browser.value("document.documentElement.scrollHeight", as: Int.self)
        try browser.show(width: width, height: height, isDark: isDark)
        #expect(try browser.value(PageChecks.contrast, as: [String].self) == [], place)
        try keep(browser, "\(name)-\(width)-\(isDark ? "dark" : "light")")
      }
    }
    try browser.show(width: 1_280)
    try browser.open(file)
    if !isForm { try checkKeyboard(browser, name) }
    try browser.show(width: 800, isPrint: true)
    #expect(try browser.value("getComputedStyle(document.querySelector('nav')).display") == "none")
    try keep(browser, "\(name)-print")
    #expect(browser.complaints == [])
  }

  private func checkKeyboard(_ browser: Browser, _ name: String) throws {
    let count = try browser.value(PageChecks.reachable, as: Int.self)
    #expect(count > (name == "live" ? 3 : 10))
    var places: [String] = []
    for _ in 0..<count {
      try browser.press("Tab")
      places.append(try browser.value(PageChecks.focused))
    }
    #expect(places.allSatisfy { Int($0) != nil }, "\(name): \(places.filter { Int($0) == nil })")
    #expect(Set(places).count == count, "\(name): the keyboard reaches \(Set(places).count) of \(count)")
  }

  private func keep(_ browser: Browser, _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["HEADWAY_PICTURES"] else { return }
    try browser.picture().write(to: URL(filePath: folder).appending(path: "\(name).png"))
  }

  private func runPage(workers: Int) throws -> String {
    var run = SampleRun.whole
    let other = SampleRun.run(threads: workers, scheduling: .barrier)
    (run.threads, run.books) = (other.threads, other.books)
    let spread = run.barriers[0].spreadNs
    run.barriers = other.barriers
    for index in run.barriers.indices { run.barriers[index].spreadNs = spread }
    var excerpt = TimelineExcerpt(of: SampleTrace.trace(workers: workers))
    excerpt?.mark(criticalPath: SampleTrace.path(workers: workers))
    return try HTMLReport.render(
      run: run, manifest: SampleRun.manifest, excerpt: excerpt, stacks: SampleTrace.stacks)
  }

  @Test(.timeLimit(.minutes(5))) func theSweepsPage() throws {
    try check(try HTMLReport.render(sweep: SampleSweep.quick, runs: SampleRun.all), "sweep")
  }

  @Test(.timeLimit(.minutes(5))) func theRunsPage() throws {
    try check(try runPage(workers: 24), "run")
  }

  @Test(.timeLimit(.minutes(5))) func thePagesOfASite() throws {
    try check(
      try HTMLReport.render(catalogue: SitePageTests.listing()), "catalogue", hasDrawings: false, isForm: true
    )
    let options = LivePageOptions(refreshSeconds: nil, toggle: PageLink("Follow it again", to: "/live"))
    try check(
      try HTMLReport.render(
        live: SitePageTests.live(workers: 4), name: "now", what: "4 threads, queue", options: options,
        trail: [PageLink("All runs and sweeps", to: "/")]), "live")
  }

  @Test(.timeLimit(.minutes(5))) func thePageOfAComparison() throws {
    let html = try HTMLReport.render(
      comparison: SampleComparison.runs, stacks: SampleComparison.stacks, command: "headway compare a b")
    try check(html, "comparison")
  }

  @Test(.timeLimit(.minutes(5))) func thePageOfASystemTest() throws {
    try check(try HTMLReport.render(systemTest: SampleSystemTest.whole), "system-test")
    try check(
      try HTMLReport.render(systemTest: SampleSystemTest.broken), "system-test-broken", hasDrawings: false)
  }

  @Test(.timeLimit(.minutes(5))) func thePageOfASweepWithALawAndPhases() throws {
    let html = try HTMLReport.render(
      sweep: SampleSweep.lawful, runs: SampleRun.all, phases: SampleComparison.phases)
    try check(html, "sweep-law")
  }

  /// 500 cells of nine runs open in a browser as a small sweep does.
  @Test(.timeLimit(.minutes(5))) func aSweepOfFiveHundredCellsOpens() throws {
    let html = try HTMLReport.render(sweep: SampleSweep.large, runs: SampleSweep.largeRuns)
    #expect(html.utf8.count < 5_000_000, "\(html.utf8.count) bytes")
    let (browser, file, directory) = try browser(html, "large")
    defer { withExtendedLifetime(directory) {} }
    for width in [1_280, 390] {
      try browser.show(width: width)
      try browser.open(file)
      #expect(browser.complaints == [] && browser.requests == [])
      #expect(try browser.value(PageChecks.drawings, as: [String].self) == [])
      #expect(try browser.value(PageChecks.labels, as: [String].self) == [])
    }
    #expect(
      try browser.value("document.querySelectorAll('[aria-label=Cells] tbody tr').length", as: Int.self)
        == 500)
    let ready: Double = try browser.value(
      "(() => { const t = performance.getEntriesByType('navigation')[0]; return t.loadEventEnd - t.startTime; })()"
    )
    print("a page of 500 cells, \(html.utf8.count) bytes, was loaded in \(Int(ready)) ms")
  }

  @Test(.timeLimit(.minutes(5))) func theScriptSortsFiltersAndZooms() throws {
    let (browser, file, directory) = try browser(try runPage(workers: 24), "script")
    defer { withExtendedLifetime(directory) {} }
    try browser.show(width: 1_280)
    try browser.open(file)
    // Sorting: by CPU time, largest first and then the other way; names with numbers as numbers.
    let column = """
      document.querySelectorAll('details').forEach(fold => { fold.open = true; });
      window.column = (figure, name) => {
        const table = document.querySelector(`#${figure} table`);
        const at = [...table.tHead.rows[0].cells].findIndex(cell => cell.textContent === name);
        return { click: () => table.tHead.rows[0].cells[at].querySelector("button").click(),
          texts: () => [...table.tBodies[0].rows].map(row => row.cells[at].textContent),
          sort: () => table.tHead.rows[0].cells[at].getAttribute("aria-sort") };
      }; true
      """
    #expect(try browser.value(column, as: Bool.self))
    let byCPU = "(() => { const c = column('threads', 'CPU time'); c.click(); return c.texts(); })()"
    let first: [String] = try browser.value(byCPU)
    #expect(first.last == "260 ms" && first.first == "1.58 s")
    let second: [String] = try browser.value(byCPU)
    #expect(second.first == "260 ms" && second.last == "1.58 s")
    #expect(try browser.value("column('threads', 'CPU time').sort()") == "ascending")
    let names: [String] = try browser.value(
      "(() => { const c = column('threads', 'thread'); c.click(); return c.texts(); })()")
    #expect(names == ["main"] + (0..<24).map { "worker-\($0)" })
    let filtered: Int = try browser.value(
      """
      (() => { const field = document.querySelector('#threads input'); field.value = 'worker-1';
        field.dispatchEvent(new Event('input'));
        return [...document.querySelectorAll('#threads tbody tr')].filter(row => !row.hidden).length; })()
      """)
    #expect(filtered == 11, "worker-1 and worker-10 to worker-19")

    // Zooming the timeline by the keyboard: spans widen about the middle, the marks of the axis follow.
    let state = """
      (() => { const svg = document.querySelector('#timeline .wide svg');
        const shown = [...svg.querySelectorAll('.marks rect')].filter(mark => mark.style.display !== 'none');
        return [shown.length, ...[...svg.querySelectorAll('.ticks text')].map(tick => tick.textContent)].map(String); })()
      """
    let before: [String] = try browser.value(state)
    #expect(try browser.value("document.querySelector('#timeline .wide svg').focus(); true", as: Bool.self))
    for _ in 0..<3 { try browser.press("+", text: "+") }
    let zoomed: [String] = try browser.value(state)
    #expect(Int(zoomed[0]) ?? 0 < Int(before[0]) ?? 0 && zoomed[1] != before[1])
    try browser.press("ArrowLeft")
    #expect(try browser.value(state, as: [String].self) != zoomed)
    try browser.press("Escape")
    let reset: [String] = try browser.value(state)
    #expect(reset[0] == before[0])

    // A flame graph widens the function that is chosen, and says which it is.
    let widest = """
      Math.max(...[...document.querySelectorAll('#flame .wide .marks rect')]
        .filter(mark => mark.dataset.tip === undefined ? mark.textContent.startsWith('add') : true)
        .map(mark => Number(mark.getAttribute('width'))))
      """
    #expect(try browser.value(widest, as: Double.self) == 120)
    #expect(try browser.value("document.querySelector('#flame .wide svg').focus(); true", as: Bool.self))
    try browser.press("ArrowDown")
    #expect(
      try browser.value("document.querySelector('#flame .controls.wide .said').textContent", as: String.self)
        .hasPrefix("main thread"))
    let clicked = """
      (() => { const mark = [...document.querySelectorAll('#flame .wide .marks rect')]
        .find(mark => mark.textContent.startsWith('add'));
        mark.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        return Number(mark.getAttribute('width')); })()
      """
    #expect(try browser.value(clicked, as: Double.self) == 800)
    #expect(browser.complaints == [])
  }

  @Test(.timeLimit(.minutes(5))) func thePageIsWholeWithoutItsScript() throws {
    let html = try runPage(workers: 4)
    let script = try #require(html.range(of: #"<script>\n[\s\S]*?</script>"#, options: .regularExpression))
    let (browser, file, directory) = try browser(html.replacingCharacters(in: script, with: ""), "plain")
    defer { withExtendedLifetime(directory) {} }
    try browser.show(width: 1_280)
    try browser.open(file)
    #expect(try browser.value(PageChecks.drawings, as: [String].self) == [])
    #expect(try browser.value(PageChecks.labels, as: [String].self) == [])
    #expect(try browser.value("document.querySelectorAll('.controls').length", as: Int.self) == 0)
    #expect(try browser.value("document.querySelectorAll('.marks rect title').length", as: Int.self) > 10)
  }
}
