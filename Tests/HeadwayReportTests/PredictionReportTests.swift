import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The pages of predictions from literals.
@Suite struct PredictionReportTests {
  private static func estimate(_ value: Double) -> Estimate {
    Estimate(value: value, lower: value * 0.9, upper: value * 1.1, sampleCount: 50)
  }

  private static let pace = RecordedPace(
    steps: 50, warmupSteps: 3, incompleteSteps: 0, stepNs: 2e7, tokensPerSecond: 25_600)

  private static var prediction: Prediction {
    var wanted = RunConfiguration()
    (wanted.threads, wanted.scheduling) = (8, .queue)
    return Prediction(
      run: "run", configuration: wanted, recordedConfiguration: RunConfiguration(), cores: 16,
      recordedCores: 2, stepNs: estimate(5e6), tokensPerSecond: estimate(102_400), speedup: estimate(4),
      recorded: pace, categories: ["useful": 0.5, "blocked": 0.5, "spin": 0],
      recordedCategories: ["useful": 0.8, "blocked": 0.2, "spin": 0], replayError: -0.0123,
      uncertainty: [UncertaintyTerm(source: .unknown, reason: "the caches of another machine", share: 0.1)],
      assumptions: ["All cores are equal."])
  }

  @Test func aPredictionSaysWhatChangesAndWhatIsNotKnown() {
    for width in [60, 100, 140] {
      let text = TerminalReport.render(prediction: Self.prediction, width: width)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(text)")
      let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for part in [
        "threads=8", "scheduling=queue", "16 cores", "4.00×", "5.00 ms", "102,000", "10 %: the caches",
        "−1.23 %",
        "All cores are equal.", "useful work",
      ] {
        #expect(flat.contains(part), "\(part) in \(flat)")
      }
    }
    let plain = TerminalReport.render(prediction: Self.prediction, ascii: true)
    #expect(plain.unicodeScalars.allSatisfy(\.isASCII) && !plain.contains("?"))
  }

  @Test func aCurveSaysWhatEndsIt() {
    let points = [1, 2, 4].map { threads in
      PredictedPoint(
        threads: threads, cores: threads, stepNs: 2e7 / Double(threads),
        tokensPerSecond: Self.estimate(25_600 * Double(threads)), speedup: Double(threads))
    }
    let curve = PredictionCurve(
      run: "run", configuration: RunConfiguration(), recordedConfiguration: RunConfiguration(), cores: nil,
      recorded: Self.pace, replayError: 0.004,
      series: [
        PredictedSeries(
          topology: .flat, points: points,
          boundary: ScalingBoundary(
            kind: .serial, threads: 2, gains: ["serial": 1.5, "synchronisation": 1.1, "cores": 1]),
          limits: [
            ScalingLimit(kind: .reduction, threads: 24), ScalingLimit(kind: .synchronisation, threads: nil),
          ]),
        PredictedSeries(topology: .kissing, points: points, boundary: nil),
      ], assumptions: ["All cores are equal."])
    let text = TerminalReport.render(curve: curve)
    let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in [
      "a core for every worker", "the main thread's serial part", "1.50×", "kissing: more threads pay up to",
      "102,000", "+0.40 %", "the serial reduction at 24 threads", "of waking threads not up to 4",
      "the memory bandwidth not known",
    ] {
      #expect(flat.contains(part), "\(part) in \(flat)")
    }
    #expect(!flat.contains("without the number of cores"), "a limit that does not bind is left out")
  }
}
