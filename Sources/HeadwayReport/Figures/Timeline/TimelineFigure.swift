import HeadwayTrace

/// A few steps as a timeline: threads as rows, states as colours, steps as bands, and at each opening of a
/// barrier a line over those who took part with a ring at the last to arrive.
///
/// The height of a working or polling span's colour is the share of its time on a CPU; what is left is drawn
/// as ready without a CPU. A page's script zooms and pans it by moving what lies in the group `marks`.
public enum TimelineFigure {
  /// The figure as a file of its own; `nil` when the excerpt has no spans.
  public static func svg(excerpt: TimelineExcerpt, form: FigureForm = .wide) -> String? {
    document(excerpt: excerpt, form: form)?.standalone
  }

  /// The figure; `nil` when the excerpt has no spans.
  public static func document(excerpt: TimelineExcerpt, form: FigureForm) -> SVGDocument? {
    let shown = form == .wide ? excerpt : excerpt.shortened
    guard !shown.spans.isEmpty, shown.lengthNs > .zero else { return nil }
    return TimelineDrawing(shown, form: form).document()
  }
}

extension TimelineExcerpt {
  /// The excerpt that fits a phone: its middle step only.
  var shortened: TimelineExcerpt {
    guard steps.count > 1 else { return self }
    let step = steps[steps.count / 2]
    let begin = max(step.time.begin, time.begin)
    let end = min(step.time.end, time.end)
    guard begin < end else { return self }
    var part = self
    part.time = .init(begin: begin, end: end)
    part.steps = [step]
    func cut(_ stretch: Stretch) -> Stretch? {
      let inner = Stretch(begin: max(stretch.begin, begin), end: min(stretch.end, end))
      return inner.begin < inner.end ? inner : nil
    }
    part.spans = spans.compactMap { span in
      guard let inner = cut(span.time) else { return nil }
      var span = span
      span.time = inner
      return span
    }
    part.episodes = episodes.filter { $0.release >= begin && $0.release < end }
    for row in part.rows.indices { part.rows[row].presence = rows[row].presence.compactMap(cut) }
    return part.cuttingPath { piece in
      cut(piece.time).map { PathPiece(row: piece.row, state: piece.state, time: $0) }
    }
  }

  /// The steps and the time that are drawn, in words.
  var words: String {
    let length = Numerals.duration(lengthNs)
    guard let first = steps.first, let last = steps.last else { return length }
    return first.index == last.index
      ? "Step \(Numerals.count(first.index)), \(length)"
      : "Steps \(Numerals.count(first.index)) to \(Numerals.count(last.index)), \(length)"
  }
}

/// The coordinates of a timeline and what is drawn at them.
struct TimelineDrawing {
  let excerpt: TimelineExcerpt
  let form: FigureForm
  private let hatching: Hatching
  private let gutter: Double
  private let pitch: Double
  private let x: Scale

  init(_ excerpt: TimelineExcerpt, form: FigureForm) {
    self.excerpt = excerpt
    self.form = form
    hatching = Hatching(name: "timeline-\(form.rawValue)")
    let names = excerpt.rows.map { SVG.width(of: $0.name, size: form.fontSize) }.max() ?? 0
    gutter = min(names + 14, form.width * 0.26)
    pitch = excerpt.rows.count <= 8 ? 26 : excerpt.rows.count <= 20 ? 17 : 9
    x = Scale(
      domain: 0...Double(max(excerpt.lengthNs.count, 1)), start: gutter, end: form.width - 2)
  }

  func document() -> SVGDocument {
    var canvas = Canvas(form)
    canvas.add(hatching.definitions())
    let top = legend(on: &canvas) + 34
    let bottom = top + Double(excerpt.rows.count) * pitch
    names(top: top, on: &canvas)
    canvas.group("marks", range, marks(top: top, bottom: bottom))
    canvas.group("labels", [], labels(top: top))
    canvas.group("ticks", [("data-y", SVG.number(bottom) ?? "0")], ticks(bottom))
    return canvas.document(
      height: bottom + 24, title: "\(excerpt.words): what each thread was doing over time.")
  }

  /// What the script needs to zoom: the ends of the axis in the drawing and the length in nanoseconds.
  private var range: [(String, String)] {
    [
      ("data-left", SVG.number(x.start) ?? "0"), ("data-right", SVG.number(x.end) ?? "0"),
      ("data-ns", String(excerpt.lengthNs.count)),
    ]
  }

  private func legend(on canvas: inout Canvas) -> Double {
    let shown = Set(excerpt.spans.map { excerpt.states[$0.state].category })
    let categories = StateCategory.allCases.filter { category in
      shown.contains(category) || category == .runnable && excerpt.spans.contains { offShare($0) > 0 }
    }
    let hasEpisodes = !excerpt.episodes.isEmpty
    let entries =
      categories.map(Phrases.word) + (hasEpisodes ? ["a barrier opens", "last to arrive"] : [])
      + (excerpt.path.isEmpty ? [] : ["critical path"])
    let afterCategories = hasEpisodes ? categories.count : categories.count - 2
    return canvas.legend(entries, top: 0) { canvas, index, x, y in
      if index < categories.count {
        canvas.add(hatching.area(categories[index], x, y - 6, width: 20, height: 12))
      } else if index == afterCategories + 2 {
        canvas.add(SVG.rectangle(x, y - 2, width: 20, height: 4, class: "path"))
      } else if index == categories.count {
        canvas.add(SVG.line(x + 10, y - 8, x + 10, y + 8, class: "episode"))
      } else {
        canvas.add(SVG.circle(x + 10, y, radius: 3.5, class: "last"))
      }
    }
  }

  private func names(top: Double, on canvas: inout Canvas) {
    // Names need the height of a line: in a dense drawing every second row has one.
    let stride = pitch >= canvas.fontSize + 1 ? 1 : 2
    for (index, row) in excerpt.rows.enumerated() where index.isMultiple(of: stride) {
      let name = SVG.shortened(row.name, to: gutter - 12, size: canvas.fontSize)
      let middle = top + (Double(index) + 0.5) * pitch
      canvas.add(
        SVG.text(name, gutter - 8, middle + canvas.fontSize * 0.36, anchor: .end, class: "label"))
    }
  }

  private func at(_ instant: Instant) -> Double { x(Double((instant - excerpt.time.begin).count)) }

  private var height: Double { pitch - (pitch > 12 ? 4 : 1) }

  private func y(_ row: Int, _ top: Double) -> Double {
    top + Double(row) * pitch + (pitch - height) / 2
  }

  private func marks(top: Double, bottom: Double) -> [SVGElement?] {
    var marks: [SVGElement?] = []
    for (index, step) in excerpt.steps.enumerated() {
      let left = at(max(step.time.begin, excerpt.time.begin))
      let right = at(min(step.time.end, excerpt.time.end))
      if index.isMultiple(of: 2) {
        marks.append(
          SVG.rectangle(left, top - 22, width: right - left, height: bottom - top + 22, class: "band"))
      }
      let words =
        "step \(Numerals.count(step.index)): \(Numerals.duration(step.time.end - step.time.begin))"
      marks.append(
        SVG.rectangle(left, top - 22, width: right - left, height: 18, class: "step")?.titled(words))
    }
    for (index, row) in excerpt.rows.enumerated() {
      for stretch in row.presence {
        marks.append(
          SVG.rectangle(
            at(stretch.begin), y(index, top), width: at(stretch.end) - at(stretch.begin), height: height,
            class: "track"))
      }
    }
    for span in excerpt.spans { marks += draw(span, top: y(span.row, top)) }
    for episode in excerpt.episodes { marks += draw(episode, top: top) }
    return marks + path(top: top)
  }

  /// The critical path: a band along the lower edge of the rows, and an upright where it goes over to another.
  private func path(top: Double) -> [SVGElement?] {
    let band = pitch > 12 ? 4.0 : 2.5
    func edge(_ row: Int) -> Double { y(row, top) + height - band / 2 }
    var shapes: [SVGElement?] = []
    for (piece, next) in zip(excerpt.path, excerpt.path.dropFirst())
    where piece.row != next.row && piece.time.end == next.time.begin {
      let place = at(piece.time.end)
      shapes.append(
        SVG.line(
          place, edge(min(piece.row, next.row)) + band / 2, place, edge(max(piece.row, next.row)) + band / 2,
          class: "turn")?
          .titled(
            "the critical path goes over from \(excerpt.rows[piece.row].name) to \(excerpt.rows[next.row].name)"
          ))
    }
    for piece in excerpt.path {
      let words =
        "\(excerpt.rows[piece.row].name): on the critical path in \(piece.state),"
        + " \(Numerals.duration(piece.time.end - piece.time.begin))"
      shapes.append(
        SVG.rectangle(
          at(piece.time.begin), edge(piece.row), width: max(at(piece.time.end) - at(piece.time.begin), 0.4),
          height: band, class: "path")?.titled(words))
    }
    return shapes
  }

  /// The share of a working or polling span's time off the CPU, where it is worth drawing.
  private func offShare(_ span: TimelineExcerpt.Span) -> Double {
    let category = excerpt.states[span.state].category
    guard category == .useful || category == .spin, span.wallNs.count > 0 else { return 0 }
    let share = 1 - min(span.cpuNs / span.wallNs, 1)
    return share > 0.1 ? share : 0
  }

  private func draw(_ span: TimelineExcerpt.Span, top: Double) -> [SVGElement?] {
    let state = excerpt.states[span.state]
    let left = at(span.time.begin)
    let width = max(at(span.time.end) - left, 0.2)
    let off = offShare(span)
    let begin = Numerals.duration(span.time.begin - excerpt.time.begin)
    var words =
      "\(excerpt.rows[span.row].name): \(state.name), \(Numerals.duration(span.wallNs)) from \(begin)"
    if state.category == .useful || state.category == .spin, span.wallNs.count > 0 {
      words += ", \(Numerals.share(1 - max(1 - span.cpuNs / span.wallNs, 0))) of it on a CPU"
    }
    var shapes: [SVGElement?] = []
    if off > 0 {
      shapes.append(hatching.area(.runnable, left, top, width: width, height: height)?.titled(words))
    }
    // Time on a CPU is drawn however little it is.
    let part = span.cpuNs > .zero || off == 0 ? max(height * (1 - off), min(1.2, height)) : 0
    if part == 0 { return shapes }
    shapes.append(
      hatching.area(state.category, left, top + height - part, width: width, height: part)?.titled(words))
    return shapes
  }

  private func draw(_ episode: TimelineExcerpt.Episode, top: Double) -> [SVGElement?] {
    let place = at(episode.release)
    var words =
      "\(episode.site), episode \(Numerals.count(Int(episode.generation))): arrivals spread over"
      + " \(Numerals.duration(episode.release - episode.first))"
    if let last = episode.last { words += ", last \(excerpt.rows[last.row].name)" }
    var shapes = [
      SVG.line(
        place, y(episode.rows.lowerBound, top) - 2, place, y(episode.rows.upperBound, top) + height + 2,
        class: "episode")?.titled(words)
    ]
    if let last = episode.last, last.arrival >= excerpt.time.begin {
      shapes.append(
        SVG.circle(
          at(last.arrival), y(last.row, top) + height / 2, radius: pitch > 12 ? 3.5 : 2.5, class: "last")?
          .titled(words))
    }
    return shapes
  }

  /// The names of steps and of spans that have room for them; the script sets them anew when it zooms.
  private func labels(top: Double) -> [SVGElement?] {
    var labels = excerpt.steps.map { step -> SVGElement? in
      let left = at(max(step.time.begin, excerpt.time.begin))
      let room = at(min(step.time.end, excerpt.time.end)) - left - 8
      let text = SVG.shortened("step \(Numerals.count(step.index))", to: room, size: form.fontSize)
      return text.isEmpty ? nil : SVG.text(text, left + 4, top - 8.5, class: "faint")
    }
    guard height > form.fontSize else { return labels }
    for span in innermost where offShare(span) == 0 {
      let state = excerpt.states[span.state]
      guard !Hatching.covers(state.category) else { continue }
      let left = at(span.time.begin)
      let width = at(span.time.end) - left
      guard width > SVG.width(of: state.name, size: form.fontSize) + 8 else { continue }
      labels.append(
        SVG.text(
          state.name, left + width / 2, y(span.row, top) + height / 2 + form.fontSize * 0.36,
          anchor: .middle, class: "on-\(state.category.rawValue)"))
    }
    return labels
  }

  /// The spans without others over them.
  private var innermost: [TimelineExcerpt.Span] {
    var covered: Set<Int> = []
    var latest: [Int: [Int: Int]] = [:]
    let ordered = excerpt.spans.indices.sorted {
      let (left, right) = (excerpt.spans[$0], excerpt.spans[$1])
      return (left.row, left.time.begin, left.depth) < (right.row, right.time.begin, right.depth)
    }
    for index in ordered {
      let span = excerpt.spans[index]
      if let outer = latest[span.row]?[span.depth - 1],
        excerpt.spans[outer].time.end > span.time.begin
      {
        covered.insert(outer)
      }
      latest[span.row, default: [:]][span.depth] = index
    }
    return excerpt.spans.indices.filter { !covered.contains($0) }.map { excerpt.spans[$0] }
  }

  private func ticks(_ bottom: Double) -> [SVGElement?] {
    let length = Double(excerpt.lengthNs.count)
    let room = x.end - x.start
    let values = Ticks.values(in: 0...length, count: form == .wide ? 8 : 3)
    return values.flatMap { value -> [SVGElement?] in
      let label = Numerals.duration(Nanoseconds(Int64(value)))
      let place = x(value)
      let half = SVG.width(of: label, size: form.fontSize) / 2
      let anchor: SVG.Anchor =
        place - half < x.start ? .start : place + half > x.start + room ? .end : .middle
      return [
        SVG.line(place, bottom, place, bottom + 4, class: "axis"),
        SVG.text(label, place, bottom + 18, anchor: anchor, class: "faint"),
      ]
    }
  }
}
