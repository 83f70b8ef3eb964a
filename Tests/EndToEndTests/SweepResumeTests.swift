import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Sweeps of the real binary that are killed, with their whole process group, and go on.
@Suite(.serialized) struct SweepResumeTests {
  /// A program that costs next to nothing, says when it starts, and whose figure is known.
  private static let cheap = """
    name: cheap
    command: ["sh", "-c", "echo {threads}.{block} >>started; echo rate: {threads}0{block}"]
    metric: { name: rate, pattern: "rate: ([0-9]+)", unit: rows/s, better: higher }
    same_work: { pattern: "(rate)" }
    axes: { threads: [1, 2, 3] }
    blocks: { minimum: 6, maximum: 6 }

    """

  /// Kills a sweep with everything in its process group, which the tests' own processes are not in. Returns whether it
  /// was still running.
  private func kill(_ child: Process) -> Bool {
    Glibc.kill(-child.processIdentifier, SIGKILL)
    child.waitUntilExit()
    return child.terminationReason == .uncaughtSignal
  }

  /// What a sweep measured, without what tells when: a busy machine may have had a block measured twice.
  private struct Outcome: Equatable {
    var figures: [[Double]]
    var estimates: [Estimate?]
    var speedups: [Estimate?]
    var verdicts: [Verdict?]
    var checks: [SweepCheck]
    var isWhole: Bool
  }

  private func outcome(_ place: Workplace, _ directory: String) throws -> Outcome {
    let summary = try HeadwayJSON.decode(
      SweepSummary.self, from: try Data(contentsOf: place.url("\(directory)/summary.json")),
      subject: directory)
    return Outcome(
      figures: summary.cells.map { $0.figures.flatMap { [Double($0.block), $0.value] } },
      estimates: summary.cells.map(\.figure), speedups: summary.cells.map(\.speedup),
      verdicts: summary.cells.map(\.verdict), checks: summary.checks,
      isWhole: !summary.partial && summary.stoppedBy == .maximum)
  }

  private func lines(_ place: Workplace, _ path: String) -> [String] {
    let text = (try? String(contentsOf: place.url(path), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// Fifty times, at a moment that nothing decides but chance, until the sweep is through; then the next one begins.
  @Test(.timeLimit(.minutes(5)))
  func killedAtAnyMomentNothingIsLostAndNothingDoubled() throws {
    let place = try Workplace()
    try place.write(Self.cheap, to: "cheap.yaml")
    let began = ContinuousClock.now
    let whole = try place.headway(["sweep", "cheap.yaml", "--output", "whole", "--quiet"])
    let duration = ContinuousClock.now - began
    try #require(whole.status == 0, "\(whole.stderr)")
    let expected = try outcome(place, "whole")
    try #require(expected.isWhole && expected.figures.allSatisfy { $0.count == 12 })

    let longest = Int(duration / .microseconds(1)) / 3
    var generator = SystemRandomNumberGenerator()
    var (killed, sweeps) = (0, 0)
    while killed < 50 {
      sweeps += 1
      let name = "killed-\(sweeps)"
      try? FileManager.default.removeItem(at: place.url("started"))
      var kills = 0
      while !place.exists("\(name)/report.md") {
        let arguments =
          place.exists("\(name)/plan.json")
          ? ["resume", name, "--quiet"] : ["sweep", "cheap.yaml", "--output", name, "--quiet"]
        let child = try place.start(arguments)
        // No event is waited for: the moment of the kill is what chance decides.
        usleep(UInt32(Int.random(in: 0...longest, using: &generator)))
        if killed < 50, kill(child) {
          (killed, kills) = (killed + 1, kills + 1)
        } else {
          child.waitUntilExit()
          try #require(child.terminationStatus == 0, "\(arguments)")
        }
      }
      #expect(try outcome(place, name) == expected, "sweep \(sweeps) after \(kills) kills")
      let records = lines(place, "\(name)/journal.jsonl").filter {
        $0.hasPrefix("{\"run\"") && $0.hasSuffix("}}")
      }
      let again = lines(place, "started").count - records.count
      #expect(
        (0...kills).contains(again),
        "a kill costs the run that it hits, and no other: \(again) after \(kills)")
    }
    #expect(killed == 50)
  }

  /// A run that would go on for an hour, and what it has started, end with the sweep that is killed.
  @Test(.timeLimit(.minutes(2)))
  func nothingOfAKilledSweepGoesOn() throws {
    let place = try Workplace()
    // Whoever lives holds the pipe open: the shell, and both of its children.
    let script = "exec 9>alive; sleep 3600 & sleep 3600 & echo up >up; wait"
    try place.write(
      "command: [sh, -c, '\(script)']\nblocks: { maximum: 1 }\ntimeout_seconds: 7200\n", to: "long.yaml")
    let alive = place.url("alive").path
    try #require(mkfifo(alive, 0o600) == 0)
    let reader = open(alive, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let child = try place.start(["sweep", "long.yaml", "--output", "sweep", "--quiet"])
    try place.waitForFile("up")
    #expect(kill(child))
    // The pipe is hung up when the last of them is gone; a minute is for a broken test only.
    var look = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
    #expect(poll(&look, 1, 60_000) == 1 && look.revents & Int16(POLLHUP) != 0)
    let report = try place.headway(["report", "sweep"])
    #expect(report.status == 0 && report.stdout.contains("the sweep was killed before its end"), "\(report)")
  }

  @Test(.timeLimit(.minutes(3)))
  func anInterruptedSweepOfTrainingGoesOn() throws {
    let place = try Workplace()
    try place.write(
      """
      name: small
      corpus: { sources: [text], vocabulary_size: 300 }
      base: { width: 32, layers: 1, heads: 2, batch_size: 2, sequence_length: 16, steps: 12, evaluation_batches: 0 }
      axes: { threads: [1, 2] }
      blocks: { minimum: 3, maximum: 3 }
      overhead_check: off
      """, to: "small.yaml")
    let child = try place.start(["sweep", "small.yaml", "--output", "sweep"])
    while lines(place, "sweep/journal.jsonl").isEmpty {
      sched_yield()
      try Task.checkCancellation()
    }
    child.interrupt()
    child.waitUntilExit()
    #expect(child.terminationStatus == 130)
    let known = lines(place, "sweep/journal.jsonl").filter { $0.contains("\"completed\"") }
    let resumed = try place.headway(["sweep", "--resume", "sweep", "--quiet"])
    try #require(resumed.status == 0, "\(resumed.stderr)")
    let summary = try HeadwayJSON.decode(
      SweepSummary.self, from: try Data(contentsOf: place.url("sweep/summary.json")), subject: "sweep")
    #expect(!summary.partial && summary.cells.allSatisfy { $0.samples.count == 3 }, "\(summary.cells)")
    #expect(summary.checks.first { $0.claim.contains("loss curve") }?.passed == true)
    let later = lines(place, "sweep/journal.jsonl")
    #expect(later.starts(with: known) || known.allSatisfy(later.contains), "what was measured stayed")

    let complete = try place.headway(["resume", "sweep"])
    #expect(complete.status == 0 && complete.stderr.contains("the sweep is complete"), "\(complete.stderr)")
    #expect(lines(place, "sweep/journal.jsonl") == later)
  }

  @Test func whatCannotBeResumedIsOneSentence() throws {
    let place = try Workplace()
    try place.write(Self.cheap, to: "cheap.yaml")
    func refuse(
      _ arguments: [String], _ status: Int32, _ words: String, _ environment: [String: String] = [:]
    ) throws {
      let outcome = try place.headway(arguments, environment: environment)
      #expect(outcome.status == status && outcome.stderr.contains(words), "\(outcome.stderr)")
      #expect(outcome.stderr.split(separator: "\n").count == 1, "\(outcome.stderr)")
    }
    try refuse(["resume", "none"], 1, "none: there is no such directory")
    try refuse(["resume", "text"], 1, "text: it holds no plan.json")
    try refuse(["sweep", "cheap.yaml", "--resume", "x"], 64, "the plan of a sweep does not change")
    try refuse(["sweep"], 64, "no profile was named")
    let swept = try place.headway(["sweep", "cheap.yaml", "--output", "sweep", "--quiet"])
    #expect(swept.status == 0)
    try refuse(["resume", "sweep"], 1, "OMP_WAIT_POLICY has changed", ["OMP_WAIT_POLICY": "active"])
  }
}
