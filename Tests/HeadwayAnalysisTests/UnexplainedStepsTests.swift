import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Unexplained time, step by step, of drawn threads.
@Suite struct UnexplainedStepsTests {
  private static let states = [
    StateDefinition.useful("work"), StateDefinition(name: "who knows", category: .unknown),
  ]

  private func at(_ milliseconds: Int64) -> Instant { Instant(.milliseconds(milliseconds)) }

  private func span(_ thread: Int, _ from: Int64, _ to: Int64, state: Int = 0, depth: Int = 0) -> StateSpan {
    StateSpan(thread: thread, state: state, start: at(from), end: at(to), cpuNs: .zero, depth: depth)
  }

  /// Two threads over two steps of 100 ms, from 0 to 200 ms.
  private func trace(
    _ spans: [StateSpan], secondFrom began: Int64 = 0, secondRole role: ThreadRole = .worker
  ) -> RecordedTrace {
    RecordedTrace(
      threads: [("main", ThreadRole.main), ("worker-0", role)].map { name, role in
        RecordedThread(name: name, role: role, processID: 1, threadID: ThreadID(1))
      }, states: Self.states, sites: [], spans: spans,
      steps: [
        StepMark(thread: 0, index: 7, start: at(0), end: at(100)),
        StepMark(thread: 0, index: 8, start: at(100), end: at(200)),
      ],
      stretches: [
        ThreadStretch(thread: 0, threadID: ThreadID(1), began: at(0), ended: at(200)),
        ThreadStretch(thread: 1, threadID: ThreadID(2), began: at(began), ended: nil),
      ], window: TraceWindow(begin: at(0), end: at(200)))
  }

  @Test func wholeThreadsHaveNothingUnexplained() throws {
    let books = try #require(
      UnexplainedSteps(of: trace([span(0, 0, 200), span(1, 0, 120), span(1, 120, 200)])))
    #expect(books.steps == 2 && books.threads == ["main": 0, "worker-0": 0] && books.share == 0)
    #expect(books.worstStep.share == 0 && books.worstThread?.share == 0 && books.isWithinBudget)
  }

  @Test func gapsGoToTheirStepAndThread() throws {
    // worker-0 lacks 80 … 130: 20 ms of step 7 and 30 ms of step 8.
    let books = try #require(
      UnexplainedSteps(of: trace([span(0, 0, 200), span(1, 0, 80), span(1, 130, 200)])))
    #expect(books.worstStep == StepShare(step: 8, share: 30.0 / 200))
    #expect(books.worstThread?.name == "worker-0" && books.worstThread?.share == 50.0 / 200)
    #expect(books.share == 50.0 / 400 && books.stepsOverBudget == 2 && !books.isWithinBudget)
  }

  @Test func theBudgetIsOnePercentOfAStep() throws {
    // 2 ms of 2 · 100 ms are 1 %, which may be; 3 ms are more.
    let within = try #require(UnexplainedSteps(of: trace([span(0, 0, 200), span(1, 2, 200)])))
    #expect(within.stepsOverBudget == 0 && within.isWithinBudget)
    let beyond = try #require(UnexplainedSteps(of: trace([span(0, 0, 200), span(1, 3, 200)])))
    #expect(beyond.stepsOverBudget == 1 && !beyond.isWithinBudget)
    // One thread may not lack what all together may: 2 · 1.5 ms of its 200 ms.
    let thread = try #require(
      UnexplainedSteps(of: trace([span(0, 0, 200), span(1, 2, 100), span(1, 101, 200)])))
    #expect(thread.stepsOverBudget == 0 && thread.threads["worker-0"] == 0.015 && !thread.isWithinBudget)
  }

  @Test func anUnknownStateExplainsNothingAndInnerSpansCountOnce() throws {
    let books = try #require(
      UnexplainedSteps(
        of: trace([
          span(0, 0, 200), span(0, 10, 20, depth: 1), span(1, 0, 90), span(1, 90, 100, state: 1),
          span(1, 100, 200),
        ])))
    #expect(books.worstStep == StepShare(step: 7, share: 10.0 / 200))
  }

  @Test func aThreadThatIsNotThereYetOwesNothing() throws {
    let books = try #require(
      UnexplainedSteps(of: trace([span(0, 0, 200), span(1, 150, 200)], secondFrom: 150)))
    #expect(books.share == 0)
  }

  @Test func aThreadThatComesBackOwesItsGapsOnly() throws {
    var again = trace([span(0, 0, 200), span(1, 0, 40), span(1, 170, 200)])
    again.stretches[1].ended = at(50)
    again.stretches.append(ThreadStretch(thread: 1, threadID: ThreadID(3), began: at(160), ended: at(200)))
    let books = try #require(UnexplainedSteps(of: again))
    // 40 … 50 before it went, 160 … 170 after it came back.
    #expect(books.threads["worker-0"] == 20.0 / 200 && books.worstStep.share == 10.0 / 200)
  }

  @Test func aStateThatWasNeverLeftExplainsTheEnd() throws {
    // In a state since 120, with another one inside it: 100 … 120 are left.
    var waiting = trace([span(0, 0, 200), span(1, 0, 100)])
    waiting.entries = [StateEntry(thread: 1, state: 0, at: at(120), depth: 0)]
    waiting.current = [1: CurrentState(state: 0, depth: 2)]
    #expect(try #require(UnexplainedSteps(of: waiting)).threads["worker-0"] == 20.0 / 200)
    // When the only open state was entered is not recorded: the benefit of the doubt.
    waiting.current = [1: CurrentState(state: 0, depth: 1)]
    #expect(try #require(UnexplainedSteps(of: waiting)).share == 0)
    waiting.current = [1: CurrentState(state: 1, depth: 1)]
    #expect(
      try #require(UnexplainedSteps(of: waiting)).threads["worker-0"] == 0.5, "a state of category unknown")
    waiting.current = [1: CurrentState(state: 9, depth: 1)]
    #expect(try #require(UnexplainedSteps(of: waiting)).threads["worker-0"] == 0.5, "one that is not defined")
    waiting.current = [1: CurrentState(state: nil, depth: 0)]
    #expect(try #require(UnexplainedSteps(of: waiting)).threads["worker-0"] == 0.5)
  }

  @Test func theToolsOwnThreadsAreLeftOut() throws {
    let books = try #require(UnexplainedSteps(of: trace([span(0, 0, 200)], secondRole: .sampler)))
    #expect(books.threads == ["main": 0] && books.share == 0)
  }

  @Test func anIncompleteTraceIsNotJudged() {
    var lossy = trace([span(0, 0, 200)])
    lossy.losses.eventsDropped = 1
    #expect(UnexplainedSteps(of: lossy) == nil)
    var cut = trace([span(0, 0, 200)])
    cut.isTruncated = true
    #expect(UnexplainedSteps(of: cut) == nil)
    var idle = trace([span(0, 0, 200)])
    idle.steps = []
    #expect(UnexplainedSteps(of: idle) == nil, "without a step there is nothing to say")
  }

  /// The file, read piece by piece, says what the value says.
  @Test func theFileSaysTheSame() throws {
    var file = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000, chunkBytes: 64)
    (file.header.windowBegin, file.header.windowEnd) = (1, 200)
    let whole = trace([span(0, 0, 200), span(1, 0, 80), span(1, 130, 200)])
    for thread in whole.threads { _ = file.add(thread) }
    for state in whole.states { _ = file.add(state) }
    for stretch in whole.stretches {
      file.append(TraceRecord(start: 0, kind: .threadBegan, argument: 1), to: stretch.thread)
    }
    func ticks(_ instant: Instant) -> UInt64 { UInt64(instant.sinceOrigin.count / 1_000_000) }
    for span in whole.spans {
      file.append(
        TraceRecord(
          start: ticks(span.start), duration: ticks(span.end) - ticks(span.start), kind: .state, code: 0),
        to: span.thread)
    }
    for step in [(1, UInt64(1), UInt64(100)), (2, 100, 200)] {
      file.append(
        TraceRecord(start: step.1, duration: step.2 - step.1, kind: .step, argument: UInt64(step.0)), to: 0)
    }
    let reader = try TraceReader(
      bytes: file.finished(at: ClockSync(ticks: 300, monotonicNs: 300_000_000)), file: "drawn")
    let read = try #require(try UnexplainedSteps(of: reader))
    #expect(read == UnexplainedSteps(of: try reader.recordedTrace()))
    #expect(read.worstStep == StepShare(step: 2, share: 30.0 / 200) && read.threads["worker-0"] == 50.0 / 199)
    let cut = try TraceReader(bytes: file.unfinished(), file: "drawn")
    #expect(try UnexplainedSteps(of: cut) == nil)
  }

  @Test func stepsAndThreadsBeyondTheBudgetAreWarnings() throws {
    let accounts = RunAccounts.literal(
      windowMs: 200, threads: [.literal("main", role: .main, presentMs: 200)])
    func warnings(_ spans: [StateSpan]) throws -> [String] {
      let books = try #require(UnexplainedSteps(of: trace(spans)))
      let summary = RunAnalysis.summarize(
        configuration: nil, completed: true, accounts: accounts, stepDurations: [], loss: nil,
        memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [], unexplained: books)
      #expect(summary.stepBooks == books)
      return summary.warnings.filter { $0.contains("step") }
    }
    #expect(try warnings([span(0, 0, 200), span(1, 0, 200)]) == [])
    #expect(
      try warnings([span(0, 0, 200), span(1, 0, 80), span(1, 130, 200)]) == [
        "in 2 of 2 steps no state explains more than 1 % of the thread-time, at most 15 % in step 8",
        "inside the steps no state explains more than 1 % of the time of worker-0 (25 %)",
      ])
  }
}
