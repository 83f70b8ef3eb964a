import HeadwayAnalysis
import HeadwayTrace
import Testing

/// The run of another engine: no configuration, no loss, no names that the findings could expect.
@Suite struct ForeignRunTests {
  private func summary(tokens: Int = 0, tasks: Int = 4) -> RunSummary {
    var drawn = DrawnTimeline(
      main: String(repeating: "E", count: 20),
      workers: [String(repeating: "f", count: 20), "ffff" + String(repeating: "E", count: 16)])
    let episodes = 4
    drawn.barriers["main"] = [
      "work_end": BarrierAccount(episodes: episodes, imbalanceNs: ms(20), wakeupNs: ms(0), lastArrivals: 0)
    ]
    drawn.barriers["worker-0"] = [
      "work_end": BarrierAccount(
        episodes: episodes, imbalanceNs: ms(0), wakeupNs: ms(0), lastArrivals: episodes)
    ]
    drawn.barriers["worker-1"] = [
      "work_end": BarrierAccount(episodes: episodes, imbalanceNs: ms(16), wakeupNs: ms(0), lastArrivals: 0)
    ]
    var accounts = drawn.accounts
    accounts.threads[1].tasks = tasks
    accounts.threads[2].tasks = tasks
    accounts.threads[1].tokens = tokens
    return RunAnalysis.summarize(
      configuration: nil, completed: true, accounts: accounts, stepDurations: [], loss: nil,
      memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [], usableCpus: 4,
      program: ["engine": "drawn"])
  }

  @Test func whatItDoesNotHaveIsAbsent() throws {
    let summary = summary(tokens: 0, tasks: 0)
    #expect(summary.configuration == nil && summary.loss == nil && summary.partial == nil)
    #expect(summary.throughput.tokensPerSecond == nil && summary.throughput.tokens == nil)
    #expect(summary.throughput.tasksPerSecond == nil)
    let text = String(decoding: try HeadwayJSON.document(summary), as: UTF8.self)
    let pace = String(decoding: try HeadwayJSON.document(summary.throughput), as: UTF8.self)
    for key in ["configuration", "loss", "partial"] { #expect(!text.contains("\"\(key)\""), "\(key)") }
    #expect(!pace.contains("\"tokens_per_second\"") && !pace.contains("\"tokens\""))
    #expect(!summary.warnings.contains { $0.contains("no step was completed") })
  }

  @Test func progressIsWhatItsThreadsCounted() {
    let throughput = summary(tokens: 400).throughput
    #expect(throughput.tokens == 400 && throughput.tokensPerSecond == 20_000)
    #expect(throughput.tasksPerSecond == 400)
  }

  @Test func aLateThreadIsFoundAtTheBarrierWhateverItsName() throws {
    let findings = summary().findings
    let late = try #require(findings.first { $0.cause == "load_imbalance" })
    #expect(late.statement.contains("the barrier work_end") && late.statement.contains("worker-0"))
    #expect(late.change.contains("queue") && !late.change.contains("scheduling:"))
    #expect(findings.allSatisfy { !["serial_section", "uneven_tasks", "barrier_wait"].contains($0.cause) })
    for finding in findings { #expect(!finding.change.contains(": ") || finding.cause == "oversubscription") }
  }
}
