import HeadwayAnalysis
import HeadwayTrace

/// A trace put together span by span, in milliseconds from the window's begin.
struct DrawnWork {
  static let states = [
    StateDefinition(name: "work", category: .useful),
    StateDefinition(name: "merge", category: .useful),
    StateDefinition(name: "barrier.end", category: .blocked, site: "end"),
    StateDefinition(name: "lock.sums", category: .blocked, site: "sums"),
    StateDefinition(name: "held.sums", category: .useful, site: "sums"),
    StateDefinition(name: "queue.empty.jobs", category: .blocked, site: "jobs"),
    StateDefinition(name: "queue.full.room", category: .blocked, site: "room"),
  ]
  static let sites = [
    SiteDefinition(name: "end", kind: .barrier), SiteDefinition(name: "sums", kind: .lock),
    SiteDefinition(name: "jobs", kind: .queueEmpty), SiteDefinition(name: "room", kind: .queueFull),
  ]

  private(set) var trace: RecordedTrace
  private var generations: UInt32 = 0

  /// A trace of a main thread and so many workers, rows 1 and on; the row after them is a loader.
  init(workers: Int, milliseconds: Double) {
    let names = ["main"] + (0..<workers).map { "worker-\($0)" } + ["loader"]
    trace = RecordedTrace(
      threads: names.enumerated().map { index, name in
        RecordedThread(
          name: name, role: index == 0 ? .main : index <= workers ? .worker : .prefetch, processID: 1,
          threadID: ThreadID(Int32(index)))
      },
      states: Self.states, sites: Self.sites,
      window: TraceWindow(begin: Self.at(0), end: Self.at(milliseconds)))
    for thread in names.indices {
      trace.stretches.append(
        ThreadStretch(
          thread: thread, threadID: ThreadID(Int32(thread)), began: Self.at(0),
          ended: Self.at(milliseconds)))
    }
  }

  /// A thread in a state; with a CPU all the time unless said otherwise.
  mutating func add(
    _ state: String, of thread: Int, _ from: Double, _ to: Double, cpu: Double? = nil, depth: Int = 0
  ) {
    guard let index = Self.states.firstIndex(where: { $0.name == state }) else { return }
    let running = cpu ?? (Self.states[index].category == .useful ? to - from : 0)
    trace.spans.append(
      StateSpan(
        thread: thread, state: index, start: Self.at(from), end: Self.at(to),
        cpuNs: Self.at(running).sinceOrigin, depth: depth))
  }

  /// An episode of the barrier: when each thread came.
  mutating func meet(_ arrivals: [Int: Double]) {
    let release = arrivals.values.max() ?? 0
    for (thread, arrival) in arrivals {
      trace.crossings.append(
        BarrierCrossing(
          thread: thread, site: 0, generation: generations, arrival: Self.at(arrival),
          release: Self.at(release), departure: Self.at(release), wasLast: arrival == release))
      add("barrier.end", of: thread, arrival, release)
    }
    generations += 1
  }

  /// A wait at a site.
  mutating func wait(at site: String, of thread: Int, _ from: Double, _ to: Double) {
    guard let index = Self.sites.firstIndex(where: { $0.name == site }) else { return }
    trace.waits.append(Wait(thread: thread, site: index, start: Self.at(from), end: Self.at(to)))
    if let state = Self.states.first(where: { $0.site == site && $0.category == .blocked }) {
      add(state.name, of: thread, from, to)
    }
  }

  /// A turn at the lock that others waited for.
  mutating func hold(_ thread: Int, _ from: Double, _ to: Double) {
    trace.operations.append(
      OperationSpan(thread: thread, state: 4, start: Self.at(from), end: Self.at(to)))
  }

  /// A completed task.
  mutating func complete(_ thread: Int, at time: Double) {
    trace.completions.append(Completion(thread: thread, at: Self.at(time), tasks: 1, tokens: 0))
  }

  var patterns: TracePatterns { TracePatterns(of: sorted) }
  var sorted: RecordedTrace {
    var trace = trace
    trace.spans.sort { ($0.start, $0.thread, $0.depth) < ($1.start, $1.thread, $1.depth) }
    trace.crossings.sort { ($0.arrival, $0.thread) < ($1.arrival, $1.thread) }
    trace.waits.sort { ($0.start, $0.thread) < ($1.start, $1.thread) }
    return trace
  }
  /// The summary and findings that the trace alone gives, with a CPU for each worker.
  var summary: RunSummary { RunAnalysis.summarize(trace: sorted, manifest: Self.manifest) }

  private static let manifest = Manifest(
    configuration: nil, command: [], startedAt: "", toolVersion: "", gitCommit: nil, binaryHash: nil,
    corpusHash: nil,
    machine: MachineFacts(
      processor: "", architecture: "", onlineCpus: 4, usableCpus: 4, memoryBytes: 1, kernel: "",
      hypervisor: nil, clockSource: nil, vectorExtensions: []), environment: [:], program: [:])

  private static func at(_ milliseconds: Double) -> Instant {
    Instant(Nanoseconds(Int64((milliseconds * 1e6).rounded())))
  }
}
