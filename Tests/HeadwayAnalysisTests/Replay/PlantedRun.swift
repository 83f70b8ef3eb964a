import HeadwayAnalysis
import HeadwayStatistics
import HeadwayTrace

/// A recorded run whose steps are written down rather than measured.
struct PlantedRun {
  var configuration = RunConfiguration()
  var cores = 2
  var steps = 40
  /// CPU time of a task, in nanoseconds, and how much it varies.
  var taskNs = 1_000_000.0
  var jitterNs = 50_000.0
  var reduceNs = 100_000.0
  var updateNs = 120_000.0
  var assembleNs = 10_000.0
  /// Gaps between waits and work.
  var gapNs = 1_000.0
  var wakeNs = 20_000.0
  var wakerNs = 2_000.0

  /// The trace of `barrier` scheduling with a flat team, everything serial, on cores enough for all workers.
  func trace() -> RecordedTrace {
    var trace = RecordedTrace(threads: [], states: [], sites: [])
    trace.threads = [thread("main", .main, 1)]
    for worker in 0..<configuration.threads {
      trace.threads.append(thread("worker-\(worker)", .worker, worker + 2))
    }
    trace.states = ["forward", "backward", "reduce", "optimize", "batch.assemble", "dispatch"].map {
      StateDefinition(name: $0, category: .useful)
    }
    trace.sites = ["work_start", "work_end"].map { SiteDefinition(name: $0, kind: .barrier) }
    var generator = SplitMix64(seed: 11)
    var time = 1_000_000.0
    for step in 1...steps { time = add(step, to: &trace, from: time, &generator) }
    return trace
  }

  var source: ReplaySource {
    ReplaySource(
      name: "planted", trace: trace(), configuration: configuration, cores: cores, warmupSteps: 0)
  }

  private func thread(_ name: String, _ role: ThreadRole, _ id: Int) -> RecordedThread {
    RecordedThread(name: name, role: role, processID: 1, threadID: ThreadID(Int32(id)))
  }

  /// Draws a step and returns when the next begins.
  private func add(
    _ step: Int, to trace: inout RecordedTrace, from begin: Double, _ generator: inout SplitMix64
  ) -> Double {
    var time = begin
    func span(_ thread: Int, _ state: Int, _ from: Double, _ to: Double) {
      trace.spans.append(
        StateSpan(
          thread: thread, state: state, start: instant(from), end: instant(to),
          cpuNs: state == 5 ? length(gapNs) : length(to - from), depth: 0))
    }
    span(0, 4, time, time + assembleNs)
    time += assembleNs
    let dispatch = time
    let release = time + gapNs
    var arrivals: [Double] = []
    let tasks = configuration.stepBatches
    for worker in 0..<configuration.threads {
      let departure = release + wakeNs + Double(worker + 1) * wakerNs
      cross(&trace, 0, UInt32(step), worker + 1, release - 1_000, release, departure, false)
      var now = departure
      for _ in stride(from: worker, to: tasks, by: configuration.threads) {
        now += gapNs
        let work = taskNs + Double(generator.below(max(Int(2 * jitterNs), 1))) - jitterNs
        span(worker + 1, 0, now, now + work * 0.4)
        span(worker + 1, 1, now + work * 0.4, now + work)
        now += work
      }
      arrivals.append(now + gapNs)
    }
    cross(
      &trace, 0, UInt32(step), 0, release, release, release + Double(configuration.threads) * wakerNs, true)
    let opened = arrivals.max() ?? release
    let last = arrivals.firstIndex(of: opened) ?? 0
    let sleepers = Double(configuration.threads)
    for (worker, arrival) in arrivals.enumerated() {
      let leaves = worker == last ? opened + sleepers * wakerNs : opened + wakeNs + 2 * wakerNs
      cross(&trace, 1, UInt32(step), worker + 1, arrival, opened, leaves, worker == last)
    }
    time = opened + wakeNs + wakerNs
    cross(&trace, 1, UInt32(step), 0, release + sleepers * wakerNs, opened, time, false)
    span(0, 5, dispatch, time)
    span(0, 2, time, time + reduceNs)
    time += reduceNs
    span(0, 3, time, time + 1_000)
    span(0, 3, time + 1_000, time + 1_000 + updateNs)
    time += 1_000 + updateNs
    trace.steps.append(StepMark(thread: 0, index: step, start: instant(begin), end: instant(time)))
    return time + 5_000
  }

  private func cross(
    _ trace: inout RecordedTrace, _ site: Int, _ generation: UInt32, _ thread: Int, _ arrival: Double,
    _ release: Double, _ departure: Double, _ wasLast: Bool
  ) {
    trace.crossings.append(
      BarrierCrossing(
        thread: thread, site: site, generation: generation, arrival: instant(arrival),
        release: instant(release), departure: instant(departure), wasLast: wasLast))
  }

  private func length(_ ns: Double) -> Nanoseconds { Nanoseconds(Int64(ns.rounded())) }
  private func instant(_ ns: Double) -> Instant { Instant(length(ns)) }
}
