import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What is compared, what is refused, and what is said of it.
@Suite struct ComparisonTests {
  private func refusal(_ candidate: ComparedRun, of base: ComparedRun = PlantedRuns.run()) -> String {
    sentence {
      _ = try RunComparison.ofRuns(
        PlantedRuns.subject(base), PlantedRuns.subject(candidate, path: "B"))
    }
  }

  @Test func otherWorkIsRefusedByName() {
    #expect(refusal(PlantedRuns.run { $0.steps = 50 }).contains("different work: steps 100 and 50"))
    #expect(refusal(PlantedRuns.run { $0.seed = 2 }).contains("seed 1 and 2"))
    #expect(refusal(PlantedRuns.run { $0.width = 128 }).contains("width 64 and 128"))
    #expect(refusal(PlantedRuns.run(corpus: "decade")).contains("corpus c0ffee and decade"))
    // Two batches of a step by fixed batching, four by one for each worker.
    let grouped = PlantedRuns.run {
      $0.batching = .grouped
      $0.threads = 3
    }
    #expect(refusal(grouped).contains("batches of a step 4 and 3"))
  }

  @Test func theArrangementMayDiffer() throws {
    let candidate = PlantedRuns.run {
      $0.threads = 4
      $0.scheduling = .queue
      $0.batching = .grouped
      $0.probe = .counters
      $0.watchdogSeconds = 0
    }
    let comparison = try RunComparison.ofRuns(
      PlantedRuns.subject(PlantedRuns.run()), PlantedRuns.subject(candidate, path: "B"))
    #expect(
      comparison.rows.first?.changes.map(\.name) == [
        "threads", "scheduling", "batching", "probe", "watchdog_seconds",
      ])
  }

  @Test func otherMachinesAreRefused() {
    var machine = MachineFacts.literal
    machine.kernel = "6.2"
    #expect(
      refusal(PlantedRuns.run(machine: machine)).contains(
        "different machines: kernel 6.1 and 6.2"))
    machine = .literal
    machine.processor = nil
    #expect(refusal(PlantedRuns.run(machine: machine)).contains("processor Test CPU and unknown"))
    #expect(MachineFacts.literal.fingerprint != machine.fingerprint)
  }

  @Test func lossesMustAgree() throws {
    let apart = refusal(PlantedRuns.run(losses: [5, 4, 3.1]))
    #expect(apart.contains("did not reach the same result") && apart.contains("3.23 %"))
    func agreement(_ losses: [Float], _ change: (inout RunConfiguration) -> Void = { _ in }) throws
      -> RunComparison
    {
      try RunComparison.ofRuns(
        PlantedRuns.subject(PlantedRuns.run()),
        PlantedRuns.subject(PlantedRuns.run(losses: losses, change), path: "B"))
    }
    #expect(try agreement([5, 4, 3]).rows[0].loss?.level == .bitwise)
    let other = try agreement([5, 4, 3.003]) { $0.kernels = .blas }
    #expect(other.rows[0].loss?.level == .withinTolerance)
    #expect(!other.warnings.contains { $0.contains("bitwise") }, "kernels may change bits")
    #expect(try agreement([5, 4, 3.003]).warnings.contains { $0.contains("not bitwise the same") })
    #expect(refusal(PlantedRuns.run(losses: [5, 4, .nan])).contains("did not reach"))
    let silent = try agreement([])
    #expect(silent.rows[0].loss?.level == .unknown)
    #expect(silent.warnings.contains { $0.contains("noted no losses") })
  }

  @Test func twoRunsSayThatDriftIsNotControlled() throws {
    var candidate = PlantedRuns.run(rate: 1_500)
    candidate.manifest?.environment = ["OMP_NUM_THREADS": "2"]
    candidate.manifest?.gitCommit = "def"
    let comparison = try RunComparison.ofRuns(
      PlantedRuns.subject(PlantedRuns.run()), PlantedRuns.subject(candidate, path: "B"))
    let row = try #require(comparison.rows.first)
    #expect(row.speedup?.value == 1.5 || abs((row.speedup?.value ?? 0) - 1.5) < 1e-12)
    #expect(row.speedup?.lower == nil)
    #expect(!row.isPaired && row.verdict == nil)
    #expect(comparison.warnings.contains { $0.hasPrefix("drift not controlled") })
    #expect(comparison.environment.map(\.name) == ["git commit", "OMP_NUM_THREADS"])
    let again = try HeadwayJSON.decode(
      RunComparison.self, from: try HeadwayJSON.document(comparison), subject: "comparison")
    #expect(again == comparison)
  }

  @Test func phasesAreComparedWithThePreviousAndTheFirst() throws {
    let sweep = ComparedSubject(
      path: "S",
      cells: [
        PlantedRuns.cell(phase: "0", factor: 1), PlantedRuns.cell(phase: "1", factor: 2),
        PlantedRuns.cell(phase: "2", factor: 2),
        PlantedRuns.cell(phase: "3", factor: 3) { $0.steps = 7 },
        PlantedRuns.cell(phase: "4", factor: 1.5),
      ])
    let comparison = try RunComparison.ofPhases(sweep)
    let previous = comparison.rows.filter { $0.against == .previous }
    let first = comparison.rows.filter { $0.against == .first }
    #expect(previous.map(\.candidate) == ["phase 1", "phase 2", "phase 3", "phase 4"])
    #expect(previous.map(\.base) == ["phase 0", "phase 1", "phase 2", "phase 3"])
    #expect(first.map(\.base) == Array(repeating: "phase 0", count: 4))
    // Paired by block, the drift of the blocks is no part of the ratio.
    #expect(abs((previous[0].speedup?.value ?? 0) - 2) < 1e-9)
    #expect(abs((previous[0].speedup?.lower ?? 0) - 2) < 1e-9)
    #expect(previous[0].verdict == .faster)
    #expect(previous[1].verdict == .equivalent)
    #expect(previous[2].refusal?.contains("steps 100 and 7") == true && previous[2].speedup == nil)
    #expect(previous[3].refusal != nil)
    #expect(abs((first[3].speedup?.value ?? 0) - 1.5) < 1e-9 && first[3].verdict == .faster)
    #expect(comparison.rows.allSatisfy { $0.isPaired })
    #expect(!comparison.warnings.contains { $0.contains("drift") })
    #expect(
      sentence { _ = try RunComparison.ofPhases(PlantedRuns.subject(PlantedRuns.run())) }
        .contains("no phases to compare"))
  }

  @Test func sweepsAreComparedWhereTheyShareCells() throws {
    let base = ComparedSubject(
      path: "A", cells: [PlantedRuns.cell(phase: "0", factor: 1), PlantedRuns.cell(phase: "old", factor: 1)])
    let candidate = ComparedSubject(
      path: "B",
      cells: [PlantedRuns.cell(phase: "0", factor: 1.2), PlantedRuns.cell(phase: "new", factor: 1)])
    let comparison = try RunComparison.ofSweeps(base, candidate)
    #expect(comparison.rows.count == 1)
    #expect(abs((comparison.rows[0].speedup?.value ?? 0) - 1.2) < 0.02)
    #expect(comparison.rows[0].speedup?.lower != nil)
    #expect(!comparison.rows[0].isPaired)
    #expect(comparison.warnings.contains { $0.contains("phase old") && $0.contains("A only") })
    #expect(comparison.warnings.contains { $0.contains("phase new") && $0.contains("B only") })
    let other = ComparedSubject(path: "C", cells: [PlantedRuns.cell(phase: "else", factor: 1)])
    #expect(sentence { _ = try RunComparison.ofSweeps(base, other) }.contains("share no cell"))
  }
}
