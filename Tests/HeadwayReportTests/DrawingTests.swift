import Foundation
import FoundationXML
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

/// An SVG read back: whether it is well-formed, its coordinates are numbers, and all of it is in view.
private final class DrawnSVG: NSObject, XMLParserDelegate {
  private(set) var problems: [String] = []
  private(set) var shapes = 0
  private var width = 0.0
  private var height = 0.0
  private var size = 12.0
  private var text: (content: String, attributes: [String: String])?
  private var isInDefinitions = false

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    if !parser.parse() { problems.append("not well-formed: \(String(describing: parser.parserError))") }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "svg" {
      let box = (attributes["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
      if box.count == 4 { (width, height) = (box[2], box[3]) } else { problems.append("no view box") }
      size = Double(attributes["font-size"] ?? "") ?? 0
      if size < 11 { problems.append("text of \(size) units is too small") }
    }
    if name == "defs" { isInDefinitions = true }
    guard !isInDefinitions else { return }
    shapes += 1
    let across = ["x", "x1", "x2", "cx"].compactMap { key in attributes[key].map { (key, $0) } }
    let down = ["y", "y1", "y2", "cy"].compactMap { key in attributes[key].map { (key, $0) } }
    for (key, value) in across { check(value, in: width, "\(name) \(key)") }
    for (key, value) in down { check(value, in: height, "\(name) \(key)") }
    if name == "rect", let x = number(attributes["x"]), let wide = number(attributes["width"]) {
      check(String(x + wide), in: width, "rect right")
    }
    for pair in (attributes["points"] ?? "").split(separator: " ") {
      let point = pair.split(separator: ",").map(String.init)
      guard point.count == 2 else {
        problems.append("point \(pair)")
        continue
      }
      check(point[0], in: width, "point x")
      check(point[1], in: height, "point y")
    }
    if name == "text" { text = ("", attributes) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text?.content += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    if name == "defs" { isInDefinitions = false }
    guard name == "text", let text, let x = number(text.attributes["x"]) else { return }
    let length = Double(text.content.count) * size * 0.5
    let left =
      switch text.attributes["text-anchor"] {
      case "middle": x - length / 2
      case "end": x - length
      default: x
      }
    if left < -4 || left + length > width + 4 {
      problems.append("text “\(text.content)” at \(left) of \(width)")
    }
    self.text = nil
  }

  private func number(_ text: String?) -> Double? { text.flatMap(Double.init) }

  private func check(_ text: String, in limit: Double, _ what: String) {
    guard let value = Double(text), value.isFinite else {
      problems.append("\(what) is \(text)")
      return
    }
    if value < -0.01 || value > limit + 0.01 { problems.append("\(what) \(value) is outside of \(limit)") }
  }
}
