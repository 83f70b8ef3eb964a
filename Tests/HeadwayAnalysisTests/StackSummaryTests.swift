import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct StackSummaryTests {
  @Test func periodsAreAddedUpByRole() throws {
    let summary = StackSummary(
      .literal(
        stacks: [
          ("main", .main, ["add", "run"], 1), ("worker-0", .worker, ["multiply", "serve"], 3),
          ("worker-1", .worker, ["wait", "serve"], 2), ("worker-1", .worker, ["multiply", "serve"], 1),
        ], asleep: [2]))
    #expect(summary.samples == 4)
    #expect(summary.roles.map(\.role) == [.main, .worker])
    let workers = try #require(summary.roles.last)
    #expect(workers.periods == 6)
    #expect(workers.sleepingPeriods == 2)
    #expect(
      workers.functions == [
        HotFunction(name: "multiply", module: "program", selfPeriods: 4, sleepingPeriods: 0, totalPeriods: 4),
        HotFunction(name: "wait", module: "program", selfPeriods: 2, sleepingPeriods: 2, totalPeriods: 2),
      ])
  }

  @Test func onlyTheWindowCounts() throws {
    // Samples at 10, 20 and 30.
    let summary = StackSummary(
      .literal(
        window: SampleWindow(begin: 15, end: 25),
        stacks: [
          ("main", .main, ["setup"], 1), ("main", .main, ["step"], 1), ("main", .main, ["save"], 1),
        ]))
    #expect(summary.samples == 3)
    #expect(try #require(summary.roles.first).functions.map(\.name) == ["step"])
  }

  @Test func aRecursiveFunctionCountsOnceInATotal() throws {
    let summary = StackSummary(.literal(stacks: [("main", .main, ["leaf", "again", "again", "run"], 1)]))
    #expect(try #require(summary.roles.first).functions.map(\.totalPeriods) == [1])
    let again = StackSummary(
      .literal(stacks: [("main", .main, ["again", "again"], 1), ("main", .main, ["leaf", "again"], 1)]))
    #expect(try #require(again.roles.first).functions.first { $0.name == "again" }?.totalPeriods == 2)
  }

  @Test func whatIsInlinedBelongsToItsCaller() throws {
    var profile = StackProfile.literal(stacks: [("main", .main, ["operator", "loop", "run"], 1)])
    let inlined = try #require(profile.functions.name.firstIndex(of: "operator"))
    profile.frames.isInlined[inlined] = true
    let role = try #require(StackSummary(profile).roles.first)
    #expect(role.functions.map(\.name) == ["loop"])
    #expect(role.functions.map(\.totalPeriods) == [1])
  }

  @Test func theHottestAreKept() throws {
    let stacks = (0..<20).map {
      (thread: "main", role: ThreadRole.main, functions: ["f\($0)"], periods: $0 + 1)
    }
    let summary = StackSummary(.literal(stacks: stacks), limit: 3)
    #expect(try #require(summary.roles.first).functions.map(\.name) == ["f19", "f18", "f17"])
    #expect(try #require(summary.roles.first).periods == 210)
  }

  @Test func aSampleWithoutAStackCountsInItsRole() throws {
    var profile = StackProfile.literal(stacks: [("main", .main, ["run"], 1), ("main", .main, ["run"], 1)])
    profile.samples.stack[1] = -1
    let role = try #require(StackSummary(profile).roles.first)
    #expect(role.periods == 2)
    #expect(role.functions.map(\.selfPeriods) == [1])
  }
}
