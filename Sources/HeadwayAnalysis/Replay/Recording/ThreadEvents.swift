import HeadwayTrace

/// What the replay needs of one recorded thread, in the order of time.
struct ThreadEvents {
  /// Spans of the states that the replay knows, by their ends on the trace's clock in nanoseconds.
  struct Span {
    var state: StepState
    var start: Double
    var end: Double
    var cpuNs: Double
    var work: MeasuredWork { MeasuredWork(wallNs: end - start, cpuNs: cpuNs) }
  }

  /// Where the thread waited: at a barrier or elsewhere.
  struct Pause {
    var start: Double
    var end: Double
    /// When the barrier opened; absent elsewhere.
    var release: Double?
  }

  var spans: [Span] = []
  var pauses: [Pause] = []

  /// The spans that lie in an interval, in order. Complexity: O(log n + result).
  func spans(from start: Double, to end: Double) -> ArraySlice<Span> {
    let first = Self.firstIndex(in: spans.count) { spans[$0].start >= start }
    var last = first
    while last < spans.count && spans[last].start < end { last += 1 }
    return spans[first..<last]
  }

  /// The last pause that ended at an instant or before.
  func pause(endingBefore time: Double) -> Pause? {
    let next = Self.firstIndex(in: pauses.count) { pauses[$0].end > time }
    return next > 0 ? pauses[next - 1] : nil
  }

  /// The first pause that began at an instant or after.
  func pause(startingAfter time: Double) -> Pause? {
    let next = Self.firstIndex(in: pauses.count) { pauses[$0].start >= time }
    return next < pauses.count ? pauses[next] : nil
  }

  /// The first index of 0 ..< `count` for which a monotonic condition holds, or `count`.
  private static func firstIndex(in count: Int, where condition: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// The states of the shipped engine that a replay reads, by their names in the trace.
enum StepState: String, CaseIterable {
  case forward
  case backward
  case reduce
  case optimize
  case assemble = "batch.assemble"
  case dispatch
  case inputWait = "prefetch.not_ready"
}

extension RecordedTrace {
  /// The events of every thread, by its number.
  func eventsByThread() -> [ThreadEvents] {
    let known = states.map { StepState(rawValue: $0.name) }
    var events = Array(repeating: ThreadEvents(), count: threads.count)
    for span in spans {
      guard let state = known[span.state] else { continue }
      events[span.thread].spans.append(
        ThreadEvents.Span(
          state: state, start: span.start.ns, end: span.end.ns, cpuNs: Double(span.cpuNs.count)))
    }
    for crossing in crossings {
      events[crossing.thread].pauses.append(
        ThreadEvents.Pause(
          start: crossing.arrival.ns, end: crossing.departure.ns, release: crossing.release.ns))
    }
    for wait in waits {
      events[wait.thread].pauses.append(
        ThreadEvents.Pause(start: wait.start.ns, end: wait.end.ns, release: nil))
    }
    for thread in events.indices where !events[thread].pauses.isEmpty {
      events[thread].pauses.sort { $0.start < $1.start }
    }
    return events
  }
}

extension Instant {
  /// Nanoseconds since the trace's origin.
  var ns: Double { Double(sinceOrigin.count) }
}
