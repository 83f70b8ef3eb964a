import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway gate` with programs whose speed is known: scripts that write the summary of a run.
@Suite(.serialized) struct GateCommandTests {
  private static let profile = """
    name: gate
    corpus: { sources: [text], vocabulary_size: 300 }
    base:
      width: 32
      layers: 1
      heads: 2
      batch_size: 2
      sequence_length: 16
      batches_per_step: 4
      steps: 12
      evaluation_batches: 0
    axes: { scheduling: [queue] }
    blocks: { minimum: 6, maximum: 6 }
    """

  /// A program that reports `rate` tokens a second, an expression of the shell in which `first` is 1 in the gate's first
  /// look, and `allocations` in its steps. Called as `headway train` is: the configuration is the third argument, the
  /// run's directory the seventh.
  private func program(_ rate: String, allocations: Int = 0) throws -> String {
    var summary = RunSummary.literal(tokensPerSecond: 0)
    summary.memory = MemorySummary(
      peakRssBytes: nil, components: [:],
      stepAllocations: StepAllocations(steps: 10, calls: allocations, bytes: 0))
    summary.configuration = nil
    let text = String(decoding: try HeadwayJSON.line(summary), as: UTF8.self)
    let parts = text.components(separatedBy: "\"tokens_per_second\":0")
    try #require(parts.count == 2 && !text.contains("'"))
    return """
      #!/bin/sh
      case "$7" in */first/*) first=1 ;; *) first=0 ;; esac
      block=$(basename "$7")
      block=${block%%-*}
      rate=$(( (\(rate)) * 100 + block % 3 ))
      { printf '%s' '\(parts[0])"tokens_per_second":'; printf '%s' "$rate"
        printf '%s' '\(parts[1].dropLast()),"configuration":'; cat "$3"; printf '}'; } >"$7/summary.json"

      """
  }

  private func write(_ script: String, to name: String, in place: Workplace) throws {
    try place.write(script, to: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.url(name).path)
  }

  @Test(.timeLimit(.minutes(2)))
  func everyOutcomeHasItsExitStatus() throws {
    let place = try Workplace()
    try place.write(Self.profile, to: "gate.yaml")
    try write(program("100"), to: "base", in: place)
    func gate(_ candidate: String, _ more: String...) throws -> CommandOutcome {
      try place.headway(
        [
          "gate", "--base", "base", "--candidate", candidate, "--profile", "gate.yaml", "--margin", "2%",
          "--quiet",
        ]
          + more)
    }
    let cases: [(name: String, script: String, status: Int32, word: String)] = [
      ("same", try program("100"), 0, "Pass"), ("slower", try program("90"), 2, "Regression"),
      ("fickle", try program("100 - 10 * first"), 3, "Inconclusive"),
      ("faster", try program("110"), 4, "Improvement"),
      ("greedy", try program("100", allocations: 5), 2, "step allocations 0 → 5, worse"),
    ]
    for item in cases {
      try write(item.script, to: item.name, in: place)
      let result = try gate(item.name)
      #expect(result.status == item.status, "\(item.name): \(result.stdout)\(result.stderr)")
      #expect(result.stdout.contains(item.word), "\(item.name): \(result.stdout)")
    }
    // A pass needs no second look; what was flagged had one.
    let json = try gate("slower", "--json", "--output", "kept")
    let result = try HeadwayJSON.decode(
      GateResult.self, from: Data(json.stdout.utf8), subject: "standard output")
    #expect(result.outcome == .regression && result.rows.count == 1)
    #expect(result.rows.allSatisfy { $0.isFlagged && $0.second?.sampleCount == 6 && $0.first.value < 0.91 })
    #expect(place.exists("kept/first/journal.jsonl") && place.exists("kept/second/journal.jsonl"))

    try write("#!/bin/sh\necho it broke\nexit 7\n", to: "broken", in: place)
    let broken = try gate("broken")
    #expect(broken.status == 1)
    #expect(broken.stderr.contains("broken: no run of it succeeded") && broken.stderr.contains("it broke"))
    let misuse = try gate("no-such-thing")
    #expect(misuse.status == 64 && misuse.stderr.contains("no git reference"), "\(misuse.stderr)")
    #expect(try gate("same", "--blocks", "5").status == 64)
  }

  /// Commits of a repository whose package is built by a `swift` of the test's own, which copies a script.
  @Test(.timeLimit(.minutes(2)))
  func gitReferencesAreBuiltInWorktrees() throws {
    let place = try Workplace()
    try place.write(Self.profile, to: "gate.yaml")
    try FileManager.default.createDirectory(at: place.url("tools"), withIntermediateDirectories: true)
    try write(
      """
      #!/bin/sh
      case "$*" in
      *--show-bin-path*) echo "$PWD/bin" ;;
      *) mkdir -p bin && cp program.sh bin/headway && echo "$PWD" >>"\(place.url("built").path)" ;;
      esac
      """, to: "tools/swift", in: place)
    func git(_ arguments: String...) throws {
      let identity = [
        "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false",
      ]
      let result = try place.run("/usr/bin/env", ["git"] + identity + arguments)
      try #require(result.status == 0, "\(result.stderr)")
    }
    try git("init", "--quiet", "--initial-branch=main", ".")
    for (rate, tag) in [("100", "old"), ("90", "new")] {
      try place.write("// A package.\n", to: "Package.swift")
      try write(program(rate), to: "program.sh", in: place)
      try git("add", "Package.swift", "program.sh")
      try git("commit", "--quiet", "-m", tag)
      try git("tag", tag)
    }
    let path =
      place.url("tools").path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    func gate(_ base: String, _ candidate: String) throws -> CommandOutcome {
      try place.headway(
        ["gate", "--base", base, "--candidate", candidate, "--profile", "gate.yaml", "--quiet", "--json"],
        environment: ["PATH": path])
    }
    let slower = try gate("old", "new")
    #expect(slower.status == 2, "\(slower.stderr)")
    let result = try HeadwayJSON.decode(
      GateResult.self, from: Data(slower.stdout.utf8), subject: "standard output")
    #expect(result.base.gitCommit?.count == 40 && result.base.gitCommit != result.candidate.gitCommit)
    #expect(result.base.binaryHash != result.candidate.binaryHash)
    #expect(try place.contents(".headway/gate/worktrees").isEmpty, "worktrees are removed")
    #expect(try place.contents(".headway/gate/binaries").count == 2)

    // Commits that were built are not built again; a directory is, where it stands.
    #expect(try gate("new", "old").status == 4)
    #expect(try gate("main", ".").status == 0)
    let built = try String(contentsOf: place.url("built"), encoding: .utf8).split(separator: "\n")
    #expect(built.count == 3 && built.last == Substring(place.directory.root), "\(built)")
  }
}
