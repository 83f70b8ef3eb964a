import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The critical path of a few steps, read from a file.
@Suite struct CriticalPathExcerptTests {
  @Test func aStretchOfAFileHasItsPath() throws {
    // Worker 1 is last in the first step, worker 0 in the second; the main thread reduces between them.
    var drawn = DrawnTrace(
      main: "EEEEEEEErrEEEEEEEErr", workers: ["ffffEEEESSffffffffSS", "ffffffffSSffffEEEESS"],
      DrawnTrace.Opening("work_end", at: 8), DrawnTrace.Opening("work_end", at: 18))
    drawn.addSteps(endingAt: [10, 20])
    let trace = drawn.trace
    let reader = try TraceReader(bytes: trace.fileBytes(), file: "the trace")
    func path(_ from: Int64, _ to: Int64) throws -> [PathSegment] {
      try RunAnalysis.criticalPath(
        reading: reader, from: Instant(.milliseconds(from)), to: Instant(.milliseconds(to)))
    }
    let second = try path(10, 20)
    #expect(second.map(\.state) == ["forward", "reduce"])
    #expect(second.map { trace.threads[$0.thread].name } == ["worker-0", "main"])
    #expect(second.map(\.end) == [18, 20].map { Instant(.milliseconds($0)) })
    let first = try path(0, 10)
    #expect(first.map { trace.threads[$0.thread].name } == ["worker-1", "main"])
    let both = try path(0, 20)
    #expect(both.first?.start == Instant(.zero) && both.last?.end == Instant(.milliseconds(20)))
    #expect(zip(both, both.dropFirst()).allSatisfy { $0.end == $1.start }, "it tiles the stretch")
  }

  @Test func theToolsOwnThreadsDoNotMoveTheNumbers() throws {
    var trace = DrawnTrace(
      main: "EEEErr", workers: ["ffffSS"], DrawnTrace.Opening("work_end", at: 4)
    ).trace
    trace.threads.insert(
      RecordedThread(name: "memory-sampler", role: .sampler, processID: 1, threadID: ThreadID(99)), at: 0)
    for index in trace.spans.indices { trace.spans[index].thread += 1 }
    for index in trace.crossings.indices { trace.crossings[index].thread += 1 }
    trace.stretches = []
    let reader = try TraceReader(bytes: trace.fileBytes(), file: "the trace")
    let path = try RunAnalysis.criticalPath(
      reading: reader, from: Instant(.zero), to: Instant(.milliseconds(6)))
    #expect(path.map { trace.threads[$0.thread].name } == ["worker-0", "main"])
  }
}
