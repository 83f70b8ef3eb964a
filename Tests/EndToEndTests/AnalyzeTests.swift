import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway analyze` on runs of the real binary.
@Suite(.serialized) struct AnalyzeTests {
  private func train(_ place: Workplace, into run: String, _ settings: [String]) throws {
    let trained = try place.headway(
      ["train", "--corpus", "text", "--run-directory", run] + Workplace.smallModel
        + ["--set", "steps=12"] + settings.flatMap { ["--set", $0] })
    try #require(trained.status == 0, "\(trained.stderr)")
  }

  @Test(.timeLimit(.minutes(3)), arguments: ["barrier", "queue"])
  func explainsARun(scheduling: String) throws {
    let place = try Workplace()
    try train(place, into: "run", ["threads=2", "scheduling=\(scheduling)", "prefetch=1"])
    let text = try place.headway(["analyze", "run"], environment: ["COLUMNS": "100"])
    try #require(text.status == 0, "\(text.stderr)")
    // From a queue one of two workers may take everything in every step: then nobody straggles.
    let stragglers = scheduling == "barrier" ? ["Stragglers"] : []
    for part in [
      "steps 1 to 12: 4 threads, 2 of them the team", "Parallel efficiency", "Where the team's time went",
      "What the team waited for, by three methods", "Input", "CPUs",
    ] + stragglers { #expect(text.stdout.contains(part), "\(part) in:\n\(text.stdout)") }
    for line in text.stdout.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }

    let json = try place.headway(["analyze", "run", "--json", "--steps", "3..10", "--reference", "run"])
    try #require(json.status == 0, "\(json.stderr)")
    let explanation = try HeadwayJSON.decode(
      RunExplanation.self, from: Data(json.stdout.utf8), subject: "standard output")
    #expect(explanation.schema == RunExplanation.schemaName)
    #expect(explanation.window.firstStep == 3 && explanation.window.lastStep == 10)
    #expect(explanation.totals.pathNs == explanation.window.wallNs)
    let factors = try #require(explanation.efficiencies)
    #expect(factors.computationScaling == 1 && factors.global == factors.parallel)
    let lost = explanation.losses.reduce(0) { $0 + $1.share }
    #expect(abs(lost + factors.parallel - 1) < 1e-9)
  }

  @Test(.timeLimit(.minutes(3))) func saysWhatCannotBeExplained() throws {
    let place = try Workplace()
    try train(place, into: "run", ["probe=events"])
    try train(place, into: "bare", ["probe=counters"])
    let absent = try place.headway(["analyze", "run", "--steps", "20..30"])
    #expect(absent.status == 64 && absent.stderr.contains("it has the steps 1..12"), "\(absent.stderr)")
    #expect(try place.headway(["analyze", "run", "--steps", "a..b"]).status == 64)
    #expect(try place.headway(["analyze", "run", "--steps", "9..3"]).status == 64)
    let bare = try place.headway(["analyze", "bare"])
    #expect(bare.status == 1 && bare.stderr.contains("record it with probe: events"), "\(bare.stderr)")
    #expect(try place.headway(["analyze", "nowhere"]).status == 1)
  }
}
