import Foundation
import HeadwayTestSupport
import HeadwayTrace

/// Runs with known figures for the renderers.
enum SampleRun {
  static func run(threads: Int, scheduling: Scheduling, scale: Double = 1) -> RunSummary {
    var configuration = RunConfiguration()
    (configuration.threads, configuration.scheduling) = (threads, scheduling)
    let wall = Int64(1_860_000_000 * scale)
    let books = ["main"] + (0..<threads).map { "worker-\($0)" }
    let rows = books.map { thread($0, wall: wall) }
    var totals: [String: Nanoseconds] = [:]
    for row in rows { totals.merge(row.categories) { $0 + $1 } }
    return RunSummary(
      configuration: configuration, completed: true,
      throughput: Throughput(
        tokensPerSecond: 11_696 / scale,
        stepNs: Quartiles(
          lower: Nanoseconds(42_100_000), median: Nanoseconds(43_800_000), upper: Nanoseconds(45_000_000)),
        stepsNs: (0..<40).map { Nanoseconds(43_000_000 + Int64($0 * 7_919 % 2_000_000)) }, warmupSteps: 2,
        steps: 40, tokens: 20_480),
      books: Books(
        wallNs: Nanoseconds(wall), threadCount: rows.count, categories: totals, unknownShare: 0.003,
        closureError: 0), threads: rows, barriers: barriers(books), waits: waits,
      memory: MemorySummary(peakRssBytes: 83_000_000, components: ["weights": 1_200_000]),
      loss: LossCurve(
        train: (1...40).map {
          LossPoint(step: $0, value: Float(6.9 * exp(-Double($0) / 60) + 0.04 * sin(Double($0))))
        },
        validation: [LossPoint(step: 20, value: 5.1), LossPoint(step: 40, value: 3.7)],
        trainBitsHash: "5f3a91c2",
        weightBitsHash: "90cc11"), losses: RecordLosses(eventsDropped: 0, readingsFailed: 0),
      findings: [SampleSweep.findings[1]], warnings: ["the CPU clock of main was read late"])
  }

  /// A run with everything that a page can show, and nothing to warn of.
  static var whole: RunSummary {
    var run = run(threads: 4, scheduling: .barrier)
    run.warnings = []
    run.memory = MemorySummary(
      peakRssBytes: 90_000_000,
      components: ["activations": 40_000_000, "program": 20_000_000, "weights": 10_000_000],
      samples: MemorySamples(
        series: (0..<30).map { memory(at: $0, resident: 60_000_000 + 1_000_000 * $0) }, taken: 60,
        peak: memory(at: 21, resident: 90_000_000), readingsFailed: [:]))
    var histogram = DurationHistogram()
    for index in 1...400 { histogram.add(Nanoseconds(Int64(index * index * 37))) }
    for index in run.barriers.indices { run.barriers[index].spreadNs = Distribution(histogram) }
    run.waits[0].durationNs = Distribution(histogram)
    run.stacks = StackSummary(
      mode: .wall, frequencyHz: 100, samples: 5, losses: StackLosses(), handlerNs: Nanoseconds(90_000),
      roles: [
        RoleStacks(
          role: .worker, periods: 135, sleepingPeriods: 40,
          functions: [
            HotFunction(
              name: "Kernels.multiply(Swift.Int) -> ()", module: "program", selfPeriods: 80,
              sleepingPeriods: 0,
              totalPeriods: 80),
            HotFunction(
              name: "futex_wait", module: "libc.so.6", selfPeriods: 40, sleepingPeriods: 40, totalPeriods: 40),
          ])
      ])
    return run
  }

  private static func memory(at index: Int, resident: Int) -> MemorySample {
    var sample = MemorySample(timeNs: .milliseconds(Int64(index) * 60))
    sample.rssBytes = resident
    sample.anonymousBytes = resident * 2 / 3
    sample.heapBytes = resident / 2
    sample.minorFaults = 1_000 + index
    return sample
  }

  /// Where that run came from.
  static var manifest: Manifest {
    var configuration = RunConfiguration()
    configuration.threads = 4
    return Manifest(
      configuration: configuration,
      command: ["headway", "train", "--corpus", "my text", "--set", "threads=4"],
      startedAt: "2026-03-01T10:00:00Z", toolVersion: "0.1.0", gitCommit: "5f3a91c2", binaryHash: "90cc11",
      corpusHash: "77aa", machine: .literal, environment: ["OMP_NUM_THREADS": "1"])
  }

  static var all: [String: [RunSummary]] {
    var runs: [String: [RunSummary]] = [:]
    for cell in SampleSweep.quick.cells {
      let scheduling = Scheduling(rawValue: cell.settings[1].value) ?? .barrier
      runs[cell.id] = (0..<3).map {
        run(threads: cell.threads ?? 1, scheduling: scheduling, scale: 1 + Double($0) / 50)
      }
    }
    return runs
  }

  private static func thread(_ name: String, wall: Int64) -> ThreadBook {
    let isMain = name == "main"
    let useful = Int64(Double(wall) * (isMain ? 0.12 : 0.83))
    let spin = wall / 50
    let runnable = wall / 100
    let unknown = wall / 333
    let blocked = wall - useful - spin - runnable - unknown
    var categories: [String: Nanoseconds] = [:]
    let times: [(StateCategory, Int64)] = [
      (.useful, useful), (.spin, spin), (.runnable, runnable), (.unknown, unknown), (.blocked, blocked),
    ]
    for (category, time) in times { categories[category.rawValue + "_ns"] = Nanoseconds(time) }
    return ThreadBook(
      name: name, role: isMain ? .main : .worker, wallNs: Nanoseconds(wall),
      cpuNs: Nanoseconds(useful + spin),
      runDelayNs: Nanoseconds(runnable), voluntarySwitches: 80, involuntarySwitches: 9,
      states: [
        isMain ? "reduce" : "forward": StateBook(
          category: .useful, wallNs: Nanoseconds(useful), cpuNs: Nanoseconds(useful), count: 40)
      ], categories: categories, tasks: isMain ? 0 : 80, tokens: isMain ? 0 : 10_240)
  }

  private static func barriers(_ names: [String]) -> [BarrierSummary] {
    let waits = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, Nanoseconds(Int64(100_000_000 + $0 * 30_000_000))) }
    )
    let total = waits.values.reduce(Nanoseconds.zero, +)
    let wakeup = Nanoseconds(total.count / 9)
    return ["work_start", "work_end"].map { site in
      BarrierSummary(
        site: site, episodes: 120, waitNs: total, imbalanceNs: total - wakeup, wakeupNs: wakeup,
        lastArrivals: site == "work_start" ? ["main": 120] : ["worker-0": 52, "worker-1": 68],
        threadWaitNs: waits, threadWakeupNs: waits.mapValues { Nanoseconds($0.count / 9) })
    }
  }

  private static var waits: [WaitSummary] {
    [
      WaitSummary(
        site: "prefetch", kind: .prefetchNotReady, waits: 40, waitNs: Nanoseconds(7_000_000),
        threadWaitNs: ["main": Nanoseconds(7_000_000)])
    ]
  }
}
