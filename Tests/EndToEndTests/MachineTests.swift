import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway machine` measures what it prints, and nothing else.
@Suite struct MachineTests {
  static let small = ["machine", "--rounds", "2", "--sample-milliseconds", "2"] + Workplace.smallModel

  @Test func measuresEveryCeilingAtEveryNumberOfThreads() throws {
    let place = try Workplace()
    let result = try place.headway(Self.small + ["--threads", "2,1", "--json"])
    #expect(result.status == 0, "\(result.stderr)")
    let report = try HeadwayJSON.decode(
      MachineCeilings.self, from: Data(result.stdout.utf8), subject: "machine")
    #expect(report.schema == MachineCeilings.schemaName)
    #expect(report.ceilings.count == 2 * MachineCeiling.Kind.allCases.count)
    for ceiling in report.ceilings {
      let rate = ceiling.rate
      #expect(rate.samples.count == 2 && rate.lowest > 0)
      #expect(rate.lowest <= rate.median && rate.median <= rate.highest)
      let hasMemory = ceiling.kind == .memory || ceiling.kind == .cache
      #expect((ceiling.workingSetBytes != nil) == hasMemory)
    }
    #expect(report.products.map(\.threads) == [2, 1])
    #expect(report.step == report.configuration.stepCost)
    for products in report.products {
      #expect(products.tokensPerSecond.highest < products.denseTokensPerSecond.highest)
      let flops = products.tokensPerSecond.median * report.step.matrixFlopsPerToken / 1e9
      #expect(abs(products.gflopPerSecond.median / flops - 1) < 1e-9)
    }
  }

  @Test func refusesWhatItCannotMeasure() throws {
    let place = try Workplace()
    for list in ["0", "1,,2", "1,1", "many", ""] {
      let result = try place.headway(["machine", "--threads", list])
      #expect(result.status == 64, "\(list)")
      #expect(result.stderr.contains("--threads"), "\(result.stderr)")
      #expect(result.stdout.isEmpty)
    }
    #expect(try place.headway(["machine", "--rounds", "0"]).status == 64)
    #expect(try place.headway(["machine", "--set", "heads=3"]).status == 64)
  }
}
