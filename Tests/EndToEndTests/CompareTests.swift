import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway compare` and `headway history` on runs of the real engine.
@Suite(.serialized) struct CompareTests {
  private func train(_ place: Workplace, _ run: String, _ more: String...) throws {
    let result = try place.headway(
      ["train", "--corpus", "text", "--quiet", "--run-directory", run] + Workplace.smallModel
        + ["--set", "steps=12"] + more.flatMap { ["--set", $0] })
    try #require(result.status == 0, "\(result.stderr)")
  }

  @Test(.timeLimit(.minutes(2)))
  func runsAreComparedAndKept() throws {
    let place = try Workplace()
    try train(place, "runs/a", "threads=1")
    try train(place, "runs/b", "threads=2", "scheduling=queue", "kernels=reference")
    try train(place, "runs/c", "threads=1", "steps=13")

    let result = try place.headway(["compare", "runs/a", "runs/b", "--json"])
    try #require(result.status == 0, "\(result.stderr)")
    let comparison = try HeadwayJSON.decode(
      RunComparison.self, from: Data(result.stdout.utf8), subject: "standard output")
    let row = try #require(comparison.rows.first)
    #expect(row.changes.map(\.name) == ["threads", "scheduling", "kernels"])
    #expect(row.loss?.level == .withinTolerance || row.loss?.level == .bitwise)
    let wall = try #require(row.wall)
    #expect(wall.categories.reduce(wall.work.ns) { $0 + $1.ns } == wall.differenceNs)
    #expect(wall.work.ns == .zero)
    #expect(wall.candidateThreads == wall.baseThreads + 1)
    for name in ["a", "b"] {
      let manifest = try HeadwayJSON.decode(
        Manifest.self, from: try Data(contentsOf: place.url("runs/\(name)/manifest.json")), subject: name)
      let around = try #require(manifest.surroundings)
      #expect(around.affinity != nil && around.libraries["libc"] != nil && around.activity != nil)
    }
    let report = try place.headway(["report", "runs/a", "--full"])
    #expect(report.stdout.contains("Around") && report.stdout.contains("affinity CPUs"), "\(report.stdout)")
    let runPage = try String(contentsOf: place.url("runs/a/report.html"), encoding: .utf8)
    #expect(runPage.contains("affinity CPUs"), "what surrounded the run stands on its page")
    let page = try place.headway(["compare", "runs/a", "runs/b"])
    #expect(page.stdout.contains("drift not controlled"), "\(page.stdout)")

    let written = try place.headway(["compare", "runs/a", "runs/b", "--html", "page.html"])
    #expect(written.status == 0 && place.exists("page.html"), "\(written.stderr)")
    let html = try String(contentsOf: place.url("page.html"), encoding: .utf8)
    #expect(html.contains("a has no sampled stacks") && html.contains("id=\"difference-counterpart\""))

    let other = try place.headway(["compare", "runs/a", "runs/c"])
    #expect(other.status == 1)
    #expect(other.stderr.contains("steps 12 and 13") && other.stderr.split(separator: "\n").count == 1)
    #expect(try place.headway(["compare", "runs/a", "runs/absent"]).status == 1)
    #expect(try place.headway(["compare", "phases", "runs/a"]).status == 64)

    #expect(try place.headway(["history"]).stderr.contains("there is no history yet"))
    let added = try place.headway(["history", "add", "runs"])
    #expect(
      added.stdout.contains("3 runs written to .headway/history.sqlite"), "\(added.stdout)\(added.stderr)")
    let list = try place.headway(["history", "--json"])
    let history = try HeadwayJSON.decode(
      MetricHistory.self, from: Data(list.stdout.utf8), subject: "standard output")
    #expect(history.runs == 3 && history.series.count == 3)
    #expect(try place.headway(["history", "--workload", "queue"]).stdout.contains("1 series"))
    #expect(try place.headway(["history", "--metric", "token_per_second"]).status == 64)
    // A run whose summary was cut off is left out in words; the others are kept.
    try place.write("{", to: "runs/c/summary.json")
    let rebuilt = try place.headway(["history", "rebuild", "runs"])
    #expect(
      rebuilt.status == 0 && rebuilt.stdout.contains("2 runs written")
        && rebuilt.stdout.contains("1 left out"))
    #expect(rebuilt.stderr.contains("runs/c/summary.json"))
  }
}
