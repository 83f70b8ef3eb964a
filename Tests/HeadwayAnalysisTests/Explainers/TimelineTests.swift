import HeadwayAnalysis
import HeadwayTrace
import Testing

/// How a trace becomes intervals, waits and episodes.
@Suite("Timelines of traces") struct TimelineTests {
  private static let states = [
    StateDefinition(name: "dispatch", category: .useful), StateDefinition(name: "forward", category: .useful),
    StateDefinition(name: "queue.empty", category: .blocked, site: "queue"),
  ]

  private func at(_ time: Int64) -> Instant { Instant(Nanoseconds(time)) }

  private func span(_ thread: Int, _ state: Int, _ from: Int64, _ to: Int64, depth: Int, cpu: Int64 = 0)
    -> StateSpan
  {
    StateSpan(
      thread: thread, state: state, start: at(from), end: at(to), cpuNs: Nanoseconds(cpu), depth: depth)
  }

  private func trace(_ spans: [StateSpan], window: TraceWindow, threads: Int = 1) -> RecordedTrace {
    RecordedTrace(
      threads: (0..<threads).map {
        RecordedThread(
          name: "worker-\($0)", role: $0 == 0 ? .main : .worker, processID: 1, threadID: ThreadID(1))
      }, states: Self.states, sites: [SiteDefinition(name: "queue", kind: .queueEmpty)], spans: spans,
      window: window)
  }

  /// The intervals of a thread as `name from…to`.
  private func drawn(_ timeline: Timeline, _ thread: Int = 0) -> [String] {
    timeline.threads[thread].intervals.map {
      "\(timeline.contexts[$0.context].name) \($0.start.sinceOrigin.count)…\($0.end.sinceOrigin.count)"
    }
  }

  @Test("nested spans are flattened, cut to the window, and CPU time is shared out by length")
  func flattening() throws {
    let spans = [
      span(0, 0, 0, 100, depth: 0, cpu: 70), span(0, 1, 20, 60, depth: 1, cpu: 40),
      span(0, 2, 70, 90, depth: 1),
    ]
    let timeline = try Timeline(trace(spans, window: TraceWindow(begin: at(10), end: at(120))))
    #expect(
      drawn(timeline) == [
        "dispatch 10…20", "forward 20…60", "dispatch 60…70", "queue.empty 70…90", "dispatch 90…100",
        "unattributed 100…120",
      ])
    // dispatch had 30 of CPU time in its own 40.
    #expect(timeline.threads[0].intervals.map(\.onCpuNs.count) == [7, 40, 7, 0, 7, 0])
    #expect(timeline.contexts[0].enclosesWaits && !timeline.contexts[1].enclosesWaits)
    #expect(timeline.threads[0].waits.map(\.cause) == [.unrecorded])
  }

  @Test("spans in any order give the same intervals; ones that overlap are cut, not counted twice")
  func damage() throws {
    let spans = [
      span(0, 1, 50, 80, depth: 0), span(0, 0, 0, 60, depth: 0), span(0, 2, 10, 90, depth: 1),
    ]
    let window = TraceWindow(begin: at(0), end: at(100))
    let timeline = try Timeline(trace(spans, window: window))
    #expect(drawn(timeline) == drawn(try Timeline(trace(spans.reversed(), window: window))))
    let sum = timeline.threads[0].intervals.reduce(Nanoseconds.zero) { $0 + $1.wallNs }
    #expect(sum == timeline.wallNs)
    #expect(
      drawn(timeline) == [
        "dispatch 0…10", "queue.empty 10…60", "forward 60…80", "unattributed 80…100",
      ])
  }

  @Test("a thread that is created late and ends early is away for the rest, and its creation is a wait")
  func lives() throws {
    var trace = trace(
      [span(1, 1, 30, 40, depth: 0), span(1, 1, 70, 80, depth: 0)],
      window: TraceWindow(begin: at(0), end: at(100)), threads: 2)
    trace.stretches = [
      ThreadStretch(thread: 0, threadID: ThreadID(1), began: at(-10), ended: nil),
      ThreadStretch(thread: 1, threadID: ThreadID(2), began: at(20), ended: at(50)),
      ThreadStretch(thread: 1, threadID: ThreadID(3), began: at(60), ended: at(90)),
    ]
    let timeline = try Timeline(trace)
    #expect(
      drawn(timeline, 1) == [
        "not started 0…20", "unattributed 20…30", "forward 30…40", "unattributed 40…50", "exited 50…60",
        "unattributed 60…70", "forward 70…80", "unattributed 80…90", "exited 90…100",
      ])
    #expect(timeline.threads[1].waits.map(\.cause) == [.creation, .creation])
    #expect(timeline.threads[1].waits.map(\.blocker) == [0, 0])
  }

  @Test("what was open when a recording was cut off lasts to its last event")
  func cutOff() throws {
    var trace = trace(
      [span(0, 1, 10, 20, depth: 1)], window: TraceWindow(begin: at(0), end: nil), threads: 2)
    trace.entries = [StateEntry(thread: 0, state: 0, at: at(5), depth: 0)]
    trace.current = [0: CurrentState(state: 2, depth: 2), 1: CurrentState(state: 1, depth: 1)]
    trace.stretches = [
      ThreadStretch(thread: 0, threadID: ThreadID(1), began: at(0), ended: nil),
      ThreadStretch(thread: 1, threadID: ThreadID(2), began: at(40), ended: nil),
    ]
    trace.operations = []
    trace.completions = [Completion(thread: 1, at: at(50), tasks: 1, tokens: 1)]
    let timeline = try Timeline(trace)
    #expect(
      drawn(timeline) == [
        "unattributed 0…5", "dispatch 5…10", "forward 10…20", "queue.empty 20…50",
      ])
    #expect(drawn(timeline, 1) == ["not started 0…40", "forward 40…50"])
    let explanation = try RunAnalysis.explain(trace: trace)
    #expect(explanation.warnings.contains { $0.contains("cut off") })
  }

  @Test("a generation that comes again is another episode, and the tool's own threads take part in none")
  func episodes() throws {
    var drawn = DrawnTrace(
      workers: ["EEffEEff", "ffffffff"], .init("work_end", at: 2), .init("work_end", at: 6),
      .init("work_end", at: 8))
    drawn.rows.append(("sampler", .sampler, "ffffffff"))
    var trace = drawn.trace
    for index in trace.crossings.indices { trace.crossings[index].generation = 7 }
    trace.crossings.removeAll { $0.thread == 2 }
    let timeline = try Timeline(trace)
    #expect(timeline.threads.count == 2)
    #expect(timeline.episodes.map(\.release) == [2, 6, 8].map { Instant(ms($0)) })
    #expect(timeline.episodes.allSatisfy { $0.participants.count == 2 && $0.last != nil })
    #expect(timeline.episodes[1].participants.map(\.previousRelease) == [Instant(ms(2)), Instant(ms(2))])
  }

  @Test("some steps are cut out of the run")
  func someSteps() throws {
    var drawn = ExplainerFixtureTests.fixedLate
    drawn.addSteps(endingAt: [10, 20])
    let explanation = try RunAnalysis.explain(trace: drawn.trace, steps: 2...2)
    #expect(explanation.window.wallNs == ms(10) && explanation.window.steps == 1)
    #expect(explanation.window.firstStep == 2 && explanation.window.lastStep == 2)
    #expect(explanation.cause("worker-2", "forward")?.delayNs == ms(8))
    #expect(explanation.totals.pathNs == ms(10))
  }

  @Test("a trace that cannot be explained is refused in a sentence")
  func refusals() throws {
    var trace = ExplainerFixtureTests.fixedLate.trace
    func sentence(_ steps: ClosedRange<Int>? = nil) -> String {
      do {
        _ = try RunAnalysis.explain(trace: trace, steps: steps, file: "x.hwtrace")
        return "nothing was thrown"
      } catch { return "\(error)" }
    }
    #expect(
      sentence(5...6) == "--steps: x.hwtrace has none of the steps 5..6; it has no steps; leave --steps out.")
    trace.steps = [StepMark(thread: 0, index: 3, start: at(0), end: Instant(ms(10)))]
    #expect(sentence(5...6) == "--steps: x.hwtrace has none of the steps 5..6; it has the steps 3..3.")
    trace.window = nil
    #expect(sentence().hasPrefix("x.hwtrace: window: the measured window was never opened;"))
    trace.window = TraceWindow(begin: at(0), end: at(0))
    #expect(sentence().hasPrefix("x.hwtrace: window: the measured window is empty;"))
    trace.window = TraceWindow(begin: at(0), end: at(10))
    for index in trace.threads.indices { trace.threads[index].role = .sampler }
    #expect(sentence().hasPrefix("x.hwtrace: threads: the trace has no thread of the program;"))
  }
}
