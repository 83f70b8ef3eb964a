import HeadwayAnalysis
import HeadwayTrace

/// A sweep written as cells with a throughput each, measured over blocks with the same small jitter, so
/// that every ratio of two cells is known.
struct PlantedSweep {
  var cells: [CellSummary] = []
  var runs: [String: [RunSummary]] = [:]
  var usableCpus = 2.0
  var overhead: Overhead?
  var blocks = 8

  /// Adds a cell whose runs all look like `run`.
  mutating func add(
    threads: Int, scheduling: Scheduling = .barrier, prefetch: Int = 0, rate: Double, run: DrawnTimeline,
    change: (inout RunConfiguration) -> Void = { _ in }, axes extra: [AxisSetting] = []
  ) {
    var configuration = RunConfiguration()
    configuration.scheduling = scheduling
    configuration.prefetch = prefetch
    change(&configuration)
    let settings =
      [
        AxisSetting(axis: "threads", value: String(threads)),
        AxisSetting(axis: "scheduling", value: scheduling.rawValue),
        AxisSetting(axis: "prefetch", value: prefetch == 0 ? "off" : String(prefetch)),
      ] + extra
    let id = settings.map { "\($0.axis)-\($0.value)" }.joined(separator: "_")
    let samples = (0..<blocks).map { block in
      // A drift that all cells share, and a jitter of 0.1 % that they do not.
      let drift = 1 + 0.01 * Double(block)
      let jitter = 1 + 0.001 * Double((block * 7 + cells.count * 3) % 5 - 2)
      return RunSample(
        block: block, position: 0, tokensPerSecond: rate * drift * jitter, warmupSteps: 1, stealShare: 0,
        foreignShare: 0, directory: "runs/\(id)/\(block)")
    }
    cells.append(
      CellSummary(
        id: id, label: "\(threads) threads, \(scheduling.rawValue)" + (prefetch == 0 ? "" : ", prefetch"),
        settings: settings, isBaseline: cells.isEmpty, threads: threads, samples: samples,
        tokensPerSecond: Estimate(value: rate, lower: rate * 0.995, upper: rate * 1.005, sampleCount: blocks),
        speedup: nil, efficiency: nil, verdict: nil, shares: nil))
    runs[id] = [RunSummary](repeating: run.summary(configuration, usableCpus: usableCpus), count: blocks)
  }

  var findings: [Finding] { SweepFindings.findings(for: summary, runs: runs) }

  var summary: SweepSummary {
    SweepSummary(
      name: "planted", command: "headway sweep planted.yaml", startedAt: "2026-01-01T00:00:00Z",
      elapsedNs: .zero, toolVersion: "0", machine: machine, seed: 1, corpus: "text",
      blocks: BlockCount(complete: blocks, planned: blocks, disturbed: 0), partial: false, cells: cells,
      checks: [], overhead: overhead, findings: [], warnings: [], excluded: [])
  }

  private var machine: MachineFacts {
    MachineFacts(
      processor: nil, architecture: "x86_64", onlineCpus: Int(usableCpus), usableCpus: usableCpus,
      memoryBytes: nil, kernel: nil, hypervisor: nil, clockSource: nil, vectorExtensions: [])
  }
}

extension DrawnTimeline {
  /// Two busy workers and a main thread that waits for them.
  static var healthy: DrawnTimeline {
    let line = String(repeating: "f", count: 198)
    return DrawnTimeline(
      main: "d" + String(repeating: "E", count: 199), workers: ["S" + line + "E", "S" + line + "E"])
  }

  /// A main thread that reduces for a fifth of the window while two workers wait.
  static var serial: DrawnTimeline {
    DrawnTimeline(main: "rrEEEEEEEE", workers: ["SSffffffff", "SSffffffff"])
  }

  /// A main thread that assembles the input for a fifth of the window while two workers wait.
  static var hungry: DrawnTimeline {
    DrawnTimeline(main: "aaEEEEEEEE", workers: ["SSffffffff", "SSffffffff"])
  }

  /// Four workers that take turns on two CPUs.
  static var crowded: DrawnTimeline {
    DrawnTimeline(
      main: "dEEEEEEEEE", workers: ["SffRRffRRf", "SRRffRRffR", "SffRRffRRf", "SRRffRRffR"])
  }
}
