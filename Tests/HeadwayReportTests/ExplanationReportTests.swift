import HeadwayReport
import HeadwayTrace
import Testing

@Suite struct ExplanationReportTests {
  private func explanation(usableCpus: Double? = 2) -> RunExplanation {
    func ms(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000) }
    var gaps = QueueGaps(site: "work_queue")
    gaps.producerBound.add(ms(3))
    return RunExplanation(
      window: ExplainedWindow(
        beginNs: .zero, wallNs: ms(20), threadCount: 4, teamCount: 3, firstStep: 3, lastStep: 4, steps: 2),
      threads: [], barriers: [],
      efficiencies: EfficiencyFactors(
        threads: 3, usefulNs: ms(32), idealNs: ms(19), loadBalance: 0.667, communication: 0.8,
        serialisation: 0.842, transfer: 0.95, parallel: 0.533, computationScaling: 0.9, global: 0.48),
      losses: LossShare.Part.allCases.map { part in
        LossShare(
          part: part, timeNs: part == .serialSection ? ms(28) : .zero,
          share: part == .serialSection ? 0.467 : 0)
      }, causes: [],
      totals: ExplainedTotals(
        waitedNs: ms(28), unexplainedNs: ms(1), wakeupNs: ms(2), idleNs: ms(28), nobodyNs: ms(3),
        pathNs: ms(20), pathSegments: 6, pathChanges: 3), pathImbalances: [],
      stragglers: StragglerEffects(
        idealNs: ms(15), slowdown: 1.36, threads: [.init(name: "worker-2", slowdown: 1.36)],
        contexts: [.init(name: "forward", slowdown: 1.3)]),
      input: InputDiagnosis(
        share: 0.1, firstHalfShare: nil, secondHalfShare: nil, band: .moderate, isStationary: nil,
        statement: "input took 10 % of the window"), gaps: [gaps],
      demand: CpuDemand(
        usableCpus: usableCpus, meanThreads: 2.5, peakThreads: 4, overShare: usableCpus.map { _ in 0.25 },
        withoutCpuShare: 0.125), comparisons: ["The first is waste. The second is effect."],
      inferences: ["who filled an empty queue is inferred"], warnings: ["9 events found no room"])
  }

  private func text(_ explanation: RunExplanation, width: Int = 100, ascii: Bool = false) -> String {
    let row = CauseRow(
      name: "worker: forward", thread: "worker-2", delayNs: Nanoseconds(16_000_000),
      blameNs: Nanoseconds(12_000_000), pathNs: .zero, excessNs: Nanoseconds(5_300_000))
    return TerminalReport.render(
      explanation: explanation, groups: [row], findings: [], width: width, ascii: ascii)
  }

  @Test func everySectionIsThere() {
    let text = text(explanation())
    for part in [
      "20.0 ms, steps 3 to 4: 4 threads, 3 of them the team whose waiting is a loss.",
      "Parallel efficiency 0.533 = load balance 0.667 × serialisation 0.842 × transfer 0.950",
      "Computation scaling 0.900, global efficiency 0.480", "serial section", "47 %", "worker: forward",
      "16.0 ms", "12.0 ms", "5.30 ms", "worker-2", "unexplained; nobody working", "1.360×",
      "gaps at work_queue: 1 (3.00 ms) for want of an item", "more than the 2 CPUs usable in 25 %",
      "- The first is waste.", "Inferred: who filled", "! 9 events found no room",
    ] { #expect(text.contains(part), "\(part) in:\n\(text)") }
    #expect(!text.contains("load imbalance"), "what was not lost has no row")
  }

  @Test(arguments: [80, 110], [false, true])
  func staysInsideTheTerminal(width: Int, ascii: Bool) {
    let text = text(explanation(), width: width, ascii: ascii)
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    #expect(!ascii || text.allSatisfy(\.isASCII), "\(text)")
  }

  @Test func whatIsNotKnownIsNotSaid() {
    var unknown = explanation(usableCpus: nil)
    unknown.efficiencies = nil
    unknown.stragglers = nil
    unknown.input = nil
    let text = text(unknown)
    #expect(text.contains("there are no efficiencies") && !text.contains("usable"))
    #expect(!text.contains("Stragglers") && !text.contains("Input"))
  }
}
