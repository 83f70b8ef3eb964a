import Foundation
import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The fitted law and the efficiencies in the figures over threads.
@Suite struct ScalingLawTests {
  @Test func theBandLiesAboutTheLaw() throws {
    for form in FigureForm.allCases {
      let document = try #require(ScalingFigure.document(sweep: SampleSweep.lawful, form: form))
      #expect(try DrawnSVG(document.standalone).problems == [])
    }
    let document = try #require(ScalingFigure.document(sweep: SampleSweep.lawful, form: .wide))
    func points(_ style: String) throws -> [(x: Double, y: Double)] {
      let shape = try #require(
        Drawn.all(document).first {
          Drawn.attribute($0, "class") == style && Drawn.attribute($0, "points") != nil
        })
      return (Drawn.attribute(shape, "points") ?? "").split(separator: " ").map { pair in
        let numbers = pair.split(separator: ",").compactMap { Double($0) }
        return (numbers[0], numbers[1])
      }
    }
    let law = try points("law s0")
    let band = try points("fan s0")
    #expect(law.count == 15 && band.count == 30)
    // The upper edge above the law, the lower below it, at the same numbers of threads.
    for (index, point) in law.enumerated() {
      #expect(band[index].x == point.x && band[29 - index].x == point.x)
      #expect(band[index].y < point.y && band[29 - index].y > point.y)
    }
    #expect(Drawn.texts(document).contains { $0.hasPrefix("universal law") })
    let html = try HTMLReport.render(sweep: SampleSweep.lawful).withPlainSpaces
    #expect(html.contains("universal law of 1 threads") || html.contains("universal law of"))
    // A sweep without a law draws none.
    let quick = try #require(ScalingFigure.document(sweep: SampleSweep.quick, form: .wide))
    #expect(!Drawn.texts(quick).contains { $0.hasPrefix("universal law") })
  }

  @Test func theBandwidthIsALineThatEndsAtTheTop() throws {
    let points = [(1.0, 12_000.0), (4, 24_000), (8, 26_000), (12, 90_000)].map { threads, rate in
      LawPoint(threads: threads, value: Estimate(value: rate, lower: nil, upper: nil, sampleCount: 0))
    }
    for form in FigureForm.allCases {
      let document = try #require(
        ScalingFigure.document(sweep: SampleSweep.lawful, bandwidth: points, form: form))
      #expect(try DrawnSVG(document.standalone).problems == [])
      #expect(Drawn.texts(document).contains("memory’s bandwidth"))
      #expect(
        Drawn.all(document).contains { $0.name == "polyline" && Drawn.attribute($0, "class") == "roof" })
    }
    let known = try HTMLReport.render(sweep: SampleSweep.lawful, bandwidth: points).withPlainSpaces
    #expect(known.contains("would allow 90,000 tokens/s at 12 threads, far above the plot, if every array"))
    #expect(
      try HTMLReport.render(sweep: SampleSweep.lawful).withPlainSpaces.contains(
        "would end the scaling is not known"))
  }

  @Test func aSeriesIsNamedAfterWhatAllItsCellsShare() throws {
    var sweep = SampleSweep.lawful
    #expect(sweep.cells.first?.label == "1 threads", "which is true of one cell only")
    for (more, name) in [([], "all cells"), ([AxisSetting(axis: "prefetch", value: "off")], "no prefetch")] {
      for index in sweep.cells.indices { sweep.cells[index].settings += more }
      for document in [
        try #require(ScalingFigure.document(sweep: sweep, form: .wide)),
        try #require(EfficiencyFigure.document(sweep: sweep, form: .wide)),
      ] {
        let texts = Drawn.texts(document)
        #expect(texts.contains(name) && !texts.contains("1 threads"), "\(texts)")
      }
    }
    let quick = try #require(ScalingFigure.document(sweep: SampleSweep.quick, form: .wide))
    for name in ["barrier", "queue", "barrier, prefetch", "queue, prefetch"] {
      #expect(Drawn.texts(quick).contains(name))
    }
  }

  @Test func whyNoSeriesHasALawIsSaidOnce() {
    var sweep = SampleSweep.quick
    sweep.scaling = [("barrier", 0.05), ("queue", 0.07)].map { label, share in
      var series = ScalingSummary(
        settings: [AxisSetting(axis: "scheduling", value: label)], label: label, threads: [1, 2])
      series.reason = "the sweep has 2 numbers of threads"
      series.serialFractions = [
        SerialFraction(threads: 2, value: Estimate(value: share, lower: 0.01, upper: 0.2, sampleCount: 8))
      ]
      return series
    }
    let text = TerminalReport.render(sweep: sweep, width: 400)
    #expect(text.contains("every series: no law is fitted: the sweep has 2 numbers of threads\n"))
    #expect(
      text.contains(
        "serial fractions (Karp–Flatt): barrier 5.0 % [1, 20] at 2 threads, queue 7.0 % [1, 20] at 2 threads")
    )
    #expect(text.components(separatedBy: "no law is fitted").count == 2)
    sweep.scaling?[0].reason = "another reason"
    let apart = TerminalReport.render(sweep: sweep, width: 400)
    #expect(apart.contains("barrier: no law is fitted: another reason") && !apart.contains("every series"))
  }

  @Test func efficienciesAreWhereTheirNumbersAre() throws {
    for form in FigureForm.allCases {
      for sweep in [SampleSweep.lawful, SampleSweep.quick, SampleSweep.poisoned, SampleSweep.large] {
        guard let document = EfficiencyFigure.document(sweep: sweep, form: form) else { continue }
        #expect(try DrawnSVG(document.standalone).problems == [])
      }
    }
    let document = try #require(EfficiencyFigure.document(sweep: SampleSweep.lawful, form: .wide))
    let ideal = try #require(Drawn.all(document).last { Drawn.attribute($0, "class") == "ideal" })
    let floor = try #require(Drawn.all(document).last { Drawn.attribute($0, "class") == "axis" })
    let markers = Drawn.all(document).filter { $0.name == "circle" && Drawn.attribute($0, "class") == "s0" }
      .dropFirst()
    let whole = Drawn.number(floor, "y1") - Drawn.number(ideal, "y1")
    let shares = markers.map { (Drawn.number(floor, "y1") - Drawn.number($0, "cy")) / whole }
    let expected = SampleSweep.lawful.cells.compactMap { $0.efficiency?.value }
    #expect(shares.count == 7 && zip(shares, expected).allSatisfy { abs($0 - $1) < 0.001 })
    #expect(EfficiencyFigure.document(sweep: SampleSweep.single, form: .wide) == nil)
  }
}
