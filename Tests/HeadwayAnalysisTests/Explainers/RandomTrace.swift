import HeadwayTrace

/// A seeded trace that holds together: threads work, nest states, meet at barriers in random groups, wait at queues,
/// latches and locks, start late and end early; the window cuts through all of it.
struct RandomTrace {
  private var generator: SeededGenerator
  private(set) var trace: RecordedTrace
  /// Each thread's own time.
  private var clocks: [Int64]
  private var generations: [UInt32] = [0, 0]

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...6, using: &generator)
    let roles: [ThreadRole?] = [.main, .worker, .worker, .control, .prefetch, nil, .sampler]
    let threads = (0..<count).map { index in
      RecordedThread(
        name: "thread-\(index)", role: roles.randomElement(using: &generator) ?? nil, processID: 1,
        threadID: ThreadID(Int32(index + 1)))
    }
    trace = RecordedTrace(
      threads: threads + [RecordedThread(name: "last", role: .worker, processID: 1, threadID: ThreadID(99))],
      states: [
        StateDefinition(name: "outer", category: .useful), StateDefinition(name: "work", category: .useful),
        StateDefinition(name: "other", category: .useful),
        StateDefinition(name: "barrier.a", category: .blocked, site: "a"),
        StateDefinition(name: "wait", category: .spin, site: "q"),
        StateDefinition(name: "observe", category: .selfCost),
        StateDefinition(name: "ready", category: .runnable), StateDefinition(name: "io", category: .blocked),
      ],
      sites: [
        SiteDefinition(name: "a", kind: .barrier), SiteDefinition(name: "b", kind: .barrier),
        SiteDefinition(name: "q", kind: .queueEmpty), SiteDefinition(name: "f", kind: .queueFull),
        SiteDefinition(name: "l", kind: .latch), SiteDefinition(name: "p", kind: .prefetchNotReady),
        SiteDefinition(name: "k", kind: .lock),
      ])
    clocks = trace.threads.map { _ in 0 }
    self.generator = generator
    fill()
  }

  private mutating func fill() {
    for thread in clocks.indices {
      clocks[thread] = Int64.random(in: 0...50, using: &generator)
      trace.stretches.append(
        ThreadStretch(thread: thread, threadID: ThreadID(1), began: at(clocks[thread]), ended: nil))
    }
    for _ in 0..<Int.random(in: 5...60, using: &generator) { happen() }
    for thread in clocks.indices where Bool.random(using: &generator) {
      trace.stretches[thread].ended = at(clocks[thread])
    }
    let end = clocks.max() ?? 1
    let from = Int64.random(in: 0...max(end / 3, 1), using: &generator)
    let to = Int64.random(in: (from + 1)...(end + 20), using: &generator)
    trace.window = TraceWindow(begin: at(from), end: at(to))
    trace.spans.sort { ($0.start, $0.thread, $0.depth) < ($1.start, $1.thread, $1.depth) }
    trace.crossings.sort { ($0.arrival, $0.thread) < ($1.arrival, $1.thread) }
    // Some of it is lost.
    if Bool.random(using: &generator), !trace.crossings.isEmpty {
      trace.crossings.remove(at: Int.random(in: trace.crossings.indices, using: &generator))
    }
  }

  private func at(_ time: Int64) -> Instant { Instant(Nanoseconds(time)) }

  private mutating func length(_ most: Int64 = 20) -> Int64 { Int64.random(in: 0...most, using: &generator) }

  private mutating func happen() {
    let thread = Int.random(in: clocks.indices, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: meet()
    case 1: wait(thread)
    case 2: clocks[thread] += length()
    default: work(thread)
    }
  }

  private mutating func work(_ thread: Int) {
    let start = clocks[thread]
    let inner = [1, 2, 5, 6, 7].randomElement(using: &generator) ?? 1
    let first = length()
    let second = length()
    let third = length()
    if Bool.random(using: &generator) { span(thread, inner, start + first, start + first + second, depth: 1) }
    clocks[thread] = start + first + second + third
    span(thread, 0, start, clocks[thread], depth: 0)
  }

  private mutating func wait(_ thread: Int) {
    let start = clocks[thread]
    clocks[thread] += length(60)
    span(thread, 4, start, clocks[thread], depth: 0)
    trace.waits.append(
      Wait(
        thread: thread, site: Int.random(in: 2...6, using: &generator), start: at(start),
        end: at(clocks[thread])))
  }

  private mutating func meet() {
    let members = clocks.indices.filter { _ in Bool.random(using: &generator) }
    guard let release = members.map({ clocks[$0] }).max() else { return }
    let site = Int.random(in: 0...1, using: &generator)
    var hasLast = false
    for thread in members {
      let arrival = clocks[thread]
      clocks[thread] = release + length(5)
      let isLast = arrival == release && !hasLast
      hasLast = hasLast || isLast
      span(thread, 3, arrival, clocks[thread], depth: 0)
      trace.crossings.append(
        BarrierCrossing(
          thread: thread, site: site, generation: generations[site], arrival: at(arrival),
          release: at(release), departure: at(clocks[thread]), wasLast: isLast))
    }
    generations[site] &+= 1
  }

  private mutating func span(_ thread: Int, _ state: Int, _ from: Int64, _ to: Int64, depth: Int) {
    let isRunning = trace.states[state].category == .useful || trace.states[state].category == .spin
    trace.spans.append(
      StateSpan(
        thread: thread, state: state, start: at(from), end: at(to),
        cpuNs: isRunning ? Nanoseconds((to - from) * 3 / 4) : .zero, depth: depth))
  }
}
