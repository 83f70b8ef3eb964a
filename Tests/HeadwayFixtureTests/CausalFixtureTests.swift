import HeadwayAnalysis
import HeadwayReading
import HeadwayRecording
import HeadwayReport
import HeadwayStore
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Engines of which it is known what a faster region would bring: each is recorded for the replay, and then run as
/// experiments of virtual speed-up; the product's own report holds the two against each other.
enum PlantedRegions: String, CaseIterable, Sendable {
  case straggler, serialSection, slowLoader, lockConvoy

  /// The regions, what helps more first, and the share of a step that each share of them brings.
  var truth: [(region: String, potential: Double)] {
    switch self {
    case .straggler: [("long", 1), ("short", 0)]
    case .serialSection: [("merge", 0.75), ("backward", 0.25)]
    case .slowLoader: [("decode", 1), ("forward", 0)]
    case .lockConvoy: [("update", 0.86), ("forward", 0.14)]
    }
  }

  /// The engine, for so many steps of the main thread.
  func engine(in run: EngineRun, steps: Int) -> FixtureEngine {
    switch self {
    case .straggler: Self.straggler(in: run, steps: steps)
    case .serialSection: Self.serialSection(in: run, steps: steps)
    case .slowLoader: Self.slowLoader(in: run, steps: steps)
    case .lockConvoy: Self.lockConvoy(in: run, steps: steps)
    }
  }

  /// Workers that begin and end each step together with the main thread, which may work alone in between.
  private static func phases(
    in run: EngineRun, steps: Int, worker: @escaping @Sendable (RunThread, Int) -> Void,
    main: @escaping @Sendable (RunThread) -> Void = { _ in }
  ) -> FixtureEngine {
    let sites = (run.barrier("begin", participants: 3), run.barrier("end", participants: 3))
    let barriers = (PlantedBarrier(3), PlantedBarrier(3))
    return FixtureEngine(
      members: FixtureEngine.workers(2) { me, index in
        for _ in 0..<steps {
          sites.0.cross(me) { barriers.0.wait() }
          worker(me, index)
          me.complete(tasks: 1)
          sites.1.cross(me) { barriers.1.wait() }
        }
      }
    ) { me in
      for step in 0..<steps {
        me.step(step) {
          sites.0.cross(me) { barriers.0.wait() }
          sites.1.cross(me) { barriers.1.wait() }
          main(me)
        }
      }
    }
  }

  private static func straggler(in run: EngineRun, steps: Int) -> FixtureEngine {
    let (long, short) = (run.state("long"), run.state("short"))
    return phases(in: run, steps: steps) { me, index in
      me.within(index == 0 ? long : short) { burnCPU(microseconds: index == 0 ? 3_000 : 1_000) }
    }
  }

  private static func serialSection(in run: EngineRun, steps: Int) -> FixtureEngine {
    let (backward, merge) = (run.state("backward"), run.state("merge"))
    return phases(
      in: run, steps: steps, worker: { me, _ in me.within(backward) { burnCPU(microseconds: 1_000) } },
      main: { me in me.within(merge) { burnCPU(microseconds: 3_000) } })
  }

  private static func lockConvoy(in run: EngineRun, steps: Int) -> FixtureEngine {
    let (forward, update) = (run.state("forward"), run.state("update"))
    let lock = run.lock("sums")
    return phases(in: run, steps: steps) { me, _ in
      me.within(forward) { burnCPU(microseconds: 500) }
      lock.withLock(me) { me.within(update) { burnCPU(microseconds: 1_500) } }
    }
  }

  /// A main thread whose steps wait for a loader that takes three times as long as they do.
  private static func slowLoader(in run: EngineRun, steps: Int) -> FixtureEngine {
    let (decode, forward) = (run.state("decode"), run.state("forward"))
    let ready = run.waitSite("items.ready", kind: .prefetchNotReady)
    let full = run.waitSite("items.full", kind: .queueFull)
    let queue = PlantedQueue(depth: 2)
    let loader = FixtureEngine.Member(name: "loader", role: .prefetch) { me in
      for _ in 0..<steps {
        me.within(decode) { burnCPU(microseconds: 3_000) }
        if !queue.tryPush() { full.wait(me) { queue.push() } }
      }
    }
    return FixtureEngine(members: [loader]) { me in
      for step in 0..<steps {
        me.step(step) {
          if !queue.tryPop() { _ = ready.wait(me) { queue.pop() } }
          me.within(forward) { burnCPU(microseconds: 1_000) }
        }
      }
    }
  }
}

extension FixtureTests {
  /// Experiments beside the replay. Inside the other suite, so that neither takes the other's CPUs.
  @Suite struct ExperimentTests {
    /// Both ways' report of an engine, and how busy the machine was while it was recorded.
    private func report(_ planted: PlantedRegions) throws -> (record: CausalRecord, runnableShare: Double) {
      let place = try TemporaryDirectory()
      let program = ["engine": planted.rawValue]
      let recorded = try EngineRun(recordingInto: place.path("recorded"), program: program)
      try FixtureEngine.drive(planted.engine(in: recorded, steps: 30), in: recorded)
      let plan = RunExperiments.Plan(
        regions: planted.truth.map(\.region), blocks: 7, stepsPerExperiment: 5, warmupSteps: 2)
      let tried = try EngineRun(experimentingInto: place.path("tried"), program: program, plan: plan)
      try FixtureEngine.drive(planted.engine(in: tried, steps: plan.steps), in: tried)
      let directory = try RunDirectory(opening: place.path("tried"))
      #expect(ExperimentReport.isMeant(by: directory))
      let recording = try RunDirectory(opening: place.path("recorded"))
      return (
        try ExperimentReport(of: directory, recording: recording).record,
        try FixtureOutcome(of: recording).runnableShare
      )
    }

    /// How much each brings is asked for where the recorded threads had their CPUs: on a busy machine they take turns
    /// where they would run beside each other. A busy machine may also hide the order from the experiments: both are
    /// asked three times at most.
    @Test(arguments: PlantedRegions.allCases) func bothRankTheRegionsAsPlanted(
      _ planted: PlantedRegions
    ) throws {
      var seen: [String] = []
      for _ in 0..<3 {
        let (record, runnableShare) = try report(planted)
        let comparison = try #require(record.comparison, "\(record.warnings)")
        let shown = TerminalReport.render(causal: record)
        #expect(comparison.pairs == 1 && abs(comparison.replayError) < 0.02, "\(shown)")
        let isReplayedRight = planted.truth.allSatisfy { region, potential in
          comparison.regions.contains {
            $0.region == region && $0.replay.map { abs($0 - potential) < 0.25 } ?? false
          }
        }
        let isBusy = runnableShare >= 0.05
        let isRankedRight = comparison.regions.map(\.region) == planted.truth.map(\.region)
        if (isReplayedRight || isBusy) && isRankedRight && comparison.agreed == 1 {
          #expect(shown.contains("rank the regions alike"), "\(shown)")
          return
        }
        seen.append("\(runnableShare) without a CPU:\n" + shown)
      }
      Issue.record("\(planted.truth) was planted; found: \(seen.joined(separator: "\n"))")
    }
  }
}
