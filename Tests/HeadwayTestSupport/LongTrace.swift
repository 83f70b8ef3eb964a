import HeadwayTrace

/// A trace of any length: steps of a main thread and eight workers, each with many short tasks and a barrier.
public enum LongTrace {
  private static let workers = 8
  private static let tasks = 20
  /// Records of one step of all threads.
  public static let eventsPerStep = workers * (2 * tasks + 3) + 5

  /// The bytes of a file with at least so many records.
  public static func bytes(events: Int) -> [UInt8] {
    var file = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000)
    let main = file.add(RecordedThread(name: "main", role: .main, processID: 1, threadID: ThreadID(1)))
    let team = (0..<workers).map { worker in
      file.add(
        RecordedThread(
          name: "worker-\(worker)", role: .worker, processID: 1, threadID: ThreadID(Int32(worker + 2))))
    }
    let (forward, backward, reduce) = (
      file.add(StateDefinition.useful("forward")), file.add(StateDefinition.useful("backward")),
      file.add(StateDefinition.useful("reduce"))
    )
    let wait = file.add(StateDefinition.blocked("barrier.work_end", site: "work_end"))
    let site = file.add(SiteDefinition(name: "work_end", kind: .barrier))
    let (length, open): (UInt64, UInt64) = (1_000_000, 900_000)
    let steps = (events + eventsPerStep - 1) / eventsPerStep
    func span(_ thread: Int, _ state: UInt16, _ start: UInt64, _ duration: UInt64, cpu: UInt64) {
      file.append(
        TraceRecord(start: start, duration: duration, kind: .state, code: state, argument: cpu), to: thread)
    }
    for step in 0..<steps {
      let begin = 1_000_000 + UInt64(step) * length
      for (worker, thread) in team.enumerated() {
        // The last worker takes all of the time up to the opening, the others less.
        let task = open / UInt64(tasks) * UInt64(worker + workers) / UInt64(2 * workers - 1)
        for number in 0..<tasks {
          let start = begin + UInt64(number) * task
          span(thread, forward, start, task / 2, cpu: task / 2)
          span(thread, backward, start + task / 2, task - task / 2, cpu: task - task / 2)
        }
        let arrival = begin + UInt64(tasks) * task
        span(thread, wait, arrival, begin + open - arrival, cpu: 0)
        file.appendCrossing(
          to: thread, site: site, generation: UInt32(step), arrival: arrival, release: begin + open,
          departure: begin + open, wasLast: worker == workers - 1)
      }
      span(main, wait, begin, open, cpu: 0)
      file.appendCrossing(
        to: main, site: site, generation: UInt32(step), arrival: begin, release: begin + open,
        departure: begin + open,
        wasLast: false)
      span(main, reduce, begin + open, length - open, cpu: length - open)
      file.append(
        TraceRecord(start: begin, duration: length, kind: .step, argument: UInt64(step)), to: main)
    }
    let end = 1_000_000 + UInt64(steps) * length
    file.header.windowBegin = 1_000_000
    file.header.windowEnd = end
    return file.finished(at: ClockSync(ticks: end, monotonicNs: end))
  }
}
