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

  static func progress(workers: Int = 3) -> RunInProgress {
    let run = SampleRun.run(threads: workers, scheduling: .barrier)
    return RunInProgress(
      phase: .measuring, step: 120, plannedSteps: 1_000, elapsedNs: Nanoseconds(34_000_000_000),
      quietNs: Nanoseconds(2_000_000), periodNs: Nanoseconds(10_000_000_000), stepsPerSecond: 4,
      tokensPerSecond: 12_345, tasksPerSecond: 32,
      threads: run.threads.map {
        RunInProgress.Thread(name: $0.name, role: $0.role, state: .useful("forward"), hasEnded: false)
      }, recent: run)
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
    var progress = Self.progress()
    progress.threads[0].name = evil
    progress.threads[0].state?.name = evil
    progress.recent.threads[0].name = evil
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
        progress: progress, name: evil,
        options: ProgressPageOptions(refreshSeconds: 2, toggle: trail[0], warnings: [evil]), trail: trail),
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
    let options = ProgressPageOptions(refreshSeconds: 2, toggle: PageLink("Stop", to: "/runs/1/live?paused"))
    let html = try HTMLReport.render(progress: Self.progress(), name: "r", options: options)
    for text in [
      "Step 120 of 1,000 is done: 12,300 tokens/s over the last 10.0 s.", "it needs about 3 min 40 s more",
      "http-equiv=\"refresh\" content=\"2\"", "worker-0", "forward", "/runs/1/live?paused",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    var full = Self.progress()
    full.recent.losses.eventsDropped = 3
    full.quietNs = Nanoseconds(60_000_000_000)
    let warned = try HTMLReport.render(
      progress: full, name: "r", options: ProgressPageOptions(refreshSeconds: nil, toggle: nil))
    #expect(warned.contains("The trace is full: 3 events found no room"))
    #expect(
      warned.contains("No thread has recorded anything for 60.0 s")
        && !warned.contains("http-equiv=\"refresh\""))
    var early = Self.progress()
    (early.phase, early.step) = (.preparing, nil)
    #expect(try HTMLReport.render(progress: early, name: "r", options: options).contains("setting up"))
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
