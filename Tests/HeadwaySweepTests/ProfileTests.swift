import Foundation
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct ProfileTests {
  @Test func everyKeyIsRead() throws {
    let profile = try Profile(
      yaml: """
        name: all
        description: Everything at once.
        corpus: { sources: [a, b], vocabulary_size: 500, limit_bytes: 8_000_000, cache: here }
        base: { steps: 60, width: 96, bias: off, learning_rate: 2e-3 }
        axes:
          threads: [1, 2, 4]
          prefetch: [off, on, 3]
        phases:
          - name: "1"
            set: { scheduling: barrier }
          - name: 2
            set: { scheduling: queue }
        blocks: { minimum: 7, maximum: 8, half_width: 0.01 }
        budget_minutes: 1.5
        margin: 0.05
        seed: 9
        overhead_check: false
        retries: 2
        timeout_seconds: 30
        memory_limit_bytes: 4_000_000_000
        baseline: { threads: 2, phase: "1" }
        exclude:
          - { threads: [1, 4], phase: 2, prefetch: 3 }
        """, path: "dir/all.yaml")
    #expect(profile.name == "all")
    #expect(profile.summary == "Everything at once.")
    #expect(
      profile.corpus?.sources == ["a", "b"] && profile.corpus?.vocabularySize == 500
        && profile.corpus?.limitBytes == 8_000_000 && profile.corpus?.cache == "here")
    #expect(profile.base.steps == 60 && profile.base.width == 96 && !profile.base.bias)
    #expect(profile.base.learningRate == 2e-3 && profile.base.vocabularySize == 500)
    #expect(profile.axes.map(\.name) == ["threads", "prefetch"])
    #expect(profile.axes[1].values == ["off", "on", "3"])
    #expect(profile.phases.map(\.name) == ["1", "2"])
    #expect(profile.blocks.minimum == 7 && profile.blocks.maximum == 8)
    #expect(profile.budgetSeconds == 90 && profile.margin == 0.05 && profile.seed == 9)
    #expect(!profile.checksOverhead && profile.retries == 2 && profile.timeoutSeconds == 30)
    #expect(profile.memoryLimitBytes == 4_000_000_000 && profile.blocks.halfWidth == 0.01)
    let cells = try profile.cells()
    #expect(cells.count == 2 * 3 * 3 - 2)
    let baseline = try #require(cells.first { $0.isBaseline })
    #expect(baseline.label == "phase 1, 2 threads")
    #expect(cells.count { $0.isBaseline } == 1)
    #expect(cells.compactMap(\.configuration?.prefetch).max() == 3)
  }

  @Test func whatIsLeftOutHasADefault() throws {
    let plain = try profile()
    #expect(plain.name == "test")
    #expect(plain.blocks.minimum == 6 && plain.blocks.maximum == 10)
    #expect(plain.budgetSeconds == nil && plain.margin == 0.02 && plain.checksOverhead)
    #expect(plain.corpus?.cache == ".headway/corpus" && plain.corpus?.vocabularySize == 1000)
    #expect(try plain.cells()[0].isBaseline)
    #expect(try profile("blocks: { minimum: 12 }").blocks.maximum == 12)
    #expect(try profile("blocks: { maximum: 3 }").blocks.minimum == 3)
    #expect(try profile("blocks: { half_width: 0.02 }").blocks.maximum == 50)
  }

  /// Each wrong line, where the sentence says it is and what it says.
  @Test(arguments: [
    ("axis: { threads: [1] }", "test.yaml, line 3: axis: unknown key; did you mean axes?."),
    ("zzzzzz: 1", "test.yaml, line 3: zzzzzz: unknown key; the known keys are name, description"),
    (
      "base: { widht: 3 }", "test.yaml, line 3: base.widht: unknown key; did you mean width?."
    ),
    (
      "base:\n  threads: 0",
      "test.yaml, line 4: threads: got 0, expected a whole number from 1 to 1024; correct the value."
    ),
    ("base: { steps: -1 }", "test.yaml, line 3: steps: got -1, expected a whole number"),
    ("base: { threads: 1000000000 }", "line 3: threads: got 1000000000, expected a whole number from 1"),
    ("base: { threads: 1e9 }", "line 3: threads: got 1e9, expected a whole number"),
    ("base: { threads: }", "line 3: base.threads: expected a single value; write threads: value."),
    ("base: { threads: [1] }", "line 3: base.threads: expected a single value"),
    ("base: 7", "line 3: base: expected keys with values"),
    ("margin: -0.1", "line 3: margin: got -0.1, expected a number from 0.0 to 1.0"),
    ("margin: lots", "line 3: margin: got lots, expected a number"),
    ("retries: 100", "line 3: retries: got 100, expected a whole number from 0 to 10"),
    ("seed: -1", "line 3: seed: got -1, expected a whole number"),
    ("budget_minutes: 0", "line 3: budget_minutes: got 0, expected a number from 0.01"),
    ("timeout_seconds: nan", "line 3: timeout_seconds: got nan, expected a number"),
    ("overhead_check: maybe", "line 3: overhead_check: got maybe, expected true or false"),
    ("blocks: { minimum: 0 }", "line 3: blocks.minimum: got 0, expected a whole number from 1 to 1000"),
    ("blocks: { minimum: 9, maximum: 8 }", "line 3: blocks: the maximum 8 is below the minimum 9"),
    (
      "blocks: { maximum: 5, half_width: 0.01 }",
      "line 3: blocks: fewer than 6 blocks have no 95 % interval whose half_width could be reached"
    ),
    ("blocks: { half_width: 2 }", "line 3: blocks.half_width: got 2, expected a number from 0.0001 to 1.0"),
    ("memory_limit_bytes: 5", "line 3: memory_limit_bytes: got 5, expected a whole number from 1000000"),
    (
      "metric: { pattern: x }",
      "line 3: metric: it belongs to a profile with a command of its own; add command: […], or remove metric."
    ),
    ("filters: { onyl: [] }", "line 3: filters.onyl: unknown key; did you mean only?."),
    ("filters: { only: [] }", "line 3: filters.only: the list is empty"),
    (
      "filters: { only: [{ threads: 1 }, { threads: 3 }] }",
      "line 3: filters.only.threads: got 3, and the axis has 1, 2; name one of them."
    ),
    (
      "exclude: [{ threads: 1 }]\nfilters: { exclude: [{ threads: 2 }] }",
      "line 4: filters.exclude: exclude stands at the top level too; give it in one place."
    ),
    (
      "blocks: { most: 8 }",
      "line 3: blocks.most: unknown key; the known keys are minimum, maximum, half_width."
    ),
    ("baseline: { threads: 3 }", "line 3: baseline.threads: got 3, and the axis has 1, 2; name one of them."),
    ("baseline: { threads: [1, 2] }", "line 3: baseline: threads has several values; name one cell."),
    ("baseline: { thread: 1 }", "line 3: baseline.thread: unknown key; did you mean threads?."),
    ("exclude: [{ scheduling: queues }]", "line 3: exclude.scheduling: got queues, and the axis has"),
    (
      "exclude: [{ threads: 2 }, { threads: 2, scheduling: queue }]",
      "test.yaml, line 3: exclude: no cell matches, or another line excludes it already"
    ),
    ("exclude: [{ threads: [1, 2] }]", "test.yaml: exclude: every cell is excluded; keep at least one."),
    (
      "exclude: [{ threads: 2 }]\nbaseline: { threads: 2 }",
      "test.yaml: baseline: the cell \"2 threads, barrier\" is excluded; name a cell that is measured."
    ),
    (
      "phases: [{ name: a, set: { threads: 3 } }]",
      "line 3: phases.set.threads: threads is an axis already; remove it from the phase or from axes."
    ),
    ("phases: [{ set: { width: 32 } }]", "line 3: phases: a phase has no name; add name: ….",),
    ("phases: [{ name: a }, { name: a }]", "line 3: phases: the phase a is listed twice"),
    ("phases: []", "line 3: phases: the list is empty"),
    ("phases: [{ name: a, sets: {} }]", "line 3: phases.sets: unknown key; did you mean set?."),
    (
      "phases: [{ name: a, set: { width: 65 } }]",
      "test.yaml, the cell \"phase a, 1 thread, barrier\": heads: 4 heads do not divide a width of 65; "
        + "choose a divisor of the width, or leave the cell out with exclude."
    ),
    ("seed: 1\nseed: 2", "the key seed is given twice; remove one of the two."),
    ("seed: [1", "this is not YAML ("),
    ("\tseed: 1", "this is not YAML ("),
  ])
  func aWrongLineIsNamed(line: String, expected: String) throws {
    let error = try #require(refusal { _ = try profile(line) })
    #expect("\(error)".contains(expected), "\(error)")
    #expect(error.isUsage)
  }

  @Test(arguments: [
    ("axes: { threads: [] }", "line 2: axes.threads: the list is empty; give the axis a value or remove it."),
    ("axes: { threads: [1, 0] }", "line 2: threads: got 0, expected a whole number from 1 to 1024"),
    ("axes: { threads: [2, 2] }", "line 2: axes.threads: 2 is listed twice; remove one of the two."),
    ("axes: { prefetch: [on, 1] }", "line 2: axes.prefetch: on and 1 mean the same; remove one of the two."),
    ("axes: { thraeds: [1] }", "line 2: axes.thraeds: unknown key; did you mean threads?."),
    ("axes: { scheduling: [random] }", "scheduling: got random, expected one of barrier, queue"),
    ("axes: { vocabulary_size: [500, 600] }", "axes.vocabulary_size: all cells share one corpus"),
    ("axes: { threads: { from: 1 } }", "axes.threads: expected a list; write it as [one, two]."),
    (
      "axes: { threads: [\((1...101).map(String.init).joined(separator: ","))], prefetch: "
        + "[\((1...100).map(String.init).joined(separator: ","))], width: [64, 128], layers: [1, 2], "
        + "steps: [\((1...100).map(String.init).joined(separator: ","))] }",
      "test.yaml: axes: the grid has more than 1000 cells; give the axes fewer values."
    ),
    (
      "axes: { heads: [4, 5], width: [64] }",
      "the cell \"heads 5, width 64\": heads: 5 heads do not divide a width of 64"
    ),
  ])
  func aWrongAxisIsNamed(line: String, expected: String) throws {
    let error = try #require(
      refusal { _ = try Profile(yaml: "corpus: { sources: [.] }\n\(line)", path: "test.yaml") })
    #expect("\(error)".contains(expected), "\(error)")
    #expect(error.isUsage)
  }

  @Test(arguments: [
    ("", "test.yaml: the profile is empty"),
    ("# nothing but a comment", "test.yaml: the profile is empty"),
    ("just words", "line 1: expected keys with values"),
    ("name: x", "corpus is missing; say what to train on"),
    ("corpus: { cache: x }", "line 1: corpus: sources is missing; name a directory of text."),
    ("corpus: { sources: [] }", "corpus.sources: the list is empty; name a directory of text."),
    ("corpus: { sources: [.], limit_bytes: 0 }", "corpus.limit_bytes: got 0, expected a whole number from 1"),
    ("corpus: { source: . }", "corpus.source: unknown key; did you mean sources?."),
    (
      "corpus: { sources: [.], vocabulary_size: 12 }",
      "vocabulary_size: 12 tokens do not hold the 256 bytes and <|endoftext|>; use 257 or more, or tokenizer: characters"
    ),
    (
      "corpus: { sources: [.], vocabulary_size: 600 }\nbase: { vocabulary_size: 700 }",
      "corpus.vocabulary_size: got 600, and base says 700; give it in one place."
    ),
  ])
  func aProfileThatIsNoneIsRefused(yaml: String, expected: String) throws {
    let error = try #require(refusal { _ = try Profile(yaml: yaml, path: "test.yaml") })
    #expect("\(error)".contains(expected), "\(error)")
    #expect(error.isUsage)
  }

  @Test func aFileThatIsNoneIsRefused() throws {
    let directory = try TemporaryDirectory()
    let missing = directory.path("none.yaml")
    #expect(
      refusal { _ = try Profile.load(missing) }?.description
        == "\(missing): there is no such file or directory; name a profile, such as profiles/quick.yaml.")
    let folder = try #require(refusal { _ = try Profile.load(directory.path("")) })
    #expect("\(folder)".contains("it is a directory; name a file."))
    try directory.write(Data([0x6e, 0xff, 0xfe]), to: "binary.yaml")
    let binary = try #require(refusal { _ = try Profile.load(directory.path("binary.yaml")) })
    #expect("\(binary)".contains("the file is not UTF-8 text; name a YAML file."))
  }
}
