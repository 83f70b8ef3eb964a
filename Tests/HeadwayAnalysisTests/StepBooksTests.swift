import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Unexplained time, step by step, of drawn threads.
@Suite struct StepBooksTests {
  private static let states = [
    StateDefinition.useful("work"), StateDefinition(name: "who knows", category: .unknown),
  ]

  private func at(_ milliseconds: Int64) -> Instant { Instant(.milliseconds(milliseconds)) }

  private func span(_ thread: Int, _ from: Int64, _ to: Int64, state: Int = 0, depth: Int = 0) -> StateSpan {
    StateSpan(thread: thread, state: state, start: at(from), end: at(to), cpuNs: .zero, depth: depth)
  }

  /// Two threads over two steps of 100 ms, from 0 to 200 ms.
  private func trace(_ spans: [StateSpan], secondFrom began: Int64 = 0) -> RecordedTrace {
    RecordedTrace(
      threads: ["main", "worker-0"].map {
        RecordedThread(name: $0, role: nil, processID: 1, threadID: ThreadID(1))
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
    let books = try #require(StepBooks(trace([span(0, 0, 200), span(1, 0, 120), span(1, 120, 200)])))
    #expect(books.steps == 2 && books.threads == 2 && books.share == 0)
    #expect(books.worstStep?.share == 0 && books.worstThread?.share == 0)
  }

  @Test func gapsGoToTheirStepAndThread() throws {
    // worker-0 lacks 80 … 130: 20 ms of step 7 and 30 ms of step 8.
    let books = try #require(StepBooks(trace([span(0, 0, 200), span(1, 0, 80), span(1, 130, 200)])))
    #expect(books.worstStep?.index == 8 && books.worstStep?.share == 30.0 / 200)
    #expect(books.worstThread?.name == "worker-0" && books.worstThread?.share == 50.0 / 200)
    #expect(books.share == 50.0 / 400)
  }

  @Test func anUnknownStateExplainsNothingAndInnerSpansCountOnce() throws {
    let books = try #require(
      StepBooks(
        trace([
          span(0, 0, 200), span(0, 10, 20, depth: 1), span(1, 0, 90), span(1, 90, 100, state: 1),
          span(1, 100, 200),
        ])))
    #expect(books.worstStep?.index == 7 && books.worstStep?.share == 10.0 / 200)
  }

  @Test func aThreadThatIsNotThereYetOwesNothing() throws {
    let books = try #require(StepBooks(trace([span(0, 0, 200), span(1, 150, 200)], secondFrom: 150)))
    #expect(books.share == 0)
  }

  @Test func anIncompleteTraceIsNotJudged() {
    var lossy = trace([span(0, 0, 200)])
    lossy.losses.eventsDropped = 1
    #expect(StepBooks(lossy) == nil)
    var cut = trace([span(0, 0, 200)])
    cut.isTruncated = true
    #expect(StepBooks(cut) == nil)
  }
}
