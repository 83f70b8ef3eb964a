import HeadwayHistory
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What is added to a history comes back as series.
@Suite struct HistoryTests {
  @Test func aRunThatIsAddedAgainReplacesItself() throws {
    let place = try HistoryCase()
    let history = try place.open()
    #expect(try history.add([HistoryCase.run(1, rate: 900), HistoryCase.run(2, rate: 1_100)]) == 2)
    #expect(try history.add([HistoryCase.run(1, rate: 1_000)]) == 1)
    #expect(try history.runCount() == 2)
    let series = try history.history(of: .tokensPerSecond).series
    #expect(series.count == 1)
    #expect(series[0].points.map(\.value.value) == [1_050])
    #expect(series[0].points[0].value.sampleCount == 2)
    #expect(
      try history.history(of: .validationLoss).series.isEmpty, "what was not measured is absent, not zero")
  }

  @Test func machinesWorkloadsAndArrangementsAreNeverMixed() throws {
    let place = try HistoryCase()
    let history = try place.open()
    var other = MachineFacts.literal
    other.processor = "Other CPU"
    try history.add([
      HistoryCase.run(1), HistoryCase.run(2, machine: other), HistoryCase.run(3) { $0.steps = 7 },
      HistoryCase.run(4) { $0.threads = 4 }, HistoryCase.run(5) { $0.probe = .off },
      HistoryCase.run(6, commit: 1),
    ])
    let metric = try history.history(of: .tokensPerSecond)
    #expect(metric.series.count == 5)
    #expect(metric.runs == 6)
    #expect(metric.series.map { $0.points.count }.sorted() == [1, 1, 1, 1, 2])
    #expect(Set(metric.series.map(\.machine)).count == 2)
    #expect(metric.series.contains { $0.arrangement == "4 threads, barrier" })
    #expect(metric.series.contains { $0.arrangement == "2 threads, barrier, probe off" })
  }

  @Test func pointsAreProgramsInTheOrderOfTheirFirstRun() throws {
    let place = try HistoryCase()
    let history = try place.open()
    try history.add([
      HistoryCase.run(1, commit: 2, binary: "b"), HistoryCase.run(2, commit: 0, binary: "a"),
      HistoryCase.run(3, commit: 2, binary: "c"), HistoryCase.run(4, commit: 0, binary: "a"),
      HistoryCase.run(5, commit: nil), HistoryCase.run(6, commit: nil),
    ])
    let points = try #require(try history.history(of: .tokensPerSecond).series.first).points
    // Two runs of programs that nobody can name are two points.
    #expect(points.map(\.gitCommit) == ["commit0", nil, nil, "commit2", "commit2"])
    #expect(points.map(\.binaryHash) == ["a", nil, nil, "b", "c"])
    #expect(points.map(\.value.sampleCount) == [2, 1, 1, 1, 1])
  }

  @Test func aPlantedChangeIsFoundAtItsCommit() throws {
    let place = try HistoryCase()
    let history = try place.open()
    try history.add(
      (0..<24).map { commit in
        HistoryCase.run(commit, commit: commit, rate: (commit < 15 ? 1_000 : 1_200) + Double(commit * 7 % 5))
      })
    let series = try #require(try history.history(of: .tokensPerSecond).series.first)
    #expect(series.changes.map(\.point) == [15])
    let change = try #require(series.changes.first)
    #expect(change.before < 1_010 && change.after >= 1_200 && change.pValue <= 0.01)
    let steady = try HistoryCase()
    let same = try steady.open()
    try same.add((0..<24).map { HistoryCase.run($0, commit: $0, rate: 1_000 + Double($0 * 7 % 5)) })
    #expect(try same.history(of: .tokensPerSecond).series.first?.changes.isEmpty == true)
  }

  @Test func seriesAreFoundByTheirSweepOrArrangement() throws {
    let place = try HistoryCase()
    let history = try place.open()
    try history.add([
      HistoryCase.run(1, sweep: "Quick"), HistoryCase.run(2) { $0.scheduling = .queue },
    ])
    #expect(try history.history(of: .tokensPerSecond, matching: "quick").series.count == 1)
    #expect(try history.history(of: .tokensPerSecond, matching: "QUEUE").series.count == 1)
    #expect(try history.history(of: .tokensPerSecond, matching: "d 64").series.count == 2)
    #expect(try history.history(of: .tokensPerSecond, matching: "nothing").series.isEmpty)
  }

  @Test func rebuildingLeavesWhatIsGiven() throws {
    let place = try HistoryCase()
    let history = try place.open()
    try history.add((0..<5).map { HistoryCase.run($0) })
    #expect(try history.rebuild(from: [HistoryCase.run(7, rate: 700)]) == 1)
    #expect(try history.runCount() == 1)
    let again = try HistoryDatabase(path: place.path, isCreating: false)
    #expect(try again.history(of: .tokensPerSecond).series.first?.points.first?.value.value == 700)
  }
}
