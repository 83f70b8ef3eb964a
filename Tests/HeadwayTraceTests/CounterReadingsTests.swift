import HeadwayTrace
import Testing

/// Sums over threads never turn what is missing into a zero.
@Suite struct CounterReadingsTests {
  private static let missing = CounterAbsence(reason: .notSupported, detail: "this CPU does not offer it")
  private static let full = CounterAbsence(reason: .tooManyFiles, detail: "no file descriptor is left for it")

  /// All kinds have the same value or the same reason.
  private func readings(_ value: Int?, share: Double = 1, reason: CounterAbsence = missing) -> CounterReadings
  {
    var readings = CounterReadings(openingNs: Nanoseconds(1_000))
    for kind in CounterKind.allCases {
      readings.counts[kind.rawValue] = value.map { CounterValue(value: $0, countedShare: share) }
      if value == nil { readings.absent[kind.rawValue] = reason }
    }
    return readings
  }

  @Test func aTotalOfAllIsTheirSum() throws {
    let total = try #require(CounterReadings(totalOf: [readings(3), readings(4, share: 0.5)]))
    #expect(CounterKind.allCases.allSatisfy { total[$0] == 7 })
    #expect(total.counts["cycles"]?.countedShare == 0.5 && total.absent.isEmpty)
    #expect(total.openingNs == Nanoseconds(2_000))
    #expect(CounterReadings(totalOf: []) == nil)
  }

  @Test func whatOneThreadLacksHasNoTotal() throws {
    let total = try #require(CounterReadings(totalOf: [readings(3), readings(nil)]))
    #expect(total.counts.isEmpty && total[.cycles] == nil)
    #expect(total.absent["cycles"]?.reason == .incomplete)
    #expect(total.absent["cycles"]?.detail == "1 of 2 threads lack it")
    let none = try #require(CounterReadings(totalOf: [readings(nil), readings(nil)]))
    #expect(none.absent["cycles"] == Self.missing, "one reason for all is the total's")
    let mixed = try #require(CounterReadings(totalOf: [readings(nil), readings(nil, reason: Self.full)]))
    #expect(mixed.absent["cycles"]?.reason == .incomplete)
  }

  @Test func quotientsNeedBothParts() {
    var both = CounterReadings()
    both.counts = ["cycles": CounterValue(value: 400), "instructions": CounterValue(value: 600)]
    #expect(both.instructionsPerCycle == 1.5 && both.cacheMissShare == nil)
    both.counts["cycles"] = CounterValue(value: 0)
    #expect(both.instructionsPerCycle == nil)
  }

  @Test func everyReasonIsOneSentence() {
    let warnings = CounterReadings.warnings(of: [
      ("main", readings(1)), ("worker-0", readings(nil)), ("worker-1", readings(nil)),
    ])
    #expect(warnings.count == 1)
    #expect(warnings[0].hasPrefix("not counted for 2 of 3 threads: cycles, instructions, cache references"))
    #expect(warnings[0].hasSuffix("page faults: this CPU does not offer it"))
    let all = CounterReadings.warnings(of: [("main", readings(nil)), ("worker-0", readings(nil))])
    #expect(all.count == 1 && all[0].hasPrefix("not counted: cycles"))
    #expect(CounterReadings.warnings(of: [("main", readings(1))]).isEmpty)
  }

  @Test func theyReadBackAsTheyWere() throws {
    let before = readings(5)
    let text = try HeadwayJSON.document(before)
    #expect(try HeadwayJSON.decode(CounterReadings.self, from: text, subject: "test") == before)
    #expect(String(decoding: text, as: UTF8.self).contains("\"task_clock_ns\""))
  }
}
