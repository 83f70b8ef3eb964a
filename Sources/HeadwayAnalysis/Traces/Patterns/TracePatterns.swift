import HeadwayTrace

/// What the order of a run's events tells that its sums do not: who worked while whom waited.
///
/// Read from the trace, beside the accounts; a run without a trace has no patterns, and the findings that
/// need them are then absent or fall back on the sums. Shares are of ``observedNs``.
public struct TracePatterns: Equatable, Sendable {
  /// The part of the window that the patterns were read from: all of it, but for very long traces.
  package var observedNs: Nanoseconds
  /// CPU time of the main thread in each of its working states while no worker worked, by state.
  package var aloneNs: [String: Nanoseconds] = [:]
  /// Σ over the episodes of a barrier of (largest − mean) of the workers' CPU time since the barrier before.
  package var imbalanceNs: [String: Nanoseconds] = [:]
  /// Working states whose CPU time depends on how many others work at the same moment.
  package var interferences: [StateInterference] = []
  /// Locks that threads waited for, longest wait first.
  package var locks: [LockPattern] = []
  /// Queues at which consumers waited.
  package var queues: [QueuePattern] = []

  /// Reads a trace piece by piece; the memory that it takes is bounded.
  ///
  /// - Throws: ``InputError`` where the trace is damaged or cannot be read.
  public init(of reader: TraceReader) throws(InputError) {
    var activity = TraceActivity(
      threads: reader.threads, states: reader.states, sites: reader.sites, window: reader.window)
    try reader.forEachEvent { (event) throws(InputError) in activity.add(event) }
    self.init(activity)
  }

  /// Reads a trace that is in memory.
  public init(of trace: RecordedTrace) { self.init(of: trace, limit: nil) }

  /// Reads at most `limit` events of a trace that is in memory.
  package init(of trace: RecordedTrace, limit: Int?) {
    var activity = TraceActivity(
      threads: trace.threads, states: trace.states, sites: trace.sites, window: trace.window, limit: limit)
    for event in trace.eventsInOrder { activity.add(event) }
    self.init(activity)
  }

  init(_ activity: TraceActivity) {
    let horizon = activity.horizon
    observedNs = Nanoseconds(horizon.upperBound - horizon.lowerBound)
    guard observedNs > .zero else { return }
    aloneNs = activity.aloneTimes()
    imbalanceNs = activity.imbalances()
    interferences = activity.interferences()
    locks = activity.lockPatterns()
    queues = activity.queuePatterns()
  }

  /// A time as a share of what was observed.
  package func share(_ time: Nanoseconds) -> Double {
    ratio(Double(time.count), Double(observedNs.count))
  }
}

extension TraceActivity {
  /// The rows of the worker team.
  var workers: [Int] { threads.indices.filter { threads[$0].role == .worker } }

  /// CPU time of the main thread by working state while no worker worked.
  func aloneTimes() -> [String: Nanoseconds] {
    guard let main = threads.first(where: { $0.role == .main }), !workers.isEmpty else { return [:] }
    let begin = horizon.lowerBound
    let quiet = StepFunction(workers.flatMap { threads[$0].steps { _ in 1 } }, from: begin)
      .mapped { $0 < 0.5 ? 1 : 0 }
    var alone: [String: Nanoseconds] = [:]
    for work in main.works {
      let wall = main.pieces[work.range].reduce(0) {
        $0 + quiet.integral(from: $1.from, to: min($1.to, horizon.upperBound))
      }
      if wall > 0 { alone[states[work.state].name, default: .zero] += Nanoseconds(Int64(wall * work.onCPU)) }
    }
    return alone
  }

  /// The load-balance loss of each barrier (method 2): by CPU times, so that a worker that is kept off a CPU
  /// is not taken for one with more work.
  ///
  /// A worker's work in an episode is its CPU time in useful states since it last came to any barrier.
  func imbalances() -> [String: Nanoseconds] {
    struct Episode: Hashable {
      var site: Int
      var generation: UInt32
    }
    let members = Set(workers)
    var works: [Episode: [Double]] = [:]
    var teams: [Int: Set<Int>] = [:]
    for worker in workers {
      let begin = horizon.lowerBound
      let worked = StepFunction(threads[worker].steps(\.onCPU), from: begin)
      var since = begin
      for crossing in crossings where crossing.thread == worker {
        let arrival = crossing.arrival.sinceOrigin.count
        guard arrival >= begin, arrival < horizon.upperBound else { continue }
        works[Episode(site: crossing.site, generation: crossing.generation), default: []]
          .append(worked.integral(from: since, to: arrival))
        since = arrival
      }
    }
    for crossing in crossings where members.contains(crossing.thread) {
      teams[crossing.site, default: []].insert(crossing.thread)
    }
    var losses: [String: Double] = [:]
    for (episode, times) in works {
      guard let most = times.max(), times.count == teams[episode.site]?.count else { continue }
      losses[sites[episode.site].name, default: 0] += most - times.reduce(0, +) / Double(times.count)
    }
    return losses.mapValues { Nanoseconds(Int64($0)) }
  }
}
