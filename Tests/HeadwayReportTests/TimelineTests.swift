import HeadwayReport
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct TimelineTests {
  private func excerpt(
    _ trace: RecordedTrace = SampleTrace.trace(), warmup: Int = 0, limits: TimelineExcerpt.Limits = .init()
  ) throws -> TimelineExcerpt {
    try #require(TimelineExcerpt(of: trace, warmupSteps: warmup, limits: limits))
  }

  @Test func theStepsAroundTheMedianOneAreShown() throws {
    // Lengths 40, 50, 44, 46, 90: the median is 46, and it has a neighbour on both sides.
    let three = try excerpt()
    #expect(three.steps.map(\.index) == [2, 3, 4])
    #expect(three.time.begin == SampleTrace.at(100) && three.time.end == SampleTrace.at(280))
    #expect(three.omissions == ["3 of 5 steps are shown, around the median one"])
    let one = try excerpt(limits: .init(steps: 1))
    #expect(one.steps.map(\.index) == [3])
    // Without the first two, the lengths are 44, 46, 90.
    #expect(try excerpt(warmup: 2, limits: .init(steps: 1)).steps.map(\.index) == [3])
    // A warm-up that leaves nothing is not believed.
    #expect(try excerpt(warmup: 9).steps.count == 3)
  }

  @Test func rowsAreInTheOrderOfRolesAndCutWhereThereAreMany() throws {
    var trace = SampleTrace.trace(workers: 12, steps: [40])
    trace.threads.swapAt(0, 12)
    let rows = try excerpt(trace).rows.map(\.name)
    #expect(rows == ["main"] + (0..<12).map { "worker-\($0)" })
    let cut = try excerpt(trace, limits: .init(rows: 4))
    #expect(cut.rows.map(\.name) == ["main", "worker-0", "worker-1", "worker-2"])
    #expect(cut.omissions == ["4 of 13 threads are shown"])
    #expect(cut.spans.allSatisfy { (0..<4).contains($0.row) })
  }

  @Test func aLimitOfMarksDrawsTheEndIn() throws {
    let all = try excerpt()
    let one = try excerpt(limits: .init(marks: 1))
    #expect(one.spans.count == 1 && one.omissions.last == "3 spans that begin with others are not drawn")
    for limit in [5, 12, 20] {
      let cut = try excerpt(limits: .init(marks: limit))
      #expect(cut.spans.count <= limit)
      #expect(cut.time.end < all.time.end && cut.time.begin == all.time.begin)
      #expect(cut.spans.allSatisfy { $0.time.end <= cut.time.end })
      #expect(cut.episodes.allSatisfy { $0.release < cut.time.end })
      #expect(cut.omissions.contains { $0.contains("of them are drawn") })
    }
  }

  @Test func aTraceWithoutStepsIsShownFromItsMiddle() throws {
    var trace = SampleTrace.trace()
    trace.steps = []
    #expect(try excerpt(trace).lengthNs == Nanoseconds(270_000_000))
    let part = try excerpt(trace, limits: .init(marks: 10))
    #expect(part.time.begin > SampleTrace.at(10) && part.time.end < SampleTrace.at(280))
    #expect(part.omissions.first?.hasPrefix("the trace marks no steps") == true)
  }

  @Test func aTraceWithoutSpansHasNoTimeline() {
    var trace = SampleTrace.trace()
    trace.spans = []
    #expect(TimelineExcerpt(of: trace) == nil)
  }

  @Test func episodesNameTheLastToArrive() throws {
    let episodes = try excerpt().episodes
    #expect(episodes.map(\.generation) == [2, 3, 4])
    #expect(episodes.allSatisfy { $0.site == "work_end" && $0.rows == 0...3 && $0.last?.row == 3 })
    // Step 3 begins at 144 ms and takes 46.
    #expect(episodes[1].first == SampleTrace.at(144) && episodes[1].release == SampleTrace.at(180.8))
  }

  @Test func aThreadIsPresentFromItsRegistrationOn() throws {
    var trace = SampleTrace.trace()
    trace.stretches = [
      ThreadStretch(thread: 1, threadID: ThreadID(2), began: SampleTrace.at(0), ended: SampleTrace.at(120)),
      ThreadStretch(thread: 1, threadID: ThreadID(2), began: SampleTrace.at(150), ended: nil),
    ]
    let shown = try excerpt(trace)
    #expect(shown.rows[1].presence.map(\.begin) == [SampleTrace.at(100), SampleTrace.at(150)])
    #expect(shown.rows[1].presence.map(\.end) == [SampleTrace.at(120), SampleTrace.at(280)])
    #expect(shown.rows[0].presence == [shown.time])
  }

  /// The file is read in two passes; what they find is what the value in memory says.
  @Test func aFileGivesTheSameExcerptAsTheValue() throws {
    let bytes = SampleTrace.trace().fileBytes()
    let reader = try TraceReader(bytes: bytes, file: "the trace")
    #expect(try TimelineExcerpt(reading: reader) == excerpt())
  }

  @Test func spansLieWhereTheirTimesAre() throws {
    let shown = try excerpt(limits: .init(steps: 1))
    let document = try #require(TimelineFigure.document(excerpt: shown, form: .wide))
    let marks = try Drawn.group("marks", in: document)
    let (left, right) = (Drawn.number(marks, "data-left"), Drawn.number(marks, "data-right"))
    #expect(Drawn.number(marks, "data-ns") == 46_000_000)
    // Worker 0 works for a third of the 36.8 ms before the barrier opens: 6.13 ms in each pass.
    let forward = try #require(
      marks.children.first { Drawn.title($0)?.hasPrefix("worker-0: forward") == true })
    #expect(abs(Drawn.number(forward, "x") - left) < 0.011)
    #expect(abs(Drawn.number(forward, "width") - (right - left) * 36.8 / 6 / 46) < 0.011)
    #expect(Drawn.title(forward) == "worker-0: forward, 6.13 ms from 0 s, 100 % of it on a CPU")
    // The other pass ran half of its time: the lower half has its colour, the upper that of waiting for a CPU.
    let halves = marks.children.filter { Drawn.title($0)?.hasPrefix("worker-0: backward") == true }
    #expect(halves.map { Drawn.attribute($0, "class") } == ["p-runnable", "c-useful"])
    let heights = halves.map { Drawn.number($0, "height") }
    #expect(heights[1] * 2 == heights[0] && heights[0] == Drawn.number(forward, "height"))
    let line = try #require(marks.children.first { Drawn.attribute($0, "class") == "episode" })
    #expect(abs(Drawn.number(line, "x1") - (left + (right - left) * 0.8)) < 0.011)
  }

  @Test func theCriticalPathIsABandWithUprights() throws {
    var shown = try excerpt(limits: .init(steps: 1))
    // Step 3 is from 144 to 190 ms: worker 2 works to 180.8, then main reduces.
    let segments = [
      PathSegment(thread: 3, state: "forward", start: SampleTrace.at(100), end: SampleTrace.at(162.4)),
      PathSegment(thread: 3, state: "backward", start: SampleTrace.at(162.4), end: SampleTrace.at(180.8)),
      PathSegment(thread: 0, state: "reduce", start: SampleTrace.at(180.8), end: SampleTrace.at(190)),
    ]
    shown.mark(criticalPath: segments)
    #expect(shown.path.map(\.row) == [3, 3, 0] && shown.path[0].time.begin == SampleTrace.at(144))
    let document = try #require(TimelineFigure.document(excerpt: shown, form: .wide))
    let marks = try Drawn.group("marks", in: document)
    let bands = marks.children.filter { Drawn.attribute($0, "class") == "path" }
    let (left, right) = (Drawn.number(marks, "data-left"), Drawn.number(marks, "data-right"))
    #expect(bands.count == 3 && abs(Drawn.number(bands[0], "x") - left) < 0.02)
    #expect(
      abs(bands.reduce(0) { $0 + Drawn.number($1, "width") } - (right - left)) < 0.05, "it tiles the axis")
    #expect(Drawn.title(bands[2]) == "main: on the critical path in reduce, 9.20 ms")
    let turns = marks.children.filter { Drawn.attribute($0, "class") == "turn" }
    #expect(turns.count == 1 && abs(Drawn.number(turns[0], "x1") - (left + (right - left) * 0.8)) < 0.02)
    #expect(Drawn.number(turns[0], "y1") < Drawn.number(turns[0], "y2"))
    #expect(Drawn.texts(document).contains("critical path"))
    let html = try HTMLReport.render(run: .literal(), excerpt: shown).withPlainSpaces
    #expect(
      html.contains(
        "it lies for 40 % on worker-2 in backward, for 40 % on worker-2 in forward, for 20 % on main"))
    #expect(html.contains("on the critical path</th>"))
    // Without it there is neither a legend nor a column.
    #expect(
      !(try HTMLReport.render(run: .literal(), excerpt: excerpt())).contains("on the critical path</th>"))
    var cut = try excerpt(limits: .init(rows: 2))
    cut.mark(criticalPath: segments)
    #expect(
      cut.omissions.contains { $0.hasSuffix("of the critical path lies on threads that are not shown") })
  }

  @Test func everythingIsInsideInBothForms() throws {
    for workers in [1, 7, 15, 63] {
      let shown = try excerpt(SampleTrace.trace(workers: workers, steps: Array(repeating: 40, count: 9)))
      for form in FigureForm.allCases {
        let document = try #require(TimelineFigure.document(excerpt: shown, form: form))
        #expect(try DrawnSVG(document.standalone).problems == [])
      }
    }
  }
}
