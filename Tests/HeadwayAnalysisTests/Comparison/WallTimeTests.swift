import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The difference in wall time, split into parts that add up to it.
@Suite struct WallTimeTests {
  /// The split of one run against one other.
  private func split(_ base: ComparedRun, _ candidate: ComparedRun) throws -> WallTimeDifference {
    let comparison = try RunComparison.ofRuns(
      PlantedRuns.subject(base), PlantedRuns.subject(candidate, path: "B"))
    return try #require(comparison.rows.first?.wall)
  }

  private func sum(_ wall: WallTimeDifference) -> Nanoseconds {
    wall.categories.reduce(wall.work.ns) { $0 + $1.ns }
  }

  @Test func theCategoriesOfADrawnPair() throws {
    // 3 threads over 300 ms: 600 useful, 300 blocked. 2 threads over 250 ms: 400 useful, 100 spinning.
    let base = PlantedRuns.run(wallMs: 300, threads: 3, booked: [.useful: 600, .blocked: 300])
    let candidate = PlantedRuns.run(wallMs: 250, threads: 2, booked: [.useful: 400, .spin: 100])
    let wall = try split(base, candidate)
    #expect(wall.differenceNs == .milliseconds(-50))
    #expect(wall.part(.useful) == .zero)
    #expect(wall.usefulAmountNs == .milliseconds(-100), "200 thread-ms less CPU time, over 2 threads")
    #expect(wall.usefulSharingNs == .milliseconds(100), "600 thread-ms over 2 instead of 3 threads")
    #expect(wall.part(.blocked) == .milliseconds(-100))
    #expect(wall.part(.spin) == .milliseconds(50))
    #expect(wall.part(.unknown) == .zero)
    #expect(wall.work.ns == .zero)
    #expect(sum(wall) == wall.differenceNs)
    #expect(wall.categories.allSatisfy { $0.lowerNs == nil }, "one run each carries no interval")
  }

  @Test func halfOfTheWorkIsAPartOfItsOwn() throws {
    let base = PlantedRuns.run(wallMs: 200, booked: [.useful: 400], tokens: 1_000)
    let candidate = PlantedRuns.run(wallMs: 110, booked: [.useful: 200, .blocked: 20], tokens: 500)
    let wall = try split(base, candidate)
    #expect(wall.work.ns == .milliseconds(-100), "half of 200 ms")
    #expect(wall.part(.useful) == .zero, "as much CPU time for each token")
    #expect(wall.part(.blocked) == .milliseconds(10))
    #expect(sum(wall) == wall.differenceNs)
  }

  @Test func whatBooksFailToCloseByIsUnknown() throws {
    let base = PlantedRuns.run(wallMs: 100, booked: [.useful: 200])
    let candidate = PlantedRuns.run(wallMs: 100, booked: [.useful: 190])
    let wall = try split(base, candidate)
    #expect(wall.part(.unknown) == .milliseconds(5))
    #expect(sum(wall) == .zero)
  }

  /// Whatever the books: parts that have been rounded still add up, paired or not.
  @Test func thePartsOfAnyRunsAddUp() throws {
    var state: UInt64 = 7
    func next(_ bound: Int64) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(state >> 33) % bound
    }
    func run(_ block: Int, threads: Int) -> ComparedRun {
      var run = PlantedRuns.run(threads: threads, tokens: Int(next(9_000)) + 1, block: block)
      var categories: [String: Nanoseconds] = [:]
      for category in StateCategory.allCases {
        categories[category.rawValue + "_ns"] = Nanoseconds(next(1 << 30))
      }
      run.summary.books?.categories = categories
      run.summary.books?.wallNs = Nanoseconds(next(1 << 30) + 1)
      return run
    }
    for _ in 0..<100 {
      let (few, many) = (Int(next(60)) + 1, Int(next(60)) + 1)
      let runs = (0..<7).map { (run($0, threads: few), run($0, threads: many)) }
      let base = ComparedCell(
        label: "base", settings: [AxisSetting(axis: "phase", value: "0")], runs: runs.map(\.0))
      let candidate = ComparedCell(
        label: "candidate", settings: [AxisSetting(axis: "phase", value: "1")], runs: runs.map(\.1))
      let paired = try RunComparison.ofPhases(ComparedSubject(path: "S", cells: [base, candidate]))
      var other = candidate
      other.settings = base.settings
      let unpaired = try RunComparison.ofSweeps(
        ComparedSubject(path: "S", cells: [base]), ComparedSubject(path: "T", cells: [other]))
      for row in paired.rows + unpaired.rows {
        let wall = try #require(row.wall)
        #expect(sum(wall) == wall.differenceNs)
        #expect(wall.candidateNs - wall.baseNs == wall.differenceNs)
        #expect(wall.usefulAmountNs + wall.usefulSharingNs == wall.part(.useful))
        #expect(wall.categories.allSatisfy { $0.lowerNs != nil }, "seven runs carry an interval")
      }
    }
  }
}
