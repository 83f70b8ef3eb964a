import Foundation
import HeadwayReport
import HeadwayTrace
import Testing

@Suite struct DrawingTests {
  private static func figures(_ sweep: SweepSummary) -> [SVGDocument] {
    let run = SampleRun.run(threads: 4, scheduling: .barrier)
    return FigureForm.allCases.flatMap { form in
      [
        ScalingFigure.document(sweep: sweep, form: form), TimeFigure.document(sweep: sweep, form: form),
        ThreadFigure.document(run: run, form: form), BarrierFigure.document(run: run, form: form),
        LossFigure.document(run: run, form: form),
      ].compactMap(\.self)
    }
  }

  @Test func figuresAreWellFormedAndStayInTheirViewBox() throws {
    let documents = Self.figures(SampleSweep.quick)
    #expect(documents.count == 10)
    for document in documents {
      let drawing = try DrawnSVG(document.standalone)
      #expect(drawing.problems.isEmpty, "\(drawing.problems)")
      #expect(drawing.shapes > 10)
      #expect(!document.title.isEmpty)
      #expect(try DrawnSVG(document.inline).problems.isEmpty)
    }
  }

  @Test func manyThreadsAndLongLabelsStayInTheViewBoxToo() throws {
    var cells: [CellSummary] = []
    for threads in [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 63] {
      for scheduling in ["barrier", "queue"] {
        var cell = SampleSweep.cell(2, scheduling, "off")
        (cell.id, cell.threads) = ("\(threads)-\(scheduling)", threads)
        cell.label =
          "a cell with a name that is far too long for any gutter, \(threads) threads, \(scheduling)"
        cells.append(cell)
      }
    }
    for usable in [0.5, 2, 4, 128] {
      var sweep = SampleSweep.summary(cells)
      sweep.machine.usableCpus = usable
      for document in Self.figures(sweep) {
        let drawing = try DrawnSVG(document.standalone)
        #expect(drawing.problems.isEmpty, "\(drawing.problems)")
      }
    }
  }

  @Test func noNumberIsNotDrawn() throws {
    for document in Self.figures(SampleSweep.poisoned) {
      let drawing = try DrawnSVG(document.standalone)
      #expect(drawing.problems.isEmpty, "\(drawing.problems)")
    }
    #expect(SVG.line(.nan, 0, 1, 1, class: "grid") == nil)
    #expect(SVG.circle(0, .infinity, radius: 1, class: "dot") == nil)
    #expect(SVG.rectangle(0, 0, width: -1, height: 1, class: "s0") == nil)
    #expect(SVG.text("x", .nan, 0, class: "label") == nil)
    #expect(SVG.polyline([(0, 0), (.nan, 1)], class: "curve") == nil)
    #expect(SVG.number(-0.001) == "0")
    #expect(SVG.number(12.345) == "12.35")
  }

  @Test func hostileLabelsAreEscaped() throws {
    var sweep = SampleSweep.quick
    sweep.cells[0].label = "<script>alert('x')</script> & \u{0} \"quoted\""
    let svg = try #require(TimeFigure.svg(sweep: sweep))
    #expect(!svg.contains("<script"))
    #expect(svg.contains("&lt;script"))
    #expect(try DrawnSVG(svg).problems.isEmpty)
  }

  @Test func oneCellStillMakesAFigure() throws {
    let svg = try #require(ScalingFigure.svg(sweep: SampleSweep.single))
    #expect(try DrawnSVG(svg).problems.isEmpty)
    #expect(ScalingFigure.svg(sweep: SampleSweep.empty) == nil)
    #expect(TimeFigure.svg(sweep: SampleSweep.single) == nil)
  }

  @Test func standaloneFiguresLoadNothingAndFollowTheColourScheme() throws {
    let svg = try #require(ScalingFigure.svg(sweep: SampleSweep.quick))
    #expect(svg.contains("prefers-color-scheme: dark"))
    #expect(svg.replacing("http://www.w3.org/2000/svg", with: "").contains("http") == false)
    #expect(!svg.contains("@import"))
  }

  @Test func theCPUBoundaryIsMarkedOnlyWhereItIsCrossed() throws {
    var sweep = SampleSweep.quick
    #expect(try #require(ScalingFigure.svg(sweep: sweep)).contains("more threads than the"))
    sweep.machine.usableCpus = 8
    #expect(try !#require(ScalingFigure.svg(sweep: sweep)).contains("more threads than the"))
  }
}
