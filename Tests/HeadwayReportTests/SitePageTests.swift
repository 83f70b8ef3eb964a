import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The pages of a site of reports as text: what stands on them, and that nothing that a file says gets out of its place.
@Suite struct SitePageTests {
  private let evil = "\"><script>alert(1)</script><img src=x>'&"

  static func listing(_ name: String = "a run") -> CatalogueListing {
    var listing = CatalogueListing(
      subject: "all runs and sweeps", title: "4 runs and sweeps", lead: "From .headway.",
      emptyNote: "Nothing yet.",
      compareAddress: "/compare")
    listing.searchAddress = "/"
    listing.rows = [
      CatalogueListing.Row(
        name: name, address: "/runs/1", token: "1", kind: "run", state: .complete, rate: 12_345.6,
        what: "2 threads, barrier, no prefetch, simd kernels, segmented reduction",
        startedAt: "2026-11-21T08:00:00Z", place: ".headway/runs/a"),
      CatalogueListing.Row(
        name: "quick", address: "/sweeps/2", token: "2", kind: "sweep", partsAddress: "/sweeps/2/runs",
        state: .ended("cut short"), what: "12 cells", place: ".headway/sweeps/quick"),
      CatalogueListing.Row(
        name: "now", address: "/runs/3/live", token: nil, kind: "run", state: .running,
        place: ".headway/runs/now"),
      CatalogueListing.Row(
        name: "gone", address: nil, token: nil, kind: "run", state: .unknown("its directory is gone"),
        place: "/elsewhere"),
    ]
    listing.pages = [PageLink("Older (page 2 of 3)", to: "/?page=2")]
    listing.warnings = ["absent: there is no such directory"]
    return listing
  }

  static func live(workers: Int = 3) -> LiveView {
    var view = LiveView(phase: .measuring)
    (view.step, view.steps, view.loss) = (120, 1_000, 3.2148)
    view.validation = LossPoint(step: 100, value: 3.5)
    view.windowNs = Nanoseconds(34_000_000_000)
    view.intervalNs = Nanoseconds(2_000_000_000)
    (view.silentNs, view.ageNs) = (Nanoseconds(2_000_000), Nanoseconds(50_000_000))
    (view.stepsPerSecond, view.tokensPerSecond) = (4, 12_345)
    view.memory = .init(rssBytes: 83_000_000, peakRssBytes: 85_000_000, swapBytes: 0)
    let names: [(String, ThreadRole)] =
      [("main", .main)] + (0..<workers).map { ("worker-\($0)", .worker) } + [("memory-sampler", .sampler)]
    view.threads = names.map { name, role in
      var row = LiveView.Row(name: name, role: role)
      (row.state, row.sinceNs) = ("forward", Nanoseconds(1_000))
      row.shares = ["useful": 0.75, "blocked": 0.15, "spin": 0.1]
      (row.cpuShare, row.readyShare) = (0.7, 0.05)
      if role == .worker { (row.tasksPerSecond, row.tokensPerSecond) = (32, 4_115) }
      return row
    }
    view.waits = [.init(state: "barrier.work_end", threadsNow: 2, threadsOnAverage: 1.25)]
    view.queues = [.init(site: "work_queue", items: 3), .init(site: "prefetch", items: 2)]
    return view
  }

  @Test func theListLeadsToWhatItShows() throws {
    let html = try HTMLReport.render(catalogue: Self.listing())
    for text in [
      "<a href=\"/runs/1\">a run</a>", "<a href=\"/sweeps/2/runs\">its runs</a>", "12,300 tokens/s",
      "✗ cut short",
      "▶ running", "? its directory is gone", "name=\"base\" value=\"1\"", "name=\"candidate\" value=\"2\"",
      "action=\"/compare\"", "href=\"/?page=2\"", "2026-11-21 08:00:00", "there is no such directory",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(html.components(separatedBy: "type=\"radio\"").count == 5, "two can be compared, each as either")
    #expect(!html.contains("<script"))
    var empty = Self.listing()
    empty.rows = []
    #expect(try HTMLReport.render(catalogue: empty).contains("Nothing yet."))
  }

  @Test func hostileTextStaysInItsPlace() throws {
    var listing = Self.listing(evil)
    (listing.search, listing.title, listing.lead, listing.subject) = (evil, evil, evil, evil)
    listing.warnings = [evil]
    listing.rows[0].what = evil
    listing.rows[0].place = evil
    listing.rows[0].state = .unknown(evil)
    var live = Self.live()
    (live.threads[0].name, live.threads[0].state) = (evil, evil)
    live.waits[0].state = evil
    live.queues[0].site = evil
    let comparison = RunComparison(
      kind: .runs,
      base: ComparedSide(path: evil, startedAt: evil, gitCommit: evil, binaryHash: evil, runs: 1),
      candidate: nil, machine: nil, margin: 0.02,
      rows: [
        ComparisonRow(
          base: evil, candidate: evil, against: .counterpart, isPaired: false,
          changes: [NamedDifference(name: evil, base: evil, candidate: nil)],
          samples: SampleCounts(base: 1, candidate: 1))
      ], environment: [], warnings: [evil])
    let trail = [PageLink(evil, to: "/\(evil)")]
    let pages = [
      try HTMLReport.render(catalogue: listing, trail: trail),
      try HTMLReport.render(
        live: live, name: evil, what: evil,
        options: LivePageOptions(refreshSeconds: 2, toggle: trail[0], warnings: [evil]), trail: trail),
      try HTMLReport.render(notice: evil, sentence: evil, trail: trail),
    ]
    for page in pages { #expect(!page.contains("<script") && !page.contains("<img")) }
    let compared = try HTMLReport.render(comparison: comparison, trail: trail)
    #expect(compared.components(separatedBy: "<script").count == 3 && !compared.contains("<img"))
  }

  @Test func aComparisonSaysItsVerdictsAndRefusals() throws {
    var row = ComparisonRow(
      base: "a", candidate: "b", against: .counterpart, isPaired: false, changes: [],
      samples: SampleCounts(base: 1, candidate: 1))
    row.refusal = "they did different work: steps 24 and 7"
    let comparison = RunComparison(
      kind: .runs, base: ComparedSide(path: "A", startedAt: nil, gitCommit: nil, binaryHash: nil, runs: 1),
      candidate: ComparedSide(path: "B", startedAt: nil, gitCommit: nil, binaryHash: nil, runs: 1),
      machine: .literal,
      margin: 0.02, rows: [row], environment: [], warnings: [])
    let html = try HTMLReport.render(comparison: comparison)
    #expect(
      html.contains("they did different work: steps 24 and 7.") && html.contains("not compared"))
    #expect(html.contains("Test CPU"))
  }

  @Test func aRunThatGoesOnSaysWhereItIs() throws {
    let options = LivePageOptions(refreshSeconds: 2, toggle: PageLink("Stop", to: "/runs/1/live?paused"))
    func page(_ view: LiveView, _ options: LivePageOptions) throws -> String {
      try HTMLReport.render(live: view, name: "r", what: "3 threads", options: options).withPlainSpaces
    }
    let html = try page(Self.live(), options)
    for text in [
      "Step 120 of 1,000 is done: 12,300 tokens/s over the last 2.00 s.", "it needs about 3 min 40 s more",
      "http-equiv=\"refresh\" content=\"2\"", "worker-0", "forward", "/runs/1/live?paused", "3 threads.",
      "3.215 nats per token", "3.500, after step 100", "83.0 MB, at most 85.0 MB",
      "work_queue holds 3, prefetch holds 2", "70 % of a CPU", "How each thread spent the last 2.00 s",
      ">75 %<", ">15 %<", "barrier.work_end", ">1.25<", "4,120",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(!html.contains("Read with care"))
    // Working without a CPU is no useful work, and the bars cannot tell.
    #expect(html.contains("at work, on a CPU or not") && !html.contains("useful work"))
    var shuffled = Self.live(workers: 12)
    shuffled.threads.reverse()
    let rows = try page(shuffled, options).matches(of: /<th scope="row">(main|worker-\d+|memory-sampler)</)
    #expect(rows.map { String($0.output.1) } == Self.live(workers: 12).threads.map(\.name))
    var full = Self.live()
    (full.silentNs, full.ageNs) = (Nanoseconds(60_000_000_000), Nanoseconds(3_000_000_000))
    let warned = try page(full, LivePageOptions(refreshSeconds: nil, toggle: nil))
    #expect(warned.contains("Nothing was completed for 60.0 s."))
    #expect(warned.contains("The status is 3.00 s old"))
    #expect(!warned.contains("http-equiv=\"refresh\""))
    var early = Self.live()
    (early.phase, early.step, early.windowNs, early.intervalNs) = (.starting, nil, nil, nil)
    (early.tokensPerSecond, early.stepsPerSecond, early.loss, early.validation) = (nil, nil, nil, nil)
    (early.memory, early.queues, early.waits) = (nil, [], [])
    for index in early.threads.indices { early.threads[index].shares = nil }
    let start = try page(early, options)
    #expect(start.contains("setting up") && start.contains("What each thread is doing"))
    for absent in ["<svg", "over the last", "Where threads wait"] { #expect(!start.contains(absent)) }
  }

  @Test func reportsLeadBackOnlyWhereTheyAreToldTo() throws {
    let run = SampleRun.run(threads: 2, scheduling: .queue)
    let trail = [PageLink("All runs", to: "/")]
    #expect(try !HTMLReport.render(run: run).contains("class=\"trail\""))
    #expect(try HTMLReport.render(run: run, trail: trail).contains("<li><a href=\"/\">All runs</a></li>"))
    #expect(
      try HTMLReport.render(sweep: SampleSweep.quick, trail: trail).contains(
        "<li><a href=\"/\">All runs</a></li>"))
  }
}
