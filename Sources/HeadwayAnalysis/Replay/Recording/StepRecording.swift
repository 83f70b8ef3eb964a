import HeadwayStatistics
import HeadwayTrace

/// A recorded run, taken apart: its steps after the warm-up, and what synchronisation cost in it.
package struct StepRecording: Equatable, Sendable {
  /// The steps, in order; steps whose events are not all there are left out.
  package private(set) var steps: [RecordedStep] = []
  /// What lies between waits and work.
  package private(set) var overhead = RecordedOverhead.none
  /// The share of the tasks' CPU time that the forward passes take.
  package private(set) var forwardShare = 0.0
  /// What waiting cost.
  package private(set) var latency = RecordedLatency.unknown
  /// Steps at the start that were left out as warm-up.
  package private(set) var warmupSteps = 0
  /// Steps after the warm-up that were left out because events of them are missing.
  package private(set) var incompleteSteps = 0

  /// Takes a run apart.
  ///
  /// - Throws: ``InputError`` where the trace does not hold what a replay needs.
  package init(_ source: ReplaySource) throws(InputError) {
    let trace = source.trace
    guard let mainThread = trace.threads.firstIndex(where: { $0.role == .main }) else {
      throw Self.refusal(source, "the trace names no main thread")
    }
    let marks = trace.steps.filter { $0.thread == mainThread }
    guard !marks.isEmpty else {
      throw Self.refusal(source, "the trace holds no step")
    }
    let durations = marks.map { Double(($0.end - $0.start).count) }
    warmupSteps = min(
      source.warmupSteps ?? Stationarity(durations: durations).warmupLength, marks.count - 1)
    var reader = StepReader(source, main: mainThread, marks: marks)
    for index in warmupSteps..<marks.count {
      if let step = reader.step(index) { steps.append(step) } else { incompleteSteps += 1 }
    }
    guard !steps.isEmpty else {
      throw Self.refusal(
        source, "none of the \(marks.count) steps after the warm-up has all of its events in the trace")
    }
    overhead = reader.overhead
    forwardShare = reader.forwardShare
    latency = RecordedLatency(
      source, events: reader.events, main: mainThread, from: marks[warmupSteps].start.ns)
  }

  /// The usual length of a step: the mean, which throughput is made of.
  package var meanStepNs: Double { steps.reduce(0) { $0 + $1.lengthNs } / Double(steps.count) }

  private static func refusal(_ source: ReplaySource, _ problem: String) -> InputError {
    InputError(
      source.name, problem: problem,
      remedy: "record the run again with probe=events and a trace_budget_bytes that holds it")
  }
}
