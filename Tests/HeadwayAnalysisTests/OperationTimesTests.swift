import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Times by operation of literal runs, checked against the arithmetic written out.
@Suite struct OperationTimesTests {
  private static let steps = 10
  private let cost = RunConfiguration().stepCost

  /// A worker with one state, of which operations have so many milliseconds.
  private func worker(
    _ index: Int, _ state: String, wallMs: Int64, cpuMs: Int64, _ operations: [String: Int64]?
  ) -> ThreadAccounts {
    var accounts = ThreadAccounts.literal(
      "worker-\(index)", presentMs: 1_000, states: [(.useful(state), wallMs, cpuMs)])
    accounts.states[state]?.operations = operations?.mapValues {
      OperationAccount(wallNs: .milliseconds($0), count: 7)
    }
    return accounts
  }

  private func run(
    _ threads: [ThreadAccounts], configuration: RunConfiguration? = RunConfiguration(),
    usableCpus: Double? = 2
  ) -> RunSummary {
    RunAnalysis.summarize(
      configuration: configuration, completed: true, accounts: .literal(windowMs: 1_000, threads: threads),
      stepDurations: Array(repeating: .milliseconds(100), count: Self.steps), loss: nil,
      memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [], usableCpus: usableCpus)
  }

  private func counted(_ operation: ModelOperation, _ part: StepPart) throws -> OperationCost {
    try #require(cost.operations.first { $0.operation == operation && $0.part == part })
  }

  @Test("times add up over threads, rates are by shared-out CPU time and the threads at once")
  func sums() throws {
    let times = try #require(
      run([
        worker(0, "forward", wallMs: 400, cpuMs: 400, ["head": 300, "gelu": 98]),
        worker(1, "forward", wallMs: 400, cpuMs: 200, ["head": 200, "gelu": 200]),
      ]).operations)
    #expect(times.operations.map(\.operation) == ["head", "gelu"] && times.warnings.isEmpty)
    #expect(
      times.states == [TimedState(state: "forward", wallNs: .milliseconds(800), restNs: .milliseconds(2))])
    let head = times.operations[0]
    #expect(head.count == 14 && head.wallNs == .milliseconds(500) && head.share == 500.0 / 800)
    // The second thread was on a CPU for half of its time in the state.
    #expect(head.cpuNs == .milliseconds(300 + 100) && head.threads == 2)
    let flops = Double(try counted(.head, .forward).flops * Self.steps)
    let bytes = Double(try counted(.head, .forward).bytes * Self.steps)
    let work = try #require(head.work)
    #expect(work.flops == flops && work.bytes == bytes)
    #expect(abs(work.gflopPerSecond / (flops / 0.2 / 1e9) - 1) < 1e-12, "0.4 s of two threads are 0.2 s")
    #expect(abs(work.gigabytesPerSecond / (bytes / 0.2 / 1e9) - 1) < 1e-12)
    #expect(head.roof == nil, "no ceilings, no roof")
  }

  @Test("forward and backward have their own work, a fused operation that of its parts, others none")
  func work() throws {
    var main = worker(0, "backward", wallMs: 100, cpuMs: 100, ["head": 60, "clear": 40])
    main.states["reduce"] = StateAccount(
      definition: .useful("reduce"), wallNs: .milliseconds(50), cpuNs: .milliseconds(50), count: 1)
    main.states["reduce"]?.operations = [
      "reduction_and_norm": OperationAccount(wallNs: .milliseconds(50), count: 1)
    ]
    let times = try #require(run([main]).operations)
    #expect(times.states.map(\.state) == ["backward", "reduce"], "in the order of a step")
    func work(_ operation: String) -> RooflineWork? {
      times.operations.first { $0.operation == operation }?.work
    }
    #expect(work("head")?.flops == Double(try counted(.head, .backward).flops * Self.steps))
    #expect(work("clear") == nil)
    let fused = try counted(.reduction, .update).flops + counted(.norm, .update).flops
    #expect(work("reduction_and_norm")?.flops == Double(fused * Self.steps))
  }

  @Test("under ceilings every operation has its roof and what bounds it")
  func roofs() throws {
    var run = run([
      worker(0, "forward", wallMs: 200, cpuMs: 200, ["head": 100, "gelu": 100]),
      worker(1, "forward", wallMs: 100, cpuMs: 100, ["head": 100]),
    ])
    let ceilings = MachineCeilings.literal([(1, 100, 1, nil), (2, 180, 30, 110)])
    try run.hold(against: ceilings, machine: .literal)
    #expect(run.roofline != nil)
    let operations = try #require(run.operations?.operations)
    let head = try #require(operations.first { $0.operation == "head" })
    let cost = try counted(.head, .forward)
    let least = max(Double(cost.flops) / 180e9, Double(cost.bytes) / 30e9)
    let roof = Double(cost.flops) / least / 1e9
    let achieved = Double(cost.flops * Self.steps) / 0.1 / 1e9
    #expect(abs((head.roof?.gflopPerSecond ?? 0) / roof - 1) < 1e-12)
    #expect(abs((head.roof?.share ?? 0) / (achieved / roof) - 1) < 1e-12)
    #expect(
      head.roof?.bound == (Double(cost.flops) / 180e9 >= Double(cost.bytes) / 30e9 ? .compute : .memory))
    // One thread did it: 1 GB/s feeds less than a GELU could compute.
    let gelu = try #require(operations.first { $0.operation == "gelu" })
    #expect(gelu.threads == 1 && gelu.roof?.bound == .memory)
    // Where nothing was measured at as many threads there is no roof.
    var bare = self.run([worker(0, "forward", wallMs: 100, cpuMs: 100, ["head": 100])])
    try bare.hold(against: .literal([(2, 180, 30, 110)]), machine: .literal)
    #expect(bare.operations?.operations.first?.roof == nil)
    #expect(bare.operations?.operations.first?.work != nil)
  }

  @Test("more than the roof is a warning that names the operation")
  func aboveTheRoof() throws {
    var run = run([worker(0, "forward", wallMs: 1, cpuMs: 1, ["head": 1])])
    try run.hold(against: .literal([(1, 0.001, 0.001, nil)]), machine: .literal)
    #expect(run.operations?.warnings.contains { $0.hasPrefix("head in forward reached more") } == true)
  }

  @Test("more than a hundredth of a state in no operation is a warning; the probe's own cost is allowed for")
  func rest() throws {
    func warnings(restMs: Int64, costMs: Int64) throws -> [String] {
      var accounts = RunAccounts.literal(
        windowMs: 1_000,
        threads: [worker(0, "forward", wallMs: 500, cpuMs: 500, ["head": 500 - restMs])])
      accounts.transitionCostNs = .milliseconds(costMs)
      let summary = RunAnalysis.summarize(
        configuration: RunConfiguration(), completed: true, accounts: accounts,
        stepDurations: [.milliseconds(100)], loss: nil,
        memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [])
      return try #require(summary.operations).warnings
    }
    #expect(try warnings(restMs: 5, costMs: 0) == [])
    #expect(try warnings(restMs: 6, costMs: 0).count == 1)
    #expect(try warnings(restMs: 6, costMs: 1) == [], "two changes of state at a millisecond each")
    #expect(try warnings(restMs: 100, costMs: 1).first?.hasPrefix("20 % of the time in forward") == true)
  }

  @Test("what was not timed, and whose CPUs are not known, has no figures")
  func absent() throws {
    #expect(run([worker(0, "forward", wallMs: 10, cpuMs: 10, nil)]).operations == nil)
    let blind = try #require(
      run([worker(0, "forward", wallMs: 10, cpuMs: 10, ["head": 10])], usableCpus: nil).operations)
    #expect(blind.operations[0].work == nil && blind.operations[0].threads == nil)
    #expect(blind.operations[0].wallNs == .milliseconds(10))
    let foreign = try #require(
      run([worker(0, "solve", wallMs: 10, cpuMs: 10, ["row": 10])], configuration: nil).operations)
    #expect(foreign.operations.map(\.operation) == ["row"] && foreign.operations[0].work == nil)
  }
}
