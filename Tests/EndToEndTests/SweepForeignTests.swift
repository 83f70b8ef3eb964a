import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A sweep over the threads of an OpenMP program in C, which the test compiles and which knows nothing of Headway.
@Suite(.serialized) struct SweepForeignTests {
  private static let compiler = "/usr/bin/cc"

  /// Whether the compiler knows OpenMP and has its library: an empty program is built with it.
  private static let hasOpenMP: Bool = {
    guard let directory = try? TemporaryDirectory(),
      let source = try? directory.write(
        "#include <omp.h>\nint main(void) { return omp_get_num_threads() - 1; }\n", to: "a.c"),
      let built = try? run(
        URL(filePath: compiler), ["-fopenmp", source.path, "-o", directory.path("a")])
    else { return false }
    return built.status == 0
  }()

  private static let profile = """
    name: rows
    command: ["./rows", "--rows", "{rows}", "--skip", "{skip}"]
    environment: { OMP_NUM_THREADS: "{threads}", OMP_DYNAMIC: "false" }
    metric: { name: rate, pattern: 'rate: ([0-9.]+) rows/s', unit: rows/s, better: higher }
    same_work: { name: checksum, pattern: 'checksum: ([0-9a-f]+)' }
    base: { rows: 200, skip: 0 }
    axes: { threads: [1, 2] }
    blocks: { minimum: 6, maximum: 6 }

    """

  private func build(in place: Workplace) throws {
    let source = packageRoot.appending(path: "Tests/Fixtures/EndToEnd/rows.c").path
    let built = try place.run(Self.compiler, ["-O2", "-fopenmp", source, "-o", place.url("rows").path])
    try #require(built.status == 0, "\(built.stderr)")
  }

  private func summary(_ place: Workplace, _ directory: String) throws -> SweepSummary {
    try HeadwayJSON.decode(
      SweepSummary.self, from: try Data(contentsOf: place.url("\(directory)/summary.json")),
      subject: directory)
  }

  @Test(.enabled("the C compiler has OpenMP") { hasOpenMP }, .timeLimit(.minutes(3)))
  func threadsOfAProgramThatHeadwayDidNotWrite() throws {
    let place = try Workplace()
    try build(in: place)
    try place.write(Self.profile, to: "rows.yaml")
    let plan = try place.headway(["plan", "rows.yaml"])
    #expect(plan.stdout.contains("OMP_NUM_THREADS=2 OMP_DYNAMIC=false ./rows --rows 200 --skip 0"), "\(plan)")
    #expect(plan.stdout.contains("no time is foretold"))
    let tried = try place.headway(["plan", "rows.yaml", "--trial"])
    #expect(
      tried.stdout.contains("from 1 run made just now") && tried.stdout.contains("1 of 2 cells are new"),
      "\(tried)")

    let swept = try place.headway(["sweep", "rows.yaml", "--output", "sweep", "--full"])
    try #require(swept.status == 0, "\(swept.stderr)")
    for part in ["rate, rows/s", "speed-up", "effi", "2 threads", "measured from outside", "Program"] {
      #expect(swept.stdout.contains(part), "the report has \(part)")
    }
    let summary = try summary(place, "sweep")
    #expect(summary.cells.map(\.threads) == [1, 2] && summary.metric.unit == "rows/s" && !summary.partial)
    for cell in summary.cells {
      #expect(cell.metric?.samples.count == 6 && cell.metric?.estimate?.lower != nil, "\(cell.label)")
      #expect(cell.samples.isEmpty && cell.shares == nil && cell.efficiency != nil)
    }
    #expect(summary.driver?.count ?? 0 >= 11 && summary.surroundings?.affinity != nil)
    #expect(swept.stdout.contains("; the driver took ") && swept.stdout.contains("Around"))
    let sweepPage = try String(contentsOf: place.url("sweep/report.html"), encoding: .utf8)
    #expect(sweepPage.contains("affinity CPUs"), "what surrounded the sweep stands on its page")
    #expect(summary.cells[1].speedup?.lower != nil && summary.findings.isEmpty && summary.overhead == nil)
    #expect(summary.checks.count == 1 && summary.checks[0].passed, "\(summary.checks)")
    // The team that each run had is what its cell asked for.
    for (cell, team) in zip(summary.cells, ["team: 1", "team: 2"]) {
      for sample in cell.metric?.samples ?? [] {
        let log = try String(contentsOf: place.url("sweep/\(sample.directory)/log.txt"), encoding: .utf8)
        #expect(log.hasPrefix(team + "\n"), "\(log)")
      }
    }
    let page = try String(contentsOf: place.url("sweep/report.html"), encoding: .utf8)
    #expect(page.contains("rows/s") && page.contains("measured from outside") && !page.contains("tokens/s"))

    let again = try place.headway(["report", "sweep", "--json"])
    #expect(
      try HeadwayJSON.decode(SweepSummary.self, from: Data(again.stdout.utf8), subject: "again") == summary)
    let later = try place.headway(["plan", "rows.yaml", "--sweeps", "."])
    #expect(later.stdout.contains("from 12 runs of earlier sweeps"), "\(later.stdout)")
  }

  @Test(.enabled("the C compiler has OpenMP") { hasOpenMP }, .timeLimit(.minutes(3)))
  func lessWorkIsNoSpeedUp() throws {
    let place = try Workplace()
    try build(in: place)
    let text = Self.profile.replacing("threads: [1, 2]", with: "threads: [1], skip: [0, 100]")
      .replacing(", skip: 0 }", with: " }").replacing(
        "minimum: 6, maximum: 6", with: "minimum: 1, maximum: 1")
    try place.write(text, to: "rows.yaml")
    let swept = try place.headway(["sweep", "rows.yaml", "--output", "sweep"])
    try #require(swept.status == 0, "\(swept.stderr)")
    let check = try #require(try summary(place, "sweep").checks.first)
    #expect(!check.passed && check.detail.contains("skip"), "\(check)")
    #expect(swept.stdout.contains("not so: The checksum is the same in every run"))
  }

  /// A cell that crashes, one that hangs and one that wants too much memory cost their runs, and the report has their
  /// last words.
  @Test(.timeLimit(.minutes(2)))
  func cellsThatGoWrongCostThemselvesOnly() throws {
    let place = try Workplace()
    try place.write(
      """
      #!/bin/sh
      echo "last words of $1"
      case $1 in
      crash) kill -SEGV $$ ;;
      hang) exec sleep 1000 ;;
      greed) exec awk 'BEGIN { s = "x"; while (1) s = s s }' ;;
      esac
      """, to: "cell.sh")
    try place.write(
      """
      name: ends
      command: [sh, cell.sh, "{what}"]
      axes: { what: [fine, crash, hang, greed] }
      blocks: { minimum: 1, maximum: 1 }
      retries: 0
      timeout_seconds: 5
      memory_limit_bytes: 200_000_000

      """, to: "ends.yaml")
    let swept = try place.headway(["sweep", "ends.yaml", "--output", "sweep", "--quiet", "--full"])
    try #require(swept.status == 0, "\(swept.stderr)")
    let summary = try summary(place, "sweep")
    #expect(summary.cells.map { $0.metric?.samples.count ?? 0 } == [1, 0, 0, 0])
    let reasons = [
      "what crash": "SIGSEGV", "what hang": "still running after 5 s",
      "what greed": "under a limit of 200 MB",
    ]
    // Other tests use the machine too, for which the block may have been measured twice.
    let failed = summary.excluded.filter { !$0.reason.contains("measured twice") }
    #expect(Set(failed.map(\.cell)) == Set(reasons.keys))
    for run in failed {
      let reason = try #require(reasons[run.cell])
      #expect(run.reason.contains(reason), "\(run)")
      #expect(run.lastLines.contains { $0.hasPrefix("last words of") }, "\(run)")
    }
    for part in ["SIGSEGV", "still running after 5 s", "| last words of crash", "| last words of hang"] {
      #expect(swept.stdout.contains(part), "\(part) in \(swept.stdout)")
    }
    #expect(try Data(contentsOf: place.url("sweep/report.html")).count > 0)
  }

  @Test func whatCannotBeStartedIsOneSentence() throws {
    let place = try Workplace()
    try place.write("command: [./none, '{threads}']\naxes: { threads: [1, 2] }\n", to: "none.yaml")
    let missing = try place.headway(["sweep", "none.yaml", "--output", "sweep"])
    #expect(missing.status == 1 && missing.stderr.contains("/none: could not be started: No such file"))
    #expect(missing.stderr.split(separator: "\n").count == 1 && !place.exists("sweep"))
    try place.write(
      "command: [sh, -c, 'exit {code}']\naxes: { code: [0, 3] }\nblocks: { maximum: 1 }\n", to: "three.yaml")
    let failing = try place.headway(["sweep", "three.yaml", "--output", "sweep", "--quiet"])
    #expect(failing.status == 0, "one cell crashed, and costs that cell: \(failing.stderr)")
    #expect(failing.stdout.contains("code 3, block 1: it exited with status 3"))
    let train = try place.headway(["train", "--profile", "three.yaml"])
    #expect(train.status == 64 && train.stderr.contains("the profile runs another program and names no text"))
  }
}
