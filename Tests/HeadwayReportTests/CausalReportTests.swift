import HeadwayReport
import HeadwayTrace
import Testing

/// The page of experiments beside the replay, from literals.
@Suite struct CausalReportTests {
  private func estimate(_ value: Double) -> Estimate {
    Estimate(value: value, lower: value - 0.05, upper: value + 0.05, sampleCount: 8)
  }

  private func page(_ change: (inout CausalComparison) -> Void, width: Int = 110) -> String {
    var comparison = CausalComparison(
      run: "run/recording", replayError: 0.012,
      regions: [
        .init(region: "backward", experiment: estimate(0.5), replay: 0.52),
        .init(region: "forward", experiment: estimate(0.3), replay: 0.36),
        .init(region: "dispatch", experiment: estimate(0.01), replay: nil),
      ], pairs: 1, agreed: 1, disagreements: [])
    change(&comparison)
    let text = TerminalReport.render(
      causal: CausalRecord(
        configuration: RunConfiguration(), stepsPerExperiment: 4, measurements: [], curves: [], noise: nil,
        warnings: [], comparison: comparison), width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(text)")
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func agreementIsSaidWithBothRanks() {
    let text = page { _ in }
    for part in [
      "rank the regions alike wherever the experiments can tell: 1 of 1 pair agree.",
      "backward 0.50 % [0.45, 0.55] 0.52 % 1 1",
      "forward 0.30 % [0.25, 0.35] 0.36 % 2 2 outside the interval",
      "dispatch 0.01 % [-0.04, 0.06] – – – no replay", "It cannot shorten dispatch", "+1.20 %",
      "run/recording",
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
  }

  @Test func disagreementIsNamed() {
    let text = page {
      $0.agreed = 0
      $0.disagreements = [.init(more: "backward", less: "forward", experiment: estimate(0.2), replay: -0.1)]
    }
    for part in [
      "disagree about the order of 1 of 1 pair of regions; 0 agree",
      "a faster backward brings 0.20 % [0.15, 0.25] more than a faster forward for each 1 %; by the replay it brings"
        + " 0.10 % less",
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
    #expect(page { ($0.agreed, $0.pairs) = (0, 3) }.contains("rank none of 3 pairs"))
  }
}
