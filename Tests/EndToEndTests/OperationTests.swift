import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Times by operation, and the books step by step, of real runs of the real binary.
@Suite struct OperationTests {
  /// Every operation of a step is there, as often as the shapes say, and the times fill their states.
  @Test(.timeLimit(.minutes(3)), arguments: Reduction.allCases)
  func operationsFillTheirStates(reduction: Reduction) throws {
    let place = try Workplace()
    let (steps, batches, layers) = (10, 4, 2)
    let summary = try place.trained(
      [
        "--set", "steps=\(steps)", "--set", "threads=2", "--set", "operations=true", "--set", "layers=2",
        "--set", "width=64", "--set", "sequence_length=32", "--set", "optimizer=segmented",
        "--set", "reduction=\(reduction.rawValue)",
      ])
    let times = try #require(summary.operations)
    func time(_ name: String, _ state: String) -> OperationTime? {
      times.operations.first { $0.operation == name && $0.state == state }
    }
    func time(_ operation: ModelOperation, _ state: String) -> OperationTime? {
      time(operation.rawValue, state)
    }
    // Batches of two sequences may be cut into two passes each: whatever that is, it is the same for all.
    let passes = try #require(time(.head, "forward")).count
    #expect(passes == steps * batches || passes == 2 * steps * batches)
    #expect(time(.layerNorm, "forward")?.count == passes * (2 * layers + 1))
    #expect(time(.layerNorm, "backward")?.count == passes * (2 * layers + 1))
    #expect(time(.residual, "forward")?.count == passes * 2 * layers)
    for operation in [
      ModelOperation.attentionInput, .attention, .attentionOutput, .expansion, .gelu, .projection,
    ] {
      for state in ["forward", "backward"] { #expect(time(operation, state)?.count == passes * layers) }
    }
    for operation in [ModelOperation.embedding, .crossEntropy] {
      #expect(time(operation, "forward")?.count == passes)
    }
    #expect(time("clear", "backward")?.count == steps * batches)
    #expect(time("scalars", "optimize")?.count == steps && time(.optimizer, "optimize")?.count == 2 * steps)
    switch reduction {
    case .serial: #expect(time("reduction_and_norm", "reduce")?.count == steps)
    case .segmented: #expect(time("reduction_and_norm", "reduce")?.count == 2 * steps)
    case .tree:
      #expect(time(.reduction, "reduce")?.count == steps * (batches - 1))
      #expect(time(.norm, "reduce")?.count == 2 * steps)
    }

    #expect(times.states.map(\.state) == ["forward", "backward", "reduce", "optimize"])
    for state in times.states {
      let booked = summary.threads.filter { $0.role != .sampler }.compactMap {
        $0.states[state.state]?.wallNs
      }
      #expect(booked.reduce(.zero, +) == state.wallNs)
      let own = times.operations.filter { $0.state == state.state }
      #expect(own.reduce(Nanoseconds.zero) { $0 + $1.wallNs } + state.restNs == state.wallNs)
      #expect(state.restNs >= .zero)
      for row in own where !ModelOperation.counted(in: row.operation).isEmpty {
        #expect((row.work?.gflopPerSecond ?? 0) > 0, "\(row.operation)")
      }
    }
    // The passes are long against a change of state: what is left is a tenth at most, beside the time in which
    // the state's threads had no CPU, which may lie there.
    for state in times.states.prefix(2) {
      let lost = summary.threads.filter { $0.role != .sampler }.compactMap { $0.states[state.state] }
        .reduce(Nanoseconds.zero) { $0 + ($1.wallNs - $1.cpuNs) }
      #expect(10 * (state.restNs - lost).count < state.wallNs.count, "\(state), \(lost) off the CPU")
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func theyAreOnEveryPageAndUnderTheRoof() throws {
    let place = try Workplace()
    let run = try place.trained(["--set", "steps=20", "--set", "threads=2", "--set", "operations=on"])
    #expect(run.operations?.operations.allSatisfy { $0.roof == nil } == true)
    let steps = try #require(run.stepBooks)
    #expect(steps.steps == 20 && (1...20).contains(steps.worstStep.step))
    #expect(Set(steps.threads.keys) == Set(run.threads.filter { $0.role != .sampler }.map(\.name)))
    #expect((0...1).contains(steps.share) && steps.worstStep.share >= steps.share)
    let ceilings = try place.headway(
      ["machine", "--json", "--rounds", "2", "--sample-milliseconds", "2", "--threads", "1,2"]
        + Workplace.smallModel)
    try #require(ceilings.status == 0, "\(ceilings.stderr)")
    try place.write(ceilings.stdout, to: "run/machine.json")
    let report = try place.headway(["report", "run", "--full"])
    try #require(report.status == 0, "\(report.stderr)")
    #expect(report.stdout.contains("Time by operation") && report.stdout.contains("cross entropy"))
    #expect(report.stdout.contains("Step \(steps.worstStep.step) has most time in no state, "))
    let held = try HeadwayJSON.decode(
      RunSummary.self, from: Data(try place.headway(["report", "run", "--json"]).stdout.utf8),
      subject: "report")
    let head = try #require(held.operations?.operations.first { $0.operation == "head" })
    #expect((head.roof?.share ?? 0) > 0)
    let html = try String(contentsOf: place.url("run/report.html"), encoding: .utf8)
    let markdown = try String(contentsOf: place.url("run/report.md"), encoding: .utf8)
    for page in [html, markdown] {
      #expect(page.contains("Time by operation") && page.contains("Unexplained time in the steps"))
      #expect(page.contains("attention input") && page.contains("in none of them"))
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func whereNobodyAskedThereIsNothing() throws {
    let place = try Workplace()
    let plain = try place.trained(["--set", "steps=4", "--set", "probe=counters"])
    #expect(plain.operations == nil && plain.stepBooks == nil, "no trace, no steps to look at")
    let other = try Workplace()
    let off = try other.trained(["--set", "steps=4", "--set", "probe=off", "--set", "operations=true"])
    #expect(off.operations == nil && off.warnings.contains("no operations were timed: probe is off"))
    // What is recorded does not change what is computed.
    let third = try Workplace()
    let timed = try third.trained(["--set", "steps=4", "--set", "operations=true"])
    #expect(timed.operations != nil && timed.loss?.weightBitsHash == plain.loss?.weightBitsHash)
  }
}
