import HeadwayAnalysis
import HeadwayTrace
import Testing

/// Work that is slowed by others' work, told from work that is not.
@Suite struct InterferenceTests {
  /// Steps of two workers: one begins alone, and its task overlaps the other's by a part that differs from
  /// step to step. Fixed work that runs at rate 1 alone and at `1 / slowdown` in company.
  ///
  /// In a step the first worker starts at 0 and the second when `head` of the first one's work is done.
  private func drawn(slowdown: Double, steps: Int = 60, heads: [Double] = [0, 0.2, 0.5, 0.8]) -> DrawnWork {
    var drawn = DrawnWork(workers: 2, milliseconds: Double(steps) * 2 * (slowdown + 1))
    var time = 0.0
    for step in 0..<steps {
      let head = heads[step % heads.count]
      let (first, second) = step % 2 == 0 ? (1, 2) : (2, 1)
      // Together they go on until the first one's rest is done; the second has then done as much.
      let together = (1 - head) * slowdown
      drawn.add("work", of: first, time, time + head + together)
      drawn.add("work", of: second, time + head, time + head + together + head)
      time += 2 * (slowdown + 1)
    }
    return drawn
  }

  @Test(arguments: [1.5, 2, 4]) func aSlowdownIsMeasured(_ slowdown: Double) throws {
    let found = try #require(drawn(slowdown: slowdown).patterns.interferences.first)
    #expect(found.state == "work" && found.spans == 120)
    #expect(abs(found.slowdown / slowdown - 1) < 0.05, "\(found.slowdown)")
    #expect(found.interval.lower <= found.slowdown && found.interval.upper >= found.slowdown)
    // Of each pair of tasks, (1 − head) · (slowdown − 1) each is excess.
    let excess = (1.0 + 0.8 + 0.5 + 0.2) / 4 * (slowdown - 1) * 120
    #expect(abs(Double(found.excessNs.count) / 1e6 / excess - 1) < 0.1, "\(found.excessNs.count)")
    let finding = try #require(
      drawn(slowdown: slowdown).summary.findings.first { $0.cause == "interference" })
    #expect(finding.statement.contains("in work while another thread works"))
    #expect(finding.status == .untested && finding.evidence.first?.lower != nil)
  }

  @Test func workThatIsNotSlowedIsNoFinding() throws {
    let found = try #require(drawn(slowdown: 1).patterns.interferences.first)
    #expect(abs(found.slowdown - 1) < 1e-6)
    #expect(!drawn(slowdown: 1).summary.findings.contains { $0.cause == "interference" })
  }

  @Test func spansThatAreAlwaysAccompaniedSayNothing() {
    #expect(drawn(slowdown: 3, heads: [0]).patterns.interferences.isEmpty)
    #expect(drawn(slowdown: 3, steps: 8).patterns.interferences.isEmpty, "too few to tell")
  }

  @Test func longTasksThatEndAloneAreNoInterference() {
    var drawn = DrawnWork(workers: 2, milliseconds: 600)
    for step in 0..<60 {
      let time = Double(step) * 10
      let (short, long) = step % 2 == 0 ? (1, 2) : (2, 1)
      drawn.add("work", of: short, time, time + 2)
      drawn.add("work", of: long, time, time + 8)
    }
    #expect(drawn.patterns.interferences.allSatisfy { $0.slowdown < 1 })
    #expect(!drawn.summary.findings.contains { $0.cause == "interference" })
  }

  @Test func othersWithoutACPUAreNoCompany() throws {
    // The other thread's span is open beside every second one, but it never runs.
    var drawn = DrawnWork(workers: 2, milliseconds: 200)
    for step in 0..<100 {
      let time = Double(step) * 2
      drawn.add("work", of: 1, time, time + 1)
      if step % 2 == 0 { drawn.add("work", of: 2, time, time + 1, cpu: 0) }
    }
    #expect(drawn.patterns.interferences.isEmpty)
  }
}
