import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What a search may be narrowed to.
@Suite struct TuningGridTests {
  private func count(_ names: [String], cpus: Int = 2) throws -> Int {
    try TuningGrid.configurations(
      from: RunConfiguration(), over: TuningGrid.axes(cpus: cpus, named: names)
    ).count
  }

  @Test func axesAreNamedWithTheirValuesOrWithout() throws {
    let axes = try TuningGrid.axes(cpus: 2, named: ["threads=3,5", "scheduling"])
    #expect(axes.map(\.key) == ["threads", "scheduling"])
    #expect(axes.map(\.values) == [["3", "5"], ["barrier", "queue"]])
    #expect(try TuningGrid.axes(cpus: 2, named: []).map(\.key) == TuningGrid.axes(cpus: 2).map(\.key))
    #expect(try count(["threads=3,5", "scheduling"]) == 4)
    // One worker shares nothing: threads 1 with segmented reduction is threads 1.
    #expect(try count(["threads=1,2", "reduction"]) == 3)
    #expect(try count(["threads=1,2"]) == 2, "what is not searched leaves nobody out")
  }

  @Test(arguments: [
    ("width=64", "no such axis"), ("threads=", "it has no value"), ("threads=0", "threads: "),
    ("scheduling=rope", "rope"),
  ])
  func whatCannotBeSearchedIsRefused(name: String, problem: String) {
    let words = sentence { _ = try count([name]) }
    #expect(words.contains(problem) && words.contains("--axis"), "\(words)")
  }

  @Test func anAxisIsNamedOnce() {
    #expect(sentence { _ = try count(["threads", "threads=2"]) }.contains("named twice"))
  }
}
