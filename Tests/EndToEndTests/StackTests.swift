import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Stacks of a real training run.
@Suite(.serialized) struct StackTests {
  @Test(.timeLimit(.minutes(3)), arguments: StackSamplingMode.allCases)
  func everyThreadOfARunIsSampled(mode: StackSamplingMode) throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--json", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=200", "--set", "threads=2", "--set", "prefetch=1"]
        + ["--set", "stack_sampling_hz=1000", "--set", "stack_sampling_mode=\(mode.rawValue)"])
    try #require(run.status == 0, "\(run.stderr)")
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: Data(run.stdout.utf8), subject: "standard output")
    let stacks = try #require(summary.stacks)
    #expect(stacks.mode == mode && stacks.frequencyHz == 1_000)
    #expect(stacks.samples > 0)
    #expect(stacks.roles.contains { $0.role == .worker && !$0.functions.isEmpty })
    #expect(
      summary.threads.contains { $0.name == "stack-sampler" && $0.role == .sampler },
      "the sampler stands in the books")

    let profile = try HeadwayJSON.decode(
      StackProfile.self, from: Data(contentsOf: place.url("run/stacks.json")), subject: "stacks.json")
    try profile.check(subject: "stacks.json")
    #expect(Set(profile.threads.map(\.name)) == ["main", "worker-0", "worker-1", "prefetch"])
    #expect(profile.samples.count == stacks.samples)
    #expect(profile.window != nil)
    #expect(profile.states.contains("forward"))
    #expect(profile.functions.name.contains { $0.contains("Headway") }, "functions have names")
    #expect(Double(profile.losses.failed) <= 0.05 * Double(profile.samples.count))
  }

  @Test(.timeLimit(.minutes(3))) func withoutAProbeThereAreNoStacks() throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--json", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=5", "--set", "probe=off", "--set", "stack_sampling_hz=99"])
    try #require(run.status == 0, "\(run.stderr)")
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: Data(run.stdout.utf8), subject: "standard output")
    #expect(summary.stacks == nil)
    #expect(summary.warnings.contains { $0.contains("no stacks were sampled") })
    #expect(!place.exists("run/stacks.json"))
  }
}
