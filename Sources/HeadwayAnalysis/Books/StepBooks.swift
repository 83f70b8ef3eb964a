import HeadwayTrace

/// Whether the books close step by step: the time inside each step that no state of a thread explains.
///
/// Over a step of length L, a thread's unexplained time is that in which it was registered and in no state,
/// or in one of the category unknown; a step's share is Σ over threads / (threads · L) (method 1).
public struct StepBooks: Sendable {
  /// Steps looked at: those of the measured window.
  public let steps: Int
  /// Threads.
  public let threads: Int
  /// The step with the largest share; absent without steps.
  public let worstStep: (index: Int, share: Double)?
  /// The thread with the largest share of the steps' whole length.
  public let worstThread: (name: String, share: Double)?
  /// Unexplained time of all threads in all steps / (threads · length of the steps).
  public let share: Double

  /// Sums up a trace that has all of its events.
  ///
  /// - Returns: `nil` where events were dropped or cut off: what they would explain is not known.
  ///
  /// Complexity: O(spans + threads · steps).
  public init?(_ trace: RecordedTrace) {
    guard trace.losses.eventsDropped == 0, !trace.isTruncated, trace.isFinished else { return nil }
    let steps = trace.steps.filter { step in
      trace.window.map { step.start >= $0.begin && step.end <= ($0.end ?? step.end) } ?? true
    }.sorted { $0.start < $1.start }
    var covered: [[StateSpan]] = Array(repeating: [], count: trace.threads.count)
    for span in trace.spans
    where span.depth == 0 && trace.states[span.state].category != .unknown {
      covered[span.thread].append(span)
    }
    var unexplained = Array(repeating: Array(repeating: Int64(0), count: steps.count), count: covered.count)
    for stretch in trace.stretches {
      let end = stretch.ended ?? trace.window?.end ?? steps.last?.end ?? stretch.began
      var from = stretch.began
      var place = 0
      func book(_ to: Instant) {
        while place < steps.count && steps[place].end <= from { place += 1 }
        var index = place
        while index < steps.count && steps[index].start < to {
          let length = min(to, steps[index].end) - max(from, steps[index].start)
          unexplained[stretch.thread][index] += max(length.count, 0)
          index += 1
        }
      }
      for span in covered[stretch.thread] where span.start >= stretch.began && span.start < end {
        if span.start > from { book(span.start) }
        from = max(from, span.end)
      }
      if end > from { book(end) }
    }
    let lengths = steps.map { Double(max(($0.end - $0.start).count, 1)) }
    let whole = lengths.reduce(0, +)
    self.steps = steps.count
    threads = covered.count
    worstStep = steps.indices.map { index in
      let sum = unexplained.reduce(0) { $0 + Double($1[index]) }
      return (steps[index].index, sum / (lengths[index] * Double(covered.count)))
    }.max { $0.1 < $1.1 }
    let sums = unexplained.map { $0.reduce(0) { $0 + Double($1) } }
    worstThread =
      whole > 0
      ? zip(trace.threads, sums).map { ($0.name, $1 / whole) }.max { $0.1 < $1.1 } : nil
    share = whole > 0 && threads > 0 ? sums.reduce(0, +) / (whole * Double(threads)) : 0
  }
}
