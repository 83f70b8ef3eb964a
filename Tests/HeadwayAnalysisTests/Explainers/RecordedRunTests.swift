import HeadwayAnalysis
import HeadwayProbes
import HeadwayTestSupport
import HeadwayThreads
import HeadwayTrace
import Testing

/// Work of planted length: task `late` is many times as long as the others.
private struct PlantedWork: TeamWork {
  typealias Handle = RecordingProbe.Handle
  let forward: StateID
  let late: Int

  func perform(_ phase: WorkPhase, index: Int, worker: WorkerIndex, probe: Handle) {
    probe.enter(forward)
    var sum = UInt64(index)
    for step in 0..<UInt64(index == late ? 2_000_000 : 10_000) { sum = (sum ^ step) &* 0x9E37_79B9_7F4A_7C15 }
    precondition(sum != 1, "keeps the work from being dropped")
    probe.leave()
    probe.complete(tasks: 1, tokens: 1)
  }
}

/// Explanations of what real threads recorded.
@Suite("Explanations of recorded runs", .serialized) struct RecordedRunTests {
  private static let rounds = 12

  /// Records a team of three with a late task; between the rounds the main thread works alone.
  private func record(_ scheduling: Scheduling, topology: Topology) throws -> RecordedTrace {
    let place = try TemporaryDirectory()
    let path = place.path("trace.hwtrace")
    let probe = try RecordingProbe(level: .events, traceURL: path, budgetBytes: 1 << 24)
    let forward = probe.state(StateDefinition(name: "forward", category: .useful))
    let reduce = probe.state(StateDefinition(name: "reduce", category: .useful))
    let me = probe.register(name: "main", role: .main)
    let team = try WorkerTeam(
      threads: 3, scheduling: scheduling, topology: topology, barrier: .futex, queueCapacity: 8, probe: probe,
      work: PlantedWork(forward: forward, late: 2))
    try team.start(probe: me)
    probe.openWindow()
    for round in 0..<Self.rounds {
      let start = me.now()
      team.run(WorkPhase(0), count: 3, probe: me)
      me.enter(reduce)
      var sum: UInt64 = 1
      for step in 0..<100_000 as Range<UInt64> { sum = (sum ^ step) &* 0x9E37_79B9_7F4A_7C15 }
      precondition(sum != 0)
      me.leave()
      me.step(round + 1, from: start)
    }
    team.awaitParked()
    probe.closeWindow()
    team.stop(probe: me)
    probe.retire(me)
    try probe.finish()
    return try TraceFile.read(path)
  }

  @Test("the invariants hold on real threads", arguments: Scheduling.allCases, Topology.allCases)
  func invariants(scheduling: Scheduling, topology: Topology) throws {
    let trace = try record(scheduling, topology: topology)
    let timeline = try Timeline(trace)
    let explanation = try RunAnalysis.explain(trace: trace, usableCpus: 2)
    expectInvariants(of: explanation, timeline: timeline, "\(scheduling), \(topology)")
    #expect(explanation.window.steps == Self.rounds && explanation.window.teamCount == 3)
    #expect(trace.losses.eventsDropped == 0)
    #expect(explanation.totals.waitedNs > .zero && explanation.totals.pathChanges > 0)
    let halves = try RunAnalysis.explain(trace: trace, steps: 3...6)
    #expect(halves.window.steps == 4 && halves.totals.pathNs == halves.window.wallNs)
  }

  @Test("the worker with the long task is the one that the others waited for")
  func namesThePlantedCause() throws {
    let explanation = try RunAnalysis.explain(trace: try record(.barrier, topology: .flat))
    let late = try #require(explanation.cause("worker-2", "forward"))
    #expect(explanation.causes.filter { $0.context == "forward" }.allSatisfy { $0.delayNs <= late.delayNs })
    #expect(explanation.causes.filter { $0.context == "forward" }.allSatisfy { $0.pathNs <= late.pathNs })
    let end = try #require(explanation.barriers.first { $0.site == "work_end" })
    #expect(end.episodes == Self.rounds && end.lastArrivals.values.reduce(0, +) == Self.rounds)
    #expect(explanation.stragglers?.threads.first?.name == "worker-2")
  }
}
