import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway predict` on a run that was really recorded. No test here asserts how long anything took.
@Suite struct PredictTests {
  @Test(.timeLimit(.minutes(3)))
  func predictsFromARecordedRun() throws {
    let place = try Workplace()
    let trained = try place.headway(
      ["train", "--corpus", "text", "--quiet", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=60", "--set", "threads=2"])
    try #require(trained.status == 0, "\(trained.stderr)")

    let unchanged = try prediction(["run"], in: place)
    // A wide bound: on a busy machine waits of milliseconds stand beside tasks of a tenth of one.
    #expect(unchanged.replayError.magnitude < 0.9, "the replay misses the run by \(unchanged.replayError)")
    #expect(abs(unchanged.speedup.value - 1) < 1e-9)
    #expect(unchanged.recorded.steps + unchanged.recorded.warmupSteps == 60)
    #expect(unchanged.recorded.incompleteSteps == 0)
    #expect(abs(unchanged.categories.values.reduce(0, +) - 1) < 0.01)

    let four = try prediction(
      ["run", "--set", "threads=4", "--set", "scheduling=queue", "--cores", "4"], in: place)
    #expect(four.configuration.threads == 4 && four.configuration.scheduling == .queue)
    let one = try prediction(
      ["run", "--set", "threads=4", "--set", "scheduling=queue", "--cores", "1"], in: place)
    #expect(four.stepNs.value < one.stepNs.value, "four cores beat one")
    let interval = four.tokensPerSecond
    #expect(try #require(interval.lower) < interval.value && interval.value < (try #require(interval.upper)))
    func unknown(_ prediction: Prediction) -> Double {
      prediction.uncertainty.reduce(0) { $1.source == .unknown ? $0 + $1.share : $0 }
    }
    #expect(unknown(four) > unknown(unchanged), "what is not known widens the interval")

    let page = try place.headway(["predict", "run", "--set", "threads=4", "--cores", "4"])
    #expect(page.status == 0 && page.stderr.isEmpty, "\(page.stderr)")
    for part in ["threads=4", "tokens/s", "speed-up", "Taken for granted", "unchanged run"] {
      #expect(page.stdout.contains(part), "\(part)")
    }

    let curve = try place.headway(["predict", "run", "--curve", "1..32", "--json"])
    try #require(curve.status == 0, "\(curve.stderr)")
    let line = try HeadwayJSON.decode(
      PredictionCurve.self, from: Data(curve.stdout.utf8), subject: "predict")
    #expect(line.schema == PredictionCurve.schemaName)
    #expect(line.series.map(\.topology) == [.flat, .kissing])
    #expect(line.series[0].points.map(\.threads) == [1, 2, 3, 4, 6, 8, 12, 16, 24, 32])
    #expect(try #require(line.series[0].boundary).threads < 32)
    for series in line.series {
      let limits = try #require(series.limits)
      #expect(limits.map(\.kind) == [.tasks, .synchronisation, .reduction, .serial])
      #expect(limits.first?.threads != nil, "a step has four tasks")
    }
    // With a core for every worker, more of them also leave more room to whatever else ran on the machine, so that the
    // end of the scaling depends on it. With four cores it cannot: the tasks by themselves end it at four threads.
    let capped = try place.headway(["predict", "run", "--curve", "1..32", "--cores", "4", "--json"])
    try #require(capped.status == 0, "\(capped.stderr)")
    let onFour = try HeadwayJSON.decode(
      PredictionCurve.self, from: Data(capped.stdout.utf8), subject: "predict")
    for series in onFour.series {
      let tasks = try #require(series.limits?.first { $0.kind == .tasks })
      #expect(try #require(tasks.threads) <= 4, "a step has four tasks")
    }
    let far = try place.headway(["predict", "run", "--set", "batching=grouped", "--curve", "64..1024"])
    try #require(far.status == 0, "\(far.stderr)")
    for part in ["64", "128", "1,024", "the serial reduction", "of waking threads", "the memory bandwidth"] {
      #expect(far.stdout.contains(part), "\(part) in \(far.stdout)")
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func refusesInASentence() throws {
    let place = try Workplace()
    let trained = try place.headway(
      ["train", "--corpus", "text", "--quiet", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=10", "--set", "probe=counters"])
    try #require(trained.status == 0, "\(trained.stderr)")
    let refusals: [([String], Int32, String)] = [
      (["run"], 1, "probe=events"), (["nothing"], 1, "nothing"),
      (["run", "--curve", "8..1"], 64, "--curve"), (["run", "--scale", "forward"], 1, "probe=events"),
    ]
    for (arguments, status, part) in refusals {
      let result = try place.headway(["predict"] + arguments)
      #expect(result.status == status, "\(arguments): \(result.stderr)")
      #expect(result.stderr.contains(part), "\(result.stderr)")
      #expect(result.stdout.isEmpty)
      #expect(result.stderr.split(separator: "\n").count == 1)
    }
  }

  private func prediction(_ arguments: [String], in place: Workplace) throws -> Prediction {
    let result = try place.headway(["predict"] + arguments + ["--json"])
    try #require(result.status == 0, "\(result.stderr)")
    let prediction = try HeadwayJSON.decode(
      Prediction.self, from: Data(result.stdout.utf8), subject: "predict")
    #expect(prediction.schema == Prediction.schemaName)
    return prediction
  }
}
