import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway train --causal` on the real binary.
@Suite(.serialized) struct CausalTests {
  @Test(.timeLimit(.minutes(3))) func everyRegionIsTried() throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--causal", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=740", "--set", "threads=2", "--set", "warmup_steps=8"])
    try #require(run.status == 0, "\(run.stderr)")
    #expect(run.stdout.contains("gain for") && run.stdout.contains("forward"))
    let record = try HeadwayJSON.decode(
      CausalRecord.self, from: try Data(contentsOf: place.url("run/causal.json")), subject: "causal.json")
    let comparison = try #require(record.comparison, "\(record.warnings)")
    #expect(Set(comparison.regions.map(\.region)) == Set(record.curves.map(\.region)))
    for region in comparison.regions {
      #expect((region.replay == nil) == (region.region == "dispatch"), "\(region)")
      #expect(region.experiment.sampleCount == 6 && region.experiment.lower != nil)
    }
    #expect(comparison.pairs == 10 && run.stdout.contains("Beside the replay"))
    let recorded = try place.headway(["predict", "run/recording", "--json"])
    #expect(recorded.status == 0, "\(recorded.stderr)")
    let again = try place.headway(["report", "run", "--recording", "run/recording"])
    #expect(again.status == 0 && again.stdout.contains("Beside the replay"), "\(again.stderr)")
    let mistaken = try place.headway(["report", "run/recording", "--recording", "run"])
    #expect(mistaken.status == 64 && mistaken.stderr.contains("holds no experiments"), "\(mistaken.stderr)")
    #expect(record.schema == "headway.causal/1" && record.measurements.count == 6 * 24)
    #expect(
      Set(record.curves.map(\.region))
        == ["batch.assemble", "dispatch", "forward", "backward", "reduce", "optimize"])
    #expect(record.curves.allSatisfy { $0.points.count == 3 && $0.points.allSatisfy { $0.blocks == 6 } })
    for one in record.measurements {
      let isTried = ["forward", "backward", "optimize"].contains(one.experiment.region)
      #expect(one.wallNs > .zero && (one.insertedNs > .zero || !isTried), "\(one)")
      #expect(one.experiment.region != nil || one.insertedNs == .zero)
    }
  }

  @Test func tooFewStepsAreRefusedWithTheNumberNeeded() throws {
    let run = try Workplace().headway(
      ["train", "--corpus", "text", "--causal"] + Workplace.smallModel + ["--set", "steps=100"])
    #expect(run.status == 64 && run.stderr.contains("--set steps=7"), "\(run.stderr)")
  }
}
