import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The page of a comparison: the split difference and the differential flame graphs.
@Suite struct ComparisonPageTests {
  @Test func partsAreBarsThatMeetAtTheMiddle() throws {
    let rows = SampleComparison.phases.rows.filter { $0.against == .previous }
    for form in FigureForm.allCases {
      let document = try #require(DifferenceFigure.document(rows: rows, form: form))
      #expect(try DrawnSVG(document.standalone).problems == [])
    }
    let document = try #require(DifferenceFigure.document(rows: rows, form: .wide))
    func bar(_ title: String) throws -> SVGElement {
      try #require(Drawn.all(document).first { Drawn.title($0) == title }, "\(title)")
    }
    let saved = try bar("phase 0 → phase 1: not started or ended, −120 ms")
    let lost = try bar("phase 0 → phase 1: spinning, +20.0 ms")
    #expect(abs(Drawn.number(saved, "width") - 6 * Drawn.number(lost, "width")) < 0.05)
    let middle = Drawn.number(saved, "x") + Drawn.number(saved, "width")
    #expect(abs(Drawn.number(lost, "x") - middle) < 0.02)
    let mark = try bar("phase 0 → phase 1: −100 ms in all")
    #expect(abs(middle - Drawn.number(mark, "x1") - 5 * Drawn.number(lost, "width")) < 0.05)
    #expect(DifferenceFigure.document(rows: [], form: .wide) == nil)
  }

  @Test func sharesAreOfEachRunsOwnSamples() throws {
    let difference = try FlameDifference(
      base: ("a", SampleComparison.stacks.base), candidate: ("b", SampleComparison.stacks.candidate),
      kind: .running)
    #expect(difference.basePeriods == 100 && difference.candidatePeriods == 100)
    let run = try #require(difference.roots.first { $0.name == "workers" }?.callees.first)
    let forward = try #require(run.callees.first { $0.name == "forward" })
    #expect(forward.callees.map(\.name) == ["multiply", "add"])
    #expect(
      forward.callees.map(\.basePeriods) == [60, 15] && forward.callees.map(\.candidatePeriods) == [30, 45])
    let document = FlameDifferenceFigure.document(difference, name: "CPU", form: .wide)
    let marks = try Drawn.group("marks", in: document).children
    func frame(_ prefix: String) throws -> SVGElement {
      try #require(
        marks.first { Drawn.title($0)?.hasPrefix(prefix) == true }, "\(marks.compactMap(Drawn.title))")
    }
    let lost = try frame("▼−30 multiply in program, 60 % → 30 % of the samples")
    let gained = try frame("▲+30 add in program, 15 % → 45 % of the samples")
    #expect(Drawn.attribute(lost, "class") == "f-lost-3" && Drawn.attribute(gained, "class") == "f-gained-3")
    // As wide as the mean of both shares.
    #expect(
      abs(Drawn.number(lost, "width") - 0.45 * 800) < 0.02
        && abs(Drawn.number(gained, "width") - 0.3 * 800) < 0.02)
    #expect(Drawn.attribute(try frame("backward"), "class") == "f-same", "20 of 100 in both is no difference")
    #expect(Drawn.texts(document).contains { $0.hasPrefix("▲+30 add") }, "the sign stands in the text")
    for form in FigureForm.allCases {
      #expect(
        try DrawnSVG(FlameDifferenceFigure.document(difference, name: "CPU", form: form).standalone).problems
          == [])
    }
  }

  @Test func chanceIsNoDifference() throws {
    func profile(_ first: Int, _ second: Int) -> StackProfile {
      .literal(stacks: [("main", .main, ["a"], first), ("main", .main, ["b"], second)])
    }
    func classes(_ base: StackProfile, _ candidate: StackProfile) throws -> [String?] {
      let difference = try FlameDifference(base: ("x", base), candidate: ("y", candidate), kind: .running)
      let document = FlameDifferenceFigure.document(difference, name: "CPU", form: .wide)
      return try Drawn.group("marks", in: document).children.map { Drawn.attribute($0, "class") }
    }
    // 50 % and 60 % of 20 samples may be the same program; 50 % and 65 % of 2,000 are not.
    #expect(try classes(profile(10, 10), profile(12, 8)) == ["f-same", "f-same", "f-same"])
    #expect(try classes(profile(1_000, 1_000), profile(1_300, 700)) == ["f-same", "f-gained-3", "f-lost-3"])
  }

  @Test func whatHasNoSamplesIsRefusedInWords() throws {
    func refusal(_ stacks: ComparedStacks, _ kind: FlameTree.Kind) throws -> FlameDifference.Refusal {
      do {
        _ = try FlameDifference(base: ("a", stacks.base), candidate: ("b", stacks.candidate), kind: kind)
      } catch {
        return error
      }
      throw FlameDifference.Refusal.noSamples("nothing was refused")
    }
    var stacks = SampleComparison.stacks
    stacks.candidate = nil
    #expect(try refusal(stacks, .running) == .notSampled("b"))
    stacks.candidate = .literal(mode: .cpu, stacks: [("main", .main, ["step"], 1)])
    #expect(try refusal(stacks, .running) == .modes(base: .wall, candidate: .cpu))
    stacks.candidate = .literal(stacks: [("main", .main, ["step"], 1)])
    #expect(try refusal(stacks, .sleeping) == .noSamples("b"))
    let html = try HTMLReport.render(comparison: SampleComparison.runs, stacks: stacks).withPlainSpaces
    #expect(html.contains("There is no difference to draw. b has no such samples."))
    #expect(html.contains("id=\"flame-difference\"") && !html.contains("id=\"flame-difference-asleep\""))
    let without = try HTMLReport.render(
      comparison: SampleComparison.runs, stacks: ComparedStacks(base: nil, candidate: nil))
    #expect(without.contains("a has no sampled stacks: record it with --set stack_sampling_hz=99."))
  }

  @Test func thePageSaysWhatDiffersAndHowToRepeatIt() throws {
    let html = try HTMLReport.render(
      comparison: SampleComparison.runs, stacks: SampleComparison.stacks,
      command: "headway compare a b --html c.html")
    for text in [
      "b runs at", "drift not controlled", "−65.0 ms", "OMP_NUM_THREADS", "absent",
      "headway compare a b --html c.html",
      "scheduling barrier → queue", "100 periods of a and 100 of b", "id=\"difference-counterpart\"",
      "id=\"flame-difference\"", "id=\"flame-difference-asleep\"", "The training losses are bitwise",
      "▲ gained", "▼ lost",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(!html.contains("{{"))
  }

  @Test func aSweepOfPhasesShowsTheLadder() throws {
    let html = try HTMLReport.render(
      sweep: SampleSweep.quick, runs: SampleRun.all, phases: SampleComparison.phases)
    let places = try ["h-barriers", "h-phases", "h-memory", "h-loss"].map {
      try #require(html.range(of: "id=\"\($0)\"")?.lowerBound)
    }
    #expect(places == places.sorted())
    for text in [
      "id=\"difference-previous\"", "id=\"difference-first\"", "Each phase against the first", "+15.0 ms",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(!(try HTMLReport.render(sweep: SampleSweep.quick, runs: SampleRun.all)).contains("h-phases"))
  }

  @Test func hostileNamesAreTextHereToo() throws {
    let evil = "</script><script>alert(1)</script><img src=x onerror=y>\"'&{{title}}"
    var comparison = SampleComparison.runs
    comparison.rows[0].base = evil
    comparison.base.path = evil
    comparison.environment[0].name = evil
    comparison.warnings = [evil]
    let html = try HTMLReport.render(
      comparison: comparison,
      stacks: ComparedStacks(
        base: .literal(stacks: [(evil, .worker, [evil], 3)]),
        candidate: .literal(stacks: [(evil, .worker, ["x"], 3)])),
      command: evil)
    #expect(html.components(separatedBy: "<script").count == 3 && !html.contains("<img"))
  }
}
