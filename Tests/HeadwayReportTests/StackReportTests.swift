import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct StackReportTests {
  private func summary(_ functions: [HotFunction], mode: StackSamplingMode = .wall) -> RunSummary {
    var losses = StackLosses()
    losses.dropped = 7
    var run = RunSummary.literal()
    run.stacks = StackSummary(
      mode: mode, frequencyHz: 99, samples: 200, losses: losses, handlerNs: .zero,
      roles: [RoleStacks(role: .worker, periods: 200, sleepingPeriods: 40, functions: functions)])
    return run
  }

  private func function(_ name: String, _ periods: Int, sleeping: Int = 0) -> HotFunction {
    HotFunction(
      name: name, module: "headway", selfPeriods: periods, sleepingPeriods: sleeping, totalPeriods: periods)
  }

  @Test func theHottestFunctionsAndTheLossesAreShown() throws {
    let text = TerminalReport.render(
      run: summary([function("multiply", 120), function("wait", 40, sleeping: 40)]))
    let lines = text.split(separator: "\n").map(String.init)
    let row = try #require(lines.first { $0.hasPrefix("multiply") })
    #expect(row.contains("headway") && row.contains("worker") && row.contains("60 %"))
    #expect(text.contains("200 samples at 99 Hz of wall time; 7 dropped, 0 truncated, 0 failed"))
  }

  @Test func aRunWithoutStacksHasNoTable() {
    #expect(!TerminalReport.render(run: .literal()).contains("Where the stacks were"))
  }

  @Test(arguments: [
    ("sgemm_kernel", "sgemm_kernel"),
    ("static HeadwayThreads.(run in _5F3A91C2)(Swift.Int) -> ()", "HeadwayThreads.run"),
    (
      "generic specialization <Kernels.Fast> of static (extension in Kernels):Kernels.Vector.add(_: Swift.Int) -> ()",
      "Kernels.Vector.add"
    ),
    (
      "generic specialization <Swift.Float> of static Kernels.Product.multiply(Swift.Int, by: Swift.Int) -> ()",
      "Kernels.Product.multiply"
    ),
    (
      "closure #1 (Swift.Int) -> Swift.Int in App.Worker.run<A where A: App.Work>(A) throws -> Swift.Bool",
      "closure #1 in App.Worker.run"
    ),
    ("protocol witness for Work.perform() in conformance Engine", "Work.perform in conformance Engine"),
    ("std::vector<int, std::allocator<int> >::push_back(int&&)", "std::vector::push_back"),
    (
      "static Swift.Int.< infix(Swift.Int, Swift.Int) -> Swift.Bool",
      "static Swift.Int.< infix(Swift.Int, Swift.Int) -> Swift.Bool"
    ),
  ])
  func namesAreShortened(name: String, short: String) throws {
    let text = TerminalReport.render(run: summary([function(name, 10)]), width: 400)
    #expect(text.split(separator: "\n").contains { $0.hasPrefix(short + "  ") }, "\(text)")
  }
}
