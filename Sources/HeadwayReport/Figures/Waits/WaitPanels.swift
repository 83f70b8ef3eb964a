import HeadwayTrace

/// Small plots of one waiting site, side by side on a wide page and below each other on a narrow one.
struct WaitPanels {
  /// One upright bar: its parts from the bottom up, and what it says to who points at it.
  struct Column {
    let label: String
    let parts: [(value: Double, style: String)]
    let words: String

    var total: Double { parts.reduce(0) { $0 + $1.value } }
  }

  /// One small plot.
  struct Panel {
    let title: String
    let columns: [Column]
    /// The height that the plot's top stands for, in words.
    let top: String
    /// Marks below the columns by their place, 0 … 1.
    var marks: [(place: Double, label: String)] = []
  }

  static let height = 64.0

  /// Draws the panels under `top` and gives the place below them.
  static func draw(_ panels: [Panel], top: Double, on canvas: inout Canvas) -> Double {
    let isWide = canvas.form == .wide
    let gap = 30.0
    let count = Double(max(panels.count, 1))
    let width = isWide ? (canvas.width - gap * (count - 1)) / count : canvas.width
    var y = top
    for (index, panel) in panels.enumerated() {
      draw(panel, left: isWide ? Double(index) * (width + gap) : 0, top: y, width: width, on: &canvas)
      if !isWide { y += height + 54 }
    }
    return isWide ? top + height + 54 : y
  }

  private static func draw(
    _ panel: Panel, left: Double, top: Double, width: Double, on canvas: inout Canvas
  ) {
    let bottom = top + 20 + height
    let highest = panel.columns.map(\.total).filter(\.isFinite).max() ?? 0
    let peak = "up to \(panel.top)"
    let room = width - SVG.width(of: peak, size: canvas.fontSize) - 8
    canvas.add(
      SVG.text(
        SVG.shortened(panel.title, to: room, size: canvas.fontSize), left, top + 10, class: "label"))
    if highest > 0 { canvas.add(SVG.text(peak, left + width, top + 10, anchor: .end, class: "faint")) }
    let pitch = width / Double(max(panel.columns.count, 1))
    let bar = min(max(pitch - (pitch > 6 ? 2 : 0.5), 0.5), 46)
    for (index, column) in panel.columns.enumerated() {
      let x = left + (Double(index) + 0.5) * pitch - bar / 2
      var y = bottom
      for part in column.parts where part.value > 0 && highest > 0 {
        let high = part.value / highest * height
        y -= high
        canvas.add(
          SVG.rectangle(x, y, width: bar, height: high, class: part.style)?.titled(column.words))
      }
    }
    canvas.add(SVG.line(left, bottom, left + width, bottom, class: "axis"))
    for mark in panel.marks { draw(mark, left: left, bottom: bottom, width: width, on: &canvas) }
  }

  private static func draw(
    _ mark: (place: Double, label: String), left: Double, bottom: Double, width: Double,
    on canvas: inout Canvas
  ) {
    let x = left + mark.place * width
    let half = SVG.width(of: mark.label, size: canvas.fontSize) / 2
    let anchor: SVG.Anchor = x - half < left ? .start : x + half > left + width ? .end : .middle
    canvas.add(
      SVG.text(
        mark.label, anchor == .start ? left : anchor == .end ? left + width : x, bottom + 17, anchor: anchor,
        class: "faint"))
  }

  /// The names of threads below their columns: all of them where they fit, else the first and the last.
  static func marks(of names: [String], width: Double, size: Double) -> [(place: Double, label: String)] {
    let count = Double(names.count)
    let places = names.indices.map { (Double($0) + 0.5) / count }
    let pitch = width / max(count, 1)
    let short = names.map(shortened)
    if short.allSatisfy({ SVG.width(of: $0, size: size) + 4 < pitch }) { return Array(zip(places, short)) }
    guard let first = names.first, let last = names.last, names.count > 1 else { return [] }
    let fits = SVG.width(of: first + last, size: size) + 20 < width
    return fits ? [(places[0], first), (places[names.count - 1], last)] : [(places[0], first)]
  }

  /// `worker-3` as `3`: the panel's title says what it counts.
  private static func shortened(_ name: String) -> String {
    name.hasPrefix("worker-") ? String(name.dropFirst("worker-".count)) : name
  }
}

/// A histogram of lengths as columns on a logarithmic axis.
enum LengthColumns {
  /// The panel of a distribution: at most 40 columns, each some neighbouring buckets.
  static func panel(_ title: String, _ distribution: Distribution, noun: String) -> WaitPanels.Panel? {
    let counts = distribution.histogram.counts
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.indices.last else { return nil }
    let size = max((last - first + 40) / 40, 1)
    let columns = stride(from: first, through: last, by: size).map { start -> WaitPanels.Column in
      let end = min(start + size - 1, last)
      let count = counts[start...end].reduce(0, +)
      let lower = length(DurationHistogram.range(ofBucket: start).lowerBound)
      let upper = length(DurationHistogram.range(ofBucket: end).upperBound)
      return .init(
        label: lower, parts: [(Double(count), "s2")],
        words: "\(lower) to \(upper): \(Numerals.plural(count, noun))")
    }
    let highest = columns.map(\.total).max() ?? 0
    var panel = WaitPanels.Panel(
      title: title, columns: columns, top: Numerals.count(Int(highest)))
    panel.marks = [
      (0, length(DurationHistogram.range(ofBucket: first).lowerBound)),
      (1, Numerals.duration(distribution.longest)),
    ]
    return panel
  }

  private static func length(_ nanoseconds: UInt64) -> String {
    Numerals.duration(Nanoseconds(Int64(clamping: nanoseconds)))
  }
}
