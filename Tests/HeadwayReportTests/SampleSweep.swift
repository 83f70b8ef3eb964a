import HeadwayTrace

/// Sweeps with known figures for the renderers.
enum SampleSweep {
  /// The quick sweep's shape: threads 1, 2, 4 × barrier, queue × prefetch off, on; eight blocks.
  static var quick: SweepSummary {
    var cells: [CellSummary] = []
    for threads in [1, 2, 4] {
      for scheduling in ["barrier", "queue"] {
        for prefetch in ["off", "1"] { cells.append(cell(threads, scheduling, prefetch)) }
      }
    }
    return summary(cells)
  }

  /// A sweep that was cut short before its first block was complete.
  static var empty: SweepSummary {
    var sweep = summary([])
    sweep.partial = true
    sweep.blocks = BlockCount(complete: 0, planned: 10, disturbed: 0)
    sweep.findings = []
    sweep.checks = []
    sweep.overhead = nil
    return sweep
  }

  /// One cell and nothing to compare it with, measured too seldom for an interval.
  static var single: SweepSummary {
    var only = cell(2, "queue", "1")
    only.isBaseline = true
    only.tokensPerSecond = Estimate(value: 11_900, lower: nil, upper: nil, sampleCount: 2)
    (only.speedup, only.efficiency, only.verdict, only.shares) = (nil, nil, nil, nil)
    var sweep = summary([only])
    sweep.findings = []
    return sweep
  }

  /// The same sweep with every number that can be made no number made one.
  static var poisoned: SweepSummary {
    var sweep = quick
    let poison = Estimate(value: .nan, lower: -.infinity, upper: .infinity, sampleCount: 0)
    for index in sweep.cells.indices {
      if index > 0 { sweep.cells[index].tokensPerSecond = poison }
      sweep.cells[index].speedup = poison
      sweep.cells[index].efficiency = poison
      sweep.cells[index].samples[0].tokensPerSecond = .nan
      sweep.cells[index].samples[1].tokensPerSecond = .infinity
      sweep.cells[index].shares?.barrierIdle = .nan
      sweep.cells[index].shares?.categories["blocked"] = .nan
      sweep.cells[index].shares?.categories["useful"] = .infinity
    }
    sweep.overhead = Overhead(cell: "x", ratio: poison)
    sweep.machine.usableCpus = .nan
    sweep.findings[0].saving = .nan
    sweep.findings[0].evidence[0].value = .infinity
    return sweep
  }

  static func label(_ threads: Int, _ scheduling: String, _ prefetch: String) -> String {
    "\(threads) thread" + (threads == 1 ? "" : "s") + ", \(scheduling)"
      + (prefetch == "off" ? "" : ", prefetch")
  }

  static func cell(_ threads: Int, _ scheduling: String, _ prefetch: String) -> CellSummary {
    let queue = scheduling == "queue" ? 1.03 : 1
    let ahead = prefetch == "off" ? 1 : 1.05
    let scaling = threads == 1 ? 1 : threads == 2 ? 1.72 : 1.64
    let rate = 6_800 * queue * ahead * scaling
    let isBaseline = threads == 1 && scheduling == "barrier" && prefetch == "off"
    let ratio = rate / 6_800
    let id = "t\(threads)-\(scheduling)-\(prefetch)"
    let busy = threads == 1 ? 0.94 : threads == 2 ? 0.84 : 0.44
    let runnable = threads == 4 ? 0.38 : 0.005
    let barrier = scheduling == "barrier" ? 0.97 - busy - runnable : 0
    let queueIdle = scheduling == "queue" ? 0.97 - busy - runnable : 0
    return CellSummary(
      id: id, label: label(threads, scheduling, prefetch),
      settings: [
        AxisSetting(axis: "threads", value: String(threads)),
        AxisSetting(axis: "scheduling", value: scheduling), AxisSetting(axis: "prefetch", value: prefetch),
      ], isBaseline: isBaseline, threads: threads,
      samples: (0..<8).map { block in
        let jitter = 1 + 0.012 * Double((block * 5 + threads) % 7 - 3) / 3
        return RunSample(
          block: block, position: block % 3, tokensPerSecond: rate * jitter, warmupSteps: 2,
          stealShare: 0.001,
          foreignShare: 0.01, directory: "runs/\(id)/\(block)")
      },
      tokensPerSecond: Estimate(value: rate, lower: rate * 0.985, upper: rate * 1.014, sampleCount: 8),
      speedup: isBaseline
        ? nil : Estimate(value: ratio, lower: ratio * 0.982, upper: ratio * 1.017, sampleCount: 8),
      efficiency: Estimate(
        value: scaling / Double(threads), lower: scaling / Double(threads) * 0.98,
        upper: scaling / Double(threads) * 1.02, sampleCount: 8),
      verdict: isBaseline ? nil : (ratio > 1.055 ? .faster : ratio > 1.04 ? .inconclusive : .equivalent),
      shares: CellShares(
        useful: busy, barrierIdle: barrier, queueIdle: queueIdle,
        inputWait: prefetch == "off" ? 0.061 : 0.004,
        runnable: runnable, spin: 0.021, unknown: 0.003,
        categories: [
          "useful": busy * 0.8, "spin": 0.021, "runnable": runnable, "lifecycle": 0.002, "self": 0.004,
          "unknown": 0.003, "blocked": 1 - busy * 0.8 - 0.03 - runnable,
        ]))
  }

  static func summary(_ cells: [CellSummary]) -> SweepSummary {
    SweepSummary(
      name: "quick", command: "headway sweep profiles/quick.yaml --seed 7",
      startedAt: "2026-03-01T10:00:00Z", elapsedNs: Nanoseconds(143_000_000_000), toolVersion: "0.1.0",
      machine: MachineFacts(
        processor: "AMD EPYC 7B13", architecture: "x86_64", onlineCpus: 2, usableCpus: 2,
        memoryBytes: 24_000_000_000, kernel: "6.1.0", hypervisor: "KVM", clockSource: "tsc",
        vectorExtensions: ["avx2", "fma"]), seed: 7, corpus: "412 files, 5.1 MB, 1,604,221 tokens",
      blocks: BlockCount(complete: 8, planned: 10, disturbed: 1), partial: false, cells: cells,
      checks: [
        SweepCheck(
          claim: "the loss curve of every cell is bitwise the same", passed: true,
          detail: "96 runs, hash 5f3a91c2"),
        SweepCheck(
          claim: "the books of every run close within 1 %", passed: false,
          detail: "4 threads, queue in block 3 misses 1.4 %"),
      ],
      overhead: Overhead(
        cell: "2 threads, barrier", ratio: Estimate(value: 0.994, lower: 0.989, upper: 1.001, sampleCount: 8)),
      findings: findings, warnings: ["1 block was rerun: 6 % of the CPU time was stolen by the hypervisor"],
      excluded: [
        ExcludedRun(
          cell: "4 threads, queue", block: 5, reason: "exit status 1",
          lastLines: ["headway: the corpus has no text"])
      ])
  }

  /// 500 cells: 1 to 50 threads in ten variants.
  static var large: SweepSummary {
    var cells: [CellSummary] = []
    for threads in 1...50 {
      for variant in 0..<10 {
        var cell = SampleSweep.cell(2, variant.isMultiple(of: 2) ? "barrier" : "queue", "off")
        (cell.id, cell.threads) = ("\(threads)-\(variant)", threads)
        cell.label = "\(threads) threads, variant \(variant), persistent, segmented reduction"
        cell.settings = [
          AxisSetting(axis: "threads", value: String(threads)),
          AxisSetting(axis: "grain", value: String(variant)),
        ]
        cell.isBaseline = threads == 1 && variant == 0
        cells.append(cell)
      }
    }
    return summary(cells)
  }

  /// A run for each of those cells.
  static var largeRuns: [String: [RunSummary]] {
    let run = SampleRun.run(threads: 50, scheduling: .barrier)
    return Dictionary(uniqueKeysWithValues: large.cells.map { ($0.id, [run]) })
  }

  /// One series over six numbers of threads on a machine of eight CPUs, with a fitted law, and more threads than CPUs.
  static var lawful: SweepSummary {
    func rate(_ threads: Double) -> Double {
      6_800 * threads / (1 + 0.05 * (threads - 1) + 0.002 * threads * (threads - 1))
    }
    let cells = [1, 2, 3, 4, 6, 8, 12].map { threads -> CellSummary in
      var cell = SampleSweep.cell(2, "barrier", "off")
      let value = rate(Double(threads))
      (cell.id, cell.label, cell.threads) = ("t\(threads)", "\(threads) threads", threads)
      cell.settings = [AxisSetting(axis: "threads", value: String(threads))]
      cell.isBaseline = threads == 1
      cell.samples = (0..<6).map { block in
        RunSample(
          block: block, position: 0, tokensPerSecond: value * (1 + 0.01 * Double(block - 3)), warmupSteps: 1,
          stealShare: nil, foreignShare: nil, directory: "runs/t\(threads)/\(block)")
      }
      cell.tokensPerSecond = Estimate(value: value, lower: value * 0.97, upper: value * 1.03, sampleCount: 6)
      let share = value / rate(1) / Double(threads)
      cell.efficiency = Estimate(value: share, lower: share * 0.96, upper: share * 1.04, sampleCount: 6)
      return cell
    }
    var law = ScalingSummary(settings: [], label: "all cells", threads: [1, 2, 3, 4, 6, 8])
    law.laws = [
      FittedLaw(form: "usl", gamma: 6_800, sigma: 0.05, kappa: 0.002, criterion: 1, largestError: 0.01)
    ]
    law.best = "usl"
    law.band = stride(from: 1.0, through: 8, by: 0.5).map { threads in
      let value = rate(threads)
      return LawPoint(
        threads: threads,
        value: Estimate(value: value, lower: value * 0.95, upper: value * 1.05, sampleCount: 6))
    }
    var sweep = summary(cells)
    (sweep.machine.usableCpus, sweep.machine.onlineCpus, sweep.scaling) = (8, 8, [law])
    return sweep
  }

  static var findings: [Finding] {
    [
      Finding(
        cause: "oversubscription", scope: "4 threads, barrier",
        statement:
          "The 4 workers share 2 CPUs and were ready but not running for 38 % of their time. Changing threads"
          + " from 4 to 2 made it 1.05× [1.03, 1.07] as fast (faster, 8 blocks), which supports more threads"
          + " than CPUs.", saving: 0.049, interval: SavingInterval(lower: 0.031, upper: 0.064),
        evidence: [
          .init(
            query: "workers' time ready but not on a CPU / (workers · window)", value: 0.38, unit: "share",
            lower: 0.36, upper: 0.41),
          .init(
            query: "tokens/s with threads 2 / tokens/s with threads 4, paired by block", value: 1.05,
            unit: "ratio", lower: 1.03, upper: 1.07),
        ], change: "threads: 2", refutation: "fewer threads give no higher throughput", status: .supported),
      Finding(
        cause: "serial_section", scope: "2 threads, barrier",
        statement:
          "The 2 workers waited 9.8 % of their time to be given work, while the main thread worked alone for"
          + " 9.1 % of the window, in reduce (4.6 %), optimize (3.9 %) and dispatch (0.6 %). This is consistent"
          + " with a serial section on the main thread; no experiment here tests it.", saving: 0.0455,
        interval: SavingInterval(lower: 0.041, upper: 0.049),
        evidence: [
          .init(
            query: "workers' wall in barrier.work_start* / (workers · window)", value: 0.098, unit: "share",
            lower: 0.091, upper: 0.103)
        ], change: "reduction: segmented, so that each worker reduces its slice",
        refutation: "the wait for work stays when the main thread's own work is shortened", status: .untested),
    ]
  }
}
