import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Drawn values lie where their numbers are.
@Suite struct RunFigureTests {
  private func near(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 0.02 }

  @Test func stepsAreDotsAtTheirThroughput() throws {
    var run = RunSummary.literal(steps: 4)
    run.throughput.tokens = 4_000
    run.throughput.stepsNs = [20, 10, 10, 5].map { .milliseconds($0) }
    run.throughput.warmupSteps = 1
    let document = try #require(StepFigure.document(run: run, form: .wide))
    let dots = Drawn.all(document).filter { $0.name == "circle" && Drawn.title($0) != nil }
    #expect(
      dots.compactMap(Drawn.title) == [
        "step 1: 50,000 tokens/s", "step 2: 100,000 tokens/s", "step 3: 100,000 tokens/s",
        "step 4: 200,000 tokens/s",
      ])
    let y = dots.map { Drawn.number($0, "cy") }
    #expect(near(y[0] - y[1], 50_000 * (y[1] - y[3]) / 100_000) && near(y[1], y[2]))
    let median = try #require(
      Drawn.all(document).first { Drawn.title($0)?.hasPrefix("median") == true })
    #expect(near(Drawn.number(median, "y1"), y[1]))
    // The first is the legend's.
    let shaded = try #require(Drawn.all(document).last { Drawn.attribute($0, "class") == "beyond" })
    let x = dots.map { Drawn.number($0, "cx") }
    #expect(
      near(Drawn.number(shaded, "x") + Drawn.number(shaded, "width"), (x[0] + x[1]) / 2),
      "the shade ends between the last step of the warm-up and the next")
  }

  @Test func manyStepsAreGroupedWithoutLosingTheExtremes() throws {
    var run = RunSummary.literal(steps: 1_000)
    run.throughput.tokens = nil
    run.throughput.stepsNs = (0..<1_000).map { .milliseconds($0 == 517 ? 100 : 10) }
    let document = try #require(StepFigure.document(run: run, form: .wide))
    let groups = Drawn.all(document).compactMap(Drawn.title).filter { $0.hasPrefix("steps") }
    #expect(groups.count == 143)
    #expect(groups.contains("steps 512 to 518: median 100, slowest 10.0, fastest 100 steps/s"))
    #expect(try DrawnSVG(document.standalone).problems == [])
  }

  @Test func memoryLayersAddUpToTheResidentBytes() throws {
    let document = try #require(MemoryFigure.document(run: SampleRun.whole, form: .wide))
    let areas = document.elements.filter { $0.name == "polygon" && $0.attributes.count < 4 }
    let layers = areas.filter { (Drawn.attribute($0, "points") ?? "").split(separator: " ").count > 8 }
    try #require(layers.count == 3)
    func ends(_ layer: SVGElement) -> (upper: Substring, lower: Substring) {
      let points = (Drawn.attribute(layer, "points") ?? "").split(separator: " ")
      return (points[0], points[points.count - 1])
    }
    #expect(ends(layers[0]).upper == ends(layers[1]).lower && ends(layers[1]).upper == ends(layers[2]).lower)
    #expect(Drawn.texts(document).contains("at most 90.0 MB"))
  }

  @Test func componentsAreBarsInProportion() throws {
    let document = try #require(MemoryPartsFigure.document(run: SampleRun.whole, form: .wide))
    let bars = document.elements.filter { $0.name == "rect" }
    let widths = bars.map { Drawn.number($0, "width") }
    #expect(Drawn.texts(document).contains("activations") && Drawn.texts(document).contains("unaccounted"))
    // 40 MB of activations, 20 MB of the program, 10 MB of weights; 20 MB are left of 90.
    #expect(near(widths[0], widths[1] * 2) && near(widths[1], widths[2] * 2) && near(widths[3], widths[1]))
  }

  @Test func barrierColumnsShowWaitsAndWhoWasLast() throws {
    let document = try #require(
      BarrierFigure.document(run: SampleRun.run(threads: 2, scheduling: .barrier), form: .wide))
    let bars = Drawn.all(document).filter { $0.name == "rect" && Drawn.title($0) != nil }
    let main = bars.filter { Drawn.title($0)?.hasPrefix("main waited 100 ms, 11.1 ms") == true }
    #expect(main.count == 4, "two sites, each an imbalance and a wake-up")
    #expect(near(Drawn.number(main[0], "height") / 8, Drawn.number(main[1], "height")))
    let last = try #require(
      bars.first { Drawn.title($0) == "worker-1 arrived last in 68 episodes of 120" })
    let other = try #require(
      bars.first { Drawn.title($0) == "worker-0 arrived last in 52 episodes of 120" })
    #expect(near(Drawn.number(last, "height") / Drawn.number(other, "height"), 68.0 / 52))
  }

  @Test func aHistogramHasAColumnForEveryFilledStretch() throws {
    var run = SampleRun.run(threads: 2, scheduling: .barrier)
    var histogram = DurationHistogram()
    for length in [1_000, 1_000, 1_000, 64_000] { histogram.add(Nanoseconds(Int64(length))) }
    run.barriers[0].spreadNs = Distribution(histogram)
    let document = try #require(BarrierFigure.document(run: run, form: .wide))
    let columns = Drawn.all(document).filter {
      $0.name == "rect" && Drawn.title($0)?.contains(" to ") == true
    }
    #expect(columns.count == 2)
    #expect(near(Drawn.number(columns[0], "height"), 3 * Drawn.number(columns[1], "height")))
    #expect(Drawn.title(columns[0])?.hasSuffix("3 episodes") == true)
  }

  @Test func totalsStandAboveTheThreads() throws {
    let document = try #require(
      ThreadFigure.document(run: SampleRun.run(threads: 4, scheduling: .barrier), form: .wide))
    let names = Drawn.texts(document).filter {
      $0.contains("thread") || $0.hasPrefix("worker") || $0 == "main"
    }
    #expect(
      names.filter { $0.hasPrefix("all") || $0.hasPrefix("worker-") || $0 == "main" }.first == "all 5 threads"
    )
    // (0.12 + 4 · 0.83) / 5 of the time is useful.
    #expect(Drawn.all(document).contains { Drawn.title($0) == "all 5 threads: useful work, 69 %" })
  }

  @Test(arguments: [1, 3, 20, 65, 300]) func everyFigureStaysInItsViewBox(threads: Int) throws {
    var run = SampleRun.whole
    let wide = SampleRun.run(threads: threads, scheduling: .barrier)
    (run.threads, run.barriers) = (wide.threads, wide.barriers)
    for form in FigureForm.allCases {
      for document in [
        ThreadFigure.document(run: run, form: form), BarrierFigure.document(run: run, form: form),
        WaitFigure.document(run: run, form: form), StepFigure.document(run: run, form: form),
        MemoryFigure.document(run: run, form: form), MemoryPartsFigure.document(run: run, form: form),
      ] {
        #expect(try DrawnSVG(#require(document).standalone).problems == [])
      }
    }
  }
}
