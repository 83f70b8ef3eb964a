import HeadwayAnalysis
import HeadwayThreads
import Testing

/// The replay simulates the team that the engine builds.
@Suite struct TeamShapeTests {
  @Test(arguments: [1, 12, 13, 100, 144, 145, 1_000, 2_000])
  func theReplayKnowsTheTree(workers: Int) {
    let tree = CoordinationTree(workers: workers, topology: .kissing)
    let shape = TeamShape(workers: workers, topology: .kissing)
    #expect(shape.controls.count == tree.controls.count)
    for (simulated, built) in zip(shape.controls, tree.controls) {
      #expect(simulated.parent == built.parent)
      #expect(simulated.children == built.children)
      #expect(simulated.groups == built.groups.map { tree.groups[$0] })
      #expect(simulated.workers == built.workers)
    }
    #expect(TeamShape(workers: workers, topology: .flat).controls.isEmpty)
  }
}
