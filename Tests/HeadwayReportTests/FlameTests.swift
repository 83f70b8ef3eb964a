import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct FlameTests {
  @Test func stacksArePutTogetherByRoleAndCaller() throws {
    let tree = try #require(FlameTree(SampleTrace.stacks, kind: .running))
    #expect(tree.periods == 100)
    #expect(tree.roots.map(\.name) == ["main thread", "workers"])
    let run = try #require(tree.roots[1].callees.first)
    #expect(run.name == "run" && run.periods == 95 && run.ownPeriods == 0)
    #expect(run.callees.map(\.name) == ["forward", "backward"])
    #expect(run.callees[0].callees.map(\.name) == ["multiply", "add"])
    #expect(run.callees[0].callees.map(\.ownPeriods) == [60, 15])
  }

  @Test func sleepingSamplesAreATreeOfTheirOwn() throws {
    let tree = try #require(FlameTree(SampleTrace.stacks, kind: .sleeping))
    #expect(tree.periods == 40 && tree.roots.map(\.name) == ["workers"])
    let awake = StackProfile.literal(mode: .cpu, stacks: [("main", .main, ["step"], 1)])
    #expect(FlameTree(awake, kind: .sleeping) == nil)
  }

  @Test func samplesOutsideTheWindowDoNotCount() throws {
    let profile = StackProfile.literal(
      window: SampleWindow(begin: 15, end: 25),
      stacks: [
        ("main", .main, ["before"], 1), ("main", .main, ["inside"], 2), ("main", .main, ["after"], 4),
      ])
    let tree = try #require(FlameTree(profile, kind: .running))
    #expect(tree.roots[0].callees.map(\.name) == ["inside"] && tree.periods == 2)
  }

  @Test func widthsAreSharesAndCalleesLieUnderTheirCallers() throws {
    let tree = try #require(FlameTree(SampleTrace.stacks, kind: .running))
    let document = FlameFigure.document(tree: tree, name: "CPU", form: .wide)
    let marks = try Drawn.group("marks", in: document).children
    func frame(_ title: String) throws -> SVGElement {
      try #require(marks.first { Drawn.title($0)?.hasPrefix(title) == true })
    }
    let run = try frame("run in program, 95 %")
    let forward = try frame("forward in program, 75 %")
    let add = try frame("add in program, 15 %")
    #expect(Drawn.number(run, "width") == 760 && Drawn.number(run, "x") == 40)
    #expect(Drawn.number(forward, "width") == 600 && Drawn.number(forward, "x") == 40)
    // After `multiply`, which has 60 of the 75.
    #expect(Drawn.number(add, "width") == 120 && Drawn.number(add, "x") == 520)
    let rows = [run, forward, add].map { Drawn.number($0, "y") }
    #expect(rows[1] - rows[0] == rows[2] - rows[1] && rows[1] > rows[0])
  }

  @Test func narrowFunctionsAreLeftOutAndCounted() throws {
    var stacks: [(thread: String, role: ThreadRole, functions: [String], periods: Int)] = [
      ("main", .main, ["hot"], 10_000)
    ]
    for index in 0..<30 { stacks.append(("main", .main, ["cold-\(index)"], 1)) }
    let tree = try #require(FlameTree(.literal(stacks: stacks), kind: .running))
    let html = try HTMLReport.render(run: .literal(), stacks: .literal(stacks: stacks)).withPlainSpaces
    #expect(html.contains("30 functions under 0.2 % of the samples are not drawn."))
    let document = FlameFigure.document(tree: tree, name: "CPU", form: .wide)
    #expect(try Drawn.group("marks", in: document).children.count == 2)
  }

  @Test func aDeepStackIsCutAndStaysInView() throws {
    let deep = (0..<400).map { "function-\($0)" }
    let tree = try #require(
      FlameTree(.literal(stacks: [("main", .main, deep, 3)]), kind: .running))
    for form in FigureForm.allCases {
      let document = FlameFigure.document(tree: tree, name: "CPU", form: form)
      #expect(document.height < 1_000)
      #expect(try DrawnSVG(document.standalone).problems == [])
    }
  }
}
