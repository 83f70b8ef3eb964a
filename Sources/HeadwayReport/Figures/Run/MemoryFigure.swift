import HeadwayTrace

/// Resident memory over the run: the heap in use, other anonymous memory and files, one on top of the other,
/// with the highest sample marked.
public enum MemoryFigure {
  /// The figure; `nil` with fewer than two samples that could be read.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let layers = MemoryLayers(run.memory)
    guard let first = layers.points.first, let last = layers.points.last, first.seconds < last.seconds,
      let highest = (layers.points.map(\.resident) + [layers.peak?.resident ?? 0]).max(), highest > 0
    else { return nil }
    var canvas = Canvas(form)
    let hatching = Hatching(name: "memory-\(form.rawValue)")
    canvas.add(hatching.definitions(of: [.lifecycle]))
    let legend = canvas.legend(
      ["heap in use", "other anonymous memory", "files", "highest sample"], top: 0
    ) { canvas, index, x, y in
      if index < 3 {
        canvas.add(area(index, hatching, [(x, y - 6), (x + 20, y - 6), (x + 20, y + 6), (x, y + 6)]))
      } else {
        canvas.marker(3, x + 10, y)
      }
    }
    let ticks = Ticks.values(upTo: highest, count: 4)
    let frame = PlotFrame(
      on: canvas, top: legend + 34, height: form == .wide ? 200 : 170, gutter: form == .wide ? 70 : 60,
      x: first.seconds...last.seconds, y: 0...(ticks.last ?? 1))
    for layer in 0..<3 {
      let upper = layers.points.map { (frame.x($0.seconds), frame.y($0.top(of: layer))) }
      let lower = layers.points.map { (frame.x($0.seconds), frame.y($0.top(of: layer - 1))) }
      canvas.add(area(layer, hatching, upper + lower.reversed()))
    }
    frame.draw(
      on: &canvas,
      xTicks: Ticks.values(in: frame.x.domain, count: form == .wide ? 8 : 4).map {
        ($0, Numerals.rounded($0, digits: 2))
      },
      yTicks: ticks.map { ($0, Numerals.bytes(Int($0))) }, xName: "seconds", yName: "resident")
    if let peak = layers.peak, frame.x.domain.contains(peak.seconds) {
      let place = (x: frame.x(peak.seconds), y: frame.y(peak.resident))
      canvas.marker(3, place.x, place.y)
      let words = "at most \(Numerals.bytes(Int(peak.resident)))"
      let room = SVG.width(of: words, size: canvas.fontSize)
      let isRight = place.x + 12 + room < frame.x.end
      canvas.add(
        SVG.text(
          words, place.x + (isRight ? 10 : -10), place.y - 9, anchor: isRight ? .start : .end,
          class: "strong"))
    }
    return canvas.document(
      height: frame.foot, title: "Resident memory over the run by kind, with the highest sample marked.")
  }

  /// A layer's area: each has a colour and a hatching of its own.
  private static func area(
    _ layer: Int, _ hatching: Hatching, _ points: [(x: Double, y: Double)]
  ) -> SVGElement? {
    switch layer {
    case 0: SVG.polygon(points, class: "c-useful")
    case 1:
      SVG.polygon(points, class: "p-lifecycle")?.with("fill", "url(#\(hatching.name)-lifecycle)")
    default: SVG.polygon(points, class: "c-blocked")
    }
  }
}

/// The samples of a run's memory, parted into layers. A sample without its resident or anonymous bytes is
/// left out.
struct MemoryLayers {
  /// Bytes at one moment.
  struct Point {
    /// Seconds since the first sample.
    let seconds: Double
    let heap: Double
    let anonymous: Double
    let resident: Double

    /// The upper edge of a layer: heap, anonymous, resident; zero below the first.
    func top(of layer: Int) -> Double { layer < 0 ? 0 : [heap, anonymous, resident][layer] }
  }

  let points: [Point]
  let peak: Point?
  /// Samples that lack what the layers need.
  let unreadable: Int

  init(_ memory: MemorySummary) {
    let series = memory.samples?.series ?? []
    let origin = series.first?.timeNs ?? .zero
    // A heap that is dear to read is not read at every sample: until the next reading it is as it was.
    let readings = series.compactMap { sample in sample.heapBytes.map { (sample.timeNs, $0) } }
    func heap(of sample: MemorySample) -> Int {
      sample.heapBytes ?? (readings.last { $0.0 <= sample.timeNs } ?? readings.first)?.1 ?? 0
    }
    func point(_ sample: MemorySample) -> Point? {
      guard let resident = sample.rssBytes, let anonymous = sample.anonymousBytes else { return nil }
      // Freed pages that the heap has not returned, and pages of it in swap, are no resident heap.
      let inner = min(Double(anonymous), Double(resident))
      return Point(
        seconds: (sample.timeNs - origin).seconds, heap: min(Double(heap(of: sample)), inner),
        anonymous: inner, resident: Double(resident))
    }
    points = series.compactMap(point)
    peak = memory.samples?.peak.flatMap(point)
    unreadable = series.count - points.count
  }
}

/// What the memory was for at its peak: a bar per component.
public enum MemoryPartsFigure {
  /// The figure; `nil` without components.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let parts = Self.parts(of: run.memory)
    guard let longest = parts.map(\.bytes).max(), longest > 0 else { return nil }
    var canvas = Canvas(form)
    let labels = parts.map { SVG.width(of: $0.name, size: canvas.fontSize) }.max() ?? 0
    let gutter = min(labels + 14, canvas.width * 0.34)
    let scale = Scale(domain: 0...Double(longest), start: gutter, end: canvas.width - 78)
    for (index, part) in parts.enumerated() {
      let y = Double(index) * 22
      let name = SVG.shortened(part.name, to: gutter - 12, size: canvas.fontSize)
      canvas.add(SVG.text(name, gutter - 8, y + 14, anchor: .end, class: "label"))
      canvas.add(
        SVG.rectangle(
          gutter, y + 3, width: scale(Double(part.bytes)) - gutter, height: 14,
          class: part.name == unaccounted ? "s5" : "s0"))
      canvas.add(
        SVG.text(Numerals.bytes(part.bytes), scale(Double(part.bytes)) + 7, y + 14, class: "faint"))
    }
    return canvas.document(
      height: Double(parts.count) * 22 + 4, title: "The bytes of each component of the program's memory.")
  }

  static let unaccounted = "unaccounted"

  /// The components, largest first, and what they leave of the peak where that is above zero.
  static func parts(of memory: MemorySummary) -> [(name: String, bytes: Int)] {
    var parts = memory.components.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      (name: $0.key.replacing("_", with: " "), bytes: max($0.value, 0))
    }
    if let rest = memory.unaccountedBytes, rest > 0, !parts.isEmpty { parts.append((unaccounted, rest)) }
    return parts
  }
}
