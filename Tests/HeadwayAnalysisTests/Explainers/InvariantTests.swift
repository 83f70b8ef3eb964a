import HeadwayAnalysis
import HeadwayTrace
import Testing

/// What must hold of every explanation, whatever the trace.
func expectInvariants(
  of explanation: RunExplanation, timeline: Timeline, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let wall = explanation.window.wallNs
  // Rounding: half a nanosecond a cause.
  let slack = Int64(explanation.causes.count + 2)
  func near(_ sum: Nanoseconds, _ whole: Nanoseconds) -> Bool { abs((sum - whole).count) <= slack }
  func sum(_ size: (ExplainedCause) -> Nanoseconds) -> Nanoseconds {
    explanation.causes.reduce(.zero) { $0 + size($1) }
  }
  let totals = explanation.totals
  for thread in explanation.threads {
    let booked = thread.categories.values.reduce(Nanoseconds.zero, +)
    #expect(booked == wall, "\(name): the books of \(thread.name)", sourceLocation: sourceLocation)
  }
  for thread in timeline.threads {
    var cursor = timeline.begin
    let isTiled = thread.intervals.allSatisfy { interval in
      defer { cursor = interval.end }
      return interval.start == cursor && interval.end > interval.start && interval.onCpuNs <= interval.wallNs
    }
    #expect(isTiled && cursor == timeline.end, "\(name): intervals tile", sourceLocation: sourceLocation)
    let isApart = zip(thread.waits, thread.waits.dropFirst()).allSatisfy { $0.end <= $1.start }
    let isInside = thread.waits.allSatisfy {
      timeline.begin <= $0.start && $0.start <= $0.opened && $0.opened <= $0.end && $0.end <= timeline.end
    }
    #expect(isApart && isInside, "\(name): waits of \(thread.name)", sourceLocation: sourceLocation)
  }
  #expect(
    near(sum(\.delayNs) + totals.unexplainedNs + totals.wakeupNs, totals.waitedNs), "\(name): delay",
    sourceLocation: sourceLocation)
  #expect(
    near(sum(\.blameNs) + totals.nobodyNs, totals.idleNs), "\(name): blame", sourceLocation: sourceLocation)
  #expect(sum(\.pathNs) == wall && totals.pathNs == wall, "\(name): path", sourceLocation: sourceLocation)
  let path = CriticalPath(timeline).segments
  #expect(path.first?.start == timeline.begin && path.last?.end == timeline.end, "\(name)")
  #expect(zip(path, path.dropFirst()).allSatisfy { $0.end == $1.start }, "\(name): the path tiles")
  #expect(
    explanation.losses.allSatisfy { $0.timeNs >= .zero }, "\(name): losses", sourceLocation: sourceLocation)
  if let factors = explanation.efficiencies {
    let lost = explanation.losses.reduce(0) { $0 + $1.share }
    #expect(abs(lost - (1 - factors.parallel)) < 1e-9, "\(name): 1 − PE", sourceLocation: sourceLocation)
    let product = factors.loadBalance * factors.serialisation * factors.transfer
    #expect(abs(product - factors.parallel) < 1e-9, "\(name): product", sourceLocation: sourceLocation)
    for factor in [factors.loadBalance, factors.serialisation, factors.transfer, factors.parallel] {
      #expect(factor >= 0 && factor <= 1 + 1e-12, "\(name): \(factors)", sourceLocation: sourceLocation)
    }
  }
  if let stragglers = explanation.stragglers {
    #expect(stragglers.slowdown >= 1 - 1e-12, "\(name)", sourceLocation: sourceLocation)
    #expect(
      stragglers.threads.allSatisfy { $0.slowdown <= stragglers.slowdown + 1e-12 }, "\(name)",
      sourceLocation: sourceLocation)
  }
}

@Suite("Invariants of explanations") struct InvariantTests {
  @Test("hold over random timelines", arguments: 0..<4)
  func randomTimelines(part: Int) throws {
    for seed in 0..<250 {
      let trace = RandomTrace(seed: UInt64(part * 10_000 + seed)).trace
      let timeline = try Timeline(trace)
      let explanation = try RunAnalysis.explain(trace: trace, usableCpus: 2)
      expectInvariants(of: explanation, timeline: timeline, "seed \(part * 10_000 + seed)")
    }
  }

  @Test("hold over the drawn runs")
  func drawnRuns() throws {
    let drawn = [
      ("fixed late", ExplainerFixtureTests.fixedLate), ("rotating", ExplainerFixtureTests.rotating),
      ("serial", ExplainerFixtureTests.serial), ("queue", ExplainerFixtureTests.queue),
    ]
    for (name, run) in drawn {
      expectInvariants(of: try run.explanation, timeline: try run.timeline, name)
    }
  }

  @Test("a trace without any event is explained as nothing known")
  func empty() throws {
    let trace = RecordedTrace(
      threads: [RecordedThread(name: "a", role: nil, processID: 1, threadID: ThreadID(1))], states: [],
      sites: [], window: TraceWindow(begin: Instant(.zero), end: Instant(ms(5))))
    let explanation = try RunAnalysis.explain(trace: trace)
    expectInvariants(of: explanation, timeline: try Timeline(trace), "empty")
    #expect(explanation.efficiencies == nil && explanation.loss(.unknown) == ms(5))
  }
}
