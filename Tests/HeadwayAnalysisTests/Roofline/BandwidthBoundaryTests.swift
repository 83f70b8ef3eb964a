import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct BandwidthBoundaryTests {
  @Test func theBandwidthOverTheBytesOfAToken() throws {
    let ceilings = MachineCeilings.literal([(2, 100, 30, nil), (1, 50, 20, 70), (4, 100, nil, nil)])
    let configuration = RunConfiguration()
    let bytes = Double(configuration.stepCost.bytes) / Double(configuration.tokensPerStep)
    let points = try BandwidthBoundary.points(
      ceilings, configurations: [configuration, configuration], machine: .literal)
    #expect(points.map(\.threads) == [1, 2], "where it was measured")
    #expect(abs(points[0].value.value * bytes - 20e9) < 1 && abs(points[1].value.value * bytes - 30e9) < 1)
  }

  @Test func cellsThatMoveOtherAmountsHaveNone() throws {
    let ceilings = MachineCeilings.literal([(1, 50, 20, nil)])
    var wide = RunConfiguration()
    wide.width *= 2
    #expect(
      try BandwidthBoundary.points(ceilings, configurations: [RunConfiguration(), wide], machine: .literal)
        == [])
    #expect(try BandwidthBoundary.points(ceilings, configurations: [], machine: .literal) == [])
  }

  @Test func anotherMachineIsRefused() {
    var other = MachineFacts.literal
    other.processor = "Another CPU"
    #expect(throws: InputError.self) {
      try BandwidthBoundary.points(
        .literal([(1, 50, 20, nil)]), configurations: [RunConfiguration()], machine: other)
    }
  }
}
