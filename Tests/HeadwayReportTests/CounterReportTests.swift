import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Counters, rooflines and instruction mixes on every page that has them.
@Suite struct CounterReportTests {
  private func readings(_ counts: [CounterKind: CounterValue]) -> CounterReadings {
    var readings = CounterReadings(openingNs: Nanoseconds(30_000))
    for (kind, value) in counts { readings.counts[kind.rawValue] = value }
    for kind in CounterKind.allCases where counts[kind] == nil {
      readings.absent[kind.rawValue] = CounterAbsence(reason: .notSupported, detail: "not here")
    }
    return readings
  }

  private func counted(_ counts: [CounterKind: CounterValue]...) -> RunSummary {
    var run = SampleRun.run(threads: 2, scheduling: .barrier)
    for (index, counts) in counts.enumerated() { run.threads[index].counters = readings(counts) }
    run.counters = CounterReadings(totalOf: run.threads.compactMap(\.counters))
    return run
  }

  @Test func whatWasCountedHasAColumnAndWhatWasNotHasNone() throws {
    let run = counted(
      [.taskClock: CounterValue(value: 1_500_000_000), .contextSwitches: CounterValue(value: 12_345)],
      [.taskClock: CounterValue(value: 500_000_000)])
    let text = TerminalReport.render(run: run, width: 600)
    let lines = text.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "What the kernel and the CPU counted"))
    let table = lines[start...]
    #expect(try #require(table.first { $0.hasPrefix("main") }).contains("12,345"))
    #expect(
      try #require(table.first { $0.hasPrefix("worker-0") }).hasSuffix("–"), "no switches: a dash, no zero")
    let total = try #require(table.first { $0.hasPrefix("all threads") })
    #expect(total.contains("2.00 s") && total.hasSuffix("–"))
    #expect(!table.contains { $0.contains("instructions a cycle") })
    #expect(text.contains("Not counted: cycles, instructions"))
    #expect(text.contains("Opening the counters took 30.0 µs a thread"))
  }

  @Test func scaledCountsAndQuotientsAreMarked() throws {
    let run = counted([
      .cycles: CounterValue(value: 2_000, countedShare: 0.5),
      .instructions: CounterValue(value: 3_000, countedShare: 0.5),
    ])
    let markdown = try MarkdownReport.render(run: run)
    #expect(markdown.contains("| main | ≈ 2,000 | ≈ 3,000 | 1.50 |"))
    #expect(markdown.contains("| thread | cycles | instructions | instructions a cycle |"))
    #expect(try HTMLReport.render(run: run).withPlainSpaces.contains("<td class=\"n\">≈ 3,000</td>"))
  }

  @Test func aRunWithoutThemHasNoTables() throws {
    let run = SampleRun.run(threads: 2, scheduling: .barrier)
    for page in [
      TerminalReport.render(run: run), try MarkdownReport.render(run: run),
      try HTMLReport.render(run: run).withPlainSpaces,
    ] {
      #expect(!page.contains("the CPU counted") && !page.contains("ceilings"))
    }
  }

  private var roofline: Roofline {
    var cost = RunConfiguration().stepCost.operations[0]
    (cost.operation, cost.part, cost.flops, cost.bytes) = (.attentionInput, .forward, 4_000_000, 80_000)
    return Roofline(
      states: [
        RooflineState(
          state: "forward", threads: 2, cpuNs: Nanoseconds(2_000_000_000),
          work: RooflineWork(flops: 50e9, bytes: 10e9, seconds: 1),
          roof: Roof(bound: .compute, gflopPerSecond: 200, share: 0.25)),
        RooflineState(
          state: "batch.assemble", threads: 1, cpuNs: Nanoseconds(3_000_000), work: nil, roof: nil),
      ],
      operations: [
        RooflineOperation(cost, state: "forward", bound: .compute, leastNs: Nanoseconds(40_000)),
        RooflineOperation(cost, state: "forward", bound: nil, leastNs: nil),
      ], steps: 40, warnings: ["the ceilings: it was busy"])
  }

  @Test func theRoofIsOnEveryPage() throws {
    var run = SampleRun.run(threads: 2, scheduling: .barrier)
    run.roofline = roofline
    let text = TerminalReport.render(run: run, width: 120)
    let lines = text.split(separator: "\n").map(String.init)
    let forward = try #require(lines.first { $0.hasPrefix("forward") })
    let cells = forward.split(separator: " ").map(String.init)
    #expect(cells == ["forward", "2", "2.00", "s", "50.0", "10.0", "5.00", "200", "25", "%", "compute"])
    let assemble = try #require(lines.first { $0.hasPrefix("batch.assemble") })
    #expect(assemble.count { $0 == "–" } == 6)
    #expect(text.contains("! the ceilings: it was busy"))
    let markdown = try MarkdownReport.render(run: run)
    #expect(markdown.contains("| forward | 2 | 2.00 s | 50.0 | 10.0 | 5.00 | 200 | 25 % | compute |"))
    #expect(
      markdown.contains("| attention input | forward | forward | 4.00 | 0.0800 | 50.0 | 40.0 µs | compute |"))
    #expect(markdown.contains("| attention input | forward | forward | 4.00 | 0.0800 | 50.0 | – | – |"))
    let html = try HTMLReport.render(run: run).withPlainSpaces
    #expect(html.contains("ceilings</h2>"))
    #expect(html.contains("<th scope=\"row\">batch.assemble</th>"))
    for page in [text, markdown, html] { #expect(!page.contains("{{") && !page.contains("nan")) }
  }

  @Test func operationsAndStepsAreOnEveryPage() throws {
    var run = SampleRun.run(threads: 2, scheduling: .barrier)
    let work = RooflineWork(flops: 50e9, bytes: 10e9, seconds: 1)
    run.operations = OperationTimes(
      operations: [
        OperationTime(
          operation: "attention_input", state: "forward", count: 1_200, wallNs: Nanoseconds(2_000_000_000),
          cpuNs: Nanoseconds(2_000_000_000), share: 0.8, threads: 2, work: work,
          roof: Roof(bound: .compute, gflopPerSecond: 200, share: 0.25)),
        OperationTime(
          operation: "clear", state: "forward", count: 3, wallNs: Nanoseconds(400_000_000),
          cpuNs: Nanoseconds(400_000_000), share: 0.16, threads: 2, work: nil),
      ],
      states: [
        TimedState(state: "forward", wallNs: Nanoseconds(2_500_000_000), restNs: Nanoseconds(100_000_000))
      ], warnings: ["it was odd"])
    run.stepBooks = UnexplainedSteps(
      steps: 40, stepsOverBudget: 1, share: 0.001, worstStep: StepShare(step: 17, share: 0.031),
      threads: ["main": 0.004, "worker-0": 0, "worker-1": 0.001])
    let text = TerminalReport.render(run: run, width: 120)
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      lines.contains([
        "attention", "input", "forward", "1,200", "2.00", "s", "80", "%", "50.0", "10.0", "5.00", "200", "25",
        "%",
        "compute",
      ]), "\(text)")
    #expect(lines.contains { $0.prefix(2) == ["clear", "forward"] && $0.count { $0 == "–" } == 6 })
    #expect(lines.contains(["in", "none", "of", "them", "forward", "100", "ms", "4.0", "%"]))
    #expect(text.contains("! it was odd"))
    #expect(text.replacing("\n", with: " ").contains("Step 17 has most time in no state, 3.1 %"))
    let markdown = try MarkdownReport.render(run: run)
    #expect(
      markdown.contains("| attention input | forward | 1,200 | 2.00 s | 80 % | 50.0 | 10.0 | 5.00 | 200 |"))
    #expect(markdown.contains("| step 17, the largest | 3.1 % | no |"))
    #expect(markdown.contains("| main | 0.4 % | yes |"))
    let html = try HTMLReport.render(run: run).withPlainSpaces
    #expect(html.contains("<th scope=\"row\">step 17, the largest</th>"))
    #expect(html.contains("Steps unexplained"), "a check that failed")
    for page in [text, markdown, html] { #expect(!page.contains("{{") && !page.contains("nan")) }
  }

  private func counts(packed: Int, scalar: Int, other: Int, rest: Int, fused: Int = 0) -> InstructionCounts {
    var counts = InstructionCounts()
    (counts.packed, counts.scalar, counts.otherVector, counts.rest) = (packed, scalar, other, rest)
    counts.fused = fused
    if packed > 0 { counts.packedByWidth = ["256": packed] }
    return counts
  }

  @Test func hotFunctionsStandBesideWhatIsNotHot() throws {
    let hot = counts(packed: 30, scalar: 2, other: 10, rest: 8, fused: 20)
    let mix = InstructionMix(
      disassembler: "objdump 2.40",
      functions: [
        FunctionMix(
          name: "static Kernels.multiply(Swift.Int) -> ()", module: "headway", inFile: hot,
          sampled: counts(packed: 80, scalar: 0, other: 15, rest: 5, fused: 60), share: 0.5),
        FunctionMix(
          name: "add", module: "headway", inFile: counts(packed: 0, scalar: 9, other: 1, rest: 1),
          sampled: counts(packed: 0, scalar: 40, other: 40, rest: 20), share: 0.5),
        FunctionMix(
          name: "copy", module: "libc.so.6", inFile: counts(packed: 0, scalar: 0, other: 9, rest: 1),
          sampled: counts(packed: 0, scalar: 0, other: 1, rest: 1), share: 0.01),
      ],
      files: [
        FileMix(
          path: "/bin/headway", isWhole: true, functions: 900,
          inFile: counts(packed: 1_030, scalar: 2_002, other: 10, rest: 8, fused: 20), inHotFunctions: hot),
        FileMix(
          path: "/lib/libc.so.6", isWhole: false, functions: 1,
          inFile: counts(packed: 0, scalar: 0, other: 9, rest: 1),
          inHotFunctions: counts(packed: 0, scalar: 0, other: 9, rest: 1)),
      ], samples: SampleJoin(periods: 200, joined: 190, elsewhere: 5, unmatched: 3, unknown: 2),
      warnings: ["it was short"])
    let text = TerminalReport.render(instructions: mix, width: 120)
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      lines.contains([
        "Kernels.multiply", "50", "%", "packed", "80", "%", "0", "%", "15", "%", "5.0", "%", "75", "%", "256",
      ]), "\(text)")
    #expect(lines.contains { $0.prefix(4) == ["add", "50", "%", "scalar"] && $0.last == "–" })
    #expect(text.contains("no arithmetic*"), "two samples settle nothing")
    #expect(
      lines.contains(["headway", "not", "hot", "1,000", "2,000", "0", "0", "0", "%", "256"]), "\(text)")
    #expect(
      text.split(separator: "\n").count { $0.contains("not hot") } == 1,
      "of a library only what is hot is known")
    #expect(text.contains("190 at an instruction that was found") && text.contains("! it was short"))
  }

  @Test func aProgramAloneIsSaidToBeCalledOrNot() {
    let mix = InstructionMix(
      disassembler: "objdump 2.40",
      functions: [
        FunctionMix(name: "half", module: "x", inFile: counts(packed: 5, scalar: 5, other: 0, rest: 1))
      ],
      files: [
        FileMix(
          path: "/bin/x", isWhole: true, functions: 1, inFile: counts(packed: 5, scalar: 5, other: 0, rest: 1)
        )
      ], samples: nil, warnings: [])
    let text = TerminalReport.render(instructions: mix)
    #expect(text.contains("called or not") && text.contains("mixed") && !text.contains("samples"))
  }
}
