import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The replay of a run that was written down: what it reads, and what it predicts of it.
@Suite struct ReplayTests {
  @Test func readsWhatWasPlanted() throws {
    let run = PlantedRun()
    let recording = try StepRecording(run.source)
    #expect(recording.steps.count == 40 && recording.incompleteSteps == 0)
    let step = try #require(recording.steps.first)
    #expect(step.tasks.count == 4)
    #expect(step.tasks.allSatisfy { abs($0.cpuNs - run.taskNs) <= run.jitterNs + 2 })
    #expect(step.reduction.count == 1 && abs((step.reduction[0].first?.wallNs ?? 0) - run.reduceNs) < 2)
    #expect(step.update.count == 1 && abs((step.update.first?.wallNs ?? 0) - run.updateNs) < 2)
    #expect(abs(step.assemble.wallNs - run.assembleNs) < 2)
    #expect(abs(recording.overhead.taskNs - run.gapNs) < 2)
    #expect(abs(recording.overhead.phaseNs - run.gapNs) < 2)
    #expect(abs((recording.latency.wakeNs ?? 0) - run.wakeNs) < 2)
    #expect(abs((recording.latency.wakerNs ?? 0) - run.wakerNs) < 2)
    #expect(recording.latency.pollNs == nil, "nobody polled: it is absent, not zero")
    #expect(abs(recording.forwardShare - 0.4) < 0.001)
  }

  @Test func reproducesTheUnchangedRun() throws {
    for threads in [1, 2, 3, 4] {
      var run = PlantedRun()
      run.configuration.threads = threads
      run.cores = threads
      let replay = try Replay(of: run.source)
      #expect(replay.error.magnitude < 0.005, "\(threads) threads: \(replay.error)")
      let prediction = try replay.predict(configuration: run.configuration)
      #expect(abs(prediction.speedup.value - 1) < 1e-9)
      #expect(abs(prediction.categories.values.reduce(0, +) - 1) < 1e-6, "the shares close")
      #expect(prediction.categories == prediction.recordedCategories)
    }
  }

  /// Without jitter the answer is arithmetic: 4 tasks of 1 ms, 0.23 ms of serial work.
  @Test func predictsByArithmetic() throws {
    var run = PlantedRun()
    run.jitterNs = 0
    let replay = try Replay(of: run.source)
    let serial = run.reduceNs + run.updateNs + run.assembleNs + 1_000
    func step(_ change: (inout RunConfiguration) -> Void, cores: Int) throws -> Double {
      var wanted = run.configuration
      change(&wanted)
      return try replay.predict(configuration: wanted, cores: cores).stepNs.value
    }
    func expect(_ value: Double, _ expected: Double) {
      #expect(abs(value - expected) < 120_000, "\(value) instead of \(expected)")
    }
    expect(try step({ $0.threads = 1 }, cores: 2), 4e6 + serial)
    expect(try step({ $0.threads = 4 }, cores: 4), 1e6 + serial)
    // Each core turns from one of its workers to the other, and back in the next step.
    expect(
      try step({ $0.threads = 4 }, cores: 2), 2e6 + serial + 2 * RefillCost.cacheBytes / RefillCost.bytesPerNs
    )
    expect(try step({ $0.threads = 8 }, cores: 8), 1e6 + serial)
    expect(try step({ $0.scheduling = .queue }, cores: 2), 2e6 + serial)
    expect(try step({ $0.prefetch = 1 }, cores: 2), 2e6 + serial - run.assembleNs)
    expect(try step({ $0.batchesPerStep = 8 }, cores: 2), 4e6 + serial + run.reduceNs * 4 / 3.5)
    expect(try step({ $0.optimizer = .segmented }, cores: 2), 2e6 + serial - run.updateNs / 2)
    expect(
      try step({ ($0.threads, $0.grain) = (16, .sequence) }, cores: 16),
      0.25e6 + serial + run.reduceNs * 12 / 3.5)
  }

  @Test func fewStepsPredictTheLevelOfAll() throws {
    let replay = try Replay(of: PlantedRun().source)
    var wanted = replay.configuration
    wanted.threads = 1
    let all = try replay.predict(configuration: wanted)
    let few = try replay.predict(configuration: wanted, steps: 10)
    #expect(few.stepNs.sampleCount == 10 && all.stepNs.sampleCount == 40)
    #expect(abs(few.stepNs.value / all.stepNs.value - 1) < 0.02 && few.recorded == all.recorded)
  }

  @Test func serialReductionGrowsWithTheSlots() throws {
    var run = PlantedRun()
    run.configuration.batching = .grouped
    run.configuration.threads = 2
    run.jitterNs = 0
    let replay = try Replay(of: run.source)
    var last = 0.0
    for threads in [2, 4, 8, 16] {
      var wanted = run.configuration
      wanted.threads = threads
      let step = try replay.predict(configuration: wanted, cores: threads).stepNs.value
      let sums = run.reduceNs * (Double(threads) - 0.5) / 1.5
      let expected = run.taskNs + sums + run.updateNs + run.assembleNs * Double(threads) / 2
      #expect(abs(step - expected) < 120_000, "\(threads): \(step) instead of \(expected)")
      #expect(step > last)
      last = step
    }
  }

  @Test func freeSynchronisationIsALowerBound() throws {
    let replay = try Replay(of: PlantedRun().source)
    var free = ReplayOptions()
    free.hasFreeSynchronisation = true
    for threads in [1, 2, 3, 4, 8] {
      for scheduling in Scheduling.allCases {
        for topology in Topology.allCases {
          var wanted = replay.configuration
          (wanted.threads, wanted.scheduling, wanted.topology) = (threads, scheduling, topology)
          let real = try replay.predict(configuration: wanted, cores: 8).stepNs.value
          let bound = try replay.predict(configuration: wanted, cores: 8, options: free).stepNs.value
          #expect(bound <= real, "\(threads) \(scheduling) \(topology)")
          #expect(bound > 0.9e6)
        }
      }
    }
  }

  @Test func moreCoresAreNeverSlower() throws {
    let replay = try Replay(of: PlantedRun().source)
    for threads in [2, 4, 8] {
      var wanted = replay.configuration
      (wanted.threads, wanted.batchesPerStep) = (threads, 8)
      var last = Double.infinity
      for cores in [1, 2, 4, 8, 16] {
        let step = try replay.predict(configuration: wanted, cores: cores).stepNs.value
        #expect(step <= last * 1.001, "\(threads) threads on \(cores) cores")
        last = step
      }
    }
  }

  @Test(arguments: Scheduling.allCases, Topology.allCases)
  func everyTeamEnds(scheduling: Scheduling, topology: Topology) throws {
    let replay = try Replay(of: PlantedRun().source)
    for threads in [1, 12, 13, 150] {
      for reduction in Reduction.allCases {
        var wanted = replay.configuration
        (wanted.threads, wanted.scheduling, wanted.topology) = (threads, scheduling, topology)
        (wanted.reduction, wanted.optimizer, wanted.prefetch) = (reduction, .segmented, 2)
        let result = try replay.simulate(wanted, cores: 4, options: ReplayOptions(), steps: 3)
        #expect(result.stepsNs.count == 3)
        let controls = TeamShape(workers: threads, topology: topology).controls.count
        #expect(result.threads.count == threads + controls + 2)
      }
    }
  }

  @Test func fasterOperationsShortenTheStep() throws {
    var run = PlantedRun()
    run.jitterNs = 0
    let replay = try Replay(of: run.source)
    var options = ReplayOptions()
    options.scales = ["forward": 0.5, "backward": 0.5]
    options.scaleSource = "given"
    var wanted = run.configuration
    wanted.kernels = .blas
    let step = try replay.predict(configuration: wanted, options: options)
    #expect(abs(step.stepNs.value - (step.recorded.stepNs - 1e6)) < 20_000)
    #expect(step.assumptions.contains { $0.contains("given") })
    #expect(try replay.scales(measuredIn: replay).values.allSatisfy { abs($0 - 1) < 1e-9 })
  }

  @Test func aCeilingOnBandwidthSlowsOnlyWhatPassesIt() throws {
    var run = PlantedRun()
    run.configuration.optimizer = .serial
    let replay = try Replay(of: run.source)
    var wanted = run.configuration
    wanted.threads = 4
    let bytes = wanted.stepCost.operations.filter { $0.part != .update }.reduce(0) { $0 + $1.bytes }
    let demand = Double(bytes) / run.taskNs
    var options = ReplayOptions()
    let open = try replay.predict(configuration: wanted, cores: 4).stepNs.value
    options.bandwidth = 100 * demand
    #expect(try replay.predict(configuration: wanted, cores: 4, options: options).stepNs.value == open)
    options.bandwidth = demand / 2
    let limited = try replay.predict(configuration: wanted, cores: 4, options: options).stepNs.value
    #expect(limited > open + 0.8 * run.taskNs, "the tasks take twice as long, \(limited) for \(open)")
  }

  @Test func refusesWhatTheRunDoesNotTell() throws {
    let replay = try Replay(of: PlantedRun().source)
    func refusal(_ change: (inout RunConfiguration) -> Void) -> String {
      var wanted = replay.configuration
      change(&wanted)
      return sentence { _ = try replay.predict(configuration: wanted) }
    }
    #expect(refusal { $0.width = 128 }.contains("width=128"))
    #expect(refusal { $0.kernels = .reference }.contains("--calibrate"))
    #expect(refusal { $0.loader = .text }.contains("--loader-rate"))
    #expect(refusal { $0.probe = .off }.contains("probe=off"))
    #expect(refusal { ($0.steps, $0.seed, $0.learningRate) = (7, 9, 0.01) }.contains("nothing was thrown"))
  }

  @Test func saysWhatATraceLacks() throws {
    var source = PlantedRun().source
    source.trace.steps = []
    #expect(sentence { _ = try Replay(of: source) }.contains("planted: the trace holds no step"))
    source = PlantedRun().source
    source.trace.spans.removeAll { $0.thread == 2 && $0.start.sinceOrigin.count > 20_000_000 }
    let recording = try StepRecording(source)
    #expect(recording.incompleteSteps > 0 && recording.steps.count + recording.incompleteSteps == 40)
    source.trace.spans = []
    #expect(sentence { _ = try Replay(of: source) }.contains("none of the 40 steps"))
  }
}
