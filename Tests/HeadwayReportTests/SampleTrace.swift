import HeadwayTestSupport
import HeadwayTrace

/// A trace with known times for the timeline: a main thread and some workers that cross a barrier at the end of
/// each step. Times are in milliseconds.
enum SampleTrace {
  static func at(_ ms: Double) -> Instant { Instant(Nanoseconds(Int64(ms * 1_000_000))) }

  /// Steps of the given lengths, one after the other from 10 ms on. In each, worker `w` is in `forward` and
  /// `backward` for half of its work each, and its work takes `(w + 1) / workers` of four fifths of the step; then it
  /// waits. The main thread reduces in the last fifth.
  static func trace(workers: Int = 3, steps: [Double] = [40, 50, 44, 46, 90]) -> RecordedTrace {
    let states = [
      StateDefinition.useful("forward"), .useful("backward"), .useful("reduce"),
      .blocked("barrier.work_end", site: "work_end"), .spin("queue.empty.spin", site: "tasks"),
    ]
    var threads = [RecordedThread(name: "main", role: .main, processID: 1, threadID: ThreadID(1))]
    for worker in 0..<workers {
      threads.append(
        RecordedThread(
          name: "worker-\(worker)", role: .worker, processID: 1, threadID: ThreadID(Int32(worker + 2))))
    }
    var trace = RecordedTrace(
      threads: threads, states: states, sites: [SiteDefinition(name: "work_end", kind: .barrier)])
    func span(_ thread: Int, _ state: Int, _ from: Double, _ to: Double, cpu: Double = 1) {
      trace.spans.append(
        StateSpan(
          thread: thread, state: state, start: at(from), end: at(to),
          cpuNs: Nanoseconds(Int64((to - from) * 1_000_000 * cpu)), depth: 0))
    }
    var begin = 10.0
    for (index, length) in steps.enumerated() {
      let open = begin + 0.8 * length
      for worker in 0..<workers {
        let work = 0.8 * length * Double(worker + 1) / Double(workers)
        span(worker + 1, 0, begin, begin + work / 2)
        span(worker + 1, 1, begin + work / 2, begin + work, cpu: 0.5)
        if work < 0.8 * length { span(worker + 1, 3, begin + work, open, cpu: 0) }
        crossing(&trace, worker + 1, index, begin + work, open, worker == workers - 1)
      }
      span(0, 3, begin, open, cpu: 0)
      crossing(&trace, 0, index, begin, open, false)
      span(0, 2, open, begin + length)
      trace.steps.append(StepMark(thread: 0, index: index, start: at(begin), end: at(begin + length)))
      begin += length
    }
    trace.window = TraceWindow(begin: at(10), end: at(begin))
    return trace
  }

  private static func crossing(
    _ trace: inout RecordedTrace, _ thread: Int, _ generation: Int, _ arrival: Double, _ release: Double,
    _ wasLast: Bool
  ) {
    trace.crossings.append(
      BarrierCrossing(
        thread: thread, site: 0, generation: UInt32(generation), arrival: at(arrival), release: at(release),
        departure: at(release), wasLast: wasLast))
  }

  /// The critical path of that trace: the last worker's work, then the reduction, step by step.
  static func path(workers: Int = 3, steps: [Double] = [40, 50, 44, 46, 90]) -> [PathSegment] {
    var begin = 10.0
    return steps.flatMap { length -> [PathSegment] in
      defer { begin += length }
      let (middle, open) = (begin + 0.4 * length, begin + 0.8 * length)
      return [
        PathSegment(thread: workers, state: "forward", start: at(begin), end: at(middle)),
        PathSegment(thread: workers, state: "backward", start: at(middle), end: at(open)),
        PathSegment(thread: 0, state: "reduce", start: at(open), end: at(begin + length)),
      ]
    }
  }

  /// Stacks of a program with two kinds of threads, some of them asleep.
  static let stacks = StackProfile.literal(
    stacks: [
      ("worker-0", .worker, ["multiply", "forward", "run"], 60),
      ("worker-0", .worker, ["multiply", "backward", "run"], 20),
      ("worker-1", .worker, ["add", "forward", "run"], 15),
      ("worker-1", .worker, ["futex_wait", "arrive", "run"], 40),
      ("main", .main, ["reduce", "step"], 5),
    ], asleep: [3])
}
