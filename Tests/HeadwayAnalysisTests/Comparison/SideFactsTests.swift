import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What a comparison says of the surroundings of its runs.
@Suite struct SideFactsTests {
  private func run(
    block: Int? = nil, pages: String = "madvise", load: Double? = 0.1, steal: Double? = 0.001,
    foreign: Double = 0.01
  ) -> ComparedRun {
    var run = PlantedRuns.run(block: block)
    run.manifest?.surroundings = Surroundings(
      hugePages: pages, affinity: "0-1", loadAverage: load,
      activity: MachineActivity(stealShare: steal, foreignShare: foreign, throttledPeriods: nil))
    return run
  }

  private func compare(_ base: [ComparedRun], _ candidate: [ComparedRun]) throws -> RunComparison {
    func subject(_ path: String, _ runs: [ComparedRun]) -> ComparedSubject {
      ComparedSubject(
        path: path,
        cells: [
          ComparedCell(label: "cell", settings: [AxisSetting(axis: "threads", value: "2")], runs: runs)
        ])
    }
    return try RunComparison.ofSweeps(subject("A", base), subject("B", candidate))
  }

  @Test func settingsThatDifferAreNamedAndEqualOnesAreNot() throws {
    #expect(try compare([run()], [run()]).environment.isEmpty)
    let comparison = try compare([run()], [run(pages: "always")])
    #expect(
      comparison.environment == [
        NamedDifference(name: "transparent huge pages", base: "madvise", candidate: "always")
      ])
  }

  @Test func loadIsNamedWhereTheMediansAreApart() throws {
    let near = try compare([run(load: 0.2)], [run(load: 0.5, steal: 0.005, foreign: 0.04)])
    #expect(near.environment.isEmpty, "\(near.environment)")
    let apart = try compare(
      [run(), run(load: 9), run()],
      [run(load: 1.8), run(load: 2.1, steal: 0.03, foreign: 0.3), run(load: 1.9, steal: 0.02, foreign: 0.2)])
    #expect(
      apart.environment == [
        NamedDifference(name: "load average before the runs", base: "0.1", candidate: "1.9"),
        NamedDifference(name: "share taken by the hypervisor", base: "0.1 %", candidate: "2.0 %"),
        NamedDifference(name: "share used by other processes", base: "1.0 %", candidate: "20.0 %"),
      ])
    let unknown = try compare([run(load: nil, steal: nil)], [run(load: 5, steal: 0.5)])
    #expect(unknown.environment.isEmpty, "what one side did not note is not compared")
  }

  @Test func runsOfOneSideThatDifferAreACaution() throws {
    let comparison = try compare([run(), run(pages: "always")], [run()])
    #expect(
      comparison.environment.map(\.base) == ["always and madvise"]
        && comparison.environment.map(\.candidate) == ["madvise"])
    #expect(
      comparison.warnings.contains {
        $0.contains("the runs of A were not all made in the same surroundings")
          && $0.contains("transparent huge pages always and madvise")
      }, "\(comparison.warnings)")
  }

  @Test func aSideThatNotedNothingHasNoDifferences() throws {
    let comparison = try compare([PlantedRuns.run()], [run()])
    #expect(comparison.environment.isEmpty, "\(comparison.environment)")
    var silent = PlantedRuns.run()
    silent.manifest = nil
    #expect(try compare([silent], [run()]).environment.isEmpty)
  }
}
