import HeadwayTrace

extension Timeline {
  /// Cuts a window out of a trace.
  ///
  /// - Parameters:
  ///   - trace: The trace.
  ///   - range: The steps to look at, by their numbers; the whole measured window where absent.
  ///   - file: The name that errors use.
  /// - Throws: ``InputError`` when the trace has no window or no thread in it, or none of the steps.
  package init(
    _ trace: RecordedTrace, steps range: ClosedRange<Int>? = nil, file: String = "the trace"
  ) throws(InputError) {
    guard let measured = trace.window else {
      throw InputError(
        file, field: "window", problem: "the measured window was never opened",
        remedy: "explain a run that reached its first step")
    }
    let whole = (begin: measured.begin, end: measured.end ?? max(trace.lastInstant, measured.begin))
    let marks = trace.steps.filter { $0.start >= whole.begin && $0.end <= whole.end }
    let chosen = try Self.window(of: whole, marks: marks, range: range, file: file)
    guard chosen.end > chosen.begin else {
      throw InputError(
        file, field: "window", problem: "the measured window is empty",
        remedy: "explain a run that reached its first step")
    }
    let builder = TimelineBuilder(trace, begin: chosen.begin, end: chosen.end)
    guard !builder.rows.isEmpty else {
      throw InputError(
        file, field: "threads", problem: "the trace has no thread of the program",
        remedy: "register the program's threads")
    }
    self = builder.timeline(steps: marks.filter { $0.start >= chosen.begin && $0.end <= chosen.end })
  }

  private static func window(
    of whole: (begin: Instant, end: Instant), marks: [StepMark], range: ClosedRange<Int>?, file: String
  ) throws(InputError) -> (begin: Instant, end: Instant) {
    guard let range else { return whole }
    let inside = marks.filter { range.contains($0.index) }
    guard let begin = inside.map(\.start).min(), let end = inside.map(\.end).max() else {
      let known = marks.map(\.index)
      let steps = known.min().flatMap { first in known.max().map { "the steps \(first)..\($0)" } }
      throw InputError(
        "--steps", problem: "\(file) has none of the steps \(range.lowerBound)..\(range.upperBound)",
        remedy: steps.map { "it has \($0)" } ?? "it has no steps; leave --steps out", isUsage: true)
    }
    return (begin, end)
  }
}

extension RecordedTrace {
  /// The latest moment of any event.
  fileprivate var lastInstant: Instant {
    var last = Instant(.zero)
    for span in spans { last = max(last, span.end) }
    for crossing in crossings { last = max(last, crossing.departure) }
    for wait in waits { last = max(last, wait.end) }
    for step in steps { last = max(last, step.end) }
    for completion in completions { last = max(last, completion.at) }
    for entry in entries { last = max(last, entry.at) }
    for stretch in stretches { last = max(last, stretch.ended ?? stretch.began) }
    return last
  }
}
