import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway tune` on the real binary: what it says follows from runs that it made.
@Suite(.serialized) struct TuneTests {
  @Test(.timeLimit(.minutes(5))) func aSearchMeasuresPredictsAndCompares() throws {
    let place = try Workplace()
    let run = try place.headway(
      ["tune", "--corpus", "text", "--budget", "12s", "--output", "search", "--json"] + Workplace.smallModel)
    try #require(run.status == 0, "\(run.stderr)")
    let result = try HeadwayJSON.decode(
      TuningResult.self, from: Data(run.stdout.utf8), subject: "standard output")
    #expect(result.schema == "headway.tuning/1" && result.runs >= 3)
    #expect(result.candidates.count * 6 == result.exhaustiveRuns && result.runs < result.exhaustiveRuns)
    #expect(result.candidates.contains { $0.predicted != nil }, "\(result.warnings)")
    let measured = result.candidates.reduce(0) { $0 + $1.measured.count }
    // The first run, two recordings, the search, and two runs for each block of the comparison.
    #expect(result.runs == 1 + 2 + measured + 2 * (result.gain?.sampleCount ?? 0), "\(result)")
    for (key, value) in result.changes {
      #expect(result.chosen.value(of: key) == value && result.base.value(of: key) != value)
    }
    var rest = result.chosen
    for key in result.changes.keys {
      try rest.set(key, to: result.base.value(of: key) ?? "", subject: "test")
    }
    #expect(rest == result.base, "the work is the same")
    #expect(place.exists("search/tuning.json") && place.exists("search/run-0/summary.json"))
  }

  @Test(arguments: ["soon", "0s", "-3m"]) func aBudgetThatIsNoneIsMisuse(budget: String) throws {
    let run = try Workplace().headway(["tune", "--corpus", "text", "--budget=\(budget)"])
    #expect(run.status == 64 && run.stderr.contains("90s, 5m or 1h"), "\(run.stderr)")
  }
}
