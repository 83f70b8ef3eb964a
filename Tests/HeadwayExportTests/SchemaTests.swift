import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The published schemas say what the contracts are, no more and no less.
///
/// The summaries here have every property of their types filled in, which is checked too: a property that is
/// new fails until it stands in `MaximalContracts` and in docs/schemas.
@Suite struct SchemaTests {
  private func schema(_ name: String) throws -> JSONSchema {
    try JSONSchema(contentsOf: packageRoot.appending(path: "docs/schemas/\(name).schema.json"))
  }

  private func expectAgreement(_ contract: some Encodable, _ name: String, atLeast count: Int = 50) throws {
    #expect(emptyProperties(of: contract).isEmpty, "MaximalContracts fills in everything")
    let schema = try schema(name)
    let outcome = schema.check(try JSONValue(parsing: HeadwayJSON.document(contract)))
    #expect(outcome.problems.isEmpty, "docs/schemas/\(name).schema.json lacks something")
    let absent = schema.properties.subtracting(outcome.visited)
    #expect(absent.isEmpty, "docs/schemas/\(name).schema.json has what the contract lacks")
    #expect(schema.undescribed.isEmpty, "every property is described")
    #expect(schema.properties.count > count)
  }

  @Test func theSummaryOfARun() throws {
    try expectAgreement(MaximalContracts.run, "headway.summary-1")
    let bare = try schema("headway.summary-1").check(
      JSONValue(parsing: HeadwayJSON.document(RunSummary.literal())))
    #expect(bare.problems.isEmpty, "what is optional may be absent")
  }

  @Test func theSummaryOfASweep() throws {
    try expectAgreement(MaximalContracts.sweep, "headway.sweep-1")
  }

  @Test func theViewOfARunThatGoesOn() throws {
    try expectAgreement(MaximalContracts.live, "headway.live-1", atLeast: 35)
    let bare = try schema("headway.live-1").check(
      JSONValue(parsing: HeadwayJSON.document(LiveView(phase: .starting))))
    #expect(bare.problems.isEmpty, "what is optional may be absent")
  }

  @Test func theComparisonOfRuns() throws {
    try expectAgreement(MaximalContracts.comparison, "headway.comparison-1", atLeast: 40)
  }

  @Test func aSystemTest() throws {
    try expectAgreement(MaximalContracts.systemTest, "headway.system_test-1", atLeast: 35)
    let bare = SystemTest(
      command: "headway report --system-test", startedAt: "2026-01-01T00:00:00Z", toolVersion: "0.1.0",
      gitCommit: nil, binaryHash: nil, machine: .literal)
    let schema = try schema("headway.system_test-1")
    #expect(try schema.check(JSONValue(parsing: HeadwayJSON.document(bare))).problems.isEmpty)
    // What lies in another contract is held against that one's schema.
    var broken = MaximalContracts.systemTest
    broken.training?.schema = "headway.summary/0"
    broken.machine.onlineCpus = -1
    let problems = try schema.check(JSONValue(parsing: HeadwayJSON.document(broken))).problems
    #expect(problems.contains("training.schema: is not the one value"), "\(problems)")
    #expect(problems.contains { $0.hasPrefix("machine.online_cpus: is below 0") }, "\(problems)")
  }

  @Test("numbers that JSON lacks keep to the schema as the words they are written as")
  func notFinite() throws {
    var sweep = MaximalContracts.sweep
    sweep.cells[0].samples[0].tokensPerSecond = .nan
    sweep.findings[0].saving = -.infinity
    let outcome = try schema("headway.sweep-1").check(JSONValue(parsing: HeadwayJSON.document(sweep)))
    #expect(outcome.problems.isEmpty)
  }

  @Test(
    "what does not keep to the schema is found",
    arguments: [
      ("\"completed\" : true", "\"completed\" : 1", "completed: expected boolean"),
      ("\"completed\" : true", "\"finished\" : true", "finished is not in the schema"),
      ("\"completed\" : true", "\"finished\" : true", "completed is missing"),
      ("\"headway.summary/1\"", "\"headway.summary/2\"", "schema: is not the one value"),
      ("\"events_dropped\" : 0", "\"events_dropped\" : -1", "losses.events_dropped: is below 0"),
      ("\"scheduling\" : \"barrier\"", "\"scheduling\" : \"rope\"", "configuration.scheduling: is none of"),
      ("\"tokens_per_second\" : 1000", "\"tokens_per_second\" : \"fast\"", "fits none of the alternatives"),
    ])
  func violations(right: String, wrong: String, problem: String) throws {
    let text = String(decoding: try HeadwayJSON.document(RunSummary.literal()), as: UTF8.self)
    #expect(text.contains(right), "\(right) in \(text)")
    let broken = text.replacingOccurrences(of: right, with: wrong)
    let outcome = try schema("headway.summary-1").check(JSONValue(parsing: broken.utf8))
    #expect(outcome.problems.contains { $0.contains(problem) }, "\(outcome.problems)")
  }
}
