import Foundation
import HeadwayFiles
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Profiles that run another program.
@Suite struct ProgramProfileTests {
  private static let whole = """
    command: ["./train", "--threads={threads}", "--rows", "{rows}", "--out", "{run_directory}/out.json"]
    environment: { OMP_NUM_THREADS: "{threads}", MODE: "{mode}", BRACES: "{{x}}" }
    metric: { json: "{run_directory}/out.json", path: timing.seconds, unit: s, better: lower }
    same_work: { name: checksum, pattern: 'sum (\\S+)', tolerance: 1e-9, per: [rows] }
    base: { mode: plain }
    axes: { threads: [1, 2], rows: [10, 20] }
    phases:
      - { name: a, set: { mode: first } }
      - { name: b, set: { mode: second } }
    """

  @Test func everyKeyIsRead() throws {
    let profile = try Profile(yaml: Self.whole, path: "p.yaml")
    let program = try #require(profile.program)
    #expect(
      program.command.count == 6 && program.environment.map(\.name) == ["OMP_NUM_THREADS", "MODE", "BRACES"])
    #expect(program.metric.metric == SweepMetric(name: "seconds", unit: "s", better: .lower))
    #expect(program.metric.query?.path == "timing.seconds")
    #expect(program.sameWork?.per == ["rows"] && program.sameWork?.tolerance == 1e-9)
    #expect(!profile.checksOverhead && profile.corpus == nil)
    let plan = try SweepPlan(profile: profile, context: .literal)
    #expect(plan.cells.count == 8 && plan.bareArm == nil && plan.cells.allSatisfy { $0.configuration == nil })
    #expect(plan.cells.map(\.threads) == [1, 1, 2, 2, 1, 1, 2, 2])
    #expect(plan.cells[7].label == "phase b, 2 threads, rows 20")
    #expect(
      program.commandLine(of: plan.cells[7])
        == "OMP_NUM_THREADS=2 MODE=second BRACES={x} ./train --threads=2 --rows 20 --out {run_directory}/out.json"
    )
    let bytes = try HeadwayJSON.document(plan)
    #expect(try HeadwayJSON.decode(SweepPlan.self, from: bytes, subject: "plan") == plan)
  }

  @Test func withoutAMetricTheWallTimeCounts() throws {
    let profile = try Profile(yaml: "command: [make, '{target}']\naxes: { target: [a, b] }", path: "p")
    #expect(profile.program?.metric == .wallTime && profile.program?.sameWork == nil)
    #expect(try profile.cells().map(\.threads) == [nil, nil])
  }

  @Test(arguments: [
    ("corpus: { sources: [.] }", "line 3: corpus: a command of its own trains on what it likes"),
    ("overhead_check: on", "line 3: overhead_check: there are no probes in another program"),
    (
      "metric: { pattern: '(', unit: s, better: lower }",
      "line 3: metric.pattern: this is no regular expression"
    ),
    ("metric: { pattern: a, unit: s }", "line 3: metric: better is missing; write better: higher for a rate"),
    ("metric: { pattern: a, better: lower }", "line 3: metric: unit is missing"),
    ("metric: { pattern: a, unit: s, better: more }", "metric.better: got more, expected higher or lower"),
    (
      "metric: { unit: s, better: lower }",
      "line 3: metric: expected one place of the value; give either pattern"
    ),
    ("metric: { pattern: a, json: b, path: c, unit: s, better: lower }", "expected one place of the value"),
    ("metric: { patern: a }", "metric.patern: unknown key; did you mean pattern?."),
    ("same_work: { json: a }", "line 3: same_work: expected one place of the value"),
    (
      "same_work: { pattern: a, per: [thread] }", "per names thread, which is no axis; did you mean threads?."
    ),
    ("base: { 1x: 2 }", "base.1x: a parameter's name has letters, digits and underscores"),
    ("base: { block: 2 }", "base.block: block has a meaning of its own; rename it."),
    ("toggles: { mode: [a, b] }", "no placeholder uses mode, so its cells would run the same command"),
    ("phases: [{ name: a, set: { mode: x } }]", "no placeholder uses mode"),
    ("environment: { A: '{thread}' }", "nothing gives {thread} a value; did you mean {threads}?."),
    (
      "environment: { A: '{threads' }",
      "environment.A: a single { is no placeholder; write {name} for one, or {{"
    ),
    ("environment: { A: 'x}' }", "environment.A: a single } is no placeholder"),
    ("same_work: { json: '{x}', path: a }", "nothing gives {x} a value"),
  ])
  func aWrongLineIsNamed(line: String, expected: String) throws {
    let error = try #require(
      refusal {
        _ = try Profile(
          yaml: "command: [./train, '{threads}']\naxes: { threads: [1, 2] }\n\(line)", path: "test.yaml")
      })
    #expect("\(error)".contains(expected) && error.isUsage, "\(error)")
  }

  @Test func everyPhaseMustGiveEveryPlaceholderAValue() throws {
    let text = """
      command: [./train, "{a}", "{b}"]
      phases: [{ name: one, set: { a: 1 } }, { name: two, set: { b: 2 } }]
      """
    let error = try #require(refusal { _ = try Profile(yaml: text, path: "p") })
    #expect("\(error)".contains("the phase one gives {b} no value; give it one in base."))
    #expect(try Profile(yaml: text + "\nbase: { b: 0 }", path: "p").cells().count == 2)
  }

  @Test(arguments: [
    ("threads: [1, two]", "axes.threads: got two, expected a whole number from 1"),
    ("threads: [1, 1]", "axes.threads: 1 is listed twice"),
    ("thr-eads: [1, 2]", "axes.thr-eads: a parameter's name has letters"),
  ])
  func aWrongAxisIsNamed(axis: String, expected: String) throws {
    let error = try #require(
      refusal { _ = try Profile(yaml: "command: [a, '{threads}']\naxes: { \(axis) }", path: "p") })
    #expect("\(error)".contains(expected), "\(error)")
  }

  @Test func templatesAreExpandedInOnePass() throws {
    let template = try TextTemplate("{{{a}}} {b}{c}")
    #expect(template.placeholders == ["a", "b", "c"])
    #expect(template.expanded(["a": "{b}", "b": "2"]) == "{{b}} 2{c}")
    for text in ["{", "}", "{ }", "{a b}", "{1}", "{}", "a}b"] {
      #expect(throws: TextTemplate.Flaw.self, "\(text)") { _ = try TextTemplate(text) }
    }
  }

  @Test(arguments: [
    ("rate: ([0-9]+)", "rate: 5 rows", "5"), ("(?<unit>ms|s) (?<value>\\S+)", "s 7", "7"),
    ("[0-9]+", "a 1\nb 22\nc", "22"), ("last (.)", "last 1\nlast 2\r\n", "2"),
  ])
  func theLastMatchingLineGivesTheValue(pattern: String, text: String, expected: String) throws {
    let directory = try TemporaryDirectory()
    let log = try directory.write(text, to: "log.txt").path
    let query = OutputQuery(pattern: pattern, file: nil, path: nil)
    #expect(query.read(log: log, file: nil, before: nil) == .value(expected))
  }

  @Test(arguments: [
    ("a.b", "1.5"), ("list.1", "x"), ("list.2", "it has no list.2"), ("a", "neither"),
    ("none.b", "has no none.b"),
    ("count", "12345678"), ("a.tiny", "1e-09"),
  ])
  func aPathLeadsThroughJSON(path: String, expected: String) throws {
    let directory = try TemporaryDirectory()
    let text = #"{"a": {"b": 1.5, "tiny": 1e-9}, "list": [0, "x"], "count": 12345678}"#
    let file = try directory.write(text, to: "out.json").path
    let query = OutputQuery(pattern: nil, file: "out.json", path: path)
    switch query.read(log: "", file: file, before: nil) {
    case .value(let found):
      let isSameNumber = Double(found).map { $0 == Double(expected) } ?? false
      #expect(found == expected || isSameNumber)
    case .missing(let why): #expect(why.contains(expected.replacing("it ", with: "")), "\(why)")
    }
    let stale = query.read(log: "", file: file, before: FileMark(of: file))
    #expect(stale == .missing("it did not write \(file) anew"))
    let gone = query.read(log: "", file: file + "x", before: nil)
    #expect(gone == .missing("it did not write \(file)x"))
  }
}
