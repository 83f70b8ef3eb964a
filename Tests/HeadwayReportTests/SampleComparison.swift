import HeadwayReport
import HeadwayTrace

/// Comparisons with known parts for the renderers.
enum SampleComparison {
  /// A ladder of three phases; the second saves waiting, the third costs CPU time.
  static var phases: RunComparison {
    let rows = [
      row("phase 0", "phase 1", .previous, parts: [.lifecycle: -120, .spin: 20]),
      row("phase 1", "phase 2A", .previous, parts: [.blocked: -40], useful: 15),
      row("phase 0", "phase 1", .first, parts: [.lifecycle: -120, .spin: 20]),
      row("phase 0", "phase 2A", .first, parts: [.lifecycle: -120, .spin: 20, .blocked: -40], useful: 15),
    ]
    return RunComparison(
      kind: .phases, base: ComparedSide(path: "S", startedAt: nil, gitCommit: nil, binaryHash: nil, runs: 18),
      candidate: nil, machine: SampleSweep.quick.machine, margin: 0.02, rows: rows, environment: [],
      warnings: [])
  }

  /// Two single runs.
  static var runs: RunComparison {
    RunComparison(
      kind: .runs,
      base: ComparedSide(
        path: "runs/a", startedAt: "2026-03-01T10:00:00Z", gitCommit: "aaa", binaryHash: "1", runs: 1),
      candidate: ComparedSide(
        path: "runs/b", startedAt: "2026-03-01T11:00:00Z", gitCommit: "bbb", binaryHash: "2", runs: 1),
      machine: SampleSweep.quick.machine, margin: 0.02,
      rows: [row("a", "b", .counterpart, parts: [.blocked: -60, .runnable: 25], useful: -30)],
      environment: [
        NamedDifference(name: "git commit", base: "aaa", candidate: "bbb"),
        NamedDifference(name: "OMP_NUM_THREADS", base: nil, candidate: "1"),
      ], warnings: ["drift not controlled"])
  }

  /// A row whose difference is the sum of its parts, in milliseconds.
  static func row(
    _ base: String, _ candidate: String, _ against: ComparisonRow.Against, parts: [StateCategory: Int64],
    useful: Int64 = 0
  ) -> ComparisonRow {
    var row = ComparisonRow(
      base: base, candidate: candidate, against: against, isPaired: against != .counterpart,
      changes: [NamedDifference(name: "scheduling", base: "barrier", candidate: "queue")],
      samples: SampleCounts(base: 9, candidate: 9))
    let sum = parts.values.reduce(0, +) + useful
    row.speedup = Estimate(value: 500.0 / Double(500 + sum), lower: 1.1, upper: 1.4, sampleCount: 9)
    row.verdict = row.isPaired ? .faster : nil
    row.loss = LossAgreement(level: .bitwise, steps: 24, largestDifference: 0, tolerance: 0.01)
    func ms(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000) }
    row.wall = WallTimeDifference(
      baseNs: ms(500), candidateNs: ms(500 + sum), differenceNs: ms(sum), baseThreads: 5, candidateThreads: 5,
      work: DifferencePart(name: "work", ns: .zero),
      categories: StateCategory.allCases.map {
        DifferencePart(name: $0.rawValue, ns: ms($0 == .useful ? useful : parts[$0] ?? 0))
      }, usefulAmountNs: ms(useful), usefulSharingNs: .zero)
    return row
  }

  /// Stacks of a program like ``SampleTrace/stacks`` in which `multiply` has lost and `add` gained.
  static let stacks = ComparedStacks(
    base: SampleTrace.stacks,
    candidate: .literal(
      stacks: [
        ("worker-0", .worker, ["multiply", "forward", "run"], 30),
        ("worker-0", .worker, ["multiply", "backward", "run"], 20),
        ("worker-1", .worker, ["add", "forward", "run"], 45),
        ("worker-1", .worker, ["futex_wait", "arrive", "run"], 40),
        ("main", .main, ["reduce", "step"], 5),
      ], asleep: [3]))
}
