import HeadwayTrace

extension TimelineBuilder {
  /// The states that were open when the recording was cut off, as spans up to the window's end.
  ///
  /// The states that enclose others were recorded when they were entered. Of the innermost one only the name is
  /// known: it is charged from the moment at which the thread last left a state. Working and polling states
  /// count as running. A thread that lost events is not guessed at.
  func spansOpenAtCut() -> [StateSpan] {
    guard trace.window?.end == nil else { return [] }
    var open: [Int: [StateEntry]] = [:]
    for entry in trace.entries {
      open[entry.thread, default: []].removeAll { $0.depth >= entry.depth }
      open[entry.thread, default: []].append(entry)
    }
    var left: [Int: Instant] = [:]
    for span in trace.spans {
      left[span.thread] = max(left[span.thread] ?? span.end, span.end)
      open[span.thread]?.removeAll { $0.depth >= span.depth && $0.at <= span.start }
    }
    var latest: [Int: ThreadStretch] = [:]
    for stretch in trace.stretches { latest[stretch.thread] = stretch }
    return trace.current.sorted { $0.key < $1.key }.flatMap { thread, current -> [StateSpan] in
      guard let stretch = latest[thread], stretch.ended == nil, trace.threads[thread].eventsDropped == 0
      else {
        return []
      }
      let around = (open[thread] ?? []).filter { $0.depth < current.depth && $0.at >= stretch.began }
      var spans = around.map { span($0.state, of: thread, from: $0.at, depth: $0.depth) }
      if let state = current.state, state < trace.states.count, current.depth == around.count + 1 {
        let from = max(left[thread] ?? stretch.began, around.last?.at ?? stretch.began)
        spans.append(span(state, of: thread, from: from, depth: around.count))
      }
      return spans
    }
  }

  private func span(_ state: Int, of thread: Int, from start: Instant, depth: Int) -> StateSpan {
    let isRunning = trace.states[state].category == .useful || trace.states[state].category == .spin
    return StateSpan(
      thread: thread, state: state, start: start, end: max(start, end),
      cpuNs: isRunning ? max(end - start, .zero) : .zero, depth: depth)
  }
}
