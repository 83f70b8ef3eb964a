import Foundation
import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct HTMLReportTests {
  private func page(_ sweep: SweepSummary, _ runs: [String: [RunSummary]] = SampleRun.all) throws -> String {
    try HTMLReport.render(sweep: sweep, runs: runs)
  }

  /// The page without the embedded JSON.
  private func visible(_ page: String) -> String {
    String(page.prefix { _ in true }.split(separator: "<script type=\"application/json\"")[0])
  }

  @Test func figuresOfTheInputAppear() throws {
    let html = try page(SampleSweep.quick).withPlainSpaces
    for text in [
      "On 2 CPUs the fastest cell is 2 threads, queue, prefetch", "12,600 [12,500, 12,800]",
      "1.86× [1.83, 1.89]",
      "86 % [84, 88]", "AMD EPYC 7B13", "412 files, 5.1 MB", "headway sweep profiles/quick.yaml --seed 7",
      "1 block was rerun", "4 threads, queue, block 6: exit status 1", "1 run excluded",
      "headway: the corpus has no text", "worker-1, 57 %",
      "▲ faster", "✗ does not hold", "0.99× [0.99, 1.00]", "saves 4.9 % [3.1, 6.4]",
      "supported by an experiment",
    ] {
      #expect(html.contains(text), "\(text)")
    }
  }

  @Test func sectionsComeInTheOrderOfUse() throws {
    let html = try page(SampleSweep.quick)
    let ids = [
      "findings", "scaling", "cells", "time", "threads", "barriers", "memory", "loss", "checks",
      "environment",
      "method", "exclusions", "repeat",
    ]
    let marks = ["<h1>"] + ids.map { "id=\"h-\($0)\"" } + ["application/json"]
    let places = try marks.map { try #require(html.range(of: $0)?.lowerBound) }
    #expect(places == places.sorted())
  }

  @Test func everyPlotHasItsTable() throws {
    let html = try page(SampleSweep.quick)
    let figures = html.components(separatedBy: "<figure").count - 1
    #expect(figures == 7)
    #expect(html.components(separatedBy: "The figures as a table").count - 1 == figures)
    // Both forms of each figure, and no id of a pattern twice.
    #expect(html.components(separatedBy: "<svg").count - 1 == 2 * figures)
    let ids = html.matches(of: /<pattern id="([^"]+)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
  }

  @Test func noLineEndsBetweenANumberAndItsUnitOrInsideAnInterval() throws {
    func shown(_ sentence: String) throws -> String {
      let html = try HTMLReport.render(notice: "A notice", sentence: sentence)
      let match = try #require(html.firstMatch(of: /<p class="account">(.*)<\/p>/))
      return String(match.output.1)
    }
    for kept in [
      "12.5_ms", "0.2_%", "&lt;0.1_%, 3_µs.", "2_min 13_s", "120,000_tokens/s (58.4_steps/s)", "[1.86,_1.93]",
      "[122,000,_147,000]", "[-3,_0.5]", "83_MB", "× [95_%]", "[1,_2] of 2_CPUs",
    ] {
      let plain = kept.replacing("_", with: " ").replacing("&lt;", with: "<")
      #expect(try shown(plain) == kept.replacing("_", with: "\u{A0}"))
    }
    for free in [
      "5 steps", "12 members", "3 separate 4 MBs", "a s", "[a, b]", "1, 2", "2 sé", "ends in 7 ", "0 1 s/kg",
    ] { #expect(try shown(free) == free) }
    // What is copied from a page is left as it is.
    var sweep = SampleSweep.quick
    sweep.command = "headway sweep '5 % [1, 2].yaml'"
    #expect(try page(sweep).contains("sweep &#39;5 % [1, 2].yaml&#39;"))
    var listing = SitePageTests.listing()
    (listing.searchAddress, listing.search) = ("/", "5 % of")
    #expect(try HTMLReport.render(catalogue: listing).contains("value=\"5 % of\""))
  }

  @Test func hostileTextIsEscapedEverywhere() throws {
    let evil = "</script><script>alert(1)</script><img src=x onerror=y>\"'&"
    var sweep = SampleSweep.quick
    for index in sweep.cells.indices { sweep.cells[index].label = evil + String(index) }
    (sweep.name, sweep.command, sweep.corpus) = (evil, evil, evil)
    sweep.warnings = [evil]
    sweep.machine.processor = evil
    sweep.checks[0].claim = evil
    sweep.checks[1].detail = evil
    sweep.excluded[0].lastLines = [evil]
    sweep.excluded[0].reason = evil
    sweep.findings[0].statement = evil
    sweep.findings[0].evidence[0].query = evil
    sweep.findings[0].scope = evil
    sweep.findings[0].change = evil
    var runs = SampleRun.all
    for key in runs.keys {
      for index in (runs[key] ?? []).indices {
        runs[key]?[index].threads[0].name = evil
        runs[key]?[index].barriers[0].site = evil
        runs[key]?[index].barriers[1].lastArrivals = [evil: 3]
      }
    }
    let html = try page(sweep, runs)
    #expect(html.components(separatedBy: "<script").count == 3)
    #expect(html.components(separatedBy: "</script").count == 3)
    #expect(!html.contains("<img"))
    #expect(!html.contains("onerror=y>\"'&"))
  }

  @Test func embeddedJSONIsTheSummary() throws {
    var sweep = SampleSweep.quick
    sweep.name = "</script><!-- \u{2028}"
    let html = try page(sweep)
    let start = try #require(html.range(of: "id=\"summary\">"))
    let end = try #require(html.range(of: "</script>"))
    let json = String(html[start.upperBound..<end.lowerBound])
    #expect(!json.contains("<"))
    let back = try HeadwayJSON.decode(SweepSummary.self, from: Data(json.utf8), subject: "the page")
    #expect(back == sweep)
  }

  @Test func pageLoadsNothing() throws {
    for html in [
      try page(SampleSweep.quick), try HTMLReport.render(run: SampleRun.run(threads: 2, scheduling: .queue)),
    ] {
      let local = html.replacing("http://www.w3.org/2000/svg", with: "")
      #expect(!local.contains("http:") && !local.contains("https:"))
      #expect(!local.contains(" src=") && !local.contains("@import") && !local.contains("<link"))
      #expect(html.matches(of: /url\(([^)]*)\)/).allSatisfy { $0.output.1.hasPrefix("#") })
    }
  }

  @Test func emptyPartialAndSingleSweepsRender() throws {
    let empty = try page(SampleSweep.empty, [:])
    #expect(empty.contains("No cell of this sweep has a measured throughput."))
    #expect(empty.contains("The sweep was cut short: 0 of 10 blocks are complete."))
    #expect(!empty.contains("<svg"))
    #expect(empty.contains("No cause of lost time stands out"))
    let single = try page(SampleSweep.single, [:])
    #expect(single.contains("11,900"))
    #expect(single.contains("h-scaling") && !single.contains("h-threads"))
  }

  @Test func noNumberIsNeverPrinted() throws {
    let text = visible(try page(SampleSweep.poisoned))
    let words = text.replacing(/<style>[\s\S]*?<\/style>/, with: "").replacing(/<[^>]*>/, with: " ")
    #expect(!words.contains(/\b(nan|NaN|inf|Infinity)\b/))
    #expect(!text.contains("\"nan\"") && !text.contains("\"inf\""))
  }

  /// 500 cells of nine runs: what a large sweep makes must still be easy to open, and say what it leaves out.
  @Test func fiveHundredCellsMakeASmallPage() throws {
    let html = try page(SampleSweep.large, SampleSweep.largeRuns)
    #expect(html.utf8.count < 5_000_000, "\(html.utf8.count) bytes")
    #expect(html.contains("Drawn are the baseline’s series and the fastest, 6 of 10; the table has all."))
    #expect(html.contains("Drawn are the baseline and the fastest, 40 of 500 cells; the table has all."))
  }

  @Test func cellsOfOneThreadCountAreRows() throws {
    var cells: [CellSummary] = []
    for phase in 0..<8 {
      var cell = SampleSweep.cell(2, "barrier", "off")
      (cell.id, cell.label) = ("phase-\(phase)", "phase \(phase)")
      cell.settings = [AxisSetting(axis: "phase", value: String(phase))]
      cell.isBaseline = phase == 0
      cell.tokensPerSecond?.value += Double(phase) * 1_000
      cells.append(cell)
    }
    let sweep = SampleSweep.summary(cells)
    let html = try page(sweep, [:])
    #expect(html.contains("Throughput of 8 cells in tokens per second."))
    let document = try #require(CellFigure.document(sweep: sweep, form: .wide))
    let estimates = Drawn.all(document).filter { Drawn.title($0)?.hasPrefix("phase") == true }
    #expect(estimates.count == 8)
    let x = estimates.map { Drawn.number($0, "cx") }
    #expect(abs((x[7] - x[0]) - 7 * (x[1] - x[0])) < 0.1 && x[1] > x[0])
    for form in FigureForm.allCases {
      #expect(try DrawnSVG(#require(CellFigure.document(sweep: sweep, form: form)).standalone).problems == [])
    }
  }

  @Test func runPageShowsParametersAndFigures() throws {
    let html = try HTMLReport.render(
      run: SampleRun.run(threads: 4, scheduling: .barrier), command: "headway train -x"
    ).withPlainSpaces
    for text in [
      "11,700 tokens/s over 40 steps", "4 threads, barrier", "batches_per_step", "headway train -x",
      "worker-3",
    ] {
      #expect(html.contains(text), "\(text)")
    }
  }
}
