import Foundation
import HeadwayFiles
import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A sweep whose cells are runs of a shell script that knows nothing of Headway.
private struct ProgramSweep {
  let temporary: TemporaryDirectory
  let plan: SweepPlan
  let directory: SweepDirectory
  let observer = RecordingObserver()

  /// The script finds the cell's threads in `$1` and the run's directory in `$2`; `lines` join the profile.
  init(_ lines: String, script: String) throws {
    temporary = try TemporaryDirectory()
    try temporary.write("set -e\n\(script)\n", to: "run.sh")
    var context = SweepContext.literal
    context.workingDirectory = temporary.root
    let profile = try Profile(
      yaml: """
        command: [sh, run.sh, "{threads}", "{run_directory}"]
        axes: { threads: [1, 2] }
        \(lines)
        """, path: "program.yaml")
    plan = try SweepPlan(profile: profile, context: context)
    directory = try SweepDirectory(creating: temporary.path("sweep"))
  }

  func run(graceSeconds: Double = 60) throws -> SweepSummary {
    try SweepDriver(
      plan: plan, directory: directory, command: .ofPlan(), observer: observer, activity: { nil },
      graceSeconds: graceSeconds
    ).run()
    return SweepSummarizer.summarize(try SweepReader.read(directory))
  }

  func records() throws -> [RunRecord] {
    try JournalContents(of: directory.journalPath, JournalEntry.self).records.compactMap(\.run)
  }
}

@Suite(.serialized) struct ProgramSweepTests {
  private static let seven = "blocks: { minimum: 7, maximum: 7 }"

  @Test func aRateIsReadFromTheOutput() throws {
    let sweep = try ProgramSweep(
      """
      metric: { name: rate, pattern: 'rate ([0-9]+)', unit: rows/s, better: higher }
      same_work: { name: checksum, pattern: 'sum ([a-f0-9]+)' }
      \(Self.seven)
      """, script: "echo rate 999999; echo sum c0ffee; echo rate $((1000 * $1))")
    let summary = try sweep.run()
    #expect(summary.metric == SweepMetric(name: "rate", unit: "rows/s", better: .higher))
    #expect(summary.cells.map { $0.figure?.value.rounded() } == [1_000, 2_000])
    #expect(
      summary.cells.map { $0.figures.count } == [7, 7] && summary.cells.allSatisfy { $0.samples.isEmpty })
    let second = summary.cells[1]
    #expect(second.threads == 2 && second.verdict == .faster && abs((second.speedup?.value ?? 0) - 2) < 1e-9)
    #expect(abs((second.efficiency?.value ?? 0) - 1) < 1e-9 && second.tokensPerSecond == nil)
    #expect(summary.checks.map(\.claim) == ["The checksum is the same in every run"])
    #expect(summary.checks[0].passed && summary.checks[0].detail == "14 runs, c0ffee")
    #expect(summary.warnings.contains(ForeignProgram.defaultAbsence) && summary.findings.isEmpty)
    #expect(summary.overhead == nil && summary.program?.command.first == "sh")
  }

  @Test func ofATimeLessIsFaster() throws {
    let sweep = try ProgramSweep(
      """
      metric: { json: "{run_directory}/out.json", path: seconds, unit: s, better: lower }
      \(Self.seven)
      """, script: "echo \"{\\\"seconds\\\": 0.$((6 / $1))}\" > \"$2/out.json\"")
    let summary = try sweep.run()
    #expect(summary.cells.map { ($0.figure?.value ?? 0) * 10 }.map { $0.rounded() } == [6, 3])
    #expect(summary.cells[1].verdict == .faster && abs((summary.cells[1].speedup?.value ?? 0) - 2) < 1e-9)
    #expect(summary.warnings.contains { $0.contains("the profile has no same_work") })
  }

  @Test func theWallTimeNeedsNoMetric() throws {
    let sweep = try ProgramSweep("blocks: { minimum: 1, maximum: 1 }", script: "exit 0")
    let summary = try sweep.run()
    #expect(summary.metric.unit == "s" && summary.metric.better == .lower)
    let walls = try sweep.records().map { $0.wallNs.seconds }
    #expect(summary.cells.flatMap { $0.figures.map(\.value) }.sorted() == walls.sorted())
  }

  @Test func otherWorkIsNamed() throws {
    let lines = "same_work: { name: sum, pattern: 'sum (\\S+)' }\nblocks: { minimum: 2, maximum: 2 }"
    let different = try ProgramSweep(lines, script: "echo sum $((7 + $1 / 2))").run()
    let check = try #require(different.checks.first)
    #expect(!check.passed && check.detail.hasPrefix("not so in "))
    #expect(check.detail.contains(": 7") != check.detail.hasSuffix("the others say 7"), "\(check.detail)")
    let tolerant = try ProgramSweep(
      lines.replacing("pattern", with: "tolerance: 1e-6, pattern"), script: "echo sum 1.000000$1"
    ).run()
    #expect(tolerant.checks[0].passed && tolerant.checks[0].claim.contains("to a relative 1e-06"))
    let apart = try ProgramSweep(
      lines.replacing("pattern", with: "per: [threads], pattern"), script: "echo sum $1"
    ).run()
    #expect(apart.checks[0].passed && apart.checks[0].detail == "4 runs in 2 groups")
    #expect(apart.checks[0].claim == "The sum is the same in all runs that share threads")
  }

  @Test func aRunWithoutItsFigureHasFailed() throws {
    let sweep = try ProgramSweep(
      """
      metric: { name: rate, pattern: 'rate (\\S+)', unit: rows/s, better: higher }
      same_work: { name: sum, pattern: 'sum (.*)' }
      blocks: { minimum: 1, maximum: 1 }
      retries: 1
      """,
      script: """
        if test $1 = 1; then echo rate nothing; echo sum 1; else echo sum 1; fi
        """)
    let summary = try sweep.run()
    #expect(summary.cells.allSatisfy { $0.figure == nil && $0.figures.isEmpty })
    let reasons = Dictionary(grouping: try sweep.records(), by: \.arm).mapValues { $0.map(\.reason) }
    #expect(
      reasons["threads-1"]
        == Array(repeating: "its rate is nothing, which is no positive number", count: 2))
    #expect(
      reasons["threads-2"]
        == Array(repeating: "its rate is not known: no line of its output matches rate (\\S+)", count: 2))
  }

  /// A file that an earlier run left is not this run's.
  @Test func aStaleFileIsNoResult() throws {
    let sweep = try ProgramSweep(
      """
      metric: { json: out.json, path: rate, unit: rows/s, better: higher }
      blocks: { minimum: 1, maximum: 1 }
      retries: 0
      """, script: "test $1 = 1 || echo '{\"rate\": 5}' > out.json")
    try sweep.temporary.write(#"{"rate": 4}"#, to: "out.json")
    let summary = try sweep.run()
    #expect(summary.cells[0].figures.isEmpty && summary.cells[1].figures.map(\.value) == [5])
    #expect(summary.excluded.first?.reason.hasSuffix("out.json anew") == true, "\(summary.excluded)")
  }

  @Test func memoryBeyondTheLimitCostsTheRun() throws {
    let sweep = try ProgramSweep(
      """
      blocks: { minimum: 1, maximum: 1 }
      retries: 0
      memory_limit_bytes: 100_000_000
      """,
      script: """
        if test $1 = 2; then word=$(head -c 400000000 /dev/zero | tr '\\0' x); fi
        ulimit -v
        """)
    let summary = try sweep.run()
    let failed = try #require(try sweep.records().first { $0.arm == "threads-2" })
    #expect(
      failed.outcome != .completed && failed.reason?.hasSuffix("under a limit of 100 MB of memory") == true)
    #expect(summary.cells[0].figures.count == 1 && summary.excluded.count == 1)
    let log = sweep.directory.resolve("runs/threads-1/0/log.txt")
    #expect(StoredFile.lastLines(1, of: log) == ["97656"], "the limit in kibibytes")
  }

  @Test func aRunStartsWhereTheSweepDidWithTheVariablesOfItsCell() throws {
    let sweep = try ProgramSweep(
      """
      environment: { OMP_NUM_THREADS: "{threads}", EMPTY: "" }
      blocks: { minimum: 1, maximum: 1 }
      """, script: "pwd; echo \"$OMP_NUM_THREADS ${EMPTY-unset}.\"; cat; trap")
    _ = try sweep.run()
    for record in try sweep.records() {
      let lines = StoredFile.lastLines(5, of: sweep.directory.resolve(record.directory) + "/log.txt")
      #expect(lines.count == 2 && lines[1] == "\(record.arm.suffix(1)) .", "\(lines)")
      #expect(URL(filePath: lines[0]).lastPathComponent == sweep.temporary.url.lastPathComponent)
    }
  }

  @Test func aProgramThatIsNotThereIsNamed() throws {
    let profile = try Profile(yaml: "command: [no-such-program-of-headway]", path: "p")
    let words = sentence { _ = try profile.program?.executable(path: "/usr/bin", directory: "/") }
    #expect(
      words
        == "no-such-program-of-headway: there is no such program in PATH; install it, or name it by its path."
    )
    let other = try Profile(yaml: "command: [./none]", path: "p")
    let elsewhere = sentence { _ = try other.program?.executable(path: nil, directory: "/tmp") }
    #expect(elsewhere.contains("/tmp/./none: could not be started: No such file"))
  }
}
