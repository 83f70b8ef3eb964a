import HeadwayReport
import HeadwayTrace
import Testing

/// The table of ceilings from a literal.
@Suite("Ceilings in the terminal")
struct MachineReportTests {
  static func spread(_ values: Double...) throws -> MeasuredSpread { try #require(MeasuredSpread(values)) }

  static func ceilings(multiplyAdd: Bool) throws -> MachineCeilings {
    let configuration = RunConfiguration()
    let kinds = [
      MachineCeiling(kind: .multiplyAdd, threads: 1, rate: try spread(118, 121, 120), workingSetBytes: nil),
      MachineCeiling(kind: .memory, threads: 1, rate: try spread(20, 22, 21), workingSetBytes: 1 << 28),
      MachineCeiling(kind: .memory, threads: 2, rate: try spread(30, 32, 31), workingSetBytes: 1 << 28),
    ]
    let products = try [1, 2].map { threads in
      ProductCeiling(
        threads: threads, tokensPerSecond: try spread(100_000, 90_000),
        denseTokensPerSecond: try spread(120_000),
        gflopPerSecond: try spread(45.6))
    }
    return MachineCeilings(
      machine: MachineFacts(
        processor: nil, architecture: "x86_64", onlineCpus: 2, usableCpus: 2, memoryBytes: nil, kernel: nil,
        hypervisor: nil, clockSource: nil, vectorExtensions: []),
      configuration: configuration, step: configuration.stepCost,
      ceilings: multiplyAdd ? kinds : Array(kinds.dropFirst()), products: products, foreignShare: nil,
      stealShare: nil, warnings: ["the machine was busy"])
  }

  @Test("a row per ceiling, a column per number of threads, a dash for what was not measured")
  func table() throws {
    let text = TerminalReport.render(machine: try Self.ceilings(multiplyAdd: true), width: 110)
    let lines = text.split(separator: "\n").map(String.init)
    let multiplyAdds = try #require(lines.first { $0.contains("multiply-adds on registers") })
    #expect(multiplyAdds.contains("120 [118, 121]") && multiplyAdds.hasSuffix("–"))
    let memory = try #require(lines.first { $0.contains("triad from memory") })
    #expect(memory.contains("21.0 [20.0, 22.0]") && memory.hasSuffix("31.0 [30.0, 32.0]"))
    #expect(text.contains("95.0 [90.0, 100]"), "thousands of tokens per second, the median of two")
    #expect(!text.contains("triad from the cache"), "what was measured nowhere has no row")
    #expect(text.contains("the machine was busy"))
  }

  @Test("a peak that was not measured is not printed")
  func noPeak() throws {
    #expect(!TerminalReport.render(machine: try Self.ceilings(multiplyAdd: false)).contains("registers"))
  }
}
