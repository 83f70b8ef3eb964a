import HeadwayExport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The harness' JSON of a sweep.
@Suite struct JMHResultsTests {
  @Test func anEntryForEachCell() throws {
    let sweep = MaximalContracts.sweep
    let entries = try JSONValue(parsing: JMHResults(sweep).text()).elements
    #expect(entries.count == 2)
    #expect(entries.allSatisfy { $0["benchmark"]?.text == "headway.maximal.tokens_per_second" })
    #expect(entries[1]["params"]?.fields == ["threads": .text("2"), "scheduling": .text("queue")])
    #expect(entries[1]["threads"]?.integer == 2 && entries[1]["forks"]?.integer == 2)
    let metric = try #require(entries[1]["primaryMetric"])
    #expect(metric["score"]?.number == 200 && metric["scoreUnit"]?.text == "tokens/s")
    #expect(metric["scoreError"]?.number == 5)
    #expect(metric["scoreConfidence"]?.elements.compactMap(\.number) == [196, 206])
    #expect(metric["rawData"]?.elements.compactMap { $0[0]?.number } == [198, 202])
    #expect(metric["scorePercentiles"]?["50.0"]?.number == 200)
  }

  @Test("without an interval the error is no number, and without runs there is no entry")
  func absent() throws {
    var sweep = MaximalContracts.sweep
    sweep.cells[0].tokensPerSecond = nil
    sweep.cells[1].samples = []
    let entries = try JSONValue(parsing: JMHResults(sweep).text()).elements
    #expect(entries.count == 1)
    #expect(entries[0]["primaryMetric"]?["score"]?.number == 101)
    #expect(entries[0]["primaryMetric"]?["scoreError"]?.text == "NaN")
    #expect(entries[0]["primaryMetric"]?["scoreConfidence"]?.elements == [.text("NaN"), .text("NaN")])
  }
}
