import HeadwayTestSupport
import HeadwayTrace

/// Summaries in which every property of every type is filled in at least once: what the schemas are compared
/// with, and what the exporters must be able to write.
enum MaximalContracts {
  static var run: RunSummary {
    var run = RunSummary(
      configuration: RunConfiguration(), completed: true, throughput: throughput, books: books,
      threads: threads,
      barriers: [barrier], waits: [wait], memory: memory,
      loss: LossCurve(
        train: [
          LossPoint(step: 1, value: 5), LossPoint(step: 2, value: 4.5), LossPoint(step: 3, value: 4.25),
        ],
        validation: [LossPoint(step: 3, value: 4.75)], trainBitsHash: "00ff", weightBitsHash: "ff00"),
      losses: RecordLosses(eventsDropped: 1, readingsFailed: 2), stalls: [stall], findings: [finding],
      warnings: ["a warning"], program: ["odd \"name\\\n": "value, with a comma"], partial: true)
    run.stacks = stacks
    run.counters = counters
    run.threads[0].counters = counters
    run.roofline = roofline
    run.operations = operations
    run.stepBooks = UnexplainedSteps(
      steps: 3, stepsOverBudget: 1, share: 0.005, worstStep: StepShare(step: 2, share: 0.02),
      threads: ["main": 0.001])
    run.threads[0].states["forward"]?.operations = [
      "head": OperationAccount(wallNs: Nanoseconds(90), count: 2)
    ]
    return run
  }

  static var sweep: SweepSummary {
    var sweep = ownSweep
    sweep.program = ForeignProgram(
      command: ["./train", "{threads}"], metric: SweepMetric(name: "rate", unit: "rows/s", better: .higher))
    sweep.stoppedBy = .halfWidth
    sweep.predictions = predictions
    sweep.driver = DriverTime([.milliseconds(2), .milliseconds(3), .milliseconds(9)])
    sweep.surroundings = Surroundings(
      governor: "performance", hugePages: "madvise", addressRandomisation: "on", cgroupVersion: 2,
      cpuQuota: 1.5,
      memoryLimitBytes: 1 << 30, affinity: "0-1", loadAverage: 0.25, libraries: ["libc": "glibc 2.36"],
      activity: MachineActivity(stealShare: 0.01, foreignShare: 0.02, throttledPeriods: 3))
    sweep.cells[0].metric = MetricSummary(
      estimate: estimate(3),
      samples: [
        MetricSample(
          block: 0, position: 1, value: 3.5, stealShare: 0.01, foreignShare: 0.02, directory: "runs/t1/0")
      ])
    return sweep
  }

  private static var ownSweep: SweepSummary {
    SweepSummary(
      name: "maximal", command: "headway sweep maximal.yaml", startedAt: "2026-01-01T00:00:00Z",
      elapsedNs: .milliseconds(10), toolVersion: "0.1.0", machine: machine, seed: 1, corpus: "1 file",
      blocks: BlockCount(complete: 2, planned: 2, disturbed: 0), partial: false, cells: cells,
      checks: [SweepCheck(claim: "the work is the same", passed: true, detail: "4 runs")], effects: [effects],
      scaling: [scaling], overhead: Overhead(cell: "1 thread", ratio: estimate(0.99)), findings: [finding],
      warnings: ["a warning"],
      excluded: [
        ExcludedRun(cell: "2 threads, \"queue\"", block: 1, reason: "exit status 1", lastLines: ["an error"])
      ])
  }

  // MARK: A run

  private static var counters: CounterReadings {
    CounterReadings(
      counts: ["cycles": CounterValue(value: 7, countedShare: 0.5)],
      absent: ["instructions": CounterAbsence(reason: .notSupported, detail: "there is none")],
      openingNs: Nanoseconds(5))
  }

  private static var roofline: Roofline {
    let cost = RunConfiguration().stepCost.operations[0]
    return Roofline(
      states: [
        RooflineState(
          state: "forward", threads: 2, cpuNs: Nanoseconds(100),
          work: RooflineWork(flops: 1.5e9, bytes: 1e9, seconds: 2),
          roof: Roof(bound: .memory, gflopPerSecond: 100.5, share: 0.5))
      ],
      operations: [RooflineOperation(cost, state: "forward", bound: .compute, leastNs: Nanoseconds(9))],
      steps: 3, warnings: ["a warning"])
  }

  private static var operations: OperationTimes {
    OperationTimes(
      operations: [
        OperationTime(
          operation: "head", state: "forward", count: 2, wallNs: Nanoseconds(90), cpuNs: Nanoseconds(80),
          share: 0.5, threads: 2, work: RooflineWork(flops: 1.5e9, bytes: 1e9, seconds: 2),
          roof: Roof(bound: .compute, gflopPerSecond: 100.5, share: 0.5))
      ],
      states: [TimedState(state: "forward", wallNs: Nanoseconds(180), restNs: Nanoseconds(90))],
      warnings: ["a warning"])
  }

  private static var throughput: Throughput {
    Throughput(
      tokensPerSecond: 1_000.5, stepsPerSecond: 10,
      stepNs: Quartiles(lower: Nanoseconds(90), median: Nanoseconds(100), upper: Nanoseconds(110)),
      stepsNs: [Nanoseconds(200), Nanoseconds(90), Nanoseconds(110)], warmupSteps: 1, steps: 3, tokens: 300,
      flopsPerToken: 1e6, matrixFlopsPerToken: 9e5, tasksPerSecond: 40)
  }

  private static var categories: [String: Nanoseconds] {
    var times: [String: Nanoseconds] = [:]
    for (index, category) in StateCategory.allCases.enumerated() {
      times[category.rawValue + "_ns"] = Nanoseconds(Int64(index) * 10)
    }
    return times
  }

  private static var books: Books {
    Books(
      wallNs: Nanoseconds(500), threadCount: 2, categories: categories, unknownShare: 0.01, closureError: 0,
      foreign: ForeignTime(processesNs: Nanoseconds(20), stolenNs: Nanoseconds(10)))
  }

  private static var threads: [ThreadBook] {
    let states = [
      "forward": StateBook(
        category: .useful, wallNs: Nanoseconds(300), cpuNs: Nanoseconds(290), count: 3),
      "barrier.end": StateBook(category: .blocked, wallNs: Nanoseconds(200), cpuNs: .zero, count: 3),
    ]
    return [
      ThreadBook(
        name: "main", role: .main, wallNs: Nanoseconds(500), cpuNs: Nanoseconds(290),
        runDelayNs: Nanoseconds(5), voluntarySwitches: 1, involuntarySwitches: 2, states: states,
        categories: categories, tasks: 3, tokens: 300,
        progress: ThreadProgress(periodNs: Nanoseconds(250), tasks: [1, 2], endedNs: Nanoseconds(490))),
      ThreadBook(
        name: "worker-0", role: .worker, wallNs: Nanoseconds(500), cpuNs: Nanoseconds(290), runDelayNs: nil,
        voluntarySwitches: nil, involuntarySwitches: nil, states: states, categories: categories, tasks: 0,
        tokens: 0),
    ]
  }

  private static var distribution: Distribution? {
    var histogram = DurationHistogram()
    for length in [1, 100, 10_000] { histogram.add(Nanoseconds(Int64(length))) }
    return Distribution(histogram)
  }

  private static var barrier: BarrierSummary {
    BarrierSummary(
      site: "end", episodes: 3, waitNs: Nanoseconds(60), imbalanceNs: Nanoseconds(40),
      wakeupNs: Nanoseconds(20), lastArrivals: ["main": 1, "worker-0": 2],
      threadWaitNs: ["main": Nanoseconds(50), "worker-0": Nanoseconds(10)],
      threadWakeupNs: ["main": Nanoseconds(15), "worker-0": Nanoseconds(5)], spreadNs: distribution)
  }

  private static var wait: WaitSummary {
    WaitSummary(
      site: "queue", kind: .queueEmpty, waits: 2, waitNs: Nanoseconds(30),
      threadWaitNs: ["worker-0": Nanoseconds(30)], durationNs: distribution)
  }

  private static var memory: MemorySummary {
    var sample = MemorySample(timeNs: Nanoseconds(100))
    (sample.rssBytes, sample.anonymousBytes, sample.heapBytes, sample.pssBytes) = (4_096, 2_048, 1_024, 4_000)
    (sample.swapBytes, sample.minorFaults, sample.majorFaults) = (0, 3, 0)
    return MemorySummary(
      peakRssBytes: 8_192, components: ["weights": 4_096, "program": 1_024],
      stepAllocations: StepAllocations(steps: 1, calls: 2, bytes: 64),
      samples: MemorySamples(series: [sample], taken: 1, peak: sample, readingsFailed: ["smaps": 1]))
  }

  private static var stacks: StackSummary {
    StackSummary(
      mode: .wall, frequencyHz: 99, samples: 10, losses: StackLosses(), handlerNs: Nanoseconds(50),
      roles: [
        RoleStacks(
          role: .worker, periods: 9, sleepingPeriods: 1,
          functions: [
            HotFunction(
              name: "forward", module: "program", selfPeriods: 5, sleepingPeriods: 1, totalPeriods: 9)
          ])
      ])
  }

  private static var stall: StallReport {
    StallReport(
      number: 1, verdict: .livelock, silentNs: Nanoseconds(30), observedNs: Nanoseconds(3),
      lastedNs: Nanoseconds(40), tasks: 3, steps: 1,
      threads: [
        StalledThread(
          name: "worker-0", role: .worker, thread: ThreadID(12), activity: .spinning,
          path: [.init(state: "barrier.end.spin", category: .spin, forNs: Nanoseconds(30))],
          cpuNs: Nanoseconds(3), runDelayNs: .zero, kernelState: "R", waitChannel: "futex_wait", tasks: 1,
          tokens: 100, lastProgressNs: Nanoseconds(31), stack: ["spin", "run"])
      ], gaps: ["the wait channel of main could not be read"])
  }

  private static var finding: Finding {
    Finding(
      cause: "serial_section", scope: "the run", statement: "One thread worked alone.", saving: 0.1,
      interval: SavingInterval(lower: 0.05, upper: 0.15),
      evidence: [.init(query: "main's time / window", value: 0.1, unit: "share", lower: 0.05, upper: 0.15)],
      change: "reduction: segmented", refutation: "the wait stays", status: .supported)
  }

  // MARK: A run that goes on

  static var live: LiveView {
    var view = LiveView(phase: .measuring)
    (view.intervalNs, view.windowNs, view.silentNs) = (Nanoseconds(9), Nanoseconds(99), Nanoseconds(1))
    view.ageNs = Nanoseconds(2)
    (view.step, view.steps, view.stepsPerSecond, view.tokensPerSecond) = (3, 10, 1.5, 96.5)
    (view.loss, view.validation) = (2.5, LossPoint(step: 2, value: 2.75))
    view.memory = .init(rssBytes: 2, peakRssBytes: 3, swapBytes: 1)
    var row = LiveView.Row(name: "worker-0", role: .worker)
    (row.state, row.sinceNs) = ("forward", Nanoseconds(5))
    row.shares = Dictionary(
      uniqueKeysWithValues: StateCategory.allCases.map { ($0.rawValue, 0.125) })
    (row.cpuShare, row.readyShare, row.tasksPerSecond, row.tokensPerSecond) = (0.5, 0.25, 2.5, 96.5)
    view.threads = [row]
    view.waits = [.init(state: "barrier.work_end", threadsNow: 1, threadsOnAverage: 0.5)]
    view.queues = [.init(site: "work_queue", items: 2)]
    return view
  }

  // MARK: A sweep

  private static var predictions: LedgerSummary {
    let outcome = LedgerRow.Outcome(predicted: estimate(3), measured: estimate(2))
    let score = LedgerScore(
      outcomes: 1, covered: 0, medianAbsoluteError: 0.5, largestAbsoluteError: 0.5, worst: "2 threads")
    return LedgerSummary(
      hash: "00ff", frozenNs: Nanoseconds(7),
      recording: LedgerRecording(
        label: "1 thread", directory: "recordings", tokensPerSecond: 1.5, measured: estimate(1.5),
        replayError: 0.01, disturbance: "others used the machine",
        runs: [
          BaselineRecording(
            directory: "recordings/0",
            pace: RecordedPace(
              steps: 4, warmupSteps: 2, incompleteSteps: 1, stepNs: 2.5, tokensPerSecond: 1.5),
            replayError: 0.01, disturbance: "others used the machine", reason: "the trace holds no step")
        ]),
      past: PastErrors(outcomes: 9, sweeps: 2, widening: 1.5),
      rows: [
        LedgerRow(
          cell: "t2", label: "2 threads", tokensPerSecond: outcome, speedup: outcome, ownHalfWidth: 0.1,
          reason: "it is not known")
      ], throughput: score, speedup: score)
  }

  private static func estimate(_ value: Double, below: Double = 0.01, above: Double = 0.02) -> Estimate {
    Estimate(value: value, lower: value - below, upper: value + above, sampleCount: 2)
  }

  private static var machine: MachineFacts {
    var machine = MachineFacts.literal
    machine.hypervisor = "KVM"
    return machine
  }

  private static var cells: [CellSummary] {
    func sample(_ block: Int, _ rate: Double, _ cell: String) -> RunSample {
      RunSample(
        block: block, position: 0, tokensPerSecond: rate, warmupSteps: 1, stealShare: 0.001,
        foreignShare: 0.01, directory: "runs/\(cell)/\(block)")
    }
    let shares = CellShares(
      useful: 0.9, barrierIdle: 0.05, queueIdle: 0, inputWait: 0.01, runnable: 0.01, spin: 0.01,
      unknown: 0.01, categories: ["useful": 0.9, "blocked": 0.1])
    return [
      CellSummary(
        id: "t1", label: "1 thread", settings: [.init(axis: "threads", value: "1")], isBaseline: true,
        threads: 1, samples: [sample(0, 100.5, "t1"), sample(1, 101.5, "t1")], tokensPerSecond: estimate(101),
        speedup: nil, efficiency: estimate(1), verdict: nil, shares: shares),
      CellSummary(
        id: "t2-queue", label: "2 threads, \"queue\"",
        settings: [.init(axis: "threads", value: "2"), .init(axis: "scheduling", value: "queue")],
        isBaseline: false, threads: 2, samples: [sample(0, 198, "t2-queue"), sample(1, 202, "t2-queue")],
        tokensPerSecond: estimate(200, below: 4, above: 6), speedup: estimate(1.98),
        efficiency: estimate(0.99),
        verdict: .faster, shares: shares),
    ]
  }

  private static var effects: EffectTable {
    var row = EffectRow(
      settings: [.init(axis: "prefetch", value: "on")], from: ["off"], factor: estimate(1.1), share: 0.5)
    (row.leftOut, row.ladder, row.average) = (estimate(1.1), estimate(1.2), estimate(1.15))
    row.perDoubling = estimate(1.01)
    return EffectTable(scope: "2 threads", rows: [row], unexplained: 0.1, isFraction: false)
  }

  private static var scaling: ScalingSummary {
    var scaling = ScalingSummary(
      settings: [.init(axis: "scheduling", value: "queue")], label: "queue", threads: [1, 2])
    scaling.laws = [
      FittedLaw(form: "usl", gamma: 100, sigma: 0.01, kappa: 0.001, criterion: -3, largestError: 0.01)
    ]
    scaling.best = "usl"
    (scaling.sigma, scaling.kappa, scaling.peakThreads) = (estimate(0.01), estimate(0.001), estimate(2))
    scaling.reason = "two points"
    scaling.band = [LawPoint(threads: 1, value: estimate(100))]
    scaling.serialFractions = [SerialFraction(threads: 2, value: estimate(0.01))]
    return scaling
  }
}
