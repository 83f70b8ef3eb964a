import HeadwayReport
import HeadwayTrace
import Testing

/// Comparisons, histories and gates as pages for a terminal.
@Suite struct ComparisonReportTests {
  private var comparison: RunComparison {
    var row = ComparisonRow(
      base: "phase 0", candidate: "phase 1", against: .previous, isPaired: true,
      changes: [NamedDifference(name: "thread_lifetime", base: "per_epoch", candidate: "persistent")],
      samples: SampleCounts(base: 9, candidate: 9))
    row.speedup = Estimate(value: 1.25, lower: 1.2, upper: 1.3, sampleCount: 9)
    row.verdict = .faster
    row.loss = LossAgreement(level: .bitwise, steps: 24, largestDifference: 0, tolerance: 0.01)
    row.wall = WallTimeDifference(
      baseNs: Nanoseconds(500_000_000), candidateNs: Nanoseconds(400_000_000),
      differenceNs: Nanoseconds(-100_000_000), baseThreads: 5, candidateThreads: 5,
      work: DifferencePart(name: "work", ns: .zero),
      categories: StateCategory.allCases.map {
        DifferencePart(
          name: $0.rawValue, ns: Nanoseconds($0 == .lifecycle ? -120_000_000 : $0 == .spin ? 20_000_000 : 0))
      }, usefulAmountNs: .zero, usefulSharingNs: .zero)
    var refused = ComparisonRow(
      base: "phase 0", candidate: "phase 9", against: .first, isPaired: true, changes: [],
      samples: SampleCounts(base: 9, candidate: 9))
    refused.refusal = "they did different work: steps 24 and 7"
    return RunComparison(
      kind: .phases, base: ComparedSide(path: "S", startedAt: nil, gitCommit: nil, binaryHash: nil, runs: 18),
      candidate: nil, machine: nil, margin: 0.02, rows: [row, refused], environment: [], warnings: ["careful"]
    )
  }

  @Test func aComparisonSaysWhereTheTimeWent() {
    let text = TerminalReport.render(comparison: comparison, width: 120)
    for word in [
      "1.25× [1.20, 1.30]", "▲ faster", "−120 ms", "+20.0 ms", "−100 ms", "not compared", "steps 24 and 7",
      "thread_lifetime per_epoch → persistent", "bitwise the same", "careful",
    ] {
      #expect(text.contains(word), "\(word) in:\n\(text)")
    }
    let plain = TerminalReport.render(comparison: comparison, width: 120, ascii: true)
    #expect(plain.allSatisfy { $0.isASCII })
    #expect(plain.contains("-120 ms"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 }, "\(text)")
  }

  private func history(points: Int, changes: [MetricChange] = []) -> MetricHistory {
    let series = MetricSeries(
      machine: "Test CPU", workload: "V 1000", arrangement: "2 threads, queue", sweeps: ["quick"],
      points: (0..<points).map { number in
        MetricPoint(
          gitCommit: "commit\(number)", binaryHash: nil, startedAt: "2026-11-21T08:00:00Z",
          value: Estimate(value: number < 6 ? 100 : 150, lower: nil, upper: nil, sampleCount: 3))
      }, changes: changes)
    return MetricHistory(
      metric: "tokens_per_second", unit: "tokens/s", higherIsBetter: true, runs: 3 * points, series: [series],
      warnings: [])
  }

  @Test func aHistoryShowsItsChange() {
    let change = MetricChange(point: 6, pValue: 0.005, before: 100, after: 150)
    let text = TerminalReport.render(history: history(points: 12, changes: [change]), width: 120)
    #expect(text.contains("▁▁▁▁▁▁██████"), "\(text)")
    #expect(text.contains("1.50× at commit6"))
    #expect(text.contains("●") && text.contains("┊"), "a single series is plotted")
    #expect(TerminalReport.render(history: history(points: 3)).contains("too few programs to tell"))
    let plain = TerminalReport.render(history: history(points: 12, changes: [change]), ascii: true)
    #expect(plain.allSatisfy { $0.isASCII })
    var nothing = history(points: 1)
    nothing.series = []
    #expect(TerminalReport.render(history: nothing).contains("No run of this history"))
  }

  @Test(arguments: [
    (GateResult.Outcome.pass, "Pass"), (.inconclusive, "Inconclusive"), (.improvement, "Improvement"),
    (.regression, "Regression: the candidate is worse (slower in 1 cell, twice; 1 counter rose)"),
  ])
  func aGateSaysItsOutcomeFirst(outcome: GateResult.Outcome, words: String) {
    func estimate(_ value: Double) -> Estimate {
      Estimate(value: value, lower: value - 0.01, upper: value + 0.01, sampleCount: 12)
    }
    let loss = LossAgreement(level: .bitwise, steps: 3, largestDifference: 0, tolerance: 0.01)
    let gate = GateResult(
      outcome: outcome, base: GatedProgram(name: "main", gitCommit: "0123456789abcdef", binaryHash: nil),
      candidate: GatedProgram(name: "bin", gitCommit: nil, binaryHash: "b2"),
      machine: SampleSweep.quick.machine,
      profile: "gate.yaml", margin: 0.02, blocks: 12, seed: 1,
      rows: [
        GateRow(cell: "barrier", first: estimate(0.9), isFlagged: true, second: estimate(0.91), loss: loss),
        GateRow(cell: "queue", first: estimate(1), isFlagged: false, second: nil, loss: loss),
      ],
      counters: [
        GateCounter(cell: "queue", name: "step_allocations", base: 0, candidate: 7, state: .worse),
        GateCounter(cell: "queue", name: "tasks", base: 9, candidate: 9, state: .equal),
      ], warnings: [])
    let text = TerminalReport.render(gate: gate, width: 110)
    #expect(text.hasPrefix(words), "\(text)")
    for word in [
      "slower, twice", "step allocations 0 → 7, worse", "1 equal, 0 not counted", "commit 0123456789ab",
    ] {
      #expect(text.contains(word), "\(word) in:\n\(text)")
    }
  }
}
